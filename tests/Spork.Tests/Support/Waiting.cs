namespace Spork.Tests.Support;

/// <summary>Waits for a fact about other processes that the kernel announces to nobody.</summary>
internal static class Waiting
{
    public static void For(Func<bool> fact, string what)
    {
        var end = Environment.TickCount64 + 20_000;
        while (!fact())
        {
            Assert.True(Environment.TickCount64 < end, $"Waited 20 s for {what}.");
            Thread.Sleep(1);
        }
    }

    public static T ForValue<T>(Func<T?> look, string what)
        where T : class
    {
        T? found = null;
        For(() => (found = look()) is not null, what);
        return found!;
    }
}
