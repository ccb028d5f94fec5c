using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>What can never work is refused where it was said, with one typed exception, and changes nothing.</summary>
public class BadInputTests
{
    private static readonly Command True = new("true");

    public static TheoryData<string, Type, Action> Cases =>
        new()
        {
            { "NUL in the program", typeof(ArgumentException), () => _ = new Command("a\0b") },
            { "empty program", typeof(ArgumentException), () => _ = new Command("") },
            { "null program", typeof(ArgumentNullException), () => _ = new Command(null!) },
            { "NUL in an argument", typeof(ArgumentException), () => _ = new Command("true", "a\0b") },
            { "null argument", typeof(ArgumentNullException), () => _ = new Command("true", [null!]) },
            { "NUL in a new argument", typeof(ArgumentException), () => True.AddArguments("a\0") },
            { "NUL in other arguments", typeof(ArgumentException), () => True.WithArguments("\0") },
            { "NUL in argv[0]", typeof(ArgumentException), () => True.WithArgumentZero("a\0b") },
            { "NUL in the directory", typeof(ArgumentException), () => True.WithWorkingDirectory("/a\0b") },
            { "empty directory", typeof(ArgumentException), () => True.WithWorkingDirectory("") },
            {
                "null directory handle",
                typeof(ArgumentNullException),
                () => True.WithWorkingDirectory((System.Runtime.InteropServices.SafeHandle)null!)
            },
            { "NUL in a variable's name", typeof(ArgumentException), () => True.WithEnvironmentVariable("a\0b", "x") },
            { "NUL in a variable's value", typeof(ArgumentException), () => True.WithEnvironmentVariable("a", "x\0") },
            { "'=' in a variable's name", typeof(ArgumentException), () => True.WithEnvironmentVariable("a=b", "x") },
            { "empty variable's name", typeof(ArgumentException), () => True.WithEnvironmentVariable("", "x") },
            { "'=' in an exact name", typeof(ArgumentException), () => True.WithEnvironment([new("a=b", "x")]) },
            { "NUL in an exact value", typeof(ArgumentException), () => True.WithEnvironment([new("a", "x\0")]) },
            {
                "an exact name twice",
                typeof(ArgumentException),
                () => True.WithEnvironment([new("a", "x"), new("a", "y")])
            },
            {
                "an exact name twice with one value",
                typeof(ArgumentException),
                () => True.WithEnvironment([new("a", "x"), new("a", "x")])
            },
            { "negative descriptor", typeof(ArgumentOutOfRangeException), () => True.WithDescriptor(-1, Stdio.Null) },
            { "null source", typeof(ArgumentNullException), () => True.WithStandardInput(null!) },
            { "negative source", typeof(ArgumentOutOfRangeException), () => Stdio.FromDescriptor(-1) },
            { "NUL in a file", typeof(ArgumentException), () => Stdio.Read("a\0") },
            { "empty file", typeof(ArgumentException), () => Stdio.Write("") },
            {
                "appending to read",
                typeof(ArgumentException),
                () => Stdio.FromFile("x", FileMode.Append, FileAccess.Read)
            },
            {
                "creating to read",
                typeof(ArgumentException),
                () => Stdio.FromFile("x", FileMode.Create, FileAccess.Read)
            },
            {
                "no such mode",
                typeof(ArgumentOutOfRangeException),
                () => Stdio.FromFile("x", (FileMode)99, FileAccess.Read)
            },
            { "no such access", typeof(ArgumentOutOfRangeException), () => Stdio.FromFile("x", FileMode.Open, 0) },
            { "SIGKILL blocked", typeof(ArgumentException), () => True.WithSignalMask(Signal.SIGTERM, Signal.SIGKILL) },
            { "SIGSTOP ignored", typeof(ArgumentException), () => True.WithIgnoredSignals(Signal.SIGSTOP) },
            { "no such signal", typeof(ArgumentOutOfRangeException), () => True.WithSignalMask(new Signal(65)) },
            { "signal of default", typeof(ArgumentException), () => True.WithSignalMask(default(Signal)) },
            { "parent-death signal of default", typeof(ArgumentException), () => True.WithParentDeathSignal(default) },
            {
                "session after group",
                typeof(InvalidOperationException),
                () => True.WithProcessGroup().WithNewSession()
            },
            {
                "group after session",
                typeof(InvalidOperationException),
                () => True.WithNewSession().WithProcessGroup()
            },
            { "negative group", typeof(ArgumentOutOfRangeException), () => True.WithProcessGroup(-1) },
            {
                "umask with set-id bits",
                typeof(ArgumentOutOfRangeException),
                () => True.WithUmask(UnixFileMode.SetUser)
            },
            { "nice below", typeof(ArgumentOutOfRangeException), () => True.WithNice(-21) },
            { "nice above", typeof(ArgumentOutOfRangeException), () => True.WithNice(20) },
            { "no processor", typeof(ArgumentException), () => True.WithAffinity() },
            { "negative processor", typeof(ArgumentOutOfRangeException), () => True.WithAffinity(0, -1) },
            { "processor beyond Linux", typeof(ArgumentOutOfRangeException), () => True.WithAffinity(8192) },
            { "soft above hard", typeof(ArgumentException), () => True.WithLimit(Resource.CpuTime, 2, 1) },
            { "no such resource", typeof(ArgumentOutOfRangeException), () => True.WithLimit((Resource)16, 1) },
            { "relative cgroup", typeof(ArgumentException), () => True.WithCgroup("a/b") },
            {
                "null cgroup handle",
                typeof(ArgumentNullException),
                () => True.WithCgroup((System.Runtime.InteropServices.SafeHandle)null!)
            },
        };

    [Theory]
    [MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public void It_is_refused_where_it_was_said(string what, Type exception, Action action)
    {
        var before = True.Explain().ToString();
        var thrown = Record.Exception(action);
        Assert.True(thrown?.GetType() == exception, $"{what}: {thrown?.ToString() ?? "accepted"}");
        Assert.DoesNotContain('\n', thrown!.Message.Replace("\nActual value was", "", StringComparison.Ordinal));
        Assert.Equal(before, True.Explain().ToString());
    }

    [Fact]
    public void A_handle_that_is_closed_or_invalid_is_refused()
    {
        using var directory = new TempDirectory();
        var handle = Directories.Open(directory.Path);
        handle.Dispose();
        Assert.Throws<ArgumentException>(() => Stdio.FromHandle(handle));
        Assert.Throws<ArgumentException>(() => Stdio.FromHandle(new Microsoft.Win32.SafeHandles.SafeFileHandle()));
        Assert.Throws<ArgumentNullException>(() => Stdio.FromHandle(null!));
    }

    [Fact]
    public void A_closed_directory_or_cgroup_handle_is_refused_at_the_latest_by_the_start()
    {
        using var directory = new TempDirectory();
        var handle = Directories.Open(directory.Path);
        var inDirectory = True.WithWorkingDirectory(handle);
        var inCgroup = True.WithCgroup(handle);
        handle.Dispose();
        Assert.Throws<ObjectDisposedException>(() => inDirectory.Start());
        Assert.Throws<ObjectDisposedException>(() => inCgroup.Start());
    }
}
