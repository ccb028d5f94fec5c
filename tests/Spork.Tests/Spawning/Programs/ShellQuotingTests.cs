using FsCheck;
using FsCheck.Fluent;
using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>What a command prints, a shell reads back: as arguments, and as the first word, which shells read with other eyes.</summary>
public sealed class ShellQuotingTests : IDisposable
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(60);

    private static readonly string[] ReservedWords =
    [
        .. "! [[ ]] { } case coproc do done elif else esac fi for function if in".Split(' '),
        .. "namespace select then time until while".Split(' '),
    ];

    // Letters that make no builtin's name among themselves: nothing can be quoted so that it is not taken for one.
    private static readonly string[] Fragments =
    [
        .. "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ \t\n7Zxé".Select(c => c.ToString()),
        .. ReservedWords,
    ];

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("sh")]
    [InlineData("bash")]
    public void A_shell_reads_back_every_argument(string shell)
    {
        var path = Tools.FindOrSkip(shell, $"{shell}'s reading of arguments");
        AssertReadBack(Fragments);
        Prop.ForAll(Words(), (Action<string[]>)AssertReadBack).Check(Many);

        void AssertReadBack(string[] words)
        {
            var line = new Command("printf", ["%s\\0", "", .. words]).ToString();
            Assert.Equal(["", .. words], Capture.Entries(new Command(path, "-c", line)));
        }
    }

    [Theory]
    [InlineData("sh")]
    [InlineData("bash")]
    public void A_shell_runs_a_program_of_any_name(string shell)
    {
        var path = Tools.FindOrSkip(shell, $"{shell}'s reading of a program's name");
        var script = _directory.Write("script", "#!/bin/sh\nprintf '%s\\0' \"${0##*/}\"\n", Modes.Everybody);
        var programs = Directory.CreateDirectory(_directory["programs"]).FullName;
        AssertRun([.. ReservedWords, "x=1", "=", "x%1", "~", "#x", "-x", "x*", "it's"]);
        Prop.ForAll(Words(), (Action<string[]>)AssertRun).Check(Many);

        void AssertRun(string[] words)
        {
            string[] names = [.. words.Where(IsName)];
            foreach (var name in names.Where(name => !File.Exists(Path.Combine(programs, name))))
            {
                File.CreateSymbolicLink(Path.Combine(programs, name), script);
            }

            // The first always runs, so that there is something to read.
            var lines = string.Join('\n', names.Prepend("x=1").Select(name => new Command(name).ToString()));
            var run = new Command(path, "-c", lines).WithEnvironmentVariable("PATH", programs);
            Assert.Equal(["x=1", .. names], Capture.Entries(run));
        }
    }

    // A file's name, and nothing that no quoting can save: the builtins that these fragments make, and bash's %1, which is
    // a job in any quotes.
    private static bool IsName(string word) =>
        word is not ("" or "." or ".." or ":" or "[" or ['%', ..]) && !word.Contains('/');

    private static Arbitrary<string[]> Words()
    {
        var word = Gen.Choose(0, 4).SelectMany(n => Gen.ArrayOf(Gen.Elements(Fragments), n)).Select(string.Concat);
        return Arb.From(Gen.Choose(0, 8).SelectMany(n => Gen.ArrayOf(word, n)));
    }
}
