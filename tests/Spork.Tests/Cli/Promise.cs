using Spork.Tests.Support;

namespace Spork.Tests.Cli;

/// <summary>What docs/cli.md promises about every error.</summary>
internal static class Promise
{
    /// <summary>One line on stderr that starts with "spork: ", nothing on stdout, the exit code of the contract.</summary>
    public static void OneErrorLine(ToolRun run, int code, params ReadOnlySpan<string> parts)
    {
        Assert.StartsWith("spork: ", run.Errors, StringComparison.Ordinal);
        Assert.EndsWith("\n", run.Errors, StringComparison.Ordinal);
        Assert.True(run.Errors.Count(c => c == '\n') == 1, $"more than one line: {run.Errors}");
        foreach (var part in parts)
        {
            Assert.Contains(part, run.Errors, StringComparison.Ordinal);
        }

        Assert.Equal("", run.Output);
        Assert.Equal(code, run.Code);
    }

    public static void Succeeded(ToolRun run, string output)
    {
        Assert.Equal("", run.Errors);
        Assert.Equal(output, run.Output);
        Assert.Equal(0, run.Code);
    }
}
