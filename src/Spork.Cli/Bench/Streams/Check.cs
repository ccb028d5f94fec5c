namespace Spork.Cli.Bench.Streams;

/// <summary>A rival that loses bytes is not fast.</summary>
internal static class Check
{
    public static void Succeeded(ExitStatus status)
    {
        if (!status.IsSuccess)
        {
            throw new InvalidOperationException($"a child of the bench ended with {status}");
        }
    }

    public static void Succeeded(int code)
    {
        if (code != 0)
        {
            throw new InvalidOperationException($"a child of the bench ended with {code}");
        }
    }

    public static void Came(long count, long expected)
    {
        if (count != expected)
        {
            throw new InvalidOperationException($"{count} bytes came instead of {expected}");
        }
    }
}
