using System.Diagnostics;
using System.Runtime.InteropServices;
using Spork.Programs;
using static Spork.Spawning.PosixSpawnLibC;

namespace Spork.Spawning;

/// <summary>
/// The lowest rung's posix_spawn: libc's own, to which everything is handed as it is. Also what the tests compare
/// <see cref="PosixCompiler"/> with.
/// </summary>
internal static unsafe class PosixByLibC
{
    internal static ChildProcess Start(CommandOptions options, SafeHandle[] handles)
    {
        var held = new HeldHandles(handles);
        var actions = (nint)NativeMemory.AllocZeroed(ActionsSize);
        var attributes = (nint)NativeMemory.AllocZeroed(AttributesSize);
        var initialized = 0;
        try
        {
            OrThrow(posix_spawn_file_actions_init(actions), options, "posix_spawn_file_actions_init");
            initialized++;
            OrThrow(posix_spawnattr_init(attributes), options, "posix_spawnattr_init");
            initialized++;
            AddActions(actions, options);
            SetAttributes(attributes, options);
            return Spawn(options, actions, attributes);
        }
        catch (EntryPointNotFoundException e)
        {
            throw Failed(options, "posix_spawn", Errno.ENOTSUP, $"this glibc is too old for it: {e.Message}");
        }
        finally
        {
            _ = initialized > 0 ? posix_spawn_file_actions_destroy(actions) : 0;
            _ = initialized > 1 ? posix_spawnattr_destroy(attributes) : 0;
            NativeMemory.Free((void*)actions);
            NativeMemory.Free((void*)attributes);
            held.Release();
        }
    }

    private static ChildProcess Spawn(CommandOptions options, nint actions, nint attributes)
    {
        var request = options.Posix!;
        var data = new ProgramData();
        var arguments = Vector(data, request.Arguments);
        var inherited = InheritedEnvironment.Current().Entries().Select(entry => new ByteString(entry.Span[..^1]));
        var environment = Vector(data, request.Environment ?? inherited);
        var path = PosixFileSteps.AddBytes(data, request.File);
        var memory = (byte*)NativeMemory.Alloc((nuint)data.Length);
        try
        {
            data.Bytes.CopyTo(new Span<byte>(memory, data.Length));
            foreach (var offset in data.Relocations)
            {
                *(long*)(memory + offset) += (nint)memory;
            }

            var started = Stopwatch.GetTimestamp();
            var (argv, envp) = ((nint)(memory + arguments), (nint)(memory + environment));
            var pid = 0;
            var errno = options.SearchPath
                ? PosixLibC.SpawnP(&pid, memory + path, actions, attributes, argv, envp)
                : PosixLibC.Spawn(&pid, memory + path, actions, attributes, argv, envp);
            OrThrow(errno, options, "posix_spawn");
            return PosixSpawn.Adopt(options, pid, started);
        }
        finally
        {
            NativeMemory.Free(memory);
        }
    }

    private static void AddActions(nint actions, CommandOptions options)
    {
        foreach (var action in options.Posix!.Actions)
        {
            fixed (byte* path = (byte[])[.. action.Path.Span, 0])
            {
                var number = action.Number;
                var errno = action.Kind switch
                {
                    FileActionKind.Open => PosixLibC.AddOpen(actions, number, path, action.Flags, (uint)action.Mode),
                    FileActionKind.Close => posix_spawn_file_actions_addclose(actions, number),
                    FileActionKind.Dup2 => posix_spawn_file_actions_adddup2(actions, action.Source, number),
                    FileActionKind.ChDir => PosixLibC.AddChDir(actions, path),
                    FileActionKind.FChDir => posix_spawn_file_actions_addfchdir_np(actions, number),
                    FileActionKind.CloseFrom => posix_spawn_file_actions_addclosefrom_np(actions, number),
                    _ => PosixLibC.AddTcSetPGrp(actions, number),
                };
                OrThrow(errno, options, action.Kind.ToString());
            }
        }
    }

    private static void SetAttributes(nint attributes, CommandOptions options)
    {
        var wanted = options.Posix!.Attributes;

        // glibc's sigset_t is 1024 bits; the kernel looks at the first 64.
        var set = stackalloc ulong[16];
        new Span<ulong>(set, 16).Clear();
        set[0] = options.Posix.Blocked;
        OrThrow(posix_spawnattr_setsigmask(attributes, set), options, "posix_spawnattr_setsigmask");
        set[0] = options.Posix.SignalDefault;
        OrThrow(posix_spawnattr_setsigdefault(attributes, set), options, "posix_spawnattr_setsigdefault");
        OrThrow(posix_spawnattr_setpgroup(attributes, wanted.ProcessGroup), options, "posix_spawnattr_setpgroup");
        var priority = wanted.SchedulingPriority;
        OrThrow(PosixLibC.SetSchedParam(attributes, &priority), options, "posix_spawnattr_setschedparam");
        if (wanted.Has(SpawnFlags.SetScheduler))
        {
            OrThrow(
                PosixLibC.SetSchedPolicy(attributes, wanted.SchedulingPolicy),
                options,
                "posix_spawnattr_setschedpolicy"
            );
        }

        if (wanted.Has(SpawnFlags.SetCgroup))
        {
            OrThrow(PosixLibC.SetCgroup(attributes, wanted.Cgroup), options, "posix_spawnattr_setcgroup_np");
        }

        OrThrow(posix_spawnattr_setflags(attributes, (short)wanted.Flags), options, "posix_spawnattr_setflags");
    }

    private static long Vector(ProgramData data, IEnumerable<ByteString> entries)
    {
        int[] offsets = [.. entries.Select(entry => PosixFileSteps.AddBytes(data, entry))];
        return data.PointerArray(offsets, "").Constant;
    }

    private static void OrThrow(int errno, CommandOptions options, string step)
    {
        if (errno != 0)
        {
            throw Failed(options, step, new Errno(errno), "posix_spawn does not say which step failed");
        }
    }

    private static SpawnException Failed(CommandOptions options, string step, Errno errno, string hint) =>
        new(
            new SpawnFailure(options.Program, step, options.Program, SpawnLadder.Name(Rung.PosixSpawn))
            {
                Errno = errno,
                // With file actions it may be theirs.
                ProgramNotFound = errno == Errno.ENOENT && options.Posix!.Actions.Length == 0,
                Hint = hint,
            }
        );
}
