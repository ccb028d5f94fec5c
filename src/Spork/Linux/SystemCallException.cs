namespace Spork;

/// <summary>A system call on an existing process or descriptor failed.</summary>
public sealed class SystemCallException : IOException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="call">The system call, for example <c>pidfd_send_signal</c>.</param>
    /// <param name="subject">What it was about.</param>
    /// <param name="errno">Its error.</param>
    public SystemCallException(string call, string subject, Errno errno)
        : base($"{call}({subject}): {errno}")
    {
        Call = call;
        Subject = subject;
        Errno = errno;
    }

    internal SystemCallException(string call, string subject, Errno errno, string? hint)
        : base($"{call}({subject}): {errno}{(hint is null ? "" : $" — {hint}")}")
    {
        Call = call;
        Subject = subject;
        Errno = errno;
    }

    /// <summary>The system call's name.</summary>
    public string Call { get; }

    /// <summary>What the call was about.</summary>
    public string Subject { get; }

    /// <summary>Why it failed.</summary>
    public Errno Errno { get; }
}
