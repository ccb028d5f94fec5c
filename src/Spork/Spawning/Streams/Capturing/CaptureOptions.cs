using System.Text;

namespace Spork;

/// <summary>What is kept of an output that is longer than the limit.</summary>
public enum CaptureOverflow
{
    /// <summary>Nothing: the program is killed, and the capture throws <see cref="CaptureLimitException"/>.</summary>
    Error,

    /// <summary>The first bytes; the rest is read and thrown away, so the program runs to its end.</summary>
    Head,

    /// <summary>The last bytes; the program runs to its end.</summary>
    Tail,
}

/// <summary>How much of a program's output is kept, and how it is read. Immutable, thread safe.</summary>
public sealed record CaptureOptions
{
    /// <summary>128 MiB of each stream, an error beyond, UTF-8, both streams.</summary>
    public static CaptureOptions Default { get; } = new();

    /// <summary>Bytes of each stream that are kept at most. Default: 128 MiB.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or more than an array can have.</exception>
    public int Limit
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Array.MaxLength);
            field = value;
        }
    } = 128 * 1024 * 1024;

    /// <summary>What happens beyond the limit. Default: an error, so that nothing is lost unnoticed.</summary>
    public CaptureOverflow Overflow { get; init; }

    /// <summary>Of the text. Default: UTF-8; bytes that are no text become U+FFFD, and are themselves in the bytes.</summary>
    public Encoding Encoding { get; init; } = Encoding.UTF8;

    /// <summary>Whether standard output is captured, where the command does not say where it goes. Default: yes.</summary>
    public bool StandardOutput { get; init; } = true;

    /// <summary>Whether standard error is captured, where the command does not say where it goes. Default: yes.</summary>
    public bool StandardError { get; init; } = true;
}
