namespace Spork;

/// <summary>A command took longer than <see cref="Command.WithTimeout"/> allows, and was stopped.</summary>
public sealed class CommandTimeoutException : TimeoutException
{
    internal CommandTimeoutException(string program, TimeSpan timeout, ExitStatus? status, Exception? trouble = null)
        : base(
            $"'{Programs.EscapedText.Shown(program)}' took longer than {timeout} and was stopped{(status is null ? " before it ran" : $": {status}")}{(trouble is null ? "" : $"; not all of it could be: {trouble.Message}")}",
            trouble
        )
    {
        Timeout = timeout;
        Status = status;
    }

    /// <summary>The time that was allowed.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>How it ended when it was stopped; null if it had not become the program yet.</summary>
    public ExitStatus? Status { get; }
}
