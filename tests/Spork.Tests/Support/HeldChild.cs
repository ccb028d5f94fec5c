using System.IO.Pipes;

namespace Spork.Tests.Support;

/// <summary>A child that runs until it is let go, and then exits with a code.</summary>
internal sealed class HeldChild : IDisposable
{
    private readonly AnonymousPipeServerStream _pipe = new(PipeDirection.Out);

    public HeldChild(int code)
    {
        var command = new Command("sh", "-c", $"read x; exit {code}");
        Process = command.WithStandardInput(Stdio.FromHandle(_pipe.ClientSafePipeHandle)).Start();
        _pipe.DisposeLocalCopyOfClientHandle();
    }

    public ChildProcess Process { get; }

    public void LetGo() => _pipe.Dispose();

    public void Dispose()
    {
        LetGo();
        Process.Dispose();
    }
}
