using Microsoft.Win32.SafeHandles;
using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>What was not named is closed, whatever its flags.</summary>
public class DescriptorClosingTests
{
    private const int Many = 2000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_two_thousand_descriptors_some_without_close_on_exec_none_reaches_the_child(bool asynchronous)
    {
        using var directory = new TempDirectory();
        var path = directory.Write("file", "");
        var handles = new List<SafeFileHandle>();
        try
        {
            for (var i = 0; i < Many; i++)
            {
                try
                {
                    handles.Add(i % 3 == 0 ? Directories.OpenLeaking(path) : Directories.OpenBusy(path));
                }
                catch (System.ComponentModel.Win32Exception)
                {
                    handles.ForEach(h => h.Dispose());
                    Assert.Skip($"NOT TESTED: {Many} open descriptors. RLIMIT_NOFILE allows {i}.");
                }
            }

            // ls has its standard streams and the directory it reads.
            var middle = handles[Many / 2];
            var ls = new Command("ls", "/proc/self/fd");
            Assert.Equal("0\n1\n2\n3\n", Output(ls, directory, asynchronous));
            var kept = (int)middle.DangerousGetHandle();
            Assert.Equal(
                $"0\n1\n2\n3\n{kept}\n",
                string.Join(
                    '\n',
                    Output(ls.WithDescriptor(kept, Stdio.Inherit), directory, asynchronous)
                        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                        .OrderBy(int.Parse)
                ) + "\n"
            );
        }
        finally
        {
            handles.ForEach(h => h.Dispose());
        }
    }

    [Fact]
    public void A_child_blocked_before_exec_holds_nothing_either()
    {
        using var directory = new TempDirectory();
        using var leaking = Directories.OpenLeaking(directory.Write("file", ""));
        var fifo = Fifo.Create(directory["fifo"]);
        var before = ChildEntry.ListOwn();
        using var cancel = new CancellationTokenSource();
        var starting = new Command("true").WithDescriptor(9, Stdio.Read(fifo)).StartAsync(cancel.Token).AsTask();
        var child = OtherProcess.NewChildIn(OtherProcess.OpenAt, before);
        var open = OtherProcess.Descriptors(child).Keys;
        cancel.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => starting.GetAwaiter().GetResult());
        Assert.All(open, number => Assert.InRange(number, 0, 2));
        Assert.True(OtherProcess.HasEnded(child));
    }

    private static string Output(Command command, TempDirectory directory, bool asynchronous)
    {
        var writing = command
            .WithStandardInput(Stdio.Null)
            .WithStandardOutput(Stdio.Write(directory["out"]))
            .WithStandardError(Stdio.Null);
        Assert.True((asynchronous ? writing.RunAsync().GetAwaiter().GetResult() : writing.Run()).IsSuccess);
        return File.ReadAllText(directory["out"]);
    }
}
