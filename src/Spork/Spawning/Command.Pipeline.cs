using System.Diagnostics.CodeAnalysis;

namespace Spork;

// As the shell's |.
public sealed partial class Command
{
    /// <summary>The first command's output is the second one's input.</summary>
    /// <exception cref="InvalidOperationException">
    /// The first one's output, or the second one's input, is something else already.
    /// </exception>
    [SuppressMessage("Usage", "CA2225", Justification = "PipeTo is it.")]
    public static Pipeline operator |(Command first, Command next)
    {
        ArgumentNullException.ThrowIfNull(first);
        return first.PipeTo(next);
    }

    /// <summary>With this as its standard input.</summary>
    [SuppressMessage("Usage", "CA2225", Justification = "WithStandardInput is it.")]
    public static Command operator |(Stdio source, Command command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return command.WithStandardInput(source);
    }

    /// <summary>With this as its standard output.</summary>
    [SuppressMessage("Usage", "CA2225", Justification = "WithStandardOutput is it.")]
    public static Command operator |(Command command, Stdio target)
    {
        ArgumentNullException.ThrowIfNull(command);
        return command.WithStandardOutput(target);
    }

    /// <inheritdoc cref="op_BitwiseOr(Command, Command)"/>
    public Pipeline PipeTo(Command next)
    {
        ArgumentNullException.ThrowIfNull(next);
        return new Pipeline([this, next]);
    }
}
