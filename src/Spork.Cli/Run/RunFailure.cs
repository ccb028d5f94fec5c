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

    public static string Describe(SpawnException failure) =>
        failure.Hint is null && Advice(failure) is { } advice ? $"{failure.Message} — {advice}" : failure.Message;

    /// <summary>Nothing is wrong with the program: there was too much of it, or too little of something else.</summary>
    private static bool IsShortage(Errno errno) =>
        errno == Errno.E2BIG
        || errno == Errno.ENOMEM
        || errno == Errno.EAGAIN
        || errno == Errno.EMFILE
        || errno == Errno.ENFILE;

    private static string? Advice(SpawnException failure) =>
        failure.Step switch
        {
            "chdir" => "create the directory or give another --cwd",
            "open" or "openat" => "check the file's path and permissions",
            "setpriority" => "raising priority needs CAP_SYS_NICE; use a higher --nice",
            "prlimit64" or "setrlimit" => "a hard limit can only be lowered without CAP_SYS_RESOURCE",
            "sched_setaffinity" => "none of these processors is online or allowed here; see 'nproc --all'",
            "setpgid" => "the group must exist in this session",
            _ when failure.ProgramNotFound => "check the path's spelling",
            _ when failure.Errno == Errno.EACCES => "check 'chmod +x' and the directories above it",
            _ => null,
        };
}
