namespace Spork.Testing;

/// <summary>
/// A test went another way than its <see cref="CommandDouble"/> says: a command that no rule covers, a rule that was not
/// used, a body that threw, or something that a double cannot do. Never a failure that users of a real command would see.
/// </summary>
public sealed class CommandDoubleException : Exception
{
    internal CommandDoubleException(string message, Exception? innerException = null)
        : base(message, innerException) { }
}
