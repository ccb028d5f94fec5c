using System.Runtime.InteropServices;

namespace Spork.Spawning;

/// <summary>spawn.h, with paths as bytes. Every function returns an errno. See <see cref="PosixSpawnLibC"/>.</summary>
internal static unsafe partial class PosixLibC
{
    [LibraryImport("libc", EntryPoint = "posix_spawn")]
    internal static partial int Spawn(
        int* pid,
        byte* path,
        nint actions,
        nint attributes,
        nint arguments,
        nint environment
    );

    [LibraryImport("libc", EntryPoint = "posix_spawnp")]
    internal static partial int SpawnP(
        int* pid,
        byte* file,
        nint actions,
        nint attributes,
        nint arguments,
        nint environment
    );

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen")]
    internal static partial int AddOpen(nint actions, int number, byte* path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addchdir_np")]
    internal static partial int AddChDir(nint actions, byte* path);

    /// <summary>glibc 2.35.</summary>
    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addtcsetpgrp_np")]
    internal static partial int AddTcSetPGrp(nint actions, int terminal);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setschedpolicy")]
    internal static partial int SetSchedPolicy(nint attributes, int policy);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setschedparam")]
    internal static partial int SetSchedParam(nint attributes, int* priority);

    /// <summary>glibc 2.39.</summary>
    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setcgroup_np")]
    internal static partial int SetCgroup(nint attributes, int cgroup);
}
