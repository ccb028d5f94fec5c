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

    /// <summary>Kills it; or says what may be left, and why it could not be looked for.</summary>
    public static string? KillChildren()
    {
        // On the other rungs the library has killed and reaped it.
        return SpawnLadder.Current is "posix_spawn" ? KillWhatCanBeFound() : null;
    }

    private static string? KillWhatCanBeFound()
    {
        const string Left = "the command may still be there, blocked: its process could not be looked for";
        string[] tasks;
        try
        {
            tasks = Directory.GetDirectories("/proc/self/task");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{Left} (/proc/self/task cannot be read)";
        }

        string? unread = null;
        foreach (var task in tasks)
        {
            try
            {
                KillChildrenOf(task);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A thread that has ended meanwhile has no children; their parent is another one now.
                unread = Directory.Exists(task) ? task : unread;
            }
        }

        return unread is null ? null : $"{Left} ({unread}/children cannot be read)";
    }

    private static void KillChildrenOf(string task)
    {
        // proc_pid_task_children(5), with CONFIG_PROC_CHILDREN: pids and blanks.
        foreach (var pid in File.ReadAllText($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (string.Equals(Program(pid), Program("self"), StringComparison.Ordinal))
            {
                _ = LibC.Kill(int.Parse(pid, CultureInfo.InvariantCulture), Kill);
            }
        }
    }

    private static string? Program(string process) => new FileInfo($"/proc/{process}/exe").LinkTarget;
}
