using Spork.Linux;
using Spork.Programs;

namespace Spork.Spawning;

/// <summary>
/// execve, with execvp(3)'s search of PATH made in the child: the right directory, the right credentials, no check that
/// could be out of date.
/// </summary>
/// <remarks>
/// ENOENT and its kin try the next directory; EACCES too, but is remembered (in the step's result) and reported in the
/// end if nothing else was found. ETXTBSY means that somebody still has the file open for writing, often a child that
/// another thread forked at the wrong moment and that will exec at once (dotnet/runtime#58964, golang/go#22315): wait
/// and try again, within a bound.
/// </remarks>
internal static class ExecSteps
{
    internal const string DefaultPath = "/bin:/usr/bin";

    private static readonly Operand Monotonic = Operand.Named(Clock.CLOCK_MONOTONIC, "CLOCK_MONOTONIC");

    private const long BusyWaitNanoseconds = 5_000_000;

    // What glibc's execvpe passes over: not here, not a directory, or a file system that does not answer.
    private static readonly Errno[] TryNext =
    [
        Errno.ENOENT,
        Errno.ENOTDIR,
        Errno.EACCES,
        Errno.ESTALE,
        Errno.ENODEV,
        Errno.ETIMEDOUT,
    ];

    /// <summary>How often it waits at most. For tests: a child that is looked at while it waits must not be done before.</summary>
    internal static int BusyWaits { get; set; } = 60;

    internal static void Add(ProgramBuilder program, CommandOptions options, EnvironmentBlock inherited)
    {
        var arguments = ArgumentVector.Arguments(program.Data, options);
        var environment = ArgumentVector.Environment(program.Data, options, inherited);
        var candidates = Candidates(options, inherited);
        var paths = Array.ConvertAll(candidates, program.Data.String);
        AddAttempts(program, candidates, paths, arguments, environment);
    }

    /// <summary>execve with each of these paths in turn, named so.</summary>
    internal static void AddAttempts(
        ProgramBuilder program,
        string[] candidates,
        Operand[] paths,
        Operand arguments,
        Operand environment
    )
    {
        var attempts = Array.ConvertAll(candidates, _ => program.NewLabel());
        var waits = Array.ConvertAll(candidates, _ => program.NewLabel());
        for (var i = 0; i < candidates.Length; i++)
        {
            program.Mark(attempts[i]);
            program.Add(Syscall.execve, "execve", candidates[i], "", paths[i], arguments, environment);
            program.On(Errno.ETXTBSY.Value, waits[i], BusyWaits);
            if (i < candidates.Length - 1)
            {
                PassOver(program, attempts[i + 1]);
            }
        }

        var interval = program.Data.Struct(
            new TimeSpec { Nanoseconds = BusyWaitNanoseconds },
            "{tv_sec=0, tv_nsec=5000000}"
        );
        for (var i = 0; i < candidates.Length; i++)
        {
            program.Mark(waits[i]);
            program.Add(
                Syscall.clock_nanosleep,
                "wait",
                candidates[i],
                "only while somebody writes to it",
                Monotonic,
                0,
                interval,
                Operand.Null
            );
            program.Then(attempts[i]);
        }
    }

    /// <summary>Every path that execve is tried with, in order.</summary>
    internal static string[] Candidates(CommandOptions options, EnvironmentBlock inherited)
    {
        if (!options.NeedsPathSearch)
        {
            return [options.Program];
        }

        var path = SearchPath(options, inherited);
        // POSIX: an empty element is the current directory.
        return
        [
            .. path.Split(':')
                .Select(directory =>
                    directory.Length == 0 ? $"./{options.Program}" : $"{directory.TrimEnd('/')}/{options.Program}"
                )
                .Distinct(StringComparer.Ordinal),
        ];
    }

    /// <summary>The PATH that counts: the child's if the command says one, else this process's.</summary>
    internal static string SearchPath(CommandOptions options, EnvironmentBlock inherited)
    {
        if (options.Variables.TryGetValue("PATH", out var own) && own is not null)
        {
            return own;
        }

        return inherited.Get("PATH") ?? DefaultPath;
    }

    private static void PassOver(ProgramBuilder program, int next)
    {
        foreach (var errno in TryNext)
        {
            program.On(errno.Value, next);
        }
    }
}
