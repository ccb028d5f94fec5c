using System.Text;
using Spork.Linux;

namespace Spork.Spawning;

/// <summary>
/// The name that one start's second stage has until it becomes the program. exec sets the program's own, past the point
/// of no return, and a zombie keeps its: so it tells a program that was killed at once from a stage killed inside execve.
/// </summary>
/// <remarks>
/// Random, 54 bits, and another one for each start: a program that could take it (prctl, or a file of that name) would
/// pass for a stage that never became it, and its start would be reported as failed.
/// </remarks>
internal sealed unsafe class StageName
{
    // As much as the kernel keeps (TASK_COMM_LEN without the zero), so that it shows whole.
    private const int Length = 15;

    private readonly byte[] _line;

    internal StageName()
    {
        // ps(1) shows who it was. The control character sets it apart from every name that people give.
        _line = [.. "spork\u0001"u8, .. Nonce(Length - 6), (byte)'\n'];
    }

    internal ReadOnlySpan<byte> Text => _line.AsSpan(0, Length);

    /// <summary>
    /// Whether this process, which must not be reaped yet, still has it. Null where /proc cannot tell: there is none, no
    /// descriptor is left, or it is another pid namespace's, whose numbers mean other processes.
    /// </summary>
    internal bool? IsThatOf(int pid)
    {
        if (!OwnProc.IsMounted())
        {
            return null;
        }

        var path = Encoding.ASCII.GetBytes($"/proc/{pid}/comm\0");
        fixed (byte* name = path)
        {
            var opened = Sys.CallRestarting(
                Syscall.openat,
                Fcntl.AT_FDCWD,
                (nint)name,
                Fcntl.O_RDONLY | Fcntl.O_CLOEXEC
            );
            if (opened < 0)
            {
                return null;
            }

            using var descriptor = new Descriptor((int)opened);
            var buffer = stackalloc byte[32];
            var read = Sys.CallRestarting(Syscall.read, opened, (nint)buffer, 32);
            return read <= 0 ? null : new ReadOnlySpan<byte>(buffer, (int)read).SequenceEqual(_line);
        }
    }

    // The kernel's own: the runtime's random numbers keep /dev/urandom open from the first one on.
    private static byte[] Nonce(int length)
    {
        var nonce = new byte[length];
        fixed (byte* start = nonce)
        {
            var result = Sys.CallRestarting(Syscall.getrandom, (nint)start, length, 0);
            if (result != length)
            {
                throw new SystemCallException("getrandom", "the second stage's name", Sys.ErrnoOf(result));
            }
        }

        var letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8;
        foreach (ref var value in nonce.AsSpan())
        {
            value = letters[value & 63];
        }

        return nonce;
    }
}
