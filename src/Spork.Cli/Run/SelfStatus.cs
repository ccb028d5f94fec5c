using System.Globalization;

namespace Spork.Cli.Run;

/// <summary>What /proc tells about this process and its terminal; without /proc, the answers of a plain start.</summary>
internal static class SelfStatus
{
    /// <summary>Bit n-1 is signal n, as in proc_pid_status(5).</summary>
    public static ulong IgnoredSignals()
    {
        const string Field = "SigIgn:";
        foreach (var line in Read("/proc/self/status").Split('\n'))
        {
            if (line.StartsWith(Field, StringComparison.Ordinal))
            {
                return ulong.Parse(
                    line.AsSpan(Field.Length).Trim(),
                    NumberStyles.HexNumber,
                    CultureInfo.InvariantCulture
                );
            }
        }

        return 0;
    }

    /// <summary>True when a Ctrl-C typed at the terminal reaches this process's group.</summary>
    public static bool IsInForeground()
    {
        // proc_pid_stat(5): pid (comm) state ppid pgrp session tty_nr tpgid …; comm may hold blanks and parentheses.
        var stat = Read("/proc/self/stat");
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 5
            && fields[4] is not "0"
            && string.Equals(fields[2], fields[5], StringComparison.Ordinal);
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
