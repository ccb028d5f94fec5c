using Spork.Spawning;

namespace Spork;

// Our ends of its pipes.
public sealed partial class ChildProcess
{
    private ChildStreams? _streams;

    /// <summary>Its standard input, given as <see cref="Stdio.Pipe"/>: write, and close it to end the input.</summary>
    /// <exception cref="InvalidOperationException">It was not given a pipe.</exception>
    public ChildInput StandardInput => GetInput(0);

    /// <summary>Its standard output, given as <see cref="Stdio.Pipe"/>.</summary>
    /// <exception cref="InvalidOperationException">It was not given a pipe.</exception>
    public ChildOutput StandardOutput => GetOutput(1);

    /// <summary>Its standard error, given as <see cref="Stdio.Pipe"/>.</summary>
    /// <exception cref="InvalidOperationException">It was not given a pipe.</exception>
    public ChildOutput StandardError => GetOutput(2);

    /// <summary>
    /// Completes when every relay (<see cref="Stdio.ToStream(Stream)"/> and its kin) is over: at the end of its pipe, or the drain
    /// grace after the program's end (<see cref="Command.WithDrainGrace"/>). <see cref="Wait(CancellationToken)"/> does not
    /// wait for it, <see cref="Command.Run(CancellationToken)"/> does. Throws what a relay's stream or delegate threw; the program was killed
    /// then.
    /// </summary>
    public Task StreamsEnded => _streams?.Ended ?? Task.CompletedTask;

    /// <summary>
    /// Whether a relay stopped at a pipe that some descendant still held open when the drain grace was over. Meaningful
    /// once <see cref="StreamsEnded"/> is complete.
    /// </summary>
    public bool StreamsCutOff => _streams?.CutOff ?? false;

    /// <summary>Our end of the pipe that it reads as this descriptor.</summary>
    /// <param name="number">The number in the child.</param>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    /// <exception cref="InvalidOperationException">It was not given such a pipe.</exception>
    public ChildInput GetInput(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        return _streams?.Find(number) switch
        {
            ChildInput input => input,
            ChildOutput => throw new InvalidOperationException(
                $"The program writes to descriptor {number}: use GetOutput({number})."
            ),
            _ => throw NoPipe(number, nameof(Stdio.InputPipe)),
        };
    }

    /// <summary>Our end of the pipe that it writes to as this descriptor.</summary>
    /// <param name="number">The number in the child.</param>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    /// <exception cref="InvalidOperationException">It was not given such a pipe.</exception>
    public ChildOutput GetOutput(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        return _streams?.Find(number) switch
        {
            ChildOutput output => output,
            ChildInput => throw new InvalidOperationException(
                $"The program reads descriptor {number}: use GetInput({number})."
            ),
            _ => throw NoPipe(number, nameof(Stdio.OutputPipe)),
        };
    }

    internal ChildStreams? Streams => _streams;

    /// <summary>Cancelled: nothing of it is wanted any more.</summary>
    internal void GiveUp()
    {
        TryKill();
        _streams?.Stop();
    }

    /// <summary>Waits for its end, and for its relays'; the status says whether these were cut off.</summary>
    internal async Task<ExitStatus> FinishAsync(CancellationToken cancellationToken)
    {
        var status = await WaitAsync(CancellationToken.None).ConfigureAwait(false);
        await FinishStreamsAsync(cancellationToken).ConfigureAwait(false);
        return StreamsCutOff ? status.WithStreamsCutOff() : status;
    }

    /// <summary>Waits for the relays of a program that has ended; cancellation comes before their exceptions.</summary>
    internal async Task FinishStreamsAsync(CancellationToken cancellationToken)
    {
        try
        {
            await StreamsEnded.ConfigureAwait(false);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // The relays were given up.
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    internal void Attach(ChildStreams streams) => _streams = streams;

    private static InvalidOperationException NoPipe(int number, string kind)
    {
        var (how, name) = number switch
        {
            0 => ("WithStandardInput(Stdio.Pipe)", "standard input"),
            1 => ("WithStandardOutput(Stdio.Pipe)", "standard output"),
            2 => ("WithStandardError(Stdio.Pipe)", "standard error"),
            _ => ($"WithDescriptor({number}, Stdio.{kind})", $"descriptor {number}"),
        };
        return new InvalidOperationException($"The program's {name} is no pipe of ours: build the command with {how}.");
    }
}
