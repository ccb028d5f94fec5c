namespace Spork;

/// <summary>A Linux signal, 1 to 64, with the name that glibc and kill(1) give it.</summary>
/// <remarks>
/// A default value has number 0 and stands for no signal. Immutable and safe to use from any thread. See signal(7).
/// </remarks>
public readonly partial struct Signal : IEquatable<Signal>
{
    /// <summary>Wraps a signal number.</summary>
    /// <param name="number">1 to 64.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="number"/> is not within 1 to 64.</exception>
    public Signal(int number)
    {
        if (number is < 1 or > LastRealTime)
        {
            throw new ArgumentOutOfRangeException(nameof(number), number, $"A signal is 1 to {LastRealTime}.");
        }

        Number = number;
    }

    /// <summary>The number, 1 to 64; 0 in a default value.</summary>
    public int Number { get; }

    /// <summary>
    /// The name, such as <c>SIGTERM</c> or <c>SIGRTMIN+3</c>; <c>signal 32</c> for the two that glibc keeps to itself.
    /// </summary>
    public string Name => Describe(Number).Name;

    /// <summary>What glibc's strsignal(3) says in the C locale, such as <c>Terminated</c>.</summary>
    public string Description => Describe(Number).Description;

    /// <summary>The <see cref="Name"/>.</summary>
    /// <returns>The name.</returns>
    public override string ToString() => Name;

    /// <inheritdoc/>
    public bool Equals(Signal other) => Number == other.Number;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Signal other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Number;

    /// <summary>Whether both are the same signal.</summary>
    /// <param name="left">One signal.</param>
    /// <param name="right">The other signal.</param>
    /// <returns><see langword="true"/> when the numbers are equal.</returns>
    public static bool operator ==(Signal left, Signal right) => left.Equals(right);

    /// <summary>Whether the two are different signals.</summary>
    /// <param name="left">One signal.</param>
    /// <param name="right">The other signal.</param>
    /// <returns><see langword="true"/> when the numbers differ.</returns>
    public static bool operator !=(Signal left, Signal right) => !left.Equals(right);
}
