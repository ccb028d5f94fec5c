using Spork.Spawning;

namespace Spork.Tests.Support;

/// <summary>A cgroup of version 2 of its own for a test, empty again when the test is over.</summary>
internal sealed class TestCgroup : IDisposable
{
    private TestCgroup(string path) => Path = path;

    public string Path { get; }

    /// <summary>As /proc/PID/cgroup shows it.</summary>
    public string Name => $"/{System.IO.Path.GetFileName(Path)}";

    /// <summary>Makes it, or skips the running test and says aloud what stays unproven.</summary>
    public static TestCgroup MakeOrSkip(string notTested)
    {
        var root = CgroupMount.Find();
        Assert.SkipWhen(
            root is null || !Environment.IsPrivilegedProcess,
            $"NOT TESTED: {notTested}. It needs root and a cgroup v2 mount."
        );
        try
        {
            var path = System.IO.Path.Combine(root!, $"spork-test-{Guid.NewGuid():N}");
            return new TestCgroup(Directory.CreateDirectory(path).FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Assert.Skip($"NOT TESTED: {notTested}. No cgroup can be made: {e.Message}");
            throw;
        }
    }

    // Only its directory entry: the kernel's files in it cannot be deleted.
    public void Dispose() => Directory.Delete(Path);
}
