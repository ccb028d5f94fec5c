using System.Runtime.ExceptionServices;

namespace Spork.Spawning;

/// <summary>Into several targets, one after the other. Each gets every byte, or an exception is thrown.</summary>
internal sealed class TeeOutput(OutputRelay[] targets) : OutputRelay
{
    internal override string Name => $"tee ({string.Join(", ", targets.Select(t => t.Name))})";

    internal override bool IsExclusive => targets.Any(t => t.IsExclusive);

    internal override OutputSink CreateSink(int number)
    {
        var sinks = new OutputSink[targets.Length];
        var made = 0;
        try
        {
            for (; made < sinks.Length; made++)
            {
                sinks[made] = targets[made].CreateSink(number);
            }

            return new Sink(sinks);
        }
        catch
        {
            Array.ForEach(sinks[..made], s => s.Close());
            throw;
        }
    }

    private sealed class Sink(OutputSink[] sinks) : OutputSink
    {
        private readonly bool[] _failed = new bool[sinks.Length];

        internal override async ValueTask OpenAsync(CancellationToken cancellationToken)
        {
            var failure = await EachAsync(s => s.OpenAsync(cancellationToken)).ConfigureAwait(false);
            failure?.Throw();
        }

        internal override async ValueTask ConsumeAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            var failure = await EachAsync(s => s.ConsumeAsync(bytes, cancellationToken)).ConfigureAwait(false);
            if (failure is not null)
            {
                // The others keep what they have, written out; then it is over.
                await EachAsync(s => s.CompleteAsync(cancellationToken)).ConfigureAwait(false);
                failure.Throw();
            }
        }

        internal override async ValueTask CompleteAsync(CancellationToken cancellationToken)
        {
            var failure = await EachAsync(s => s.CompleteAsync(cancellationToken)).ConfigureAwait(false);
            failure?.Throw();
        }

        internal override void Close() => Array.ForEach(sinks, s => s.Close());

        private async ValueTask<ExceptionDispatchInfo?> EachAsync(Func<OutputSink, ValueTask> action)
        {
            ExceptionDispatchInfo? first = null;
            for (var i = 0; i < sinks.Length; i++)
            {
                try
                {
                    if (!_failed[i])
                    {
                        await action(sinks[i]).ConfigureAwait(false);
                    }
                }
                catch (Exception e)
                {
                    _failed[i] = true;
                    first ??= ExceptionDispatchInfo.Capture(e);
                }
            }

            return first;
        }
    }
}
