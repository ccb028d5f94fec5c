using Spork.Tests.Support;

namespace Spork.Tests.House;

/// <summary>Nothing is public by accident, and nothing public changes unnoticed.</summary>
public class PublicApiTests
{
    private const string AcceptVariable = "SPORK_ACCEPT_API";

    [Fact]
    public void The_public_API_is_the_one_that_was_accepted()
    {
        var path = Repository.PathOf("tests", "Spork.Tests", "House", "PublicApi.txt");
        var actual = PublicApi.Describe(typeof(Errno).Assembly);
        if (Environment.GetEnvironmentVariable(AcceptVariable) == "1")
        {
            File.WriteAllLines(path, actual);
        }

        var accepted = File.Exists(path) ? File.ReadAllLines(path) : [];
        var difference = Compare(accepted, actual);
        Assert.True(
            difference.Count == 0,
            "The public API has changed:\n"
                + string.Join('\n', difference)
                + $"\nIf that is meant, accept it: {AcceptVariable}=1 dotnet test, and commit PublicApi.txt."
        );
    }

    [Fact]
    public void A_difference_names_the_type_and_the_lines()
    {
        string[] accepted = ["public class A", "    void F()", "    void G()", "public class B", "    void F()"];
        string[] actual = ["public class A", "    void F()", "public class B", "    void F()", "    int H { get; }"];
        Assert.Equal(
            ["- public class A:     void G()", "+ public class B:     int H { get; }"],
            Compare(accepted, actual)
        );
        Assert.Empty(Compare(actual, actual));
    }

    // Lines of a type carry the type, so that a line which moved from one type to another is a difference.
    private static List<string> Compare(IReadOnlyList<string> accepted, IReadOnlyList<string> actual)
    {
        var before = Qualify(accepted);
        var after = Qualify(actual);
        return
        [
            .. before.Except(after).Select(line => $"- {line}"),
            .. after.Except(before).Select(line => $"+ {line}"),
        ];
    }

    private static List<string> Qualify(IReadOnlyList<string> lines)
    {
        var type = "";
        var qualified = new List<string>();
        foreach (var line in lines.Where(line => line.Length > 0))
        {
            var isMember = line[0] == ' ';
            type = isMember ? type : line;
            qualified.Add(isMember ? $"{type}: {line}" : line);
        }

        return qualified;
    }
}
