namespace Spork.Cli.Bench.Streams;

/// <summary>Capture, on the caller's thread or parking none.</summary>
internal sealed class SporkCaptures(bool asynchronous, bool standardError) : IStreamRival
{
    private readonly CaptureOptions _options = new() { StandardError = standardError };
    private readonly Dictionary<string, Command> _commands = [];

    public async ValueTask<long> ReadBytesAsync(string source) =>
        (await CaptureAsync(source).ConfigureAwait(false)).StandardOutput.Sequence.Length;

    public async ValueTask<long> ReadTextAsync(string source) =>
        (await CaptureAsync(source).ConfigureAwait(false)).StandardOutput.Text.Length;

    private async ValueTask<CommandOutput> CaptureAsync(string source)
    {
        // One command started again and again, as a program would keep it.
        if (!_commands.TryGetValue(source, out var command))
        {
            _commands[source] = command = new Command(source);
        }

        return (
            asynchronous ? await command.CaptureAsync(_options).ConfigureAwait(false) : command.Capture(_options)
        ).EnsureSuccess();
    }
}
