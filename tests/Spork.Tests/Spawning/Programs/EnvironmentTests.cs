using System.Text;
using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>The child's environment, byte for byte.</summary>
public class EnvironmentTests
{
    private static readonly Command Show = new("/bin/cat", "/proc/self/environ");

    [Fact]
    public void Without_being_told_the_child_has_this_processs_environment()
    {
        var mine = Environment
            .GetEnvironmentVariables()
            .Cast<System.Collections.DictionaryEntry>()
            .Select(e => $"{e.Key}={e.Value}");
        Assert.Equal(mine.Order(StringComparer.Ordinal), Capture.Entries(Show).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void One_variable_is_set_replaced_or_removed_and_the_others_stay()
    {
        var others = Capture.Entries(Show).Where(e => !e.StartsWith("PATH=", StringComparison.Ordinal)).ToArray();
        var changed = Show.WithEnvironmentVariable("PATH", "/x")
            .WithEnvironmentVariable("SPORK_NEW", "a=b\nc")
            .WithEnvironmentVariable("SPORK_EMPTY", "");
        string[] expected = [.. others, "PATH=/x", "SPORK_NEW=a=b\nc", "SPORK_EMPTY="];
        Assert.Equal(expected.Order(StringComparer.Ordinal), Capture.Entries(changed).Order(StringComparer.Ordinal));
        Assert.Equal(
            others,
            Capture.Entries(Show.WithEnvironmentVariable("PATH", null).WithEnvironmentVariable("SPORK_NEVER_SET", null))
        );
    }

    [Fact]
    public void Several_variables_are_changed_and_the_others_stay_those_said_before_too()
    {
        var others = Capture.Entries(Show).Where(e => !e.StartsWith("PATH=", StringComparison.Ordinal)).ToArray();
        var changed = Show.WithEnvironmentVariable("SPORK_BEFORE", "0")
            .WithEnvironmentVariables([
                new("PATH", null),
                new("SPORK_A", "0"),
                new("SPORK_A", "1"),
                new("SPORK_B", ""),
            ]);
        string[] expected = [.. others, "SPORK_BEFORE=0", "SPORK_A=1", "SPORK_B="];
        Assert.Equal(expected.Order(StringComparer.Ordinal), Capture.Entries(changed).Order(StringComparer.Ordinal));
        Assert.Throws<ArgumentException>(() => Show.WithEnvironmentVariables([new("A=", "1")]));
        Assert.Throws<ArgumentException>(() => Show.WithEnvironmentVariables([new("A", "\0")]));
        Assert.Throws<ArgumentNullException>(() => Show.WithEnvironmentVariables(null!));
    }

    [Fact]
    public void An_exact_environment_is_exactly_that()
    {
        var exact = Show.WithEnvironment([new("B", "2"), new("A", "ü")]);
        Assert.Equal(["A=ü", "B=2"], Capture.Entries(exact));
        Assert.Equal(
            ["A=ü", "C=3"],
            Capture.Entries(exact.WithEnvironmentVariable("B", null).WithEnvironmentVariable("C", "3"))
        );
        Assert.Empty(Capture.Entries(Show.WithEnvironment([])));
        Assert.Empty(Capture.Entries(Show.WithEnvironmentVariable("GONE", "1").WithEnvironment([])));
    }

    [Fact]
    public void A_command_used_again_sees_what_was_set_meanwhile()
    {
        const string Name = "SPORK_TEST_MEANWHILE";
        string? Seen() => Capture.Entries(Show).SingleOrDefault(e => e.StartsWith(Name, StringComparison.Ordinal));
        try
        {
            Assert.Null(Seen());
            Environment.SetEnvironmentVariable(Name, "1");
            Assert.Equal(Name + "=1", Seen());
            Environment.SetEnvironmentVariable(Name, "2");
            Assert.Equal(Name + "=2", Seen());
        }
        finally
        {
            Environment.SetEnvironmentVariable(Name, null);
        }

        Assert.Null(Seen());
    }

    [Theory]
    [InlineData("run")]
    [InlineData("run-async")]
    [InlineData("exec")]
    public void Bytes_that_are_not_UTF_8_are_inherited_unharmed(string verb)
    {
        // .NET cannot say such bytes, so a shell makes them.
        var helper = new Command(
            "sh",
            "-c",
            "export SPORK_BYTES=\"$(printf 'a\\377\\300b')\"; exec \"$@\"",
            "sh",
            DummyProgram.Executable,
            "spork",
            verb,
            "--",
            "cat",
            "/proc/self/environ"
        );
        var output = Capture.Bytes(helper);
        byte[] expected = [0, .. Encoding.ASCII.GetBytes("SPORK_BYTES=a"), 0xff, 0xc0, (byte)'b', 0];
        Assert.NotEqual(-1, ((ReadOnlySpan<byte>)[0, .. output]).IndexOf(expected));
    }

    /// <summary>Whoever clears an environment knows no other name of it than .NET's.</summary>
    [Fact]
    public void A_name_that_is_not_UTF_8_is_also_meant_by_what_dotnet_shows_of_it()
    {
        ByteString name = (byte[])[.. "SPORK_N"u8, 0xff];
        var helper = new Command(
            DummyProgram.Executable,
            "spork",
            "run",
            "env",
            "SPORK_N\ufffd",
            "--",
            "cat",
            "/proc/self/environ"
        ).WithEnvironmentVariable(name, "1");
        Assert.DoesNotContain("SPORK_N", Encoding.Latin1.GetString(Capture.Bytes(helper)), StringComparison.Ordinal);
    }
}
