using System.Text.Json;
using Spork.Tests.Support;
using Spork.Tests.Tracing;

namespace Spork.Tests.Faults;

/// <summary>
/// Faults on the library's own threads, where no filter of a test's reaches: strace lets one call in so many fail, on every
/// thread, while children come and go. All statuses must be right all the same. (Not futex: libc and the runtime end the
/// process on errors of theirs. And no Process beside: the runtime fails fast when its waitid fails.)
/// </summary>
public class InjectionTests
{
    private const int Children = 60;

    [Theory]
    [Trait("Tool", "strace")]
    [InlineData("epoll_wait:error=EINVAL:when=2+")]
    [InlineData("epoll_wait:error=EBADF:when=1+2")]
    [InlineData("waitid:error=EINVAL:when=1+2")]
    [InlineData("waitid:error=EINTR:when=1+2")]
    [InlineData("epoll_ctl:error=ENOSPC:when=1+2")]
    public void A_call_that_fails_now_and_then_on_any_thread_changes_no_status(string injection) =>
        AssertAllRight(injection, DriverProgram.Executable, "alone", $"{Children}");

    [Theory]
    [Trait("Tool", "strace")]
    [InlineData("poll:error=ENOMEM:when=2+2")]
    [InlineData("waitid:error=EINVAL:when=1+2")]
    public void Nor_where_the_kernel_reaps(string injection) =>
        AssertAllRight(
            injection,
            DriverProgram.Executable,
            "ignoring-sigchld",
            DriverProgram.Executable,
            "alone",
            $"{Children}"
        );

    private static void AssertAllRight(string injection, params string[] commandLine)
    {
        var strace = Tools.FindOrSkip("strace", "system calls failing on the library's own threads");
        using var directory = new TempDirectory();
        var run = TracedRun.Of(strace, [], directory["trace"], ["-e", "inject=" + injection], commandLine);
        Assert.True(run.Code == 0, $"the driver ended with {run.Code}:\n{run.Output}\n{run.Errors}");
        Assert.Contains(File.ReadLines(directory["trace"]), l => l.EndsWith("(INJECTED)", StringComparison.Ordinal));

        using var answer = JsonDocument.Parse(run.Output);
        Assert.Equal($"{{\"right\":{Children}}}", answer.RootElement.GetProperty("spork").GetRawText());
        Assert.Empty(answer.RootElement.Strings("children"));
    }
}
