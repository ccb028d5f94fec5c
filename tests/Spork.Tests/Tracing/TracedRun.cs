using System.Diagnostics;
using Spork.Tests.Support;

namespace Spork.Tests.Tracing;

/// <summary>Runs a program under strace, or skips where tracing is not allowed.</summary>
internal static class TracedRun
{
    public static ToolRun Of(
        string strace,
        (string Name, string Value)[] environment,
        string trace,
        string[] options,
        params string[] commandLine
    )
    {
        SkipIfTraced();
        // -s: no string is cut off. Not every call: the runtime makes thousands that say nothing here.
        string[] arguments =
        [
            "-f",
            "-s",
            "4096",
            "-e",
            "trace=!mmap,munmap,mprotect,madvise",
            "-o",
            trace,
            .. options,
            .. commandLine,
        ];
        var start = new ProcessStartInfo(strace, arguments);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var run = ToolRun.Of(start);
        Assert.SkipWhen(
            run.Errors.Contains("PTRACE_TRACEME", StringComparison.Ordinal)
                || run.Errors.Contains("ptrace(", StringComparison.Ordinal),
            $"NOT TESTED: system calls of children: tracing is not allowed here: {run.Errors}"
        );
        return run;
    }

    // A process has one tracer only.
    private static void SkipIfTraced() =>
        Assert.SkipWhen(
            Tracer.IsAttachedToUs(),
            "NOT TESTED: system calls of children: these tests are being traced themselves."
        );
}
