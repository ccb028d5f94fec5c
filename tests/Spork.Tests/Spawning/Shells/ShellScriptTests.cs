using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>Interpolated scripts: each hole is one word, or the script is refused.</summary>
public class ShellScriptTests
{
    private const string Evil = "a b'; touch pwned; $(touch pwned)";
    private static readonly string[] Several = ["x y", "", "$z"];

    [Fact]
    public void A_hole_is_one_word_whatever_is_in_it() =>
        Assert.Equal([Evil, "end"], Capture.Entries(Command.Shell($"printf '%s\\0' {Evil} end")));

    [Fact]
    public void A_hole_that_is_a_constant_is_quoted_too()
    {
        const string Constant = "two words; exit 9";
        Assert.Equal([Constant], Capture.Entries(Command.Shell($"printf '%s\\0' {Constant}")));
    }

    [Fact]
    public void A_plain_string_is_taken_as_it_is()
    {
        var plain = "printf '%s\\0' a b";
        Assert.Equal(["a", "b"], Capture.Entries(Command.Shell(plain)));
        Assert.Equal(["a", "b"], Capture.Entries(Command.Shell("printf '%s\\0' a b")));
        Assert.Equal(["a", "b", "c"], Capture.Entries(Command.Shell(plain + " c")));
        Assert.Equal(["a b"], Capture.Entries(Command.Shell(new ShellScript("printf '%s\\0' 'a b'"))));
    }

    [Fact]
    public void Interpolated_strings_that_are_added_are_one_script() =>
        Assert.Equal([Evil, Evil], Capture.Entries(Command.Shell($"printf '%s\\0' {Evil}" + $" {Evil}")));

    [Fact]
    public void A_sequence_is_one_word_each_and_none_if_it_is_empty() =>
        Assert.Equal(
            ["x y", "", "$z", "end"],
            Capture.Entries(Command.Shell($"printf '%s\\0' {Several} {Array.Empty<string>()} end"))
        );

    [Fact]
    public void Numbers_and_dates_are_written_in_the_invariant_culture()
    {
        var before = Thread.CurrentThread.CurrentCulture;
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        Thread.CurrentThread.CurrentCulture = comma;
        try
        {
            Assert.Equal(
                ["1.5", "007", "2026-01-02"],
                Capture.Entries(Command.Shell($"printf '%s\\0' {1.5} {7:000} {new DateTime(2026, 1, 2):yyyy-MM-dd}"))
            );
        }
        finally
        {
            Thread.CurrentThread.CurrentCulture = before;
        }
    }

    [Fact]
    public void Script_goes_in_unquoted_if_it_says_so()
    {
        var words = "a b";
        ShellScript inner = $"{Evil}";
        Assert.Equal(["a", "b", Evil], Capture.Entries(Command.Shell($"printf '%s\\0' {words:raw} {inner}")));
        Assert.Throws<FormatException>(() => Command.Shell($"echo {words:x}"));
    }

    [Fact]
    public void A_hole_may_be_a_part_of_a_word() =>
        Assert.Equal([$"x{Evil}y"], Capture.Entries(Command.Shell($"printf '%s\\0' x{Evil}\"y\"")));

    [Fact]
    public void A_null_is_refused()
    {
        string? nothing = null;
        Assert.Throws<ArgumentNullException>(() => Command.Shell($"rm -rf {nothing!}/"));
        Assert.Throws<ArgumentNullException>(() => Command.Shell((string)null!));
    }

    [Fact]
    public void A_NUL_is_refused()
    {
        var nul = "a\0";
        Assert.Throws<ArgumentException>(() => Command.Shell($"echo {nul}"));
        Assert.Throws<ArgumentException>(() => Command.Shell("echo \0"));
    }

