namespace Spork.Spawning;

/// <summary>
/// Replaces "the same as 1" by what 1 is. Only where that is a file, which the child opens itself, a step of its own is
/// left: a duplicate, because two opens would have two positions in the file.
/// </summary>
internal static class SharedDescriptors
{
    /// <exception cref="InvalidOperationException">
    /// It refers to a number that is closed, not given at all, or to itself; or a pipe that nobody made.
    /// </exception>
    internal static CommandOptions Resolve(CommandOptions options)
    {
        var descriptors = options.Descriptors;
        foreach (var (number, source) in options.Descriptors)
        {
            if (source.Kind == StdioKind.SameAs)
            {
                descriptors = descriptors.SetItem(number, Origin(options, number));
            }
            else if (source.IsMadeAtStart)
            {
                throw new InvalidOperationException(
                    $"Descriptor {number} is a pipe, and whoever becomes the program itself has nobody at its other end."
                );
            }
        }

        return ReferenceEquals(descriptors, options.Descriptors) ? options : options with { Descriptors = descriptors };
    }

    /// <summary>The number whose descriptor is shared in the end: itself, if it is not the same as another.</summary>
    internal static int OriginOf(CommandOptions options, int number)
    {
        var at = number;
        for (var hops = 0; options.Descriptors.TryGetValue(at, out var source); hops++)
        {
            if (source.Kind != StdioKind.SameAs)
            {
                return at;
            }

            if (hops == options.Descriptors.Count)
            {
                throw new InvalidOperationException($"Descriptor {number} is the same as itself: say what it is.");
            }

            at = source.Number;
        }

        throw new InvalidOperationException(
            $"Descriptor {number} is to be the same as {at}, which the command does not give: add WithDescriptor({at}, …)."
        );
    }

    private static Stdio Origin(CommandOptions options, int number)
    {
        var at = OriginOf(options, number);
        var source = options.Descriptors[at];
        return source.Kind switch
        {
            StdioKind.Closed => throw new InvalidOperationException(
                $"Descriptor {number} is to be the same as {at}, which is closed: say Stdio.Closed for both."
            ),
            StdioKind.Inherit => Stdio.FromDescriptor(at),
            StdioKind.File => Stdio.SameAs(at),
            _ => source,
        };
    }
}
