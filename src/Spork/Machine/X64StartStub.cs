namespace Spork.Machine;

/// <summary>
/// <c>nint start(StartRequest*)</c>, System V AMD64: blocks every signal, makes the child, restores the mask.
/// </summary>
/// <remarks>
/// The mask is set by raw rt_sigprocmask because glibc's wrapper leaves 32 and 33 open, and CoreCLR suspends threads
/// with 34; if that is refused nothing is made, because a handler could run in the child. The parent's signals are open again before it waits for anything: a thread that waits with signals
/// blocked can be neither suspended for a collection nor parked for a fork. The child never returns: it runs on its
/// own stack and goes straight to the interpreter, so nothing here touches memory that the parent's frame owns
/// (seed 003, complaints 1 and 2). rbx survives the syscall in both processes.
/// </remarks>
internal static class X64StartStub
{
    internal static readonly MachineCode Code = new([
        // keep what the caller owns
        new(0x00, "53", "push rbx"),
        new(0x01, "4154", "push r12"),
        new(0x03, "4889fb", "mov rbx, rdi"),
        // rt_sigprocmask(SIG_SETMASK, &request->AllSignals, &request->SavedMask, 8)
        new(0x06, "bf02000000", "mov edi, 2"),
        new(0x0b, "488d7340", "lea rsi, [rbx+0x40]"),
        new(0x0f, "488d5348", "lea rdx, [rbx+0x48]"),
        new(0x13, "41ba08000000", "mov r10d, 8"),
        new(0x19, "b80e000000", "mov eax, 0xe"),
        new(0x1e, "0f05", "syscall"),
        // refused: nothing was made, return -errno
        new(0x20, "4885c0", "test rax, rax"),
        new(0x23, "753c", "jne 0x61"),
        // clone3(a0, a1) or clone(a0 … a4)
        new(0x25, "488b7b08", "mov rdi, [rbx+8]"),
        new(0x29, "488b7310", "mov rsi, [rbx+0x10]"),
        new(0x2d, "488b5318", "mov rdx, [rbx+0x18]"),
        new(0x31, "4c8b5320", "mov r10, [rbx+0x20]"),
        new(0x35, "4c8b4328", "mov r8, [rbx+0x28]"),
        new(0x39, "488b03", "mov rax, [rbx]"),
        new(0x3c, "0f05", "syscall"),
        new(0x3e, "4885c0", "test rax, rax"),
        new(0x41, "7422", "je 0x65"),
        // parent: rt_sigprocmask(SIG_SETMASK, &request->SavedMask, NULL, 8)
        new(0x43, "4989c4", "mov r12, rax"),
        new(0x46, "bf02000000", "mov edi, 2"),
        new(0x4b, "488d7348", "lea rsi, [rbx+0x48]"),
        new(0x4f, "31d2", "xor edx, edx"),
        new(0x51, "41ba08000000", "mov r10d, 8"),
        new(0x57, "b80e000000", "mov eax, 0xe"),
        new(0x5c, "0f05", "syscall"),
        // parent: return the pid, or -errno
        new(0x5e, "4c89e0", "mov rax, r12"),
        new(0x61, "415c", "pop r12"),
        new(0x63, "5b", "pop rbx"),
        new(0x64, "c3", "ret"),
        // child: request->Interpreter(request->Context)
        new(0x65, "31ed", "xor ebp, ebp"),
        new(0x67, "488b7b30", "mov rdi, [rbx+0x30]"),
        new(0x6b, "ff6338", "jmp qword ptr [rbx+0x38]"),
    ]);
}
