using Spork.Programs;

namespace Spork;

/// <summary>
/// A program ran, and ended otherwise than with exit code 0. The message has the last lines of its standard error, not its
/// arguments, which may be secret: at most 4096 characters, and control characters escaped, since messages end in logs
/// and on terminals.
/// </summary>
public sealed class CommandFailedException : Exception
{
    private const int LongestTail = 4096;

    internal CommandFailedException(string program, ExitStatus status, string errorTail)
        : base(
            $"{Quote.ForMessage(program)} {Ended(status)}{(errorTail.Length == 0 ? "" : ":\n" + Quote.ForLog(errorTail, LongestTail))}"
        )
    {
        Program = program;
        Status = status;
    }

    /// <summary>The program.</summary>
    public string Program { get; }

    /// <summary>How it ended.</summary>
    public ExitStatus Status { get; }

    private static string Ended(ExitStatus status) =>
        status.Kind switch
        {
            ExitKind.Exited => $"ended with {status}",
            ExitKind.Signaled => $"was {status}",
            _ => $"ended, {status}",
        };
}
