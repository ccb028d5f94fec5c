using System.Text;
using Spork.Spawning;

namespace Spork;

// Pipes whose other end is a text, a stream or a delegate.
public sealed partial class Stdio
{
    /// <summary>The program reads this text, and then the end.</summary>
    /// <param name="text">The text.</param>
    /// <param name="encoding">Default: UTF-8 without a byte order mark; an encoding's mark is never written.</param>
    public static Stdio FromText(string text, Encoding? encoding = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Of(new BytesInput((encoding ?? Encoding.UTF8).GetBytes(text)));
    }

    /// <summary>The program reads these bytes, and then the end.</summary>
    /// <param name="bytes">Not copied: leave them as they are until the program has ended.</param>
    public static Stdio FromBytes(ReadOnlyMemory<byte> bytes) => Of(new BytesInput(bytes));

    /// <summary>
    /// The program reads what the stream has, from where it stands. The stream stays open and the caller's. It may never
    /// end: when the program ends, reading is cancelled, and given up 100 ms later if the stream does not listen; what was
    /// read ahead (64 KiB) is lost.
    /// </summary>
    /// <remarks>One start at a time: a second one at once is refused.</remarks>
    /// <exception cref="ArgumentException">The stream cannot be read.</exception>
    public static Stdio FromStream(Stream source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source.CanRead
            ? Of(new StreamInput(source))
            : throw new ArgumentException("The stream cannot be read.", nameof(source));
    }

    /// <summary>
    /// The program reads what the delegate writes; when it returns, the input ends. The token is cancelled when the program
    /// has ended.
    /// </summary>
    /// <param name="produce">Called once at each start, on the thread pool.</param>
    public static Stdio FromProducer(Func<ChildInput, CancellationToken, Task> produce)
    {
        ArgumentNullException.ThrowIfNull(produce);
        return Of(new ProducerInput(produce));
    }

    /// <summary>What the program writes is written to the stream, which is flushed at the end and stays open.</summary>
    /// <remarks>One start at a time: a second one at once is refused.</remarks>
    /// <exception cref="ArgumentException">The stream cannot be written.</exception>
    public static Stdio ToStream(Stream target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return target.CanWrite
            ? Of(new StreamOutput(target))
            : throw new ArgumentException("The stream cannot be written.", nameof(target));
    }

    /// <summary>What the program writes, as it comes, into a delegate; while that runs, nothing more is read.</summary>
    /// <param name="consume">The bytes are valid until it completes. What it throws ends the program.</param>
    public static Stdio ToConsumer(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> consume)
    {
        ArgumentNullException.ThrowIfNull(consume);
        return Of(new ConsumerOutput(consume));
    }

    /// <summary>Each line that the program writes, without its end.</summary>
    /// <param name="consume">What it throws ends the program.</param>
    /// <param name="encoding">Default: UTF-8.</param>
    /// <param name="ending">What ends a line. Default: \n or \r\n.</param>
    public static Stdio ToLines(
        Action<string> consume,
        Encoding? encoding = null,
        LineEnding ending = LineEnding.NewLine
    )
    {
        ArgumentNullException.ThrowIfNull(consume);
        return ToLines(
            (line, _) =>
            {
                consume(line);
                return default;
            },
            encoding,
            ending: ending
        );
    }

    /// <summary>Each line that the program writes, without its end; while the delegate runs, nothing more is read.</summary>
    /// <param name="consume">What it throws ends the program.</param>
    /// <param name="encoding">Default: UTF-8.</param>
    /// <param name="maximumLength">
    /// In characters. A longer line ends the program with <see cref="InvalidDataException"/>, instead of filling memory.
    /// </param>
    /// <param name="ending">What ends a line. Default: \n or \r\n.</param>
    /// <exception cref="ArgumentOutOfRangeException">The maximum is not positive, or there is no such ending.</exception>
    public static Stdio ToLines(
        Func<string, CancellationToken, ValueTask> consume,
        Encoding? encoding = null,
        int maximumLength = LineSplitter.DefaultMaximum,
        LineEnding ending = LineEnding.NewLine
    )
    {
        ArgumentNullException.ThrowIfNull(consume);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maximumLength);
        return Of(new LinesOutput(consume, encoding ?? Encoding.UTF8, maximumLength, LineSplitter.Check(ending)));
    }

    /// <summary>
    /// What the program writes is decoded and appended. Leave the builder alone until the program's streams have ended.
    /// Unbounded; a capture has a bound.
    /// </summary>
    /// <param name="target">The builder.</param>
    /// <param name="encoding">Default: UTF-8.</param>
    /// <remarks>One start at a time: a second one at once is refused.</remarks>
    public static Stdio ToStringBuilder(StringBuilder target, Encoding? encoding = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        return Of(new TextOutput(target, encoding ?? Encoding.UTF8));
    }

    /// <summary>
    /// What the program writes goes to each of several targets: relays, files (opened here, not by the child), handles, or
    /// with <see cref="Inherit"/> this process's own descriptor of the same number. The slowest sets the pace.
    /// </summary>
    /// <remarks>
    /// When a target fails, the others still get what had been read, then the program is killed and the failure thrown. A
    /// handle, a file or a terminal is written on a thread of the pool, which is parked while such a target blocks.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// No target; or one that cannot be written to from here: a pipe to the caller, an input, <see cref="Closed"/>.
    /// </exception>
    public static Stdio Tee(params ReadOnlySpan<Stdio> targets)
    {
        var relays = new OutputRelay[targets.Length];
        for (var i = 0; i < targets.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(targets[i], nameof(targets));
            relays[i] = targets[i].Kind switch
            {
                StdioKind.Relay when targets[i].Relay is OutputRelay relay => relay,
                StdioKind.File when targets[i].File!.CanWrite => new DescriptorOutput(targets[i]),
                StdioKind.Inherit or StdioKind.Handle or StdioKind.Number => new DescriptorOutput(targets[i]),
                _ => throw new ArgumentException(
                    $"'{targets[i]}' is nothing that a tee could write to: give relays (Stdio.To…), files for writing, handles or Stdio.Inherit.",
                    nameof(targets)
                ),
            };
        }

        return relays.Length > 0
            ? Of(new TeeOutput(relays))
            : throw new ArgumentException("A tee needs a target.", nameof(targets));
    }

    private static Stdio Of(Relay relay) =>
        new(StdioKind.Relay)
        {
            Relay = relay,
            Direction = relay is InputRelay ? StreamDirection.ToProgram : StreamDirection.FromProgram,
        };
}
