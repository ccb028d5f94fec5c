using System.CommandLine;

namespace Spork.Cli.Run;

/// <summary>
/// Cuts <c>spork run</c>'s words in two: Spork's options, then the command. Everything from the first word that is
/// neither an option nor an option's value belongs to the command, whatever it looks like. System.CommandLine would
/// go on looking for options behind it.
/// </summary>
internal sealed class RunArguments
{
    private RunArguments(IReadOnlyList<string> options, IReadOnlyList<string> command)
    {
        Options = options;
        Command = command;
    }

    /// <summary>Each value joined to its option with '=', so that a value may look like an option.</summary>
    public IReadOnlyList<string> Options { get; }

    public IReadOnlyList<string> Command { get; }

    public static RunArguments Split(IReadOnlyList<string> words, IEnumerable<Option> known)
    {
        var takesValue = known
            .Where(option => option.Arity.MinimumNumberOfValues > 0)
            .SelectMany(option => option.Aliases.Append(option.Name))
            .ToHashSet(StringComparer.Ordinal);
        var options = new List<string>();
        var at = 0;
        for (; at < words.Count; at++)
        {
            var word = words[at];
            if (word is "--")
            {
                at++;
                break;
            }

            if (word.Length < 2 || word[0] != '-')
            {
                break;
            }

            if (takesValue.Contains(word))
            {
                if (++at == words.Count)
                {
                    throw new UsageException($"{word} needs a value; see 'spork run --help'");
                }

                word = $"{word}={words[at]}";
            }

            if (word[^1] == '=' && takesValue.Contains(word[..^1]))
            {
                throw new UsageException($"{word[..^1]} \"\": the value is empty; see 'spork run --help'");
            }

            options.Add(word);
        }

        return new RunArguments(options, [.. words.Skip(at)]);
    }
}
