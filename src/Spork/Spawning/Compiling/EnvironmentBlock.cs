using System.Text;
using Spork.Programs;

namespace Spork.Spawning;

/// <summary>
/// The environment of this process at one moment, as bytes: <c>NAME=value\0NAME=value\0…</c>. Immutable; the same
/// object is handed out until the environment changes, so that compiled programs may be keyed by it.
/// </summary>
/// <param name="Runtime">What the runtime said, each entry followed by a NUL; tells whether something changed.</param>
/// <param name="Bytes">What a child gets.</param>
internal sealed record EnvironmentBlock(string Runtime, byte[] Bytes)
{
    /// <summary>Each <c>NAME=value</c> with its NUL.</summary>
    internal IEnumerable<ReadOnlyMemory<byte>> Entries()
    {
        for (var start = 0; start < Bytes.Length; )
        {
            var length = Bytes.AsSpan(start).IndexOf((byte)0) + 1;
            yield return Bytes.AsMemory(start, length);
            start += length;
        }
    }

    /// <summary>The value of a variable, or null. See <see cref="EscapedText"/>.</summary>
    internal string? Get(string name)
    {
        var prefix = Encoding.UTF8.GetBytes(name + "=");
        foreach (var entry in Entries())
        {
            if (entry.Span.StartsWith(prefix))
            {
                return EscapedText.Decode(entry.Span[prefix.Length..^1]);
            }
        }

        return null;
    }
}
