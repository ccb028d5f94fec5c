using System.Runtime.InteropServices;

namespace Spork.Spawning;

/// <summary>spawn.h. Every function returns an errno, and takes C strings. The two structs are opaque: 80 and 336 bytes in glibc on x64.</summary>
internal static partial class PosixSpawnLibC
{
    internal const int ActionsSize = 256;
    internal const int AttributesSize = 512;

    internal const short POSIX_SPAWN_SETPGROUP = 0x02;
    internal const short POSIX_SPAWN_SETSIGDEF = 0x04;
    internal const short POSIX_SPAWN_SETSIGMASK = 0x08;
    internal const short POSIX_SPAWN_SETSID = 0x80;

    internal static int Spawn(
        bool search,
        byte[] program,
        nint actions,
        nint attributes,
        nint arguments,
        nint environment,
        out int pid
    ) =>
        search
            ? posix_spawnp(out pid, program, actions, attributes, arguments, environment)
            : posix_spawn(out pid, program, actions, attributes, arguments, environment);

    [LibraryImport("libc")]
    private static partial int posix_spawn(
        out int pid,
        byte[] path,
        nint actions,
        nint attributes,
        nint arguments,
        nint environment
    );

    [LibraryImport("libc")]
    private static partial int posix_spawnp(
        out int pid,
        byte[] file,
        nint actions,
        nint attributes,
        nint arguments,
        nint environment
    );

    [LibraryImport("libc")]
    internal static partial int posix_spawn_file_actions_init(nint actions);

    [LibraryImport("libc")]
    internal static partial int posix_spawn_file_actions_destroy(nint actions);

    [LibraryImport("libc")]
    internal static partial int posix_spawn_file_actions_adddup2(nint actions, int source, int target);

    [LibraryImport("libc")]
    internal static partial int posix_spawn_file_actions_addclose(nint actions, int number);

    [LibraryImport("libc")]
    internal static partial int posix_spawn_file_actions_addclosefrom_np(nint actions, int first);

    [LibraryImport("libc")]
    internal static partial int posix_spawn_file_actions_addopen(
        nint actions,
        int number,
        byte[] path,
        int flags,
        uint mode
    );

    [LibraryImport("libc")]
    internal static partial int posix_spawn_file_actions_addchdir_np(nint actions, byte[] path);

    [LibraryImport("libc")]
    internal static partial int posix_spawn_file_actions_addfchdir_np(nint actions, int directory);

    [LibraryImport("libc")]
    internal static partial int posix_spawnattr_init(nint attributes);

    [LibraryImport("libc")]
    internal static partial int posix_spawnattr_destroy(nint attributes);

    [LibraryImport("libc")]
    internal static partial int posix_spawnattr_setflags(nint attributes, short flags);

    [LibraryImport("libc")]
    internal static partial int posix_spawnattr_setpgroup(nint attributes, int group);

    [LibraryImport("libc")]
    internal static unsafe partial int posix_spawnattr_setsigmask(nint attributes, ulong* set);

    [LibraryImport("libc")]
    internal static unsafe partial int posix_spawnattr_setsigdefault(nint attributes, ulong* set);

    /// <summary>Adding an action or attribute can only fail for lack of memory or a bad number.</summary>
    internal static void Check(int errno, string call)
    {
        if (errno != 0)
        {
            throw new SystemCallException(call, "posix_spawn", new Errno(errno));
        }
    }
}
