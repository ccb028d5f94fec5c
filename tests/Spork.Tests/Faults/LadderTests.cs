using System.Text.Json;
using Spork.Tests.Support;

namespace Spork.Tests.Faults;

/// <summary>
/// The rungs, forced by name and by what a container or a policy would refuse: the same basics hold on each, the rung
/// is named, and what it cannot do is refused with a typed error.
/// </summary>
public class LadderTests
{
    // CLONE_VM|CLONE_PIDFD|CLONE_CHILD_CLEARTID: Spork's own clone, not the runtime's threads, nor libc's.
    private const string CloneRefused = "clone:EPERM:0=2101504";

    // PROT_READ|PROT_EXEC, asked for memory that was writable. The JIT, without W^X, asks for all three.
    private const string ExecutableMemoryRefused = "mprotect:EACCES:2=5";

    [Theory]
    [InlineData("clone3")]
    [InlineData("clone")]
    [InlineData("posix_spawn")]
    public void The_basics_hold_on_a_rung_that_is_forced(string rung) =>
        AssertBasics(rung, Ask([("SPORK_SPAWN", rung)]));

    [Fact]
    public void Where_a_filter_answers_clone3_with_ENOSYS_clone_is_used() =>
        AssertBasics("clone", Ask([], "clone3:ENOSYS"));

    [Fact]
    public void Where_a_filter_answers_clone3_with_EPERM_clone_is_used()
    {
        // libc makes no thread under such a filter (pthread_create falls back on ENOSYS only), so neither does the
        // runtime's pool: what needs none must work.
        var answer = Ask([], "clone3:EPERM");
        Assert.Equal(("clone", "clone"), (answer.String("rung"), answer.String("listing")));
        Assert.Equal(("exit code 0", "exit code 7"), (answer.String("success"), answer.String("code")));
        Assert.Equal(("execve: ENOENT", "clone"), (answer.String("missing"), answer.String("missing via")));
    }

    [Fact]
    public void Where_both_are_refused_posix_spawn_is_used() =>
        AssertBasics("posix_spawn", Ask([], "clone3:ENOSYS", CloneRefused));

    [Fact]
    public void Where_executable_memory_is_refused_posix_spawn_is_used() =>
        AssertBasics("posix_spawn", Ask([("DOTNET_EnableWriteXorExecute", "0")], ExecutableMemoryRefused));

    [Fact]
    public void Where_close_range_is_refused_descriptors_are_closed_one_by_one() =>
        AssertBasics("clone3", Ask([], "close_range:ENOSYS"));

    [Fact]
    public void A_rung_that_does_not_exist_is_refused_in_one_line()
    {
        var answer = Ask([("SPORK_SPAWN", "nonsense")]);
        foreach (var use in new[] { "rung", "listing", "success", "asynchronous", "gate" })
        {
            var text = answer.String(use);
            Assert.StartsWith("PlatformNotSupportedException: SPORK_SPAWN=nonsense", text, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', text);
        }
    }

    private static JsonElement Ask((string, string)[] environment, params string[] refusals)
    {
        using var directory = new TempDirectory();
        return DriverProgram.Ask(environment, DriverProgram.Executable, ["basics", directory.Path, .. refusals]);
    }

    private static void AssertBasics(string rung, JsonElement answer)
    {
        var full = rung != "posix_spawn";
        (string What, string Expected)[] basics =
        [
            ("rung", rung),
            ("listing", rung),
            ("success", "exit code 0"),
            ("code", "exit code 7"),
            ("signal", "killed by SIGKILL"),
            ("asynchronous", "exit code 8"),
            ("missing", full ? "execve: ENOENT" : "posix_spawn: ENOENT"),
            ("missing via", rung),
            ("directory", full ? "chdir: ENOENT" : "posix_spawn: ENOENT"),
            ("output", "hello"),
            ("environment", "A=b"),
            ("working directory", "/"),
            ("descriptor", "seven"),
            ("swap", "other"),
            ("closed", "exit code 0"),
            ("umask", full ? "exit code 0" : "umask: EOPNOTSUPP"),
            ("limit", full ? "exit code 0" : "limit: EOPNOTSUPP"),
            ("gate", full ? "exit code 0" : "gate: EOPNOTSUPP"),
        ];
        Assert.Equal(basics, basics.Select(b => (b.What, answer.String(b.What))));
    }
}
