using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>The cause behind an errno, where a look at the file tells it.</summary>
public class HintTests
{
    [Fact]
    public void A_circle_of_links_is_named()
    {
        using var directory = new TempDirectory();
        File.CreateSymbolicLink(directory["a"], "b");
        File.CreateSymbolicLink(directory["b"], "a");

        Assert.Contains("symbolic links", HintOf(directory["a"], Errno.ELOOP), StringComparison.Ordinal);
    }

    [Fact]
    public void An_ELF_header_with_nothing_behind_it_is_damaged()
    {
        using var directory = new TempDirectory();
        var file = directory["half"];
        File.WriteAllBytes(file, File.ReadAllBytes("/bin/true")[..200]);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var failure = Assert.Throws<SpawnException>(() => new Command(file).Start());

        Assert.Contains(failure.Errno, new[] { Errno.ENOEXEC, Errno.EIO });
        Assert.True(
            failure.Errno == Errno.EIO || failure.Hint == "the ELF file is damaged, or no program",
            failure.Message
        );
    }

    private static string HintOf(string program, Errno errno)
    {
        var failure = Assert.Throws<SpawnException>(() => new Command(program).Start());
        Assert.Equal(errno, failure.Errno);
        return failure.Hint ?? "";
    }
}
