using System.Text;
using Spork.Linux;

namespace Spork.Spawning;

/// <summary>
/// The name that the second stage's process has until it becomes the program. exec sets the program's own, past the point
/// of no return, and a zombie keeps its: so it tells a program that was killed at once from a stage killed inside execve.
/// </summary>
internal static unsafe class StageName
{
    /// <summary>One byte short of what the kernel keeps, so that it shows whole; the control character is there so that no file is called that.</summary>
    internal const string Text = "spork\u0001stage 2";

    private static readonly byte[] Line = Encoding.ASCII.GetBytes(Text + "\n");

    /// <summary>Whether this process, which must not be reaped yet, still has it. False too where /proc cannot tell.</summary>
    internal static bool IsThatOf(int pid)
    {
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
                return false;
            }

            using var descriptor = new Descriptor((int)opened);
            var buffer = stackalloc byte[32];
            var read = Sys.CallRestarting(Syscall.read, opened, (nint)buffer, 32);
            return read > 0 && new ReadOnlySpan<byte>(buffer, (int)read).SequenceEqual(Line);
        }
    }
}
