namespace Spork.Cli.Run;

/// <summary>From a start that failed to the exit code and the line of text the contract promises.</summary>
internal static class RunFailure
{
    public static int ExitCode(SpawnException failure)
    {
        if (failure.ProgramNotFound)
        {
            return ExitCodes.NotFound;
        }

        if (failure.KilledBy is not null || IsShortage(failure.Errno))
        {
            return ExitCodes.SporkFailed;
        }

        return failure.Step switch
        {
            "execve" => ExitCodes.NotExecutable,
            "posix_spawn" => WithoutAStep(failure),
            _ => ExitCodes.SporkFailed,
        };
    }

    /// <summary>The lowest rung knows the errno only; whether the program is there has to be looked up.</summary>
    private static int WithoutAStep(SpawnException failure)
    {
        var found = ProgramLookup.Finds(failure.Program);
        if (failure.Errno == Errno.ENOENT)
        {
            return found ? ExitCodes.SporkFailed : ExitCodes.NotFound;
        }

        var refused = failure.Errno == Errno.EACCES || failure.Errno == Errno.ENOEXEC;
        return found && refused ? ExitCodes.NotExecutable : ExitCodes.SporkFailed;
    }

    /// <summary>The library's words, and behind them what to do about it in terms of this tool's options.</summary>
    public static string Describe(SpawnException failure)
    {
        var message = failure.Hint is { Length: > 0 } hint
            ? failure.Message.Replace(hint, InOptions(hint), StringComparison.Ordinal)
            : failure.Message;
        return Advice(failure) is { } advice ? $"{message}{(failure.Hint is null ? " — " : "; ")}{advice}" : message;
    }

    // The library's hints name its methods.
    private static string InOptions(string hint) =>
        hint.Replace("WithOwnIdentityAs", "--map-root", StringComparison.Ordinal)
            .Replace("WithNoNewPrivileges", "--no-new-privs", StringComparison.Ordinal)
            .Replace("WithGroup", "--user USER:GROUP", StringComparison.Ordinal);

    /// <summary>Nothing is wrong with the program: there was too much of it, or too little of something else.</summary>
    private static bool IsShortage(Errno errno) =>
        errno == Errno.E2BIG
        || errno == Errno.ENOMEM
        || errno == Errno.EAGAIN
        || errno == Errno.EMFILE
        || errno == Errno.ENFILE;

    /// <summary>Steps by the names that <see cref="SpawnException.Step"/> gives them, which are not the system calls'.</summary>
    private static string? Advice(SpawnException failure) =>
        failure.Step switch
        {
            "chdir" => Directory(failure.Errno),
            "open" => "check the file's path and permissions",
            "nice" => "use a higher --nice, or CAP_SYS_NICE",
            "limit" => "stay below the hard limit, or have CAP_SYS_RESOURCE",
            "affinity" => "none of these processors is online or allowed here; see 'nproc --all'",
            "setpgid" => "the group must exist in this session",
            _ when failure.Hint is not null => null,
            _ when failure.ProgramNotFound => "check the path's spelling",
            _ when failure.Errno == Errno.EACCES => "check 'chmod +x' and the directories above it",
            _ => null,
        };

    private static string Directory(Errno errno) =>
        errno == Errno.ENOENT ? "create it or give another --cwd"
        : errno == Errno.ENOTDIR ? "--cwd needs a directory, and this path runs through a file"
        : errno == Errno.EACCES ? "entering it needs search permission (x) on it and all directories above it"
        : "give another --cwd";
}
