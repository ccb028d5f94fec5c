using System.Text;
using System.Text.Unicode;
using Spork.Programs;

namespace Spork.Spawning;

/// <summary>argv and envp in a program's data.</summary>
internal static class ArgumentVector
{
    internal static Operand Arguments(ProgramData data, CommandOptions options)
    {
        string[] strings = [options.ArgumentZero ?? options.Program, .. options.Arguments];
        var text = $"[{string.Join(", ", strings.Select(Quote.ForListing))}]";
        return data.PointerArray([.. strings.Select(data.AddString)], text);
    }

    internal static Operand Environment(ProgramData data, CommandOptions options, EnvironmentBlock inherited)
    {
        var offsets = new List<int>();
        if (!options.ExactEnvironment)
        {
            offsets.AddRange(
                inherited.Entries().Where(e => !IsOverridden(e.Span, options)).Select(e => data.AddBytes(e.Span))
            );
        }

        offsets.AddRange(
            options.Variables.Where(v => v.Value is not null).Select(v => data.AddString($"{v.Key}={v.Value}"))
        );
        return data.PointerArray([.. offsets], $"/* {offsets.Count} vars */");
    }

    private static bool IsOverridden(ReadOnlySpan<byte> entry, CommandOptions options)
    {
        if (options.Variables.IsEmpty)
        {
            return false;
        }

        var end = entry.IndexOf((byte)'=');
        if (end <= 0)
        {
            return false;
        }

        // A name that is no text is also meant by what .NET shows of it, with U+FFFD: whoever clears an environment by the
        // names that Environment.GetEnvironmentVariables has must not leave it.
        var name = entry[..end];
        return options.Variables.ContainsKey(EscapedText.Decode(name))
            || (!Utf8.IsValid(name) && options.Variables.ContainsKey(Encoding.UTF8.GetString(name)));
    }
}
