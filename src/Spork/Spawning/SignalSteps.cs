using Spork.Linux;
using Spork.Programs;

namespace Spork.Spawning;

/// <summary>Dispositions, then the mask, last of all: exec follows at once.</summary>
internal static class SignalSteps
{
    private static readonly ulong SigPipe = SignalSet.Bit(Signal.SIGPIPE.Number);
    private static readonly ulong Fixed = SignalSet.Bit(Signal.SIGKILL.Number) | SignalSet.Bit(Signal.SIGSTOP.Number);

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
            AddDisposition(program, signal, SigAction.SIG_DFL, "SIG_DFL");
        }

        foreach (var signal in SignalSet.Numbers(options.IgnoredSignals))
        {
            AddDisposition(program, signal, SigAction.SIG_IGN, "SIG_IGN");
        }

        program.Add(
            Syscall.rt_sigprocmask,
            "signal mask",
            SignalSet.Describe(options.SignalMask),
            "all were blocked until here",
            Operand.Named(SigAction.SIG_SETMASK, "SIG_SETMASK"),
            program.Data.Struct(options.SignalMask, SignalSet.Describe(options.SignalMask)),
            Operand.Null,
            8
        );
    }

    private static void AddDisposition(ProgramBuilder program, int signal, int handler, string handlerText)
    {
        var name = new Signal(signal).Name;
        var action = new SigAction { Handler = handler };
        program.Add(
            Syscall.rt_sigaction,
            "signal disposition",
            name,
            "",
            Operand.Named(signal, SignalSet.Name(signal)),
            program.Data.Struct(action, $"{{sa_handler={handlerText}, sa_mask=[], sa_flags=0}}"),
            Operand.Null,
            8
        );
    }
}
