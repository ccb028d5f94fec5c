using System.Globalization;
using System.Text;
using Spork.Programs;

namespace Spork;

/// <summary>A child program in words: what a new process would do before it becomes the program. Nothing has run.</summary>
public sealed class ProgramListing
{
    internal ProgramListing(string via, ProgramLine only)
    {
        Via = via;
        Lines = [only];
    }

    internal ProgramListing(string via, ChildProgram program)
    {
        Via = via;
        Lines = [.. LinesOf(program, 0), .. program.Second is { } second ? LinesOf(second, program.Steps.Count) : []];
    }

    /// <summary>How the process would be made on this machine: <c>clone3</c>, <c>clone</c> or <c>posix_spawn</c>.</summary>
    public string Via { get; }

    /// <summary>The system calls, in order.</summary>
    public IReadOnlyList<ProgramLine> Lines { get; }

    /// <summary>Numbered lines, one per system call.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        var width = Lines.Count.ToString(CultureInfo.InvariantCulture).Length;
        foreach (var line in Lines)
        {
            text.Append(line.Index.ToString(CultureInfo.InvariantCulture).PadLeft(width))
                .Append("  ")
                .Append(line.Call);
            text.AppendLine(line.Note.Length == 0 ? "" : $"  # {line.Note}");
        }

        return text.ToString();
    }

    // A second stage is numbered through: its first step follows the first stage's last.
    private static IEnumerable<ProgramLine> LinesOf(ChildProgram program, int before) =>
        program.Steps.Select((step, i) => new ProgramLine(before + i + 1, step.CallText, NoteOf(step, before)));

    private static string Names(IReadOnlyList<Handler> handlers)
    {
        var names = handlers.Select(h => new Errno(h.Errno).Name).ToArray();
        return names.Length > 3 ? $"{string.Join(", ", names[..3])}, …" : string.Join(", ", names);
    }

    private static string NoteOf(Step step, int before)
    {
        var jumps = step
            .Handlers.GroupBy(h => (h.Target, h.Budget))
            .Select(g =>
                $"{Names([.. g])}: step {before + g.Key.Target + 1}"
                + (g.Key.Budget < 0 ? "" : $" (at most {g.Key.Budget} times)")
            );
        var expects = step.ExpectsParent ? ["must be this process"] : Array.Empty<string>();
        return string.Join(
            "; ",
            [.. step.Note.Length == 0 ? Array.Empty<string>() : [step.Note], .. expects, .. jumps]
        );
    }
}

/// <summary>One system call of a <see cref="ProgramListing"/>.</summary>
/// <param name="Index">From 1; the number that a start failure names.</param>
/// <param name="Call">As strace prints it; <c>&lt;3&gt;</c> stands for the result of step 3, <c>$name</c> for a descriptor made for the start.</param>
/// <param name="Note">Why, and what happens on which error; may be empty.</param>
public sealed record ProgramLine(int Index, string Call, string Note);
