using Spork.Linux;

namespace Spork.Spawning;

/// <summary>What a caller hands in for one start: the ends of a pipeline's pipes (they stay its own), the sinks of a capture.</summary>
internal sealed record StreamArguments(
    Descriptor? Input = null,
    Descriptor? Output = null,
    Func<int, OutputSink>? Captures = null
)
{
    internal static StreamArguments None { get; } = new();
}

/// <summary>
/// The pipes of one start, from before the child exists until it runs. Then the child's ends are closed here and ours go
/// to the <see cref="ChildProcess"/>; or, if there is no child, all of them are closed.
/// </summary>
/// <remarks>
/// The command is started as one with plain descriptor numbers (<see cref="BoundCommands"/>): the child's ends are open
/// here until the child has taken its copy of the descriptor table, which is certain only when the start is over.
/// Everything is close-on-exec, and other children close what they were not given, so no end strays into a sibling.
/// </remarks>
internal sealed class StreamSetup : IDisposable
{
    private readonly record struct OurEnd(
        StreamSlot Slot,
        Descriptor Descriptor,
        AsyncDescriptor? Asynchronous = null,
        OutputSink? Sink = null
    );

    private readonly List<Descriptor> _theirs = [];
    private readonly List<OurEnd> _ours = [];
    private readonly StreamArguments _arguments;
    private readonly TimeSpan _drainGrace;
    private bool _handedOver;

    private StreamSetup(StreamArguments arguments, TimeSpan drainGrace)
    {
        _arguments = arguments;
        _drainGrace = drainGrace;
    }

    /// <summary>With the numbers of these very pipes.</summary>
    internal Command Command { get; private set; } = null!;

    /// <exception cref="SpawnException">No more descriptors: pipe2, EMFILE or ENFILE.</exception>
    /// <exception cref="InvalidOperationException">A relay is in use.</exception>
    internal static StreamSetup Open(Command command, StreamArguments arguments)
    {
        var slots = command.StreamSlots;
        var setup = new StreamSetup(arguments, command.Options.DrainGrace);
        try
        {
            var numbers = new int[slots.Length];
            for (var i = 0; i < slots.Length; i++)
            {
                numbers[i] = setup.Add(slots[i]);
            }

            setup.Command = command.BoundTo(numbers);
            return setup;
        }
        catch (SystemCallException e)
        {
            setup.Dispose();
            throw StartTelemetry.Failed(command.Options, SpawnException.NotReady(command.Options, e));
        }
        catch
        {
            setup.Dispose();
            throw;
        }
    }

    /// <summary>Our end of a captured pipe, for reading on the caller's thread. It stays this object's.</summary>
    internal Descriptor? CapturedEnd(int number) => _ours.Find(o => o.Slot.Number == number).Descriptor;

    /// <summary>An input whose bytes are known, to be written on the caller's thread. It stays this object's.</summary>
    internal (AsyncDescriptor? End, ReadOnlyMemory<byte> Bytes) KnownInput()
    {
        var input = _ours.Find(o => o.Slot.Stdio.Relay is BytesInput);
        return input.Slot is null ? default : (input.Asynchronous, ((BytesInput)input.Slot.Stdio.Relay!).Bytes);
    }

    /// <summary>The child runs: closes its ends, makes ours the child's, starts the relays.</summary>
    internal ChildProcess HandOver(ChildProcess child)
    {
        CloseTheirs();
        _handedOver = true;
        var streams = new ChildStreams(child, _drainGrace);
        foreach (var (slot, _, asynchronous, sink) in _ours)
        {
            if (asynchronous is null)
            {
                continue;
            }

            if (sink is not null)
            {
                streams.Add(sink, slot.Stdio.Relay, asynchronous);
            }
            else if (slot.Stdio.Relay is InputRelay input)
            {
                streams.Add(input, asynchronous);
            }
            else
            {
                streams.Add(
                    slot.Number,
                    slot.IsToProgram ? new ChildInput(asynchronous) : new ChildOutput(asynchronous)
                );
            }
        }

        child.Attach(streams);
        streams.Start();
        return child;
    }

    /// <summary>Waits for a start and takes care of the pipes, however it ends.</summary>
    internal async Task<ChildProcess> HandOverAsync(Task<ChildProcess> start)
    {
        using (this)
        {
            return HandOver(await start.ConfigureAwait(false));
        }
    }

    /// <summary>The child's ends are not needed here any more.</summary>
    internal void CloseTheirs()
    {
        foreach (var end in _theirs)
        {
            end.Dispose();
        }
    }

    /// <summary>Closes what was not handed over.</summary>
    public void Dispose()
    {
        CloseTheirs();
        foreach (var (slot, descriptor, asynchronous, sink) in _ours)
        {
            if (asynchronous is not null && _handedOver)
            {
                continue;
            }

            asynchronous?.Dispose();
            descriptor.Dispose();
            sink?.Close();
            slot.Stdio.Relay?.Release();
        }
    }

    private int Add(StreamSlot slot)
    {
        if (slot.Stdio.Kind == StdioKind.Given)
        {
            return (slot.IsToProgram ? _arguments.Input : _arguments.Output)!.Number;
        }

        // Made and noted first, so that whatever is refused next closes it.
        var pipe = PipePair.Create();
        _theirs.Add(slot.IsToProgram ? pipe.ReadEnd : pipe.WriteEnd);
        var ours = slot.IsToProgram ? pipe.WriteEnd : pipe.ReadEnd;
        try
        {
            slot.Stdio.Relay?.Claim();
        }
        catch
        {
            ours.Dispose();
            throw;
        }

        _ours.Add(new OurEnd(slot, ours));
        if (slot.Stdio.Kind != StdioKind.Captured || _arguments.Captures is not null)
        {
            _ours[^1] = new OurEnd(slot, ours, AsyncDescriptor.Own(ours));
        }

        var sink =
            slot.Stdio.Relay is OutputRelay relay ? relay.CreateSink(slot.Number)
            : slot.Stdio.Kind == StdioKind.Captured ? _arguments.Captures?.Invoke(slot.Number)
            : null;
        _ours[^1] = _ours[^1] with { Sink = sink };

        return _theirs[^1].Number;
    }
}
