namespace Spork.Tests.Support;

/// <summary>
/// Runs the dummy without privileges: as it is, or through setpriv(1) when the tests run as root, to whom the kernel
/// refuses little.
/// </summary>
internal static class PlainUser
{
    private static readonly string[] Nobody = ["--reuid", "65534", "--regid", "65534", "--clear-groups"];

    /// <summary>Runs <c>dummy spork …</c>.</summary>
    public static ToolRun Spork(string notTested, params string[] arguments) =>
        Dummy(notTested, ["spork", .. arguments]);

    public static ToolRun Dummy(string notTested, params string[] arguments)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return ToolRun.Of(DummyProgram.Executable, arguments);
        }

        var setpriv = Tools.FindOrSkip("setpriv", notTested);
        string[] user = [.. Nobody, "--inh-caps", "-all", "--bounding-set", "-all", "--"];
        var probe = ToolRun.Of(setpriv, [.. user, DummyProgram.Executable, "exit", "0"]);
        Assert.SkipWhen(
            probe.Code != 0,
            $"NOT TESTED: {notTested}. The dummy cannot be run as a plain user: {probe.Errors}"
        );
        return ToolRun.Of(setpriv, [.. user, DummyProgram.Executable, .. arguments]);
    }

    /// <summary>Runs the dummy as a plain user with these ambient capabilities; setpriv(1)'s names.</summary>
    public static ToolRun WithAmbient(string notTested, string names, string[] arguments)
    {
        RootOnly.Skip(notTested);
        var setpriv = Tools.FindOrSkip("setpriv", notTested);
        var added = string.Join(',', names.Split(',').Select(n => $"+{n}"));
        string[] user = [.. Nobody, "--inh-caps", $"-all,{added}", "--ambient-caps", $"-all,{added}", "--"];
        return ToolRun.Of(setpriv, [.. user, DummyProgram.Executable, .. arguments]);
    }

    /// <summary>The lines of a failure report: step, index, count, errno, subject, message, explained.</summary>
    public static Dictionary<string, string> Failure(ToolRun run)
    {
        Assert.True(run.Code == 99, $"code {run.Code}\n{run.Output}\n{run.Errors}");
        return run
            .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('=', 2))
            .ToDictionary(p => p[0], p => p[^1], StringComparer.Ordinal);
    }

    public static void CheckFailure(ToolRun run, string step, string errno, string subject, string call)
    {
        var report = Failure(run);
        Assert.Equal((step, errno, subject), (report["step"], report["errno"], report["subject"]));
        Assert.StartsWith(call, report["explained"], StringComparison.Ordinal);
    }
}
