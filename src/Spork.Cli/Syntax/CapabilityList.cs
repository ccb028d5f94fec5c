namespace Spork.Cli.Syntax;

/// <summary>Capabilities to keep, <c>net_admin,CAP_KILL</c> or <c>none</c>; or to drop, each with a minus.</summary>
internal static class CapabilityList
{
    public static (IReadOnlyList<Capability> List, bool Dropped) Parse(string option, string text)
    {
        if (text == "none")
        {
            return ([], false);
        }

        var words = text.Split(',', StringSplitOptions.TrimEntries);
        var dropped = words.Count(w => w.StartsWith('-'));
        if (dropped != 0 && dropped != words.Length)
        {
            throw new UsageException($"{option} {text}: either name what is kept, or what is dropped, not both");
        }

        return ([.. words.Select(w => One(option, text, w.TrimStart('-')))], dropped != 0);
    }

    private static Capability One(string option, string text, string word)
    {
        var name = word.StartsWith("CAP_", StringComparison.OrdinalIgnoreCase) ? word : $"CAP_{word}";
        return Enum.TryParse<Capability>(name, ignoreCase: true, out var capability) && Enum.IsDefined(capability)
            ? capability
            : throw new UsageException($"{option} {text}: '{word}' is no capability; see capabilities(7)");
    }
}
