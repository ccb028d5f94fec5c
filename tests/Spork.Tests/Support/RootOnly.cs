namespace Spork.Tests.Support;

/// <summary>Skips, by name, what only root can show.</summary>
internal static class RootOnly
{
    public static void Skip(string notTested) =>
        Assert.SkipUnless(Environment.IsPrivilegedProcess, $"NOT TESTED: {notTested}: it needs root.");
}
