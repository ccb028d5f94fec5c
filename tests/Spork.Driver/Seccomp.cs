using System.ComponentModel;
using System.Runtime.InteropServices;
using Spork.Linux;

namespace Spork.Driver;

/// <summary>A call that the kernel shall refuse, perhaps only with one value of one argument.</summary>
internal sealed record Refusal(int Number, int Errno, int? Argument, uint Value)
{
    /// <summary>More arguments' values, all of which must be so.</summary>
    internal IReadOnlyList<(int Argument, uint Value)> Conditions { get; init; } = [];

    /// <summary>Only there, if set: the address after the system call's instruction.</summary>
    internal ulong? Address { get; init; }

    /// <summary>Not refused: whoever makes the call is killed by SIGSYS.</summary>
    internal const int Kill = -1;

    /// <summary><c>mprotect:EACCES</c>, <c>mprotect:KILL</c> or <c>mprotect:EACCES:2=5</c>.</summary>
    internal static Refusal Parse(string text)
    {
        var parts = text.Split(':');
        var number = (int)Enum.Parse<Syscall>(parts[0]);
        var errno = parts[1] == "KILL" ? Kill : Enumerable.Range(1, 133).First(n => new Errno(n).Name == parts[1]);
        if (parts.Length == 2)
        {
            return new Refusal(number, errno, null, 0);
        }

        var condition = parts[2].Split('=');
        return new Refusal(number, errno, int.Parse(condition[0]), (uint)long.Parse(condition[1]));
    }
}

/// <summary>A seccomp filter on the calling thread and whatever it makes from now on: as containers have it.</summary>
internal static unsafe class Seccomp
{
    private const int PR_SET_SECCOMP = 22;
    private const int PR_SET_NO_NEW_PRIVS = 38;
    private const int SECCOMP_MODE_FILTER = 2;
    private const uint SECCOMP_RET_ALLOW = 0x7fff0000;
    private const uint SECCOMP_RET_KILL_PROCESS = 0x80000000;
    private const uint SECCOMP_RET_ERRNO = 0x00050000;
    private const ushort LoadWord = 0x20; // BPF_LD | BPF_W | BPF_ABS
    private const ushort JumpIfEqual = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
    private const ushort Return = 0x06; // BPF_RET | BPF_K

    internal static void Install(IEnumerable<Refusal> refusals)
    {
        var code = refusals.SelectMany(Compile).Append(new Instruction(Return, 0, 0, SECCOMP_RET_ALLOW)).ToArray();
        fixed (Instruction* instructions = code)
        {
            var program = new Program { Length = (ushort)code.Length, Instructions = (nint)instructions };
            if (
                LibC.Prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0
                || LibC.Prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, (nint)(&program), 0, 0) != 0
            )
            {
                throw new Win32Exception(Marshal.GetLastPInvokeError(), "seccomp");
            }
        }
    }

    // struct seccomp_data: the number at 0, the instruction's address at 8, the arguments' low words at 16, 24, …
    private static IEnumerable<Instruction> Compile(Refusal refusal)
    {
        List<(int Offset, uint Value)> conditions = [(0, (uint)refusal.Number)];
        if (refusal.Argument is { } argument)
        {
            conditions.Add((16 + (8 * argument), refusal.Value));
        }

        conditions.AddRange(refusal.Conditions.Select(c => (16 + (8 * c.Argument), c.Value)));
        if (refusal.Address is { } address)
        {
            conditions.Add((8, (uint)address));
            conditions.Add((12, (uint)(address >> 32)));
        }

        for (var i = 0; i < conditions.Count; i++)
        {
            // What is not so leads past the return.
            yield return new(LoadWord, 0, 0, (uint)conditions[i].Offset);
            yield return new(JumpIfEqual, 0, (byte)((2 * (conditions.Count - 1 - i)) + 1), conditions[i].Value);
        }

        yield return new(
            Return,
            0,
            0,
            refusal.Errno == Refusal.Kill ? SECCOMP_RET_KILL_PROCESS : SECCOMP_RET_ERRNO | (uint)refusal.Errno
        );
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint Operand);

    [StructLayout(LayoutKind.Sequential)]
    private struct Program
    {
        internal ushort Length;
        internal nint Instructions;
    }
}
