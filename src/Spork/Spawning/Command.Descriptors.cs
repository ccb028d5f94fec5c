namespace Spork;

// What the child has open. Everything that is not named here is closed.
public sealed partial class Command
{
    /// <summary>Descriptor 0.</summary>
    public Command WithStandardInput(Stdio source) => WithDescriptor(0, source);

    /// <summary>Descriptor 1.</summary>
    public Command WithStandardOutput(Stdio source) => WithDescriptor(1, source);

    /// <summary>Descriptor 2.</summary>
    public Command WithStandardError(Stdio source) => WithDescriptor(2, source);

    /// <summary>
    /// Any descriptor number of the child. Sources are this process's descriptors as they are before anything moves,
    /// so swaps and cycles work: <c>.WithDescriptor(1, Stdio.FromDescriptor(2)).WithDescriptor(2, Stdio.FromDescriptor(1))</c>.
    /// </summary>
    /// <param name="number">The number in the child.</param>
    /// <param name="source">What stands behind it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    /// <exception cref="ArgumentException">
    /// A relay in the wrong direction: standard input is read by the program, standard output and error are written.
    /// </exception>
    public Command WithDescriptor(int number, Stdio source)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentNullException.ThrowIfNull(source);
        source.CheckDirection(number, nameof(source));
        return new(
            _options with
            {
                Descriptors = _options.Descriptors.SetItem(number, source),
                HasStreams = _options.HasStreams || source.IsMadeAtStart,
            }
        );
    }
}
