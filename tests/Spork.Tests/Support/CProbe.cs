using System.Globalization;
using System.Text;

namespace Spork.Tests.Support;

/// <summary>One number to ask the C headers for, unless <paramref name="Guard"/> is not defined there.</summary>
internal sealed record CExpression(string Expression, string? Guard = null)
{
    /// <summary>A macro, asked for only where these headers have it.</summary>
    public static CExpression Macro(string name) => new(name, name);

    public static CExpression SizeOf(string type, string? guard = null) => new($"sizeof({type})", guard);

    public static CExpression OffsetOf(string type, string member, string? guard = null) =>
        new($"offsetof({type}, {member})", guard);
}

/// <summary>Compiles and runs a C program that prints what the headers of this machine say.</summary>
internal static class CProbe
{
    /// <summary>Evaluates the expressions; those whose guard is undefined are missing from the result.</summary>
    public static IReadOnlyDictionary<string, long> Run(
        IEnumerable<string> includes,
        IEnumerable<CExpression> expressions,
        string notTested
    )
    {
        var body = new StringBuilder();
        foreach (var item in expressions)
        {
            var print = $"    printf(\"%s\\t%lld\\n\", \"{item.Expression}\", (long long)({item.Expression}));\n";
            body.Append(item.Guard is null ? print : $"#ifdef {item.Guard}\n{print}#endif\n");
        }

        return RunText(includes, body.ToString(), notTested)
            .Select(line => line.Split('\t'))
            .ToDictionary(
                pair => pair[0],
                pair => long.Parse(pair[1], CultureInfo.InvariantCulture),
                StringComparer.Ordinal
            );
    }

    /// <summary>Runs statements inside main and returns the lines they print.</summary>
    public static IReadOnlyList<string> RunText(IEnumerable<string> includes, string statements, string notTested)
    {
        var compiler = Tools.FindOrSkip(["gcc", "cc", "clang"], notTested);
        using var directory = new TempDirectory();
        var headers = string.Concat(includes.Select(header => $"#include <{header}>\n"));
        var source = directory.Write(
            "probe.c",
            $$"""
            #define _GNU_SOURCE
            #include <stddef.h>
            #include <stdio.h>
            {{headers}}
            int main(void)
            {
            {{statements}}
                return 0;
            }

            """
        );
        _ = Execute(compiler, "-w", "-o", directory["probe"], source);
        return Execute(directory["probe"]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string Execute(string program, params string[] arguments)
    {
        var run = ToolRun.Of(program, arguments);
        Assert.True(run.Code == 0, $"{program} ended with {run.Code}:\n{run.Errors}");
        return run.Output;
    }
}
