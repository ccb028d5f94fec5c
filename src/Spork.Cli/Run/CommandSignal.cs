using Spork.Cli.Output;

namespace Spork.Cli.Run;

/// <summary>
/// Signals to the running command. One that became another user (sudo) may refuse ours with EPERM: that is said, and
/// spork goes on waiting, because leaving would lose the exit code and help nobody.
/// </summary>
internal static class CommandSignal
{
    public static void Send(ChildProcess child, Signal signal)
    {
        try
        {
            child.SendSignal(signal);
        }
        catch (SystemCallException e)
        {
            ErrorLine.Write($"{signal.Name} did not reach the command, which runs on: {e.Message}");
        }
    }
}
