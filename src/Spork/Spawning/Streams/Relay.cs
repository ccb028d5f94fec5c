namespace Spork.Spawning;

/// <summary>What stands at our end of a pipe instead of the caller: a text, a stream, a delegate. Immutable but for its claim.</summary>
internal abstract class Relay
{
    private int _claims;

    /// <summary>For messages and <see cref="Stdio.ToString"/>.</summary>
    internal abstract string Name { get; }

    /// <summary>
    /// Whether it has one target or source that two starts at once would mix up: a stream, a string builder.
    /// </summary>
    internal virtual bool IsExclusive => false;

    /// <exception cref="InvalidOperationException">Another start uses it.</exception>
    internal void Claim()
    {
        if (Interlocked.Increment(ref _claims) > 1 && IsExclusive)
        {
            Interlocked.Decrement(ref _claims);
            throw new InvalidOperationException(
                $"The relay '{Name}' is still in use by another start, and would mix two outputs up or tear one input "
                    + "apart: wait for that one, or make a relay for each start."
            );
        }
    }

    internal void Release() => Interlocked.Decrement(ref _claims);
}

/// <summary>Feeds a program's input.</summary>
internal abstract class InputRelay : Relay
{
    /// <summary>Writes everything and returns. Closing is the caller's; EPIPE may be thrown.</summary>
    internal abstract Task FeedAsync(ChildInput input, CancellationToken cancellationToken);
}

/// <summary>Takes a program's output.</summary>
internal abstract class OutputRelay : Relay
{
    /// <summary>For one start, before the child exists.</summary>
    /// <param name="number">The descriptor in the child.</param>
    /// <exception cref="SystemCallException">A file could not be opened.</exception>
    internal abstract OutputSink CreateSink(int number);
}
