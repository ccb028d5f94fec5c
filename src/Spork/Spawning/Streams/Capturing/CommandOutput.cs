namespace Spork;

/// <summary>How a program ended, and what it wrote.</summary>
public sealed class CommandOutput
{
    private const int LastLines = 10;

    internal CommandOutput(string program, ExitStatus status, CapturedOutput output, CapturedOutput error)
    {
        Program = program;
        Status = status;
        StandardOutput = output;
        StandardError = error;
    }

    /// <summary>The program.</summary>
    public string Program { get; }

    /// <summary>How it ended.</summary>
    public ExitStatus Status { get; }

    /// <summary>Its standard output; empty if the command sends it elsewhere.</summary>
    public CapturedOutput StandardOutput { get; }

    /// <summary>Its standard error; empty if the command sends it elsewhere, as <see cref="Stdio.SameAs"/> does.</summary>
    public CapturedOutput StandardError { get; }

    /// <summary>This, if the program ended with exit code 0.</summary>
    /// <exception cref="CommandFailedException">It did not; the message has the last lines of its standard error.</exception>
    public CommandOutput EnsureSuccess() =>
        Status.IsSuccess
            ? this
            : throw new CommandFailedException(
                Program,
                Status,
                string.Join('\n', StandardError.Lines.TakeLast(LastLines))
            );
}
