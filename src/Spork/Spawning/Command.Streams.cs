using Spork.Linux;
using Spork.Spawning;

namespace Spork;

// Starts of commands with pipes: the pipes are made first, and the rest is the start of a command with plain numbers.
public sealed partial class Command
{
    private StreamSlot[]? _streamSlots;
    private BoundCommands? _bound;

    /// <summary>
    /// How long a relay or a capture waits for the end of a pipe once the program itself has ended, because a descendant
    /// (a daemon, a background job) still holds it. Default: 5 seconds; <see cref="TimeSpan.Zero"/>: not at all;
    /// <see cref="Timeout.InfiniteTimeSpan"/>: until the last holder closes it. What the program wrote itself is read in any
    /// case.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative and not infinite, or more than 24 days.</exception>
    public Command WithDrainGrace(TimeSpan grace)
    {
        if (grace != Timeout.InfiniteTimeSpan && (grace < TimeSpan.Zero || grace.TotalMilliseconds > int.MaxValue))
        {
            throw new ArgumentOutOfRangeException(
                nameof(grace),
                grace,
                "A time to wait is not negative, and at most 24 days; Timeout.InfiniteTimeSpan is for ever."
            );
        }

        return new(_options with { DrainGrace = grace });
    }

    internal StreamSlot[] StreamSlots => _streamSlots ??= StreamSlot.Of(_options);

    /// <summary>The same with these numbers of ours in place of the pipes.</summary>
    internal Command BoundTo(int[] numbers) =>
        (_bound ?? Interlocked.CompareExchange(ref _bound, new BoundCommands(), null) ?? _bound).Get(this, numbers);

    internal Command MakeBound(int[] numbers)
    {
        var descriptors = _options.Descriptors;
        for (var i = 0; i < numbers.Length; i++)
        {
            foreach (var number in StreamSlots[i].Numbers)
            {
                descriptors = descriptors.SetItem(number, Stdio.FromDescriptor(numbers[i]));
            }
        }

        return new(_options with { Descriptors = descriptors, HasStreams = false }) { _origin = Origin };
    }

    internal ChildProcess StartWithStreams(CancellationToken cancellationToken, StreamArguments? arguments = null)
    {
        using var setup = StreamSetup.Open(this, arguments ?? StreamArguments.None);
        return setup.HandOver(setup.Command.Start(cancellationToken));
    }

    internal async Task<ChildProcess> StartWithStreamsAsync(
        CancellationToken cancellationToken,
        StreamArguments? arguments = null
    )
    {
        if (ReadyRung() == Rung.PosixSpawn)
        {
            return await PosixSpawn
                .StartAsync(
                    () => StartWithStreams(CancellationToken.None, arguments),
                    [.. new[] { arguments?.Input, arguments?.Output }.OfType<Descriptor>()],
                    cancellationToken
                )
                .ConfigureAwait(false);
        }

        var setup = StreamSetup.Open(this, arguments ?? StreamArguments.None);
        try
        {
            return await setup
                .HandOverAsync(setup.Command.StartAsync(cancellationToken).AsTask())
                .ConfigureAwait(false);
        }
        catch
        {
            setup.Dispose();
            throw;
        }
    }

    private GatedChild StartGatedWithStreams()
    {
        var setup = StreamSetup.Open(this, StreamArguments.None);
        try
        {
            return new GatedChild(setup.Command.Launch(asynchronous: true, gated: true), setup);
        }
        catch
        {
            setup.Dispose();
            throw;
        }
    }

    private ExitStatus RunWithStreams(CancellationToken cancellationToken)
    {
        RefusePipes("Run");
        using var child = StartWithStreams(cancellationToken);
        using var registration = cancellationToken.UnsafeRegister(static c => ((ChildProcess)c!).GiveUp(), child);
        var status = child.Wait(CancellationToken.None);
        child.FinishStreamsAsync(cancellationToken).GetAwaiter().GetResult();
        return child.StreamsCutOff ? status.WithStreamsCutOff() : status;
    }

    private async Task<ExitStatus> RunWithStreamsAsync(CancellationToken cancellationToken)
    {
        RefusePipes("RunAsync");
        using var child = await StartAsync(cancellationToken).ConfigureAwait(false);
        using var registration = cancellationToken.UnsafeRegister(static c => ((ChildProcess)c!).GiveUp(), child);
        return await child.FinishAsync(cancellationToken).ConfigureAwait(false);
    }

    // Nobody would read: past 64 KiB the program would wait for ever, and Run with it.
    internal void RefusePipes(string method)
    {
        if (!_options.HasStreams)
        {
            return;
        }

        foreach (var slot in StreamSlots)
        {
            if (slot.Stdio.Kind == StdioKind.Pipe)
            {
                throw new InvalidOperationException(
                    $"Descriptor {slot.Number} is a pipe to the caller, and {method} returns only when the program has "
                        + "ended: use Start and read or write the pipe, Capture, or a relay such as Stdio.ToStream or FromText."
                );
            }
        }
    }

    // The numbers are those that the next start would get.
    private ProgramListing ExplainWithStreams(StartMode mode)
    {
        using var setup = StreamSetup.Open(this, StreamArguments.None);
        return setup.Command.Explain(mode);
    }
}
