using Spork.Spawning;

namespace Spork.Tests.Support;

/// <summary>
/// A posix_spawn that resets ids though effective and real ones are the same, and so goes through two stages, without
/// root.
/// </summary>
internal static class ResettingIds
{
    public static Command Forced(Command command) =>
        Command.Of(
            command.Options with
            {
                Posix = command.Options.Posix! with { Reset = IdReset.Of(ThreadCredentials.IfIdsDiffer(always: true)) },
            }
        );
}
