namespace Spork.Cli.Bench.Streams;

/// <summary>One child's pipe as the other one's relay, both ways round.</summary>
internal sealed class SporkRelays(bool toStream) : IStreamRival
{
    public async ValueTask MoveAsync(string source, string sink)
    {
        if (toStream)
        {
            using var reader = new Command(sink).WithStandardInput(Stdio.Pipe).Start();
            var relay = Stdio.ToStream(reader.StandardInput);
            Check.Succeeded(await new Command(source).WithStandardOutput(relay).RunAsync().ConfigureAwait(false));
            reader.StandardInput.Close();
            Check.Succeeded(await reader.WaitAsync().ConfigureAwait(false));
        }
        else
        {
            using var writer = new Command(source).WithStandardOutput(Stdio.Pipe).Start();
            var relay = Stdio.FromStream(writer.StandardOutput);
            Check.Succeeded(await new Command(sink).WithStandardInput(relay).RunAsync().ConfigureAwait(false));
            Check.Succeeded(await writer.WaitAsync().ConfigureAwait(false));
        }
    }
}
