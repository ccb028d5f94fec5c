using Spork.Spawning;

namespace Spork.Tests.Support;

/// <summary>
/// A posix_spawn that resets ids though effective and real ones are the same, and so goes through two stages, without
/// root.
/// </summary>
internal static class ResettingIds
{
    public static Command Forced(Command command)
    {
        var (user, group) = OwnIds();
        return Command.Of(
            command.Options with
            {
                Posix = command.Options.Posix! with { Reset = new RealIds(user, group) },
            }
        );
    }

    private static (uint User, uint Group) OwnIds()
    {
        uint Real(string name) =>
            uint.Parse(
                File.ReadLines("/proc/self/status")
                    .First(line => line.StartsWith(name, StringComparison.Ordinal))
                    .Split('\t')[1]
            );

        return (Real("Uid:"), Real("Gid:"));
    }
}
