using FsCheck;
using FsCheck.Fluent;

namespace Spork.Tests.Spawning;

/// <summary>What a generated command puts at one number. <c>Index</c> chooses among a few files.</summary>
internal enum What
{
    Number,
    Handle,
    File,
    Null,
    Closed,
    Inherit,
}

/// <summary>One entry; a target from 100 up stands for the number that source (target - 100) has in this process.</summary>
internal sealed record Entry(int Target, What What, int Index);

/// <summary>A map of targets to sources, smaller ones tried first when a property fails.</summary>
internal static class Shuffle
{
    public const int Sources = 6;
    public const int SourceTarget = 100;

    public static Arbitrary<Entry[]> Any { get; } = Arb.From(Maps(), Shrink);

    private static Gen<Entry[]> Maps()
    {
        var low = Gen.Choose(0, 60);
        // Targets that are sources: only these make chains, swaps and cycles.
        var source = Gen.Choose(SourceTarget, SourceTarget + Sources - 1);
        var target = Gen.OneOf(low, source, source);
        var what = Gen.Elements(
            What.Number,
            What.Number,
            What.Handle,
            What.Handle,
            What.File,
            What.Null,
            What.Closed,
            What.Inherit
        );
        var entry = target.SelectMany(t =>
            what.SelectMany(w => Gen.Choose(0, Sources - 1).Select(i => new Entry(t, w, i)))
        );
        return Gen.Choose(0, 14).SelectMany(n => Gen.ArrayOf(entry, n)).Select(Distinct);
    }

    private static Entry[] Distinct(Entry[] entries) =>
        [
            .. entries
                .Where(e => e.What != What.Inherit || e.Target is <= 2 or >= SourceTarget)
                .DistinctBy(e => e.Target),
        ];

    // One entry less; then one entry simpler.
    private static IEnumerable<Entry[]> Shrink(Entry[] entries)
    {
        for (var i = 0; i < entries.Length; i++)
        {
            yield return [.. entries[..i], .. entries[(i + 1)..]];
        }

        for (var i = 0; i < entries.Length; i++)
        {
            if (entries[i].What is What.Handle or What.File)
            {
                yield return [.. entries[..i], entries[i] with { What = What.Number }, .. entries[(i + 1)..]];
            }
        }
    }
}
