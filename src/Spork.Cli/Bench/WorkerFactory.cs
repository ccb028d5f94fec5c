using System.Globalization;

namespace Spork.Cli.Bench;

/// <summary>Starts workers: this very tool again for .NET's rivals, the compiled program for C's.</summary>
internal sealed class WorkerFactory(string child, string? nativeProgram)
{
    public Worker Start(string rival, ulong heap)
    {
        var size = heap.ToString(CultureInfo.InvariantCulture);
        if (RivalNames.IsNative(rival))
        {
            var program = nativeProgram ?? throw new InvalidOperationException("no native rivals");
            return new Worker(rival, heap, new Command(program, rival, child, size));
        }

        return new Worker(rival, heap, Self(BenchWorkerCommand.Name, rival, child, size));
    }

    /// <summary>The muxer was started with our dll, an apphost without.</summary>
    public static Command Self(params string[] words)
    {
        var host = Environment.ProcessPath ?? throw new InvalidOperationException("this process has no path");
        var dll = Path.Combine(AppContext.BaseDirectory, "Spork.Cli.dll");
        return Path.GetFileName(host) is "dotnet" ? new Command(host, [dll, .. words]) : new Command(host, words);
    }
}
