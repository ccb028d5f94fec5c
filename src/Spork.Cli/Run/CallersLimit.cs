using System.Globalization;

namespace Spork.Cli.Run;

/// <summary>
/// .NET raises the soft limit of open files to the hard one before Main, and nothing tells what it was. The ./spork
/// launcher does, where they differ, in a variable that is meant for this tool alone.
/// </summary>
internal static class CallersLimit
{
    /// <summary>SOFT:HARD, both numbers.</summary>
    private const string Variable = "SPORK_CALLER_NOFILE";

    public static Command Hide(Command command) =>
        Value is null ? command : command.WithEnvironmentVariable(Variable, null);

    public static Command Restore(Command command)
    {
        // posix_spawn has no attribute for limits: there the raised one stays, which is better than no start at all.
        if (Value?.Split(':') is not [var softText, var hardText] || SpawnLadder.Current is "posix_spawn")
        {
            return command;
        }

        return TryNumber(softText, out var soft) && TryNumber(hardText, out var hard) && soft <= hard
            ? command.WithLimit(Resource.OpenFiles, soft, hard)
            : command;
    }

    private static string? Value => Environment.GetEnvironmentVariable(Variable);

    private static bool TryNumber(string text, out ulong number) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
