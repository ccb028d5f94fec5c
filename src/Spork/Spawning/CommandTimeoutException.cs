namespace Spork;

/// <summary>A command took longer than <see cref="Command.WithTimeout"/> allows, and was stopped.</summary>
public sealed class CommandTimeoutException : TimeoutException
{
    private readonly string _program;

    internal CommandTimeoutException(string program, TimeSpan timeout, ExitStatus? status, Exception? trouble = null)
        : base(
            $"'{program}' took longer than {timeout} and was stopped{(status is null ? " before it ran" : $": {status}")}{(trouble is null ? "" : $"; not all of it could be: {trouble.Message}")}",
            trouble
        )
    {
        _program = program;
        Timeout = timeout;
        Status = status;
    }

    /// <summary>The time that was allowed.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>The same, and another command beside it that could not be stopped.</summary>
    internal CommandTimeoutException With(SystemCallException trouble) =>
        new(_program, Timeout, Status, InnerException ?? trouble);

    /// <summary>How it ended when it was stopped; null if it had not become the program yet.</summary>
    public ExitStatus? Status { get; }
}
