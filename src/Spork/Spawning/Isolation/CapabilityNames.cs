using System.Numerics;

namespace Spork.Spawning;

/// <summary>Capabilities as people and strace write them.</summary>
internal static class CapabilityNames
{
    internal static string Of(int capability) =>
        Enum.IsDefined((Capability)capability) ? ((Capability)capability).ToString() : $"{capability}";

    /// <summary>The numbers in a set.</summary>
    internal static IEnumerable<int> In(ulong set)
    {
        for (var rest = set; rest != 0; rest &= rest - 1)
        {
            yield return BitOperations.TrailingZeroCount(rest);
        }
    }

    /// <summary>For people.</summary>
    internal static string List(ulong set) =>
        set == 0 ? "none"
        : BitOperations.PopCount(set) > 8 ? $"{BitOperations.PopCount(set)} capabilities"
        : string.Join(' ', In(set).Select(Of));

    /// <summary>As strace prints a set.</summary>
    internal static string Bits(ulong set) => set == 0 ? "0" : string.Join('|', In(set).Select(c => $"1<<{Of(c)}"));
}
