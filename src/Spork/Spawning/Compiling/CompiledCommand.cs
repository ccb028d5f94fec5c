using System.Runtime.InteropServices;
using Spork.Machine;
using Spork.Programs;

namespace Spork.Spawning;

/// <summary>A command's program for one way of starting it, valid while the inherited environment stays the same.</summary>
internal sealed record CompiledCommand(ChildProgram Program, EnvironmentBlock Inherited, StartMode Mode)
{
    private StageImage? _stageImage;

    /// <summary>Its second stage as an executable.</summary>
    internal StageImage StageImage =>
        _stageImage ??= StaticElf.WriteStage(Program.Second!, MachineArchitecture.Current!, Environment.ProcessId);

    /// <summary>Takes the one in the cache if it still holds. Handles must be held open by the caller.</summary>
    internal static CompiledCommand Get(ref CompiledCommand? cache, CommandOptions options, StartMode mode)
    {
        var inherited = InheritedEnvironment.Current();
        var cached = Volatile.Read(ref cache);
        if (cached is not null && ReferenceEquals(cached.Inherited, inherited) && cached.Mode == mode)
        {
            return cached;
        }

        var compiled = new CompiledCommand(CommandCompiler.Compile(options, inherited, mode), inherited, mode);

        // Without close_range, and where ids are reset, the program lists the descriptors open right now: good for one
        // start only.
        if (SpawnLadder.CloseRange && options.Posix?.Reset is null)
        {
            Volatile.Write(ref cache, compiled);
        }

        return compiled;
    }

    /// <summary>Every handle that a command names.</summary>
    internal static SafeHandle[] HandlesOf(CommandOptions options) =>
        [
            .. options
                .Descriptors.Values.Select(d => d.Handle)
                .Concat(options.Posix?.Handles ?? [])
                .Append(options.DirectoryHandle)
                .Append(options.CgroupHandle)
                .Append(options.Terminal?.Handle)
                .Concat(options.Isolation.Joined.Select(j => j.Handle))
                .OfType<SafeHandle>()
                .Distinct(),
        ];
}
