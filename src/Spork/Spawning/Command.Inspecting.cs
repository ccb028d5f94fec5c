using Spork.Programs;

namespace Spork;

// What a test of code that builds commands asserts. Two commands are not compared as a whole: handles and delegates are in them.
public sealed partial class Command
{
    private Command? _origin;

    /// <summary>
    /// The directory it starts in; null: this process's, or one given by handle. A byte that is no UTF-8 is shown as
    /// <c>\xff</c>.
    /// </summary>
    public string? WorkingDirectory => _options.DirectoryPath is { } path ? EscapedText.Shown(path) : null;

    /// <summary>
    /// The variables that the command sets, and those that it removes (null), by name in ordinal order. All others are
    /// this process's if <see cref="InheritsEnvironment"/>. A byte that is no UTF-8 is shown as <c>\xff</c>; of two names
    /// that are shown alike, one.
    /// </summary>
    public IReadOnlyDictionary<string, string?> EnvironmentChanges =>
        _options.Variables.Any(v => !IsText(v.Key) || (v.Value is { } value && !IsText(value)))
            ? _options.Variables.Aggregate(
                _options.Variables.Clear(),
                (shown, v) =>
                    shown.SetItem(EscapedText.Shown(v.Key), v.Value is { } value ? EscapedText.Shown(value) : null)
            )
            : _options.Variables;

    /// <summary>Whether variables that it does not mention are this process's; false after <see cref="WithEnvironment"/>.</summary>
    public bool InheritsEnvironment => !_options.ExactEnvironment;

    /// <summary>What stands behind each descriptor that the child has open, by number; 0, 1 and 2 are always there.</summary>
    public IReadOnlyDictionary<int, Stdio> Descriptors => _options.Descriptors;

    private static bool IsText(string text) => ReferenceEquals(EscapedText.Shown(text), text);

    /// <summary>The command that the caller started, of one that Spork made of it for a start.</summary>
    internal Command Origin => _origin ?? this;
}
