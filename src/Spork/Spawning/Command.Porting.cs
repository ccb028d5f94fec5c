using Spork.Spawning;

namespace Spork;

public sealed partial class Command
{
    /// <summary>For <see cref="Posix"/>, whose options are no command's.</summary>
    internal static Command Of(CommandOptions options) => new(options);
}
