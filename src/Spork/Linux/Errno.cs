namespace Spork;

/// <summary>
/// The reason a Linux system call gave for failing: an <c>errno</c> value with its name and its text.
/// </summary>
/// <remarks>
/// An open set: a kernel may return a number that has no name here, and such a value is carried and printed like any
/// other. Immutable and safe to use from any thread. See errno(3).
/// </remarks>
public readonly partial struct Errno : IEquatable<Errno>
{
    /// <summary>Wraps an errno number, positive as in <c>errno.h</c>; any number is accepted.</summary>
    /// <param name="value">The number, for example 2 for ENOENT.</param>
    public Errno(int value) => Value = value;

    /// <summary>The number, positive as in <c>errno.h</c>; 0 when there was no error.</summary>
    public int Value { get; }

    /// <summary>The symbolic name, such as <c>ENOENT</c>, or <c>errno 4095</c> for a number without one.</summary>
    public string Name => Describe(Value).Name;

    /// <summary>What glibc's strerror(3) says in the C locale, such as <c>No such file or directory</c>.</summary>
    public string Description => Describe(Value).Description;

    /// <summary>Name and text, such as <c>ENOENT (No such file or directory)</c>.</summary>
    /// <returns>The name followed by the text in parentheses.</returns>
    public override string ToString()
    {
        var (name, description) = Describe(Value);
        return $"{name} ({description})";
    }

    /// <inheritdoc/>
    public bool Equals(Errno other) => Value == other.Value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Errno other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Value;

    /// <summary>Whether both are the same number.</summary>
    /// <param name="left">One value.</param>
    /// <param name="right">The other value.</param>
    /// <returns><see langword="true"/> when the numbers are equal.</returns>
    public static bool operator ==(Errno left, Errno right) => left.Equals(right);

    /// <summary>Whether the two are different numbers.</summary>
    /// <param name="left">One value.</param>
    /// <param name="right">The other value.</param>
    /// <returns><see langword="true"/> when the numbers differ.</returns>
    public static bool operator !=(Errno left, Errno right) => !left.Equals(right);
}
