using System.Text;
using Spork.Spawning;

namespace Spork;

/// <summary>
/// A C string: bytes without a NUL, as paths, arguments and environment entries are to the kernel, UTF-8 or not.
/// Strings and byte arrays become one by themselves. Immutable, thread safe; the default value is the empty string.
/// </summary>
public readonly struct ByteString : IEquatable<ByteString>
{
    private readonly byte[]? _bytes;

    /// <summary>These bytes, copied.</summary>
    /// <exception cref="ArgumentException">There is a NUL among them: C would see the end there.</exception>
    public ByteString(ReadOnlySpan<byte> bytes)
    {
        var at = bytes.IndexOf((byte)0);
        _bytes =
            at < 0
                ? bytes.ToArray()
                : throw new ArgumentException(
                    $"There is a NUL at index {at}: the string would be cut off there.",
                    nameof(bytes)
                );
    }

    /// <summary>This text in UTF-8.</summary>
    /// <exception cref="ArgumentException">It has a NUL, or half a surrogate pair.</exception>
    public ByteString(string text) => _bytes = Encoding.UTF8.GetBytes(Check.NoNul(text, "string", nameof(text)));

    /// <summary>The bytes, without a NUL at the end.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>How many.</summary>
    public int Length => _bytes?.Length ?? 0;

    internal ReadOnlySpan<byte> Span => _bytes;

    /// <summary>For the options of a command: <see cref="Programs.EscapedText"/>.</summary>
    internal string Escaped => Programs.EscapedText.Decode(_bytes);

    /// <summary>This text in UTF-8.</summary>
    /// <exception cref="ArgumentException">It has a NUL, or half a surrogate pair.</exception>
    public static implicit operator ByteString(string text) => new(text);

    /// <summary>These bytes, copied.</summary>
    /// <exception cref="ArgumentException">There is a NUL among them.</exception>
    public static implicit operator ByteString(byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return new(bytes.AsSpan());
    }

    /// <summary>These bytes, copied; <c>"text"u8</c> is such a span.</summary>
    /// <exception cref="ArgumentException">There is a NUL among them.</exception>
    public static implicit operator ByteString(ReadOnlySpan<byte> bytes) => new(bytes);

    /// <summary>These bytes, copied.</summary>
    /// <exception cref="ArgumentException">There is a NUL among them.</exception>
    public static implicit operator ByteString(ReadOnlyMemory<byte> bytes) => new(bytes.Span);

    /// <summary>Whether both are the same bytes.</summary>
    public static bool operator ==(ByteString left, ByteString right) => left.Equals(right);

    /// <summary>Whether they differ.</summary>
    public static bool operator !=(ByteString left, ByteString right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(ByteString other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ByteString other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    /// <summary>The text, where the bytes are UTF-8; others are replaced (U+FFFD).</summary>
    public override string ToString() => Encoding.UTF8.GetString(Span);
}
