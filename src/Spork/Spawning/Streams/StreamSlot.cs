using System.Collections.Immutable;

namespace Spork.Spawning;

/// <summary>One pipe that is made at each start of a command, and the numbers in the child that it stands behind.</summary>
internal sealed record StreamSlot(Stdio Stdio, ImmutableArray<int> Numbers)
{
    internal int Number => Numbers[0];

    internal bool IsToProgram => Stdio.IsToProgram(Number);

    /// <summary>
    /// In the order of the numbers. The same relay behind several numbers is one pipe: what the program writes to them
    /// stays in order.
    /// </summary>
    internal static StreamSlot[] Of(CommandOptions options)
    {
        var slots = new List<StreamSlot>();
        foreach (var (number, source) in options.Descriptors)
        {
            if (!source.IsMadeAtStart)
            {
                continue;
            }

            var shared = source.Kind == StdioKind.Relay ? slots.FindIndex(s => ReferenceEquals(s.Stdio, source)) : -1;
            if (shared < 0)
            {
                slots.Add(new StreamSlot(source, [number]));
            }
            else
            {
                slots[shared] = slots[shared] with { Numbers = slots[shared].Numbers.Add(number) };
            }
        }

        return [.. slots];
    }
}
