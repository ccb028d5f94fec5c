using System.Collections;
using System.Text;

namespace Spork.Spawning;

/// <summary>What a child inherits when the command does not say otherwise, without allocating when nothing changed.</summary>
/// <remarks>
/// Children must see what <see cref="Environment.SetEnvironmentVariable(string, string)"/> said; libc's environ does not,
/// the runtime keeps a copy of its own, and there is no notification. Asking the public way,
/// <see cref="Environment.GetEnvironmentVariables()"/>, allocates 23 KB for 47 variables: more than everything else in a
/// start together. CoreCLR's own source of that method gives the same as one native block in 1 µs
/// (<see cref="CoreClrEnvironment"/>), which is compared with the last one seen. Where that is not to be had (NativeAOT),
/// the public way is used. See ADR 0004.
/// </remarks>
internal static class InheritedEnvironment
{
    private static EnvironmentBlock s_last = new("", []);

    internal static EnvironmentBlock Current()
    {
        var last = Volatile.Read(ref s_last);
        var current = CoreClrEnvironment.IsAvailable ? CoreClrEnvironment.Read(last) : ReadPublicly(last);
        Volatile.Write(ref s_last, current);
        return current;
    }

    /// <summary>The block for what the runtime said, or the last one if that is the same.</summary>
    internal static EnvironmentBlock From(ReadOnlySpan<char> runtime, EnvironmentBlock last)
    {
        if (runtime.SequenceEqual(last.Runtime))
        {
            return last;
        }

        var text = runtime.ToString();
        var bytes = new List<byte>(text.Length);
        var restored = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in text.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            if (LibcEnvironment.OriginalBytes(entry) is not { Count: > 0 } originals)
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(entry));
                bytes.Add(0);
            }
            else if (restored.Add(entry))
            {
                // Different entries may have become the same text: all of them, and once.
                bytes.AddRange(originals);
            }
        }

        return new EnvironmentBlock(text, [.. bytes]);
    }

    private static EnvironmentBlock ReadPublicly(EnvironmentBlock last)
    {
        var entries = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(e => $"{e.Key}={e.Value}\0");
        return From(string.Concat(entries.Order(StringComparer.Ordinal)), last);
    }
}
