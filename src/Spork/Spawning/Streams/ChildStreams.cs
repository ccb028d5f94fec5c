namespace Spork.Spawning;

/// <summary>Our ends of one child's pipes: those the caller has, and those that relays work on.</summary>
/// <remarks>
/// <para>The life of the relays:</para>
/// <list type="bullet">
/// <item>Each runs on the thread pool, as a task of its own, and parks no thread while it waits. A delegate that does not
/// come back, or a target that blocks, is left behind when the relay is given up; what it throws later is nobody's.</item>
/// <item>The program ends: input relays are told to stop and given up soon after, since a source such as a terminal may
/// never come back. Output relays go on until the end of the pipe; if a descendant keeps that open, for the drain grace.
/// What the program itself wrote is read in any case.</item>
/// <item>A relay fails (a delegate throws, a disk is full): the program is killed, because nobody takes its output or
/// feeds it any more, and the other relays stop, one of which may wait for a descendant; the first failure is what
/// <see cref="Ended"/> throws.</item>
/// <item>A program that does not read all of its input is no failure: EPIPE ends the relay and nothing else.</item>
/// </list>
/// </remarks>
internal sealed class ChildStreams : IDisposable
{
    // For an input's source or a consumer that does not listen to its token.
    private static readonly TimeSpan InputPatience = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ConsumerPatience = TimeSpan.FromSeconds(1);

    private readonly ChildProcess _child;
    private readonly TimeSpan _drainGrace;
    private readonly List<(int Number, Stream Stream)> _pipes = [];
    private readonly List<Func<Task>> _relays = [];
    private Cancellations? _cancellations;
    private Exception? _failure;
    private int _cutOff;

    // Not whether Ended is complete: the program may have ended before that is set.
    private volatile bool _over;

    internal ChildStreams(ChildProcess child, TimeSpan drainGrace)
    {
        _child = child;
        _drainGrace = drainGrace;
    }

    /// <summary>Completes when all relays are over.</summary>
    internal Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>A pipe was still held by somebody when the drain grace was over.</summary>
    internal bool CutOff => Volatile.Read(ref _cutOff) != 0;

    internal Stream? Find(int number) => _pipes.Find(p => p.Number == number).Stream;

    internal void Add(int number, Stream stream) => _pipes.Add((number, stream));

    internal void Add(InputRelay relay, AsyncDescriptor descriptor) => _relays.Add(() => FeedAsync(relay, descriptor));

    internal void Add(OutputSink sink, Relay? relay, AsyncDescriptor descriptor) =>
        _relays.Add(() => TakeAsync(sink, relay, descriptor));

    internal void Start()
    {
        if (_relays.Count == 0)
        {
            return;
        }

        _cancellations = new Cancellations();
        Ended = RunAllAsync(_cancellations);
    }

    /// <summary>Gives the relays up, whatever they are doing.</summary>
    internal void Stop()
    {
        if (!_over)
        {
            _cancellations?.StopAll(ConsumerPatience);
        }
    }

    /// <inheritdoc cref="Cancellations.EndDrain"/>
    internal void EndDrain() => _cancellations?.EndDrain();

    public void Dispose()
    {
        Stop();
        foreach (var (_, stream) in _pipes)
        {
            stream.Dispose();
        }
    }

    private async Task RunAllAsync(Cancellations cancellations)
    {
        var running = _relays.ConvertAll(r => r());
        _ = StopAtExitAsync(cancellations);
        await Task.WhenAll(running).ConfigureAwait(false);

        // What a callback throws is a failure as well; one that blocks is left behind.
        var told = cancellations.Told;
        Observe(told);
        await told.WaitAsync(ConsumerPatience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (told.Exception is { } thrown)
        {
            Fail(thrown.Flatten().InnerExceptions[0]);
        }

        _over = true;
        cancellations.Over();
        if (_failure is { } failure)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }
    }

    private async Task StopAtExitAsync(Cancellations cancellations)
    {
        try
        {
            await _child.WaitAsync().ConfigureAwait(false);
            if (!_over)
            {
                cancellations.ProgramEnded(InputPatience, _drainGrace);
            }
        }
        catch (Exception e)
        {
            // Nobody would ever end them, nor hear of it.
            Fail(e);
        }
    }

    private async Task FeedAsync(InputRelay relay, AsyncDescriptor descriptor)
    {
        var cancellations = _cancellations!;
        using var input = new ChildInput(descriptor);
        try
        {
            var feeding = Task.Run(() => FeedAndReleaseAsync(relay, input, cancellations.Input));
            Observe(feeding);
            await feeding.WaitAsync(cancellations.InputGivenUp).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellations.Input.IsCancellationRequested)
        {
            // The program needs no more input.
        }
        catch (SystemCallException e) when (e.Errno == Errno.EPIPE)
        {
            // Nor here.
        }
        catch (Exception) when (cancellations.Input.IsCancellationRequested)
        {
            // A source that answers a cancellation in its own way.
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    // The claim lasts as long as the source is being read, given up or not.
    private static async Task FeedAndReleaseAsync(
        InputRelay relay,
        ChildInput input,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await relay.FeedAsync(input, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            relay.Release();
        }
    }

    private async Task TakeAsync(OutputSink sink, Relay? relay, AsyncDescriptor descriptor)
    {
        var cancellations = _cancellations!;
        using (descriptor)
        {
            try
            {
                var taking = Task.Run(() => TakeAndReleaseAsync(sink, relay, descriptor, cancellations));
                Observe(taking);
                var sawEnd = await taking.WaitAsync(cancellations.AllGivenUp).ConfigureAwait(false);
                if (!sawEnd)
                {
                    Volatile.Write(ref _cutOff, 1);
                }
            }
            catch (Exception) when (cancellations.All.IsCancellationRequested)
            {
                // Given up by who waits, who has an exception of its own to throw.
            }
            catch (Exception e)
            {
                Fail(e);
            }
        }
    }

    private static async Task<bool> TakeAndReleaseAsync(
        OutputSink sink,
        Relay? relay,
        AsyncDescriptor descriptor,
        Cancellations cancellations
    )
    {
        try
        {
            return await OutputPump
                .RunAsync(descriptor, sink, cancellations.Drained, cancellations.All)
                .ConfigureAwait(false);
        }
        finally
        {
            sink.Close();
            relay?.Release();
        }
    }

    private void Fail(Exception e)
    {
        Interlocked.CompareExchange(ref _failure, e, null);
        _child.TryKill();
        Stop();
    }

    // Left behind, it may fail when nobody looks any more.
    private static void Observe(Task task) =>
        _ = task.ContinueWith(
            static t => _ = t.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
}
