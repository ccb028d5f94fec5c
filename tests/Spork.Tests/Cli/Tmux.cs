using Spork.Tests.Support;

namespace Spork.Tests.Cli;

/// <summary>A terminal that draws what programs send it: a window of a tmux server of its own.</summary>
internal sealed class Tmux : IDisposable
{
    // The server makes its socket in there; the user's own servers are not seen.
    private readonly TempDirectory _directory = new();
    private readonly string _program;
    private readonly string _name = $"spork-{Environment.ProcessId}-{Guid.NewGuid():N}";

    public Tmux(string script, int columns, int rows)
    {
        _program = Tools.FindOrSkip("tmux", "interactive programs in a window that is drawn");
        // The shell of the user's account may be nologin.
        var settings = _directory.Write(
            "tmux.conf",
            "set -g status off\nset -g default-terminal screen\nset -g default-shell /bin/sh\n"
        );
        var file = _directory.Write("script", script);
        Do("-f", settings, "new-session", "-d", "-x", $"{columns}", "-y", $"{rows}", $"sh {file}");
    }

    public string Screen => Do("capture-pane", "-p");

    public void Type(params string[] keys) => Do(["send-keys", .. keys]);

    public void Resize(int columns, int rows) => Do("resize-window", "-x", $"{columns}", "-y", $"{rows}");

    public string WaitFor(string words) => WaitFor(screen => screen.Contains(words, StringComparison.Ordinal), words);

    public string WaitFor(Func<string, bool> shown, string what)
    {
        var screen = "";
        try
        {
            Waiting.For(() => shown(screen = Screen), $"{what} on the screen");
        }
        catch (Xunit.Sdk.TrueException)
        {
            Assert.Fail($"Waited 20 s for {what}; the screen shows:\n{screen}");
        }

        return screen;
    }

    public void Dispose()
    {
        Do("kill-server");
        _directory.Dispose();
    }

    private string Do(params string[] words)
    {
        var run = ToolRun.Of("env", [$"TMUX_TMPDIR={_directory.Path}", "TMUX=", _program, "-L", _name, .. words]);
        Assert.True(run.Code == 0, $"tmux {string.Join(' ', words)}: {run.Errors}");
        return run.Output;
    }
}
