using System.Runtime.CompilerServices;

namespace Spork.AotProbe;

/// <summary>No test framework: those are built on reflection.</summary>
internal static class Expect
{
    public static void Equal<T>(T expected, T actual, [CallerArgumentExpression(nameof(actual))] string what = "")
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            throw new InvalidOperationException($"{what} is '{actual}', not '{expected}'");
        }
    }

    public static void True(bool condition, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        Equal(true, condition, what);

    public static async Task<SpawnException> Fails(Func<Task> start)
    {
        try
        {
            await start();
        }
        catch (SpawnException e)
        {
            return e;
        }

        throw new InvalidOperationException("the start did not fail");
    }
}
