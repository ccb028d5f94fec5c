namespace Spork.Cli;

/// <summary>
/// What the tool's own exit codes mean. <c>spork run</c> follows env(1), timeout(1) and the shell: the command's
/// codes pass through, and the codes from 124 are Spork's words about the command.
/// </summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>A command of the tool other than <c>run</c> did its work and the answer is no.</summary>
    public const int Failure = 1;

    /// <summary>Bad usage of any command but <c>run</c>, whose codes below 124 belong to the program it runs.</summary>
    public const int Usage = 2;

    /// <summary><c>run --detach</c>, whose command's codes never pass through: it runs, but its number is not printed.</summary>
    public const int Unprinted = 1;

    public const int TimedOut = 124;

    /// <summary>Spork itself failed: usage of <c>run</c>, or a step other than finding and executing the program.</summary>
    public const int SporkFailed = 125;

    public const int NotExecutable = 126;

    public const int NotFound = 127;

    public static int ForSignal(int number) => 128 + number;
}
