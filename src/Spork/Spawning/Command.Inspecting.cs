namespace Spork;

// What a test of code that builds commands asserts. Two commands are not compared as a whole: handles and delegates are in them.
public sealed partial class Command
{
    private Command? _origin;

    /// <summary>The directory it starts in; null: this process's, or one given by handle.</summary>
    public string? WorkingDirectory => _options.DirectoryPath;

    /// <summary>
    /// The variables that the command sets, and those that it removes (null), by name in ordinal order. All others are
    /// this process's if <see cref="InheritsEnvironment"/>.
    /// </summary>
    public IReadOnlyDictionary<string, string?> EnvironmentChanges => _options.Variables;

    /// <summary>Whether variables that it does not mention are this process's; false after <see cref="WithEnvironment"/>.</summary>
    public bool InheritsEnvironment => !_options.ExactEnvironment;

    /// <summary>What stands behind each descriptor that the child has open, by number; 0, 1 and 2 are always there.</summary>
    public IReadOnlyDictionary<int, Stdio> Descriptors => _options.Descriptors;

    /// <summary>The command that the caller started, of one that Spork made of it for a start.</summary>
    internal Command Origin => _origin ?? this;
}
