using System.Reflection;
using Spork.Tests.Support;

namespace Spork.Tests.Linux;

/// <summary>The static properties of a type that stands for a number of C's: <c>Errno.ENOENT</c>, <c>Signal.SIGHUP</c>.</summary>
internal static class NamedConstants
{
    public static Dictionary<string, T> Of<T>() =>
        typeof(T)
            .GetProperties(BindingFlags.Public | BindingFlags.Static)
            .ToDictionary(p => p.Name, p => (T)p.GetValue(null)!, StringComparer.Ordinal);

    /// <summary>Each has the number that the header defines under its name.</summary>
    /// <param name="header">A header of C's.</param>
    /// <param name="number">The number behind a constant.</param>
    /// <param name="fewest">How many there are at least: reflection that finds nothing proves nothing.</param>
    public static void AssertAsIn<T>(string header, Func<T, long> number, int fewest)
    {
        var ours = Of<T>();
        Assert.True(ours.Count >= fewest, $"only {ours.Count} constants were found");
        var theirs = CProbe.Run([header], ours.Keys.Select(CExpression.Macro), $"{typeof(T).Name} against {header}");
        Assert.Equal(
            theirs.OrderBy(pair => pair.Key, StringComparer.Ordinal),
            ours.Select(pair => KeyValuePair.Create(pair.Key, number(pair.Value)))
                .OrderBy(pair => pair.Key, StringComparer.Ordinal)
        );
    }
}
