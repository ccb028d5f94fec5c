using System.Diagnostics;
using Spork.Tests.Support;

namespace Spork.Tests.Cli;

/// <summary>./spork in a checkout of its own, in a folder with blanks in its name.</summary>
public class LauncherTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    private string Checkout => _directory["a checkout"];

    private string Spork => Path.Combine(Checkout, "spork");

    public void Dispose()
    {
        _directory.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    [Deadline(seconds: 300)]
    public void It_builds_once_from_anywhere_and_then_starts_at_once()
    {
        CopyCheckout();
        var link = _directory["link"];
        File.CreateSymbolicLink(link, Spork);

        // Two first runs at the same time.
        using var one = Launch(link, "run", "--", "sh", "-c", "exit 7");
        using var two = Launch(Spork, "run", "--", "printf", "%s", "a b");
        var first = ToolRun.Finish(one);
        Assert.Equal((7, "", ""), (first.Code, first.Output, first.Errors));
        Promise.Succeeded(ToolRun.Finish(two), "a b");

        // .NET raises the soft limit before Main; what the caller had is passed on.
        using var limited = Launch("sh", "-c", $"ulimit -Sn 256; exec '{Spork}' run -- sh -c 'ulimit -Sn'");
        Promise.Succeeded(ToolRun.Finish(limited), "256\n");

        // Without a change nothing is built: the stamp stays.
        var stamp = Path.Combine(Checkout, "artifacts", "spork.stamp");
        var built = File.GetLastWriteTimeUtc(stamp);
        Promise.Succeeded(Run(link, "run", "pwd"), Directory.GetCurrentDirectory() + "\n");
        Assert.Equal(built, File.GetLastWriteTimeUtc(stamp));

        // A source that does not compile: the compiler's words, then one line.
        var source = Path.Combine(Checkout, "src", "Spork.Cli", "Program.cs");
        File.AppendAllText(source, "nonsense");
        var broken = Run(Spork, "--version");
        Assert.Equal(125, broken.Code);
        Assert.Contains("error CS", broken.Errors, StringComparison.Ordinal);
        Assert.Contains("\nspork: the build failed", broken.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("/nonexistent")]
    [Deadline(seconds: 300)]
    public void It_needs_no_home(string? home)
    {
        CopyCheckout();
        using var process = Launch(
            start =>
            {
                start.Environment.Clear();
                start.Environment["PATH"] = Path.GetDirectoryName(SporkCli.Dotnet) + ":/usr/bin:/bin";
                start.Environment["HOME"] = home;
            },
            Spork,
            "run",
            "--",
            "sh",
            "-c",
            "echo ${HOME-none}"
        );
        Promise.Succeeded(ToolRun.Finish(process), $"{home ?? "none"}\n");
    }

    [Fact]
    public void A_missing_SDK_is_one_line()
    {
        CopyCheckout();
        var bin = Directory.CreateDirectory(_directory["bin"]).FullName;
        foreach (var tool in (string[])["sh", "dirname", "readlink", "find", "head", "cat", "mkdir"])
        {
            File.CreateSymbolicLink(Path.Combine(bin, tool), Tools.FindOrSkip(tool, "the launcher without an SDK"));
        }

        using var process = Launch(
            start =>
            {
                start.Environment["PATH"] = bin;
                start.Environment["HOME"] = "/nonexistent";
                start.Environment.Remove("DOTNET_ROOT");
            },
            Spork,
            "doctor"
        );
        Promise.OneErrorLine(ToolRun.Finish(process), 125, ".NET 10 SDK is missing");
    }

    [Fact]
    public void Signals_reach_the_tool_because_the_launcher_becomes_it()
    {
        var text = File.ReadAllText(Repository.PathOf("spork"));
        Assert.EndsWith("exec \"$dotnet\" \"$dll\" \"$@\"\n", text, StringComparison.Ordinal);
    }

    private void CopyCheckout() => SourceCopy.Make(Checkout, "spork", "src");

    private static ToolRun Run(string launcher, params string[] words)
    {
        using var process = Launch(launcher, words);
        return ToolRun.Finish(process);
    }

    private static Process Launch(string launcher, params string[] words) => Launch(_ => { }, launcher, words);

    private static Process Launch(Action<ProcessStartInfo> configure, string launcher, params string[] words)
    {
        var start = new ProcessStartInfo(launcher, words);
        SourceCopy.ForgetOurBuild(start);
        configure(start);
        var process = ToolRun.Start(start);
        process.StandardInput.Close();
        return process;
    }
}
