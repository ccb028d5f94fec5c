namespace Spork.Cli.Bench.Streams;

/// <summary>The kernel's pipe between two children: made by a pipeline, or by the shell that is started for it.</summary>
internal sealed class SporkJoined(bool byShell) : IStreamRival
{
    public ValueTask MoveAsync(string source, string sink)
    {
        if (byShell)
        {
            Check.Succeeded(new Command("sh", "-c", "\"$1\" | \"$2\"", "sh", source, sink).Run());
        }
        else
        {
            var status = (new Command(source) | new Command(sink)).Run();
            Check.Succeeded(status.PipeFail);
        }

        return default;
    }
}
