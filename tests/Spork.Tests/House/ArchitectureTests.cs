using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Spork.Tests.Support;

namespace Spork.Tests.House;

public class ArchitectureTests
{
    [Fact]
    [Deadline(seconds: 180)]
    public void A_room_uses_only_itself_and_the_rooms_before_it()
    {
        var sources = SourceCompilation.LibrarySources();
        Assert.NotEmpty(sources);
        var wrong = Arrows.FindWrong(sources);
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    [Deadline(seconds: 180)]
    public void A_shelf_uses_nothing_from_the_shelf_that_is_built_of_it()
    {
        var sources = SourceCompilation.LibrarySources();
        foreach (var (lower, upper) in Rooms.Stairs)
        {
            Assert.Contains(sources.Keys, path => path.StartsWith(lower, StringComparison.Ordinal));
            Assert.NotEmpty(Arrows.FindUses(sources, upper, lower));
            var wrong = Arrows.FindUses(sources, lower, upper);
            Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        }
    }

    [Fact]
    public void Pointers_stay_in_the_rooms_that_need_them()
    {
        var findings = FindUnsafe(SourceCompilation.LibrarySources());
        Assert.True(findings.Count == 0, string.Join('\n', findings));
    }

    [Fact]
    public void A_pointer_in_another_room_is_found()
    {
        var sources = new Dictionary<string, string>
        {
            ["Linux/A.cs"] = "unsafe class A { }",
            ["Warm/B.cs"] = "// unsafe\n\nunsafe class B { string s = \"unsafe\"; }",
        };
        Assert.Equal(["Warm/B.cs:3 is unsafe"], FindUnsafe(sources));
    }

    private static List<string> FindUnsafe(IReadOnlyDictionary<string, string> sources)
    {
        var findings = new List<string>();
        foreach (var (path, text) in sources.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            if (Rooms.WithPointers.Contains(path.Split('/')[0]))
            {
                continue;
            }

            // The keyword, not the word: a comment may speak of it.
            var tree = CSharpSyntaxTree.ParseText(text);
            findings.AddRange(
                tree.GetRoot()
                    .DescendantTokens()
                    .Where(token => token.IsKind(SyntaxKind.UnsafeKeyword))
                    .Select(token => $"{path}:{tree.GetLineSpan(token.Span).StartLinePosition.Line + 1} is unsafe")
            );
        }

        return findings;
    }
}
