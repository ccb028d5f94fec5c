using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Spork.Linux;

namespace Spork.Spawning;

/// <summary>
/// The arguments of one posix_spawn, for the compiler. It stands in a <see cref="CommandOptions"/>, so that everything
/// from there on (starting, cancelling, outcome, reaping) is that of a command.
/// </summary>
/// <param name="File">path, or the name that is searched.</param>
/// <param name="Actions">In order.</param>
/// <param name="Attributes">Whose flags count.</param>
/// <param name="Arguments">argv, the zeroth included.</param>
/// <param name="Environment">envp, or null for this process's.</param>
/// <param name="Blocked">What the child has blocked: the attribute, or what the calling thread has.</param>
internal sealed record PosixRequest(
    ByteString File,
    FileAction[] Actions,
    SpawnAttributes Attributes,
    ByteString[] Arguments,
    ByteString[]? Environment,
    ulong Blocked
)
{
    private const SpawnFlags Known = (SpawnFlags)0x1FF;

    /// <summary>What effective ids are reset to; null where that is not asked for, or there is nothing to do.</summary>
    internal IdReset? Reset { get; init; }

    internal static CommandOptions Options(
        ByteString file,
        bool search,
        SpawnFileActions? actions,
        SpawnAttributes? attributes,
        IEnumerable<ByteString> arguments,
        IEnumerable<ByteString>? environment
    )
    {
        ArgumentNullException.ThrowIfNull(arguments);
        attributes ??= new SpawnAttributes();
        if ((attributes.Flags & ~Known) != 0)
        {
            throw new ArgumentException(
                $"There is no flag 0x{(int)(attributes.Flags & ~Known):x} (EINVAL).",
                nameof(attributes)
            );
        }

        var blocked = attributes.Has(SpawnFlags.SetSigMask) ? Bits(attributes.SignalMask) : ThreadSignals.Blocked();
        var request = new PosixRequest(
            file,
            actions?.Snapshot() ?? [],
            attributes,
            [.. arguments],
            environment is null ? null : [.. environment],
            blocked
        );
        var options = new CommandOptions(file.ToString(), [])
        {
            SearchPath = search,
            Posix = request,
            CgroupHandle = attributes.Has(SpawnFlags.SetCgroup)
                ? new SafeFileHandle(attributes.Cgroup, ownsHandle: false)
                : null,
        };
        return attributes.Has(SpawnFlags.ResetIds)
            ? options with
            {
                Posix = request with
                {
                    Reset = PosixRefusals.OrRefused(options, () => IdReset.Of(ThreadCredentials.IfIdsDiffer())),
                },
            }
            : options;
    }

    /// <summary>For who looks at the command: without the zeroth.</summary>
    internal IReadOnlyList<string> ArgumentTexts => [.. Arguments.Skip(1).Select(argument => argument.ToString())];

    internal IEnumerable<SafeHandle> Handles => Actions.Select(action => action.Handle).OfType<SafeHandle>();

    internal ulong SignalDefault =>
        Attributes.Has(SpawnFlags.SetSigDef) ? Bits(Attributes.SignalDefault) & ~SignalSteps.Fixed : 0;

    private static ulong Bits(IReadOnlyCollection<Signal> signals) =>
        signals.Aggregate(0UL, (set, signal) => signal.Number == 0 ? set : set | SignalSet.Bit(signal.Number));
}
