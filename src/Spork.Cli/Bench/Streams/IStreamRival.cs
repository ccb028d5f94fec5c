namespace Spork.Cli.Bench.Streams;

/// <summary>One way of moving what programs write. Each method starts, moves and reaps; only what a rival does is called.</summary>
internal interface IStreamRival
{
    /// <summary>The number of bytes that <paramref name="source"/> wrote, kept as bytes.</summary>
    ValueTask<long> ReadBytesAsync(string source) => throw new NotSupportedException();

    /// <summary>The number of characters that <paramref name="source"/> wrote, kept as a string.</summary>
    ValueTask<long> ReadTextAsync(string source) => throw new NotSupportedException();

    /// <summary>All that one writes, the other reads.</summary>
    ValueTask MoveAsync(string source, string sink) => throw new NotSupportedException();
}
