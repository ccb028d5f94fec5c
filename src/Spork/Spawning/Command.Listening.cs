using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using Spork.Spawning;

namespace Spork;

// As a stream of events.
public sealed partial class Command
{
    // Enough that the program need not wait for each line, and little enough to hold.
    private const int EventsAhead = 256;

    /// <summary>
    /// Starts the program and tells what happens: it runs, each line of its output and its errors, its end. While nobody asks
    /// for the next event, the program waits when its pipes are full. Lines of one stream are in order; how those of two
    /// streams lie between each other, only <see cref="Stdio.SameAs"/> keeps.
    /// </summary>
    /// <remarks>Leaving the loop before the end kills the program. A stream that the command sends elsewhere goes there.</remarks>
    /// <param name="encoding">Default: UTF-8.</param>
    /// <param name="ending">What ends a line. Default: \n or \r\n.</param>
    /// <param name="cancellationToken">Kills the program; or stops it as <see cref="WithStop"/> says.</param>
    /// <exception cref="SpawnException">It could not be started.</exception>
    /// <exception cref="CommandTimeoutException">It took longer than <see cref="WithTimeout"/> allows.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IAsyncEnumerable<CommandEvent> ListenAsync(
        Encoding? encoding = null,
        LineEnding ending = LineEnding.NewLine,
        CancellationToken cancellationToken = default
    ) => ListenHereAsync(encoding, ending, null, cancellationToken);

    /// <summary>
    /// As <see cref="ListenAsync(Encoding?, LineEnding, CancellationToken)"/>, with the two tokens of
    /// <see cref="RunAsync(CancellationToken, CancellationToken)"/>: one forces, the other asks first, and what the program
    /// says on its way out is told as well. <c>WithCancellation</c> forces.
    /// </summary>
    /// <inheritdoc cref="RunAsync(CancellationToken, CancellationToken)"/>
    /// <inheritdoc cref="ListenAsync(Encoding?, LineEnding, CancellationToken)"/>
    public IAsyncEnumerable<CommandEvent> ListenAsync(
        Encoding? encoding,
        LineEnding ending,
        CancellationToken forcefulCancellationToken,
        CancellationToken gracefulCancellationToken
    ) => ListenHereAsync(encoding, ending, gracefulCancellationToken, forcefulCancellationToken);

    private async IAsyncEnumerable<CommandEvent> ListenHereAsync(
        Encoding? encoding,
        LineEnding ending,
        CancellationToken? graceful,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var events = Channel.CreateBounded<CommandEvent>(EventsAhead);
        var command = WithLines(1, line => new StandardOutputCommandEvent(line), events.Writer, encoding, ending)
            .WithLines(2, line => new StandardErrorCommandEvent(line), events.Writer, encoding, ending);
        command.RefusePipes("ListenAsync");
        using var script = ForegroundScript.BeginIfAny([this]);
        using var watch =
            graceful is { } asks ? new RunWatch(_options, cancellationToken, asks)
            : IsWatched ? command.Watch(cancellationToken)
            : null;
        var starting = watch?.StartAsync(command) ?? command.StartAsync(cancellationToken).AsTask();
        using var child = await starting.ConfigureAwait(false);
        script?.Until(child.WaitAsync(CancellationToken.None));

        // A watch hears of the cancellation itself, and may ask first.
        using var registration = watch is null
            ? cancellationToken.UnsafeRegister(static c => ((ChildProcess)c!).GiveUp(), child)
            : default;
        // A single token is the graceful one of a command that says how it is stopped.
        var forceful = graceful is null ? CancellationToken.None : cancellationToken;
        var telling = TellEndAsync(child, watch, events.Writer, cancellationToken, forceful);
        try
        {
            yield return new StartedCommandEvent(child.Id);
            await foreach (var e in events.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                yield return e;
            }
        }
        finally
        {
            // Nothing, if it has ended.
            child.GiveUp();
            events.Writer.TryComplete();
            await telling.ConfigureAwait(false);
        }
    }

    private Command WithLines(
        int number,
        Func<string, CommandEvent> make,
        ChannelWriter<CommandEvent> events,
        Encoding? encoding,
        LineEnding ending
    ) =>
        _options.Descriptors[number].Kind is StdioKind.Inherit or StdioKind.Pipe
            ? WithDescriptor(
                number,
                Stdio.ToLines((line, token) => events.WriteAsync(make(line), token), encoding, ending: ending)
            )
            : this;

    // Throws nothing: whatever went wrong comes out of the channel.
    private static async Task TellEndAsync(
        ChildProcess child,
        RunWatch? watch,
        ChannelWriter<CommandEvent> events,
        CancellationToken cancellationToken,
        CancellationToken forceful
    )
    {
        try
        {
            var status = await (watch?.WaitAsync(child) ?? child.FinishAsync(cancellationToken)).ConfigureAwait(false);
            await events.WriteAsync(new ExitedCommandEvent(status), CancellationToken.None).ConfigureAwait(false);
            events.TryComplete();
        }
        catch (Exception e)
        {
            // It has ended. What it said on its way out is still in its pipes, or waits for the listener; what a descendant
            // has to say is not waited for. Who stops listening gives the relays up, and so does who forces; another relay of
            // the command, whose consumer never comes back, holds the exception up no longer than the drain grace.
            child.Streams?.EndDrain();
            await child
                .StreamsEnded.WaitAsync(child.Options!.DrainGrace, forceful)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            events.TryComplete(e);
        }
    }
}
