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
        var start = new ProcessStartInfo(strace, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var output = process.StandardOutput;
        using var errors = process.StandardError;
        var text = errors.ReadToEndAsync();
        var outputText = output.ReadToEnd();
        process.WaitForExit();
        var errorText = text.GetAwaiter().GetResult();
        Assert.SkipWhen(
            errorText.Contains("PTRACE_TRACEME", StringComparison.Ordinal)
                || errorText.Contains("ptrace(", StringComparison.Ordinal),
            $"NOT TESTED: system calls of children: tracing is not allowed here: {errorText}"
        );
        return new ToolRun(process.ExitCode, outputText, errorText);
    }

    // A process has one tracer only.
    private static void SkipIfTraced() =>
        Assert.SkipWhen(
            File.ReadLines("/proc/self/status")
                .Any(l => l.StartsWith("TracerPid:", StringComparison.Ordinal) && l.Split(':')[1].Trim() != "0"),
            "NOT TESTED: system calls of children: these tests are being traced themselves."
        );
}
