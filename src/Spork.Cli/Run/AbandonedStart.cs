using System.Globalization;

namespace Spork.Cli.Run;

/// <summary>
/// Where posix_spawn(3) was given up, a thread of ours is still in it, and its child would outlive us, blocked for
/// ever in the step that blocked the start. Nobody has told us its pid, but a spork that runs has no other child.
/// </summary>
internal static class AbandonedStart
{
    private const int Kill = 9;

    public static void KillChildren()
    {
        try
        {
            foreach (var task in Directory.EnumerateDirectories("/proc/self/task"))
            {
                // proc_pid_task_children(5): pids and blanks.
                foreach (
                    var pid in File.ReadAllText($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
                )
                {
                    _ = LibC.Kill(int.Parse(pid, CultureInfo.InvariantCulture), Kill);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No /proc, or a kernel without CONFIG_PROC_CHILDREN: the child stays.
        }
    }
}
