using System.Diagnostics;

namespace Spork.Cli.Bench.Streams;

/// <summary>System.Diagnostics.Process at its leanest: one stream redirected, read by the thread that waits.</summary>
internal sealed class ProcessStreams : IStreamRival
{
    public ValueTask<long> ReadBytesAsync(string source)
    {
        using var process = Start(source, output: true);
        using var bytes = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(bytes);
        Finish(process);
        return ValueTask.FromResult(bytes.Length);
    }

    public ValueTask<long> ReadTextAsync(string source)
    {
        using var process = Start(source, output: true);
        var text = process.StandardOutput.ReadToEnd();
        Finish(process);
        return ValueTask.FromResult((long)text.Length);
    }

    public async ValueTask MoveAsync(string source, string sink)
    {
        using var reader = Start(sink, output: false);
        using var writer = Start(source, output: true);
        await writer.StandardOutput.BaseStream.CopyToAsync(reader.StandardInput.BaseStream).ConfigureAwait(false);
        reader.StandardInput.Close();
        Finish(writer);
        Finish(reader);
    }

    private static Process Start(string program, bool output) =>
        Process.Start(
            new ProcessStartInfo(program)
            {
                UseShellExecute = false,
                RedirectStandardOutput = output,
                RedirectStandardInput = !output,
            }
        )!;

    private static void Finish(Process process)
    {
        process.WaitForExit();
        Check.Succeeded(process.ExitCode);
    }
}
