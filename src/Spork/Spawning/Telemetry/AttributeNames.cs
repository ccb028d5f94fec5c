namespace Spork.Spawning;

/// <summary>
/// Attributes of spans and metrics. Those without <c>spork.</c> are OpenTelemetry's: docs/cli/cli-spans.md of its semantic
/// conventions, and error.type.
/// </summary>
internal static class AttributeNames
{
    internal const string ExecutableName = "process.executable.name";
    internal const string ExecutablePath = "process.executable.path";
    internal const string ProcessId = "process.pid";
    internal const string ExitCode = "process.exit.code";
    internal const string CommandArguments = "process.command_args";
    internal const string ErrorType = "error.type";

    internal const string Signal = "spork.exit.signal";
    internal const string CoreDumped = "spork.exit.core_dumped";
    internal const string Killed = "spork.killed";
    internal const string StartDuration = "spork.start.duration";
    internal const string Step = "spork.start.step";
    internal const string Subject = "spork.start.subject";
    internal const string Via = "spork.start.via";
}