    [Theory]
    [InlineData("echo '")]
    [InlineData("echo \"")]
    [InlineData("echo \"$(cat ")]
    [InlineData("echo `cat ")]
    [InlineData("echo ${x:-")]
    [InlineData("echo \"${x:-")]
    [InlineData("echo $((1 + ")]
    [InlineData("((x = ")]
    [InlineData("echo $[")]
    [InlineData("echo $")]
    [InlineData("echo \\")]
    [InlineData("true # ")]
    [InlineData("#")]
    [InlineData("cat <<E\n")]
    [InlineData("cat <<'E'\nx\nE\necho ")]
    [InlineData("echo $'a' ")]
    [InlineData("echo $(case x in a) echo ")]
    [InlineData("echo \"$(case x in a) echo \"")]
    [InlineData("echo \"${x:-it's}\" ")]
    [InlineData("echo \"a\\\"")]
    public void A_hole_where_quoting_would_mean_something_else_is_refused(string before)
    {
        var e = Assert.Throws<ArgumentException>(() => Command.Shell($"{before:raw}{Evil}"));
        Assert.StartsWith("A hole in a shell script stands ", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("printf '%s\\0' ")]
    [InlineData("echo it\\'s >&2; printf '%s\\0' ")]
    [InlineData("x='a b' y=\"c $x `true` $(true) ${x:-1}\" printf '%s\\0' ")]
    [InlineData("(printf '%s\\0' ")]
    [InlineData("echo $# $$ $? >&2; printf '%s\\0' ")]
    [InlineData("echo a#b >&2 # it's a comment\nprintf '%s\\0' ")]
    [InlineData("echo $((1 + (2))) >&2; printf '%s\\0' ")]
    [InlineData("case a in a) printf '%s\\0' ")]
    [InlineData("printf '%s\\0' \\\n")]
    public void A_hole_in_a_command_is_taken(string before)
    {
        var after =
            before.StartsWith('(') ? ")"
            : before.StartsWith("case", StringComparison.Ordinal) ? ";; esac"
            : "";
        var command = Command.Shell($"{before:raw}{Evil}{after:raw}").WithStandardError(Stdio.Null);
        Assert.Equal([Evil], Capture.Entries(command));
    }

    /// <summary>
    /// Scripts from scraps of shell syntax with hostile values in their holes, run by two shells: whatever is not
    /// refused must not do what the value says.
    /// </summary>
    [Theory]
    [InlineData("dash")]
    [InlineData("bash")]
    [Deadline(seconds: 240)]
    public void No_script_that_is_taken_runs_what_a_value_says(string shell)
    {
        var path = Tools.FindOrSkip(shell, $"injection into {shell}");
        using var directory = new TempDirectory();
        var marker = directory["pwned"];
        string[] scraps =
        [
            "echo ",
            " ",
            "\n",
            "'",
            "\"",
            "`",
            "\\",
            "$",
            "(",
            ")",
            "{",
            "}",
            "$(",
            "$((",
            "((",
            "))",
            "${x:-",
            "#",
            ";",
            "case x in ",
            "x) ",
            ";; esac",
            "<<E\n",
            "E\n",
            "a",
            "=",
            "$$",
            "$#",
        ];
        string[] values =
        [
            $"';>{marker};'",
            $"\";>{marker};\"",
            $"$(>{marker})",
            $"`>{marker}`",
            $"\n>{marker}\n",
            $"a[$(>{marker})]",
            $"\\';>{marker};#",
            $"`>{marker};:`'",
            $")>{marker}\n",
            $"}}\n>{marker}\n",
            $"\nE\n>{marker}\n",
        ];
        var part = Gen.Frequency((4, Gen.Choose(0, scraps.Length - 1)), (1, Gen.Choose(-values.Length, -1)));
        var taken = 0;
        FsCheck.Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(2000),
            Prop.ForAll(
                Arb.From(Gen.Choose(2, 14).SelectMany(n => Gen.ArrayOf(part, n))),
                parts =>
                {
                    var script = new ShellScript(0, 0);
                    try
                    {
                        foreach (var p in parts)
                        {
                            if (p < 0)
                            {
                                script.AppendFormatted(values[-p - 1]);
                            }
                            else
                            {
                                script.AppendLiteral(scraps[p]);
                            }
                        }
                    }
                    catch (ArgumentException)
                    {
                        return;
                    }

                    if (!parts.Any(p => p < 0))
                    {
                        return;
                    }

                    taken++;
                    new Command(path, "-c", "--", script.ToString())
                        .WithWorkingDirectory(directory.Path)
                        .WithStandardInput(Stdio.Null)
                        .WithStandardOutput(Stdio.Null)
                        .WithStandardError(Stdio.Null)
                        .Run();
                    Assert.False(File.Exists(marker), $"{shell} was made to do it by:\n{script}");
                }
            )
        );
        Assert.InRange(taken, 200, 2000);
    }
}
