using Spork.Linux;
using Spork.Spawning;
using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>
/// POSIX_SPAWN_RESETIDS where there is something to reset: in a process that setpriv(1) gave a user and a group of its
/// own beside the real ones.
/// </summary>
public sealed class ResetIdsTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("--euid=65534 --egid=65534 --clear-groups", "0 0")]
    [InlineData("--egid=65534 --clear-groups", "0 0")]
    [InlineData("--ruid=65534 --rgid=65534 --clear-groups", "65534 65534")]
    [InlineData("--ruid=65534 --egid=65533 --keep-groups", "65534 0")]
    [InlineData("--ruid=65534 --rgid=65534 --clear-groups --no-new-privs", "65534 65534")]
    [InlineData("--ruid=65534 --rgid=65534 --clear-groups", "65534 65534", "clone")]
    public void The_program_and_its_file_actions_have_the_real_ids_as_through_libc(
        string ids,
        string expected,
        string rung = ""
    )
    {
        var answer = Ask(ids, "/dev/null", rung);
        var spork = answer.String("spork");
        Assert.Equal(answer.String("libc"), spork);
        Assert.Equal(spork, answer.String("async"));
        Assert.StartsWith("exit code 0\n", spork, StringComparison.Ordinal);
        var (user, group) = (expected.Split(' ')[0], expected.Split(' ')[1]);
        Assert.Contains($"\nUid:\t{user}\t{user}\t{user}\t{user}\n", spork, StringComparison.Ordinal);
        Assert.Contains($"\nGid:\t{group}\t{group}\t{group}\t{group}\n", spork, StringComparison.Ordinal);
        // A limit that the exec between the stages lowers: the driver has raised it.
        Assert.Matches("Max stack size +67108864 ", spork);
        // What was close-on-exec, twice.
        Assert.Equal(2, spork.Split("\nfrom .NET").Length - 1);
        // Who made the files.
        foreach (var file in new[] { "spork", "async", "libc" })
        {
            Assert.Equal(expected, ToolRun.Of("stat", "-c", "%u %g", _directory[file]).Output.Trim());
        }
    }

    [Fact]
    public void A_file_of_the_real_users_is_opened_and_one_of_the_effective_users_is_not()
    {
        var secret = _directory.Write("secret", "of root's", UnixFileMode.UserRead);
        var up = Ask("--euid=65534 --egid=65534 --clear-groups", secret);
        Assert.StartsWith("exit code 0\n", up.String("failure"), StringComparison.Ordinal);

        var down = Ask("--ruid=65534 --rgid=65534 --clear-groups", secret);
        Assert.Equal(("EACCES", "EACCES"), (down.String("libc"), down.String("async")));
        Assert.Equal($"open {secret} EACCES in the child", down.String("failure"));
        Assert.Equal("open /no/such ENOENT in the child", down.String("missing"));
    }

    [Fact]
    public void Ambient_capabilities_that_would_be_lost_are_refused_by_name()
    {
        var answer = Ask(
            "--ruid=65534 --euid=65533 --regid=65534 --clear-groups --inh-caps=+kill --ambient-caps=+kill",
            "/dev/null"
        );
        Assert.Equal("reset ids POSIX_SPAWN_RESETIDS EOPNOTSUPP in the parent", answer.String("failure"));
    }

    // Whose capabilities do not follow from its ids, in a thread of root's; and whether it can open a file of nobody's.
    [Theory]
    [InlineData("uids=0,65534,0 caps=none/all-files/none", false)]
    [InlineData("uids=0,65534,0 caps=none/all/none", true)]
    [InlineData("bits=4 uids=0,65534,0", true)]
    [InlineData("bits=4 uids=0,65534,0 caps=none/all/none", false)]
    [InlineData("bits=4 uids=65534,0,0", true)]
    [InlineData("nnp uids=65534,0,0", false)]
    [InlineData("nnp uids=0,65534,0 caps=none/files/none", true)]
    [InlineData("bits=16 uids=65534,65533,65533 caps=none/files/none", false)]
    [InlineData("bits=16 uids=65534,0,65534 caps=all/all/none", false)]
    [InlineData("unbound=files uids=0,65534,0 caps=none/all-files/none", false)]
    [InlineData("caps=all/all/kill ambient=kill uids=0,65534,0", true)]
    [InlineData("caps=all/all/kill ambient=kill uids=65534,0,65534", false)]
    [InlineData("bits=1 uids=0,65534,0 caps=none/none/none", false)]
    public void Capabilities_that_do_not_follow_from_the_ids_are_those_of_libcs_child(string credentials, bool opens)
    {
        var answer = AskAs(credentials, "/dev/null");
        Assert.StartsWith("exit code 0\n", answer.String("libc"), StringComparison.Ordinal);
        Assert.Contains("\nCapEff:", answer.String("libc"), StringComparison.Ordinal);
        Assert.Equal(answer.String("libc"), answer.String("spork"));
        Assert.Equal(answer.String("libc"), answer.String("async"));

        answer = AskAs(credentials, _directory.Write("closed", "", UnixFileMode.None));
        Assert.Equal(opens ? "exit code 0" : "EACCES", answer.String("libc").Split('\n')[0]);
        Assert.Equal(answer.String("libc"), answer.String("spork"));
        Assert.Equal(answer.String("libc"), answer.String("async"));
    }

    [Theory]
    [InlineData("bits=16 uids=65534,65533,65533 caps=files/files/none", "CAP_DAC_OVERRIDE CAP_DAC_READ_SEARCH")]
    [InlineData("bits=1 uids=0,65534,0", "capabilities")]
    [InlineData("unbound=files uids=0,65534,0", "CAP_DAC_OVERRIDE CAP_DAC_READ_SEARCH")]
    public void Capabilities_that_only_libcs_child_could_have_are_refused_by_name(string credentials, string lost)
    {
        var answer = AskAs(credentials, _directory.Write("closed", "", UnixFileMode.None));
        Assert.Equal("reset ids POSIX_SPAWN_RESETIDS EOPNOTSUPP in the parent", answer.String("failure"));
        Assert.Equal(("EOPNOTSUPP", "EOPNOTSUPP"), (answer.String("spork"), answer.String("async")));
        Assert.Contains(lost, answer.String("hint"), StringComparison.Ordinal);

        // That it is right to refuse them.
        Assert.StartsWith("exit code 0\n", answer.String("libc"), StringComparison.Ordinal);
        Assert.Equal("EACCES", answer.String("unchecked"));
    }

    // Nobody opens a file by these: one cannot be raised again, the other a file's capabilities could come to.
    [Theory]
    [InlineData("caps=all/all/kill ambient=kill bits=64 uids=0,65534,0", "CAP_KILL", "EPERM")]
    [InlineData(
        "nnp bits=16 uids=65534,65533,65533 caps=none/files/none",
        "CAP_DAC_OVERRIDE CAP_DAC_READ_SEARCH",
        "exit code 0\n"
    )]
    [InlineData(
        "unbound=files nnp bits=16 uids=65534,0,65534 caps=all/all/none",
        "CAP_DAC_OVERRIDE CAP_DAC_READ_SEARCH",
        "exit code 0\n"
    )]
    public void Capabilities_that_only_libcs_program_could_pass_on_are_refused_by_name(
        string credentials,
        string lost,
        string withoutRefusal
    )
    {
        var answer = AskAs(credentials, "/dev/null");
        Assert.Equal("reset ids POSIX_SPAWN_RESETIDS EOPNOTSUPP in the parent", answer.String("failure"));
        Assert.Equal(("EOPNOTSUPP", "EOPNOTSUPP"), (answer.String("spork"), answer.String("async")));
        Assert.Contains(lost, answer.String("hint"), StringComparison.Ordinal);
        Assert.StartsWith("exit code 0\n", answer.String("libc"), StringComparison.Ordinal);
        Assert.StartsWith(withoutRefusal, answer.String("unchecked"), StringComparison.Ordinal);
    }

    // Never by ids that this thread may not have.
    [Theory]
    [InlineData("setresuid")]
    [InlineData("setresgid")]
    [InlineData("capset")]
    [InlineData("prctl")]
    public void A_reset_that_is_refused_is_laid_to_a_filter(string call) =>
        Assert.Contains(
            "everybody may do that: a filter",
            IsolationHint.For(new(Enum.Parse<Syscall>(call), CredentialSteps.ResetStep, "", "", []), Errno.EPERM),
            StringComparison.Ordinal
        );

    [Fact]
    public void Where_only_libc_could_do_it_in_shared_memory_it_is_refused() =>
        Assert.Equal(
            "reset ids POSIX_SPAWN_RESETIDS EOPNOTSUPP in the parent",
            Ask("--ruid=65534 --rgid=65534 --clear-groups", "/dev/null", "posix_spawn").String("failure")
        );

    private System.Text.Json.JsonElement Ask(string ids, string file, string rung = "")
    {
        RootOnly.Skip("RESETIDS with ids that differ");
        var setpriv = Tools.FindOrSkip("setpriv", "RESETIDS with ids that differ");
        return AskBy(
            rung,
            setpriv,
            [.. ids.Split(' '), DriverProgram.Executable, "posix-reset-ids", _directory.Path, file]
        );
    }

    private System.Text.Json.JsonElement AskAs(string credentials, string file)
    {
        RootOnly.Skip("RESETIDS with capabilities of one's own");
        return AskBy("", DriverProgram.Executable, ["posix-reset-ids", _directory.Path, file, credentials]);
    }

    private System.Text.Json.JsonElement AskBy(string rung, string program, string[] line)
    {
        foreach (var output in new[] { "warm", "spork", "libc", "async", "unchecked" })
        {
            // Another user's, from an earlier call.
            File.Delete(_directory[output]);
        }

        _directory.Write("text", "from .NET\n", Modes.Everybody);
        File.SetUnixFileMode(_directory.Path, (UnixFileMode)0x1FF);
        var answer = DriverProgram.Ask([("SPORK_SPAWN", rung)], program, line);
        Assert.Empty(answer.Strings("left"));
        return answer;
    }
}
