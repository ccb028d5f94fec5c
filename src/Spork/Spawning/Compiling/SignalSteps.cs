using Spork.Linux;
using Spork.Programs;

namespace Spork.Spawning;

/// <summary>Dispositions, then the mask, last of all: exec follows at once.</summary>
internal static class SignalSteps
{
    private static readonly ulong SigPipe = SignalSet.Bit(Signal.SIGPIPE.Number);
    internal static readonly ulong Fixed = SignalSet.Bit(Signal.SIGKILL.Number) | SignalSet.Bit(Signal.SIGSTOP.Number);

    internal static void Add(ProgramBuilder program, CommandOptions options, StartMode mode)
    {
        // CLONE_CLEAR_SIGHAND leaves ignored what is ignored, so those are reset one by one; SIGPIPE always, since
        // .NET ignores it. Without that flag every handler of the parent must go too before the mask opens: it would
        // run in the child, on shared memory. In place there is nothing to clear: exec resets handlers itself.
        var ignored = IgnoredSignals.AtFirstStart;
        var everything = mode is { Rung: Rung.Clone, InPlace: false } ? SignalSet.All : ignored | SigPipe;
        var kept = (options.KeepIgnoredSignals ? ignored & ~SigPipe : 0) | options.IgnoredSignals;
        foreach (var signal in SignalSet.Numbers(everything & ~kept & ~Fixed))
        {
            if (mode.InPlace)
            {
                AddDefaultByExec(program, signal);
            }
            else
            {
                AddDefault(program, signal);
            }
        }

        foreach (var signal in SignalSet.Numbers(options.IgnoredSignals))
        {
            AddDisposition(
                program,
                signal,
                new SigAction { Handler = SigAction.SIG_IGN },
                "{sa_handler=SIG_IGN, sa_mask=[], sa_flags=0}"
            );
        }

        AddMask(program, options.SignalMask);
    }

    internal static void AddDefault(ProgramBuilder program, int signal) =>
        AddDisposition(
            program,
            signal,
            new SigAction { Handler = SigAction.SIG_DFL },
            "{sa_handler=SIG_DFL, sa_mask=[], sa_flags=0}"
        );

    internal static void AddMask(ProgramBuilder program, ulong blocked) =>
        program.Add(
            Syscall.rt_sigprocmask,
            "signal mask",
            SignalSet.Describe(blocked),
            "all were blocked until here",
            Operand.Named(SigAction.SIG_SETMASK, "SIG_SETMASK"),
            program.Data.Struct(blocked, SignalSet.Describe(blocked)),
            Operand.Null,
            8
        );

    // The disposition is the whole process's, which lives on if a later step fails: at its default, a SIGPIPE in another
    // thread would end it. Caught by a handler that does nothing it is harmless, and exec makes it the default.
    private static void AddDefaultByExec(ProgramBuilder program, int signal)
    {
        var code = SpawnLadder.Code;
        var action = new SigAction
        {
            Handler = code.SignalHandler,
            Flags = SigAction.SA_RESTORER | SigAction.SA_RESTART,
            Restorer = code.SignalRestorer,
        };
        AddDisposition(
            program,
            signal,
            action,
            $"{{sa_handler=0x{code.SignalHandler:x}, sa_mask=[], sa_flags=SA_RESTORER|SA_RESTART, sa_restorer=0x{code.SignalRestorer:x}}}"
        );
    }

    private static void AddDisposition(ProgramBuilder program, int signal, SigAction action, string text)
    {
        var name = new Signal(signal).Name;
        program.Add(
            Syscall.rt_sigaction,
            "signal disposition",
            name,
            "",
            Operand.Named(signal, SignalSet.Name(signal)),
            program.Data.Struct(action, text),
            Operand.Null,
            8
        );
    }
}
