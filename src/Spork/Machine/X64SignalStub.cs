namespace Spork.Machine;

/// <summary>A signal handler that does nothing, and the restorer that returns from it.</summary>
/// <remarks>
/// exec turns every caught signal into its default, and leaves alone what is ignored. A process that is about to become
/// another program in place installs this instead of SIG_DFL: SIGPIPE, say, is at its default in the new program, and
/// harmless to the other threads of the old one if it lives on. Runs on any thread; uses none of its stack.
/// </remarks>
internal static class X64SignalStub
{
    internal static readonly MachineCode Code = new([
        // the handler
        new(0x00, "c3", "ret"),
        new(0x01, "0f1f8000000000", "nop [rax]"),
        new(0x08, "0f1f840000000000", "nop [rax+rax]"),
        // sa_restorer: rt_sigreturn()
        new(0x10, "b80f000000", "mov eax, 0xf"),
        new(0x15, "0f05", "syscall"),
        new(0x17, "0f0b", "ud2"),
    ]);

    /// <summary>Where the restorer stands.</summary>
    internal const int RestorerOffset = 0x10;
}
