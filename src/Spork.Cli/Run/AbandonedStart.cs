using System.Globalization;

namespace Spork.Cli.Run;

/// <summary>
/// Where posix_spawn(3) was given up, a thread of ours is still in it, and its child would outlive us, blocked for
/// ever in the step that blocked the start. Nobody has told us its pid, but it is the child that has not executed
/// yet. Any other was left by a shell that became spork (<c>job &amp; exec spork …</c>) and is not ours to touch.
/// </summary>
internal static class AbandonedStart
{
    private const int Kill = 9;

    public static void KillChildren()
    {
        if (SpawnLadder.Current is not "posix_spawn")
        {
            return; // The library has killed and reaped it.
        }

        try
        {
            foreach (var task in Directory.EnumerateDirectories("/proc/self/task"))
            {
                // proc_pid_task_children(5): pids and blanks.
                foreach (
                    var pid in File.ReadAllText($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
                )
                {
                    if (string.Equals(Program(pid), Program("self"), StringComparison.Ordinal))
                    {
                        _ = LibC.Kill(int.Parse(pid, CultureInfo.InvariantCulture), Kill);
                    }
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No /proc, or a kernel without CONFIG_PROC_CHILDREN: the child stays.
        }
    }

    private static string? Program(string process) => new FileInfo($"/proc/{process}/exe").LinkTarget;
}
