using System.Text;

namespace Spork.Cli.Bench.Streams;

/// <summary>A pipe to the caller, read with blocking reads as one would with Process.</summary>
internal sealed class SporkPipes : IStreamRival
{
    private readonly Dictionary<string, Command> _commands = [];

    public ValueTask<long> ReadBytesAsync(string source)
    {
        using var child = Start(source);
        using var bytes = new MemoryStream();
        child.StandardOutput.CopyTo(bytes);
        Check.Succeeded(child.Wait());
        return ValueTask.FromResult(bytes.Length);
    }

    public ValueTask<long> ReadTextAsync(string source)
    {
        using var child = Start(source);
        using var reader = new StreamReader(child.StandardOutput, Encoding.UTF8);
        var text = reader.ReadToEnd();
        Check.Succeeded(child.Wait());
        return ValueTask.FromResult((long)text.Length);
    }

    private ChildProcess Start(string source)
    {
        if (!_commands.TryGetValue(source, out var command))
        {
            _commands[source] = command = new Command(source).WithStandardOutput(Stdio.Pipe);
        }

        return command.Start();
    }
}
