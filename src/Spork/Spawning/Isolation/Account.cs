namespace Spork.Spawning;

/// <summary>A user or a group, by name or by number.</summary>
internal readonly record struct Account(string? Name, uint Id)
{
    /// <summary>(uid_t)-1 means "leave it" to the kernel, and nobody else.</summary>
    internal const uint NoId = uint.MaxValue;

    internal static Account Of(uint id, string parameter) =>
        id != NoId
            ? new(null, id)
            : throw new ArgumentOutOfRangeException(
                parameter,
                id,
                "4294967295 is (uid_t)-1, which is no user or group."
            );

    internal static Account Of(string name, string parameter)
    {
        Check.NoNul(name, "name", parameter);
        return name.Length > 0 ? new(name, NoId) : throw new ArgumentException("The name is empty.", parameter);
    }

    public override string ToString() => Name ?? $"{Id}";
}
