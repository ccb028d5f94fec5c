using System.Text.RegularExpressions;
using Spork.Tests.Support;

namespace Spork.Tests.House;

/// <summary>A page that says "this is shown by that test" is right about it.</summary>
public partial class NamedTestTests
{
    private static readonly Lazy<HashSet<string>> s_tests = new(() =>
        [
            .. typeof(NamedTestTests)
                .Assembly.GetTypes()
                .SelectMany(type => type.GetMethods(), (type, method) => (type, method))
                .Where(test => test.method.GetCustomAttributes(typeof(FactAttribute), inherit: true).Length > 0)
                .Select(test => $"{test.type.Name}.{test.method.Name}"),
        ]
    );

    public static TheoryData<string> Pages =>
        [
            .. Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md").Select(path => Path.GetFileName(path)!),
            "../tests/README.md",
        ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_test_that_a_page_names_exists(string page)
    {
        var missing = Named(page).Where(name => !s_tests.Value.Contains(name)).ToList();
        Assert.True(missing.Count == 0, $"{page} names tests that are not there:\n{string.Join('\n', missing)}");
    }

    [Fact]
    public void The_page_of_comparisons_names_tests() => Assert.True(Named("comparison.md").Count() > 30);

    private static IEnumerable<string> Named(string page) =>
        Name().Matches(File.ReadAllText(Repository.PathOf("docs", page))).Select(name => name.Groups["name"].Value);

    [GeneratedRegex(@"`(?<name>\w+Tests\.[A-Z]\w*)`", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}
