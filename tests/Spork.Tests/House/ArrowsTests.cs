using Spork.Tests.Support;

namespace Spork.Tests.House;

/// <summary>The check of the rooms must itself be able to fail.</summary>
public class ArrowsTests
{
    private const string Upper = """
        namespace Spork.Spawning;
        class Upper
            {
                public static int Number => 1;
                public const string Name = "x";
                public int this[int i] => i;
            }
        static class UpperExtensions
            {
                public static int Twice(this int i) => i * 2;
                extension(int i) { public int Half => i / 2; }
            }
        """;

    [Theory]
    [Deadline(seconds: 180)]
    [InlineData("int F() => Spawning.Upper.Number;", "Upper.Number")]
    [InlineData("object F() => new Spawning.Upper();", "Upper")]
    [InlineData("string F() => nameof(Spawning.Upper);", "Upper")]
    [InlineData("System.Type F() => typeof(System.Collections.Generic.List<Spawning.Upper>);", "Upper")]
    [InlineData("int F(dynamic d) => ((Spawning.Upper)d)[3];", "Upper")]
    [InlineData("const string F = Spawning.Upper.Name;", "Upper.Name")]
    [InlineData("Spawning.Upper? F;", "Upper")]
    public void A_use_of_a_later_room_is_found_with_its_line(string member, string used)
    {
        var wrong = Arrows.FindWrong(Sources("Linux/Lower.cs", $"namespace Spork;\nclass Lower\n{{\n{member}\n}}"));
        Assert.Contains(
            $"Linux/Lower.cs:4 uses {used} from Spawning",
            wrong.Select(w => w.Replace("Upper.Upper()", "Upper"))
        );
    }

    [Theory]
    [Deadline(seconds: 180)]
    [InlineData("3.Twice()")]
    [InlineData("3.Half")]
    public void A_use_through_an_extension_is_found(string expression)
    {
        var wrong = Arrows.FindWrong(
            Sources("Machine/Lower.cs", $"using Spork.Spawning;\nclass Lower {{ int F() => {expression}; }}")
        );
        Assert.Contains(wrong, w => w.StartsWith("Machine/Lower.cs:2 uses ", StringComparison.Ordinal));
    }

    [Fact]
    [Deadline(seconds: 180)]
    public void A_use_of_an_earlier_room_is_right() =>
        Assert.Empty(Arrows.FindWrong(Sources("Images/Roof.cs", "class Roof { Spork.Spawning.Upper? U; }")));

    [Fact]
    [Deadline(seconds: 180)]
    public void A_use_of_one_shelf_by_another_is_found_with_its_line() =>
        Assert.Equal(
            ["Spawning/A/User.cs:2 uses Used.Number from Spawning/B/"],
            Arrows
                .FindUses(
                    new Dictionary<string, string>
                    {
                        ["Spawning/A/User.cs"] = "class User\n{ int F() => Used.Number + Other.Number; }",
                        ["Spawning/B/Used.cs"] = "class Used { public const int Number = 1; }",
                        ["Spawning/C/Other.cs"] = "class Other { public const int Number = 1; }",
                    },
                    "Spawning/A/",
                    "Spawning/B/"
                )
                .Where(use => use.Contains("Number", StringComparison.Ordinal))
        );

    [Fact]
    public void A_file_outside_every_room_is_found() =>
        Assert.Equal(
            [
                "Attic/Box.cs is in none of the rooms Linux, Machine, Programs, Spawning, Images, Forking, Snapshots, Warm",
            ],
            Arrows.FindWrong(new Dictionary<string, string> { ["Attic/Box.cs"] = "class Box { }" })
        );

    [Fact]
    public void Sources_with_unresolved_names_are_not_judged() =>
        Assert.Throws<Xunit.Sdk.TrueException>(() =>
            Arrows.FindWrong(new Dictionary<string, string> { ["Linux/A.cs"] = "class A { Nowhere N; }" })
        );

    private static Dictionary<string, string> Sources(string path, string text) =>
        new() { ["Spawning/Upper.cs"] = Upper, [path] = text };
}
