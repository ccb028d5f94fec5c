namespace Spork.Spawning;

/// <summary>
/// A command's forms with plain numbers in place of its pipes, each with its compiled program. Pipes that are opened and
/// closed in a loop get the same few numbers again and again, so a handful is enough; one that is not here is made anew,
/// which costs a compilation.
/// </summary>
internal sealed class BoundCommands
{
    // A power of two. Eight starts at once use about as many sets of numbers.
    private const int Size = 16;

    private readonly Entry?[] _entries = new Entry?[Size];

    internal Command Get(Command command, int[] numbers)
    {
        var hash = default(HashCode);
        foreach (var number in numbers)
        {
            hash.Add(number);
        }

        ref var entry = ref _entries[hash.ToHashCode() & (Size - 1)];
        if (Volatile.Read(ref entry) is { } found && found.Numbers.AsSpan().SequenceEqual(numbers))
        {
            return found.Command;
        }

        var made = command.MakeBound(numbers);
        Volatile.Write(ref entry, new Entry(numbers, made));
        return made;
    }

    private sealed record Entry(int[] Numbers, Command Command);
}
