using Medallion.Shell;

namespace Spork.Cli.Bench.Streams;

/// <summary>MedallionShell always redirects all three streams: that is its design, and part of its figure.</summary>
internal sealed class MedallionStreams : IStreamRival
{
    public async ValueTask<long> ReadBytesAsync(string source)
    {
        using var bytes = new MemoryStream();
        var command = Medallion.Shell.Command.Run(source).RedirectTo(bytes);
        Finish(await command.Task.ConfigureAwait(false));
        return bytes.Length;
    }

    public async ValueTask<long> ReadTextAsync(string source)
    {
        var result = await Medallion.Shell.Command.Run(source).Task.ConfigureAwait(false);
        Finish(result);
        return result.StandardOutput.Length;
    }

    public async ValueTask MoveAsync(string source, string sink)
    {
        var pipeline = Medallion.Shell.Command.Run(source).PipeTo(Medallion.Shell.Command.Run(sink));
        Finish(await pipeline.Task.ConfigureAwait(false));
    }

    private static void Finish(CommandResult result) => Check.Succeeded(result.ExitCode);
}
