namespace Spork.Tests.Support;

/// <summary>Whether a child can have a cgroup of its own here.</summary>
internal static class Cgroups
{
    public static void NeedOwn(string notTested)
    {
        try
        {
            new Command("true").WithOwnCgroup().Run();
        }
        catch (SpawnException e)
        {
            Assert.Skip($"NOT TESTED: {notTested}. {e.Message}");
        }
    }
}
