using System.Runtime.CompilerServices;
using Spork.Programs;

namespace Spork.Spawning;

/// <summary>Refuses what can never work, where it was said.</summary>
internal static class Check
{
    /// <summary>A string that becomes a C string.</summary>
    internal static string NoNul(
        string value,
        string what,
        [CallerArgumentExpression(nameof(value))] string? parameter = null
    )
    {
        ArgumentNullException.ThrowIfNull(value, parameter);
        var at = value.IndexOf('\0', StringComparison.Ordinal);
        if (at >= 0)
        {
            throw new ArgumentException(
                $"The {what} has a NUL character at index {at}: it would be cut off there.",
                parameter
            );
        }

        return IsText(value)
            ? value
            : throw new ArgumentException(
                $"The {what} has half a surrogate pair, which no byte stands for: it would arrive as another text.",
                parameter
            );
    }

    private static bool IsText(string value)
    {
        for (var rest = value.AsSpan(); ; rest = rest[1..])
        {
            var next = rest.IndexOfAnyInRange('\ud800', '\udfff');
            if (next < 0)
            {
                return true;
            }

            rest = rest[next..];
            if (rest.Length < 2 || !char.IsSurrogatePair(rest[0], rest[1]))
            {
                return false;
            }

            rest = rest[1..];
        }
    }

    internal static string Path(string path, string parameter)
    {
        NoNul(path, "path", parameter);
        return path.Length > 0 ? path : throw new ArgumentException("The path is empty.", parameter);
    }

    internal static string Path(ByteString path, string parameter) =>
        path.Length > 0 ? path.Escaped : throw new ArgumentException("The path is empty.", parameter);

    internal static string VariableName(string name, string parameter) =>
        Name(NoNul(name, "environment variable's name", parameter), parameter);

    internal static string VariableName(ByteString name, string parameter) => Name(name.Escaped, parameter);

    private static string Name(string name, string parameter)
    {
        if (name.Length == 0 || name.Contains('='))
        {
            throw new ArgumentException(
                $"'{EscapedText.Shown(name)}' is no name for an environment variable: it is empty or has a '='.",
                parameter
            );
        }

        return name;
    }
}
