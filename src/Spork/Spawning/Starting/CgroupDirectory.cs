using System.Text;
using Spork.Linux;

namespace Spork.Spawning;

/// <summary>The directory descriptor that clone3(2) wants for CLONE_INTO_CGROUP.</summary>
internal static unsafe class CgroupDirectory
{
    /// <summary>Null when the command has no cgroup by path, or joins it by hand.</summary>
    internal static Descriptor? Open(CommandOptions options, StartMode mode)
    {
        if (options.CgroupPath is not { } path || CommandCompiler.JoinsCgroupByHand(options, mode))
        {
            return null;
        }

        var bytes = Encoding.UTF8.GetBytes(path + "\0");
        fixed (byte* pointer = bytes)
        {
            var result = Sys.CallRestarting(
                Syscall.openat,
                Fcntl.AT_FDCWD,
                (nint)pointer,
                Fcntl.O_PATH | Fcntl.O_DIRECTORY | Fcntl.O_CLOEXEC
            );
            return result >= 0
                ? new Descriptor((int)result)
                : throw new SpawnException(
                    new SpawnFailure(options.Program, "cgroup", path, SpawnLadder.Name(mode.Rung))
                    {
                        Errno = Sys.ErrnoOf(result),
                        Hint = "the cgroup's directory cannot be opened",
                    }
                );
        }
    }
}
