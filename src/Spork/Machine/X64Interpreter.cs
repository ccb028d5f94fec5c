namespace Spork.Machine;

/// <summary>The interpreter of child programs: no libc, no TLS, no stack, no heap; registers and the program only.</summary>
/// <remarks>
/// In: rdi = ProgramContext*. r12 context, r13 steps, r14 slots, r15 current step, ebx its index. A syscall clobbers
/// rax, rcx and r11 only. Every operand is <c>slots[s] + constant</c>; slot 0 is always zero. It leaves with exit,
/// never exit_group: as a thread of its own process (exec in place) it must be able to fail without taking the
/// process along.
/// </remarks>
internal static class X64Interpreter
{
    internal static readonly MachineCode Code = new([
        // set up
        new(0x00, "4989fc", "mov r12, rdi"),
        new(0x03, "4d8b6c2410", "mov r13, [r12+0x10]"),
        new(0x08, "4d8b742418", "mov r14, [r12+0x18]"),
        new(0x0d, "31db", "xor ebx, ebx"),
        // next: context->Current = index, so that whoever is killed is killed at a known step
        new(0x0f, "41895c2404", "mov [r12+4], ebx"),
        // step = steps + index * 128
        new(0x14, "4989df", "mov r15, rbx"),
        new(0x17, "49c1e707", "shl r15, 7"),
        new(0x1b, "4d01ef", "add r15, r13"),
        // operands 0 … 5 into rdi, rsi, rdx, r10, r8, r9
        new(0x1e, "49634720", "movsxd rax, [r15+0x20]"),
        new(0x22, "498b3cc6", "mov rdi, [r14+rax*8]"),
        new(0x26, "49037f38", "add rdi, [r15+0x38]"),
        new(0x2a, "49634724", "movsxd rax, [r15+0x24]"),
        new(0x2e, "498b34c6", "mov rsi, [r14+rax*8]"),
        new(0x32, "49037740", "add rsi, [r15+0x40]"),
        new(0x36, "49634728", "movsxd rax, [r15+0x28]"),
        new(0x3a, "498b14c6", "mov rdx, [r14+rax*8]"),
        new(0x3e, "49035748", "add rdx, [r15+0x48]"),
        new(0x42, "4963472c", "movsxd rax, [r15+0x2c]"),
        new(0x46, "4d8b14c6", "mov r10, [r14+rax*8]"),
        new(0x4a, "4d035750", "add r10, [r15+0x50]"),
        new(0x4e, "49634730", "movsxd rax, [r15+0x30]"),
        new(0x52, "4d8b04c6", "mov r8, [r14+rax*8]"),
        new(0x56, "4d034758", "add r8, [r15+0x58]"),
        new(0x5a, "49634734", "movsxd rax, [r15+0x34]"),
        new(0x5e, "4d8b0cc6", "mov r9, [r14+rax*8]"),
        new(0x62, "4d034f60", "add r9, [r15+0x60]"),
        // the syscall; its result into slots[8 + index]
        new(0x66, "418b07", "mov eax, [r15]"),
        new(0x69, "0f05", "syscall"),
        new(0x6b, "498944de40", "mov [r14+rbx*8+0x40], rax"),
        // -4095 … -1 is an error
        new(0x70, "483d01f0ffff", "cmp rax, 0xfffffffffffff001"),
        new(0x76, "7324", "jae 0x9c"),
        // a result that must have one value
        new(0x78, "41837f1000", "cmp dword ptr [r15+0x10], 0"),
        new(0x7d, "7406", "je 0x85"),
        new(0x7f, "493b4718", "cmp rax, [r15+0x18]"),
        new(0x83, "7511", "jne 0x96"),
        // index = step->Next; a negative one ends the program: exit(0)
        new(0x85, "418b5f04", "mov ebx, [r15+4]"),
        new(0x89, "85db", "test ebx, ebx"),
        new(0x8b, "7982", "jns 0xf"),
        new(0x8d, "31ff", "xor edi, edi"),
        new(0x8f, "b83c000000", "mov eax, 0x3c"),
        new(0x94, "0f05", "syscall"),
        // the wrong value: errno = step->UnexpectedErrno
        new(0x96, "418b7f14", "mov edi, [r15+0x14]"),
        new(0x9a, "eb04", "jmp 0xa0"),
        // errno = -result
        new(0x9c, "89c7", "mov edi, eax"),
        new(0x9e, "f7df", "neg edi"),
        // look through step->Handlers for this errno, or 0 for any
        new(0xa0, "418b4f0c", "mov ecx, [r15+0xc]"),
        new(0xa4, "49635708", "movsxd rdx, [r15+8]"),
        new(0xa8, "4c01ea", "add rdx, r13"),
        new(0xab, "85c9", "test ecx, ecx"),
        new(0xad, "7425", "je 0xd4"),
        new(0xaf, "393a", "cmp [rdx], edi"),
        new(0xb1, "740d", "je 0xc0"),
        new(0xb3, "833a00", "cmp dword ptr [rdx], 0"),
        new(0xb6, "7408", "je 0xc0"),
        new(0xb8, "4883c20c", "add rdx, 0xc"),
        new(0xbc, "ffc9", "dec ecx"),
        new(0xbe, "ebeb", "jmp 0xab"),
        // found: a budget of -1 is unlimited, of 0 used up, else count down
        new(0xc0, "8b7208", "mov esi, [rdx+8]"),
        new(0xc3, "85f6", "test esi, esi"),
        new(0xc5, "7805", "js 0xcc"),
        new(0xc7, "740b", "je 0xd4"),
        new(0xc9, "ff4a08", "dec dword ptr [rdx+8]"),
        // index = handler->Target
        new(0xcc, "8b5a04", "mov ebx, [rdx+4]"),
        new(0xcf, "e93bffffff", "jmp 0xf"),
        // report: context->Error = errno; exit(127)
        new(0xd4, "41897c2408", "mov [r12+8], edi"),
        new(0xd9, "bf7f000000", "mov edi, 0x7f"),
        new(0xde, "b83c000000", "mov eax, 0x3c"),
        new(0xe3, "0f05", "syscall"),
        new(0xe5, "0f0b", "ud2"),
    ]);
}
