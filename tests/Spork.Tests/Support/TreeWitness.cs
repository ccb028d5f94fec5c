using System.IO.Pipes;

namespace Spork.Tests.Support;

/// <summary>
/// A pipe whose write end a child and everything it starts inherit as descriptor 9: what is read is what they say, its
/// end is the end of the last of them, wherever in the system it went.
/// </summary>
internal sealed class TreeWitness : IDisposable
{
    private readonly AnonymousPipeServerStream _pipe = new(PipeDirection.In);

    public Command Watch(Command command) =>
        command.WithDescriptor(9, Stdio.FromHandle(_pipe.ClientSafePipeHandle)).WithStandardInput(Stdio.Null);

    /// <summary>A shell that runs the script.</summary>
    public Command Shell(string script, params string[] arguments) =>
        Watch(new Command("sh", ["-c", script, "sh", .. arguments]));

    /// <summary>Once nobody is started any more.</summary>
    public void CloseOurs() => _pipe.DisposeLocalCopyOfClientHandle();

    /// <summary>Waits for this many lines on descriptor 9.</summary>
    public void WaitForLines(int count)
    {
        while (count > 0)
        {
            var next = _pipe.ReadByte();
            Assert.True(next >= 0, "it ended before it was ready");
            count -= next == '\n' ? 1 : 0;
        }
    }

    /// <summary>The test's deadline ends the wait.</summary>
    public void WaitUntilAllAreGone()
    {
        CloseOurs();
        while (_pipe.ReadByte() >= 0)
        {
            // What they said meanwhile.
        }
    }

    // .NET leaves an end that somebody asked for to the collector, which closes it in the middle of a later test.
    public void Dispose()
    {
        CloseOurs();
        _pipe.Dispose();
    }
}
