namespace Spork.Machine;

/// <summary>Entry point of a program written out as a static ELF; falls through into the interpreter behind it.</summary>
/// <remarks>The kernel enters with the initial stack (argc, argv, envp, auxv) in rsp: kept in slot 3.</remarks>
internal static class X64ElfEntry
{
    internal static readonly MachineCode Code = new([
        // rdi = ProgramContext*, patched by the ELF writer
        new(0x00, "bf00000000", "mov edi, 0"),
        // slots[3] = rsp
        new(0x05, "488b4718", "mov rax, [rdi+0x18]"),
        new(0x09, "48896018", "mov [rax+0x18], rsp"),
        // pad: the interpreter follows at 16
        new(0x0d, "0f1f00", "nop [rax]"),
    ]);

    /// <summary>Where in the code the 32-bit address of the context stands.</summary>
    internal const int ContextAddressOffset = 1;
}
