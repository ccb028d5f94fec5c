using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Spork.Spawning;

namespace Spork;

/// <summary>
/// Commands, each one's output the next one's input: <c>a | b | c</c>. The kernel's pipes join the programs directly, and
/// nothing of what they hand each other passes through this process. Immutable, thread safe, reusable.
/// </summary>
/// <remarks>
/// The first command's input and the last one's output are what those commands say; so is every one's standard error.
/// The shell's <c>a 2&gt;&amp;1 | b</c> is <c>a.WithStandardError(Stdio.SameAs(1)) | b</c>.
/// </remarks>
/// <example><code>
/// var output = (Stdio.FromText("b\na\nb\n") | new Command("sort") | new Command("uniq", "-c")).Capture();
/// Console.Write(output.EnsureSuccess().StandardOutput.Text);
/// </code></example>
public sealed partial class Pipeline
{
    private readonly ImmutableArray<Command> _commands;
    private readonly Command[] _joined;

    internal Pipeline(ImmutableArray<Command> commands)
    {
        _commands = commands;
        _joined = new Command[commands.Length];
        for (var i = 0; i < commands.Length; i++)
        {
            _joined[i] = Join(commands[i], hasPrevious: i > 0, hasNext: i < commands.Length - 1);
        }
    }

    /// <summary>The commands as they were given.</summary>
    public IReadOnlyList<Command> Commands => _commands;

    /// <summary>With one command more at the end.</summary>
    /// <exception cref="InvalidOperationException">
    /// The command's input, or the output of the one before, is something else than the pipe.
    /// </exception>
    [SuppressMessage("Usage", "CA2225", Justification = "PipeTo is it.")]
    public static Pipeline operator |(Pipeline first, Command next)
    {
        ArgumentNullException.ThrowIfNull(first);
        return first.PipeTo(next);
    }

    /// <summary>With this as the last command's standard output.</summary>
    [SuppressMessage("Usage", "CA2225", Justification = "WithStandardOutput is it.")]
    public static Pipeline operator |(Pipeline first, Stdio target)
    {
        ArgumentNullException.ThrowIfNull(first);
        return first.WithStandardOutput(target);
    }

    /// <summary>With this as the first command's standard input.</summary>
    [SuppressMessage("Usage", "CA2225", Justification = "WithStandardInput is it.")]
    public static Pipeline operator |(Stdio source, Pipeline first)
    {
        ArgumentNullException.ThrowIfNull(first);
        return first.WithStandardInput(source);
    }

    /// <inheritdoc cref="op_BitwiseOr(Pipeline, Command)"/>
    public Pipeline PipeTo(Command next)
    {
        ArgumentNullException.ThrowIfNull(next);
        return new(_commands.Add(next));
    }

    /// <summary>With this as the first command's standard input.</summary>
    public Pipeline WithStandardInput(Stdio source) =>
        new(_commands.SetItem(0, _commands[0].WithStandardInput(source)));

    /// <summary>With this as the last command's standard output.</summary>
    public Pipeline WithStandardOutput(Stdio target) =>
        new(_commands.SetItem(_commands.Length - 1, _commands[^1].WithStandardOutput(target)));

    /// <summary>As a shell would read it.</summary>
    public override string ToString() => string.Join(" | ", _commands);

    private static Command Join(Command command, bool hasPrevious, bool hasNext)
    {
        if (hasPrevious)
        {
            Refuse(command, 0, "standard input", "the pipe from the command before");
            command = command.WithDescriptor(0, Stdio.GivenInput);
        }

        if (hasNext)
        {
            Refuse(command, 1, "standard output", "the pipe to the next command");
            command = command.WithDescriptor(1, Stdio.GivenOutput);
        }

        return command;
    }

    private static void Refuse(Command command, int number, string name, string pipe)
    {
        if (command.Options.Descriptors[number] is { Kind: not StdioKind.Inherit } other)
        {
            throw new InvalidOperationException(
                $"The {name} of '{command.Program}' is {other}, and cannot be {pipe} as well: leave it out, or use Stdio.Tee."
            );
        }
    }
}
