using System.Diagnostics;

namespace Spork.Tests.Support;

/// <summary>Another process that traces one of ours, as strace -p and debuggers do.</summary>
internal sealed class Tracer : IDisposable
{
    private readonly Process _process;

    /// <param name="id">Whom.</param>
    /// <param name="looks">Whether it waits for the process before it lets go; else it just dies.</param>
    /// <param name="notTested">What stays unproven where tracing is not allowed.</param>
    public Tracer(int id, bool looks, string notTested)
    {
        _process = ToolRun.Start(
            new ProcessStartInfo(DriverProgram.Executable, [looks ? "hold-and-look" : "hold", $"{id}"])
        );
        if (_process.StandardOutput.ReadLine() is var answer && answer != "tracing")
        {
            Dispose();
            Assert.Skip($"NOT TESTED: {notTested}. ptrace(PTRACE_SEIZE): {answer}");
        }
    }

    /// <summary>Whether these tests are being traced themselves: a process has one tracer only.</summary>
    public static bool IsAttachedToUs() =>
        File.ReadLines("/proc/self/status")
            .Any(l => l.StartsWith("TracerPid:", StringComparison.Ordinal) && l.Split(':')[1].Trim() != "0");

    public void LetGo()
    {
        _process.StandardInput.Close();
        var run = ToolRun.Finish(_process);
        Assert.True(run.Code == 0, $"the tracer ended with {run.Code}: {run.Errors}");
    }

    public void Dispose()
    {
        // Its standard input ends at the latest with this; all three are closed, not left to the finalizer.
        _process.StandardInput.Dispose();
        _process.StandardOutput.Dispose();
        _process.StandardError.Dispose();
        _process.WaitForExit();
        _process.Dispose();
    }
}
