using System.Diagnostics;
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
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Kills it; or says what may be left, and why it could not be looked for.</summary>
    public static string? KillChildren()
    {
        // On the other rungs the library has killed and reaped it.
        if (SpawnLadder.Current is not "posix_spawn")
        {
            return null;
        }

        // On a busy machine the time can be up before libc has made its child; a start that had not begun makes none.
        var started = Stopwatch.GetTimestamp();
        string? left;
        bool isFound;
        while ((left = KillWhatCanBeFound(out isFound)) is null && !isFound)
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                break;
            }

            Thread.Sleep(1);
        }

        return left;
    }

    private static string? KillWhatCanBeFound(out bool isFound)
    {
        isFound = false;
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
                isFound |= KillChildrenOf(task);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A thread that has ended meanwhile has no children; their parent is another one now.
                unread = Directory.Exists(task) ? task : unread;
            }
        }

        return unread is null ? null : $"{Left} ({unread}/children cannot be read)";
    }

    private static bool KillChildrenOf(string task)
    {
        var isFound = false;
        // proc_pid_task_children(5), with CONFIG_PROC_CHILDREN: pids and blanks.
        foreach (var pid in File.ReadAllText($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (string.Equals(Program(pid), Program("self"), StringComparison.Ordinal))
            {
                _ = LibC.Kill(int.Parse(pid, CultureInfo.InvariantCulture), Kill);
                isFound = true;
            }
        }

        return isFound;
    }

    private static string? Program(string process) => new FileInfo($"/proc/{process}/exe").LinkTarget;
}
