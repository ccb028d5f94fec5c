namespace Spork.Cli;

/// <summary>What the user typed cannot be used. The message is one line: cause, subject, what to write instead.</summary>
internal sealed class UsageException : Exception
{
    public UsageException()
        : this("bad usage") { }

    public UsageException(string message)
        : base(message) { }

    public UsageException(string message, Exception innerException)
        : base(message, innerException) { }
}
