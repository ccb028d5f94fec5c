using System.Runtime.InteropServices;
using Spork.Linux;
using Spork.Machine;
using Spork.Programs;

namespace Spork.Spawning;

/// <summary>
/// Finds the rung by trying it: one child that reports its pid and exits. A kernel or emulator that quietly does not
/// share memory (qemu-user, some sandboxes) would otherwise leave the parent waiting for a word nobody clears.
/// </summary>
internal sealed record Probe(
    Rung Rung,
    ExecutableMemory? Code,
    Errno Clone3Call,
    Errno CloneCall,
    Errno ExecutableMemory,
    string? Forced
)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // Limits reached, not calls refused: they say nothing about the machine and would leave a whole process on a lower
    // rung because its first start came at a bad moment.
    private static readonly Errno[] Passing = [Errno.EAGAIN, Errno.ENOMEM, Errno.EMFILE, Errno.ENFILE, Errno.ENOSPC];

    internal static Probe Run()
    {
        RequireSupportedPlatform();
        var forced = Environment.GetEnvironmentVariable("SPORK_SPAWN");
        var result = Find(forced);
        return forced is null or "" || forced == SpawnLadder.Name(result.Rung)
            ? result
            : throw new PlatformNotSupportedException(
                $"SPORK_SPAWN={forced} asks for a rung that this machine does not have, or that does not exist: {SpawnLadder.Name(result.Rung)} works."
            );
    }

    private static Errno OrThrow(string call, Errno errno) =>
        Passing.Contains(errno)
            ? throw new SystemCallException(call, "finding out how processes can be made", errno)
            : errno;

    private static Probe Find(string? forced)
    {
        var result = new Probe(Rung.PosixSpawn, null, Errno.ENOSYS, Errno.ENOSYS, default, forced);
        if (forced == "posix_spawn")
        {
            return result;
        }

        var code = Machine.ExecutableMemory.TryMap(MachineArchitecture.Current!, out var refused);
        result = result with { ExecutableMemory = OrThrow("mmap", refused) };
        if (code is null)
        {
            return result;
        }

        if (forced != "clone")
        {
            result = result with { Clone3Call = OrThrow("clone3", Try(Rung.Clone3, code)) };
            if (result.Clone3Call == default)
            {
                return result with { Rung = Rung.Clone3, Code = code };
            }
        }

        result = result with { CloneCall = OrThrow("clone", Try(Rung.Clone, code)) };
        return result.CloneCall == default ? result with { Rung = Rung.Clone, Code = code } : result;
    }

    // 0, or why this rung does not work: clone's own errno, or ENOTSUP when the child did not share our memory.
    private static unsafe Errno Try(Rung rung, ExecutableMemory code)
    {
        var builder = new ProgramBuilder();
        builder.Add(Syscall.getpid, "getpid", "", "does the child share our memory");
        builder.End();
        var program = builder.Build();
        var arena = ArenaPool.TryRent(program, out var errno);
        if (arena is null)
        {
            return errno;
        }

        arena.Load(program, Environment.ProcessId, null);
        var pid = Cloning.Clone(
            arena,
            code,
            rung,
            new CloneWish(null, SharesTable: false, InPlace: false),
            &arena.Context->InUse
        );
        if (pid < 0)
        {
            ArenaPool.Return(arena);
            return new Errno(-pid);
        }

        using var pidFd = new Descriptor(*arena.PidFd);
        var letGo = LettingGo.Wait(arena, pidFd, Patience);
        Reaper.Reap(pidFd, block: true, out _);
        // Not compared with pid: the first child of a new pid namespace is 1 in there.
        var shared = arena.Slots[Slot.FirstResult] > 0;
        if (letGo && shared)
        {
            ArenaPool.Return(arena);
            return default;
        }

        // The arena is not used again: who knows who else has it.
        return Errno.ENOTSUP;
    }

    private static void RequireSupportedPlatform()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("Spork makes processes on Linux only.");
        }

        if (MachineArchitecture.Current is null)
        {
            throw new PlatformNotSupportedException(
                $"Spork has machine code for x64 only, not for {RuntimeInformation.ProcessArchitecture} yet."
            );
        }

        if (RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal))
        {
            throw new PlatformNotSupportedException("Spork supports glibc only: musl (Alpine) is not supported yet.");
        }
    }
}
