using System.Text;
using Spork.Spawning;
using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>Command.OpenPipe as popen(3) and pclose(3).</summary>
public class OpenPipeTests
{
    [Fact]
    public void What_a_script_writes_is_read_and_its_status_told()
    {
        var word = "a b'c";
        using var pipe = Command.OpenPipe($"echo {word}; exit 3", FileAccess.Read);
        Assert.Equal((true, false, false), (pipe.CanRead, pipe.CanWrite, pipe.CanSeek));
        using var reader = new StreamReader(pipe);
        Assert.Equal("a b'c\n", reader.ReadToEnd());
        Assert.Equal(3, pipe.CloseAndWait().Code);
        Assert.Equal(3, pipe.CloseAndWait().Code);
    }

    [Fact]
    public async Task What_is_written_a_script_reads_and_closing_ends_its_input()
    {
        using var directory = new TempDirectory();
        await using var pipe = Command.OpenPipe($"cat > {directory["out"]}; exit 4", FileAccess.Write);
        await pipe.WriteAsync("hello"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Equal(4, (await pipe.CloseAndWaitAsync(TestContext.Current.CancellationToken)).Code);
        Assert.Equal("hello", await File.ReadAllTextAsync(directory["out"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_later_child_does_not_hold_an_earlier_pipe_open()
    {
        using var first = Command.OpenPipe("cat", FileAccess.Write);
        using var second = Command.OpenPipe("exec sleep 1000", FileAccess.Write);
        using var third = new Command("sleep", "1000").Start();
        Assert.True(first.CloseAndWait().IsSuccess);
        Assert.False(second.Child.HasExited);
        second.Child.Kill();
        third.Kill();
        second.Child.Wait();
        third.Wait();
    }

    [Fact]
    public void Closed_early_the_program_dies_of_SIGPIPE()
    {
        using var pipe = Command.OpenPipe("exec yes", FileAccess.Read);
        Assert.Equal((byte)'y', pipe.ReadByte());
        Assert.Equal(Signal.SIGPIPE, pipe.CloseAndWait().Signal);
    }

    [Fact]
    public void No_signal_is_kept_from_this_process_meanwhile()
    {
        Waiting.For(() => !KeyboardSignals.AreSpared, "the keyboard to be let go");
        using var pipe = Command.OpenPipe("cat", FileAccess.Write);
        Assert.False(KeyboardSignals.AreSpared);
        Assert.True(pipe.CloseAndWait().IsSuccess);
    }

    [Fact]
    public void Any_command_has_a_pipe()
    {
        using var pipe = new Command("printf", "%s", "x").OpenPipe(FileAccess.Read);
        var bytes = new byte[8];
        Assert.Equal(1, pipe.Read(bytes));
        Assert.Equal("x", Encoding.UTF8.GetString(bytes, 0, 1));
        Assert.Equal(0, pipe.Read(bytes));
        Assert.True(pipe.CloseAndWait().IsSuccess);
    }

    [Fact]
    public void Both_directions_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Command.OpenPipe("cat", FileAccess.ReadWrite));

    [Fact]
    public void Waiting_can_be_given_up()
    {
        using var pipe = Command.OpenPipe("exec sleep 1000", FileAccess.Read);
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
        Assert.ThrowsAny<OperationCanceledException>(() => pipe.CloseAndWait(stop.Token));
        pipe.Child.Kill();
        Assert.Equal(Signal.SIGKILL, pipe.CloseAndWait().Signal);
    }

    [Fact]
    public void Pipes_leave_nothing_behind_closed_or_only_disposed()
    {
        static void Once()
        {
            using (var pipe = Command.OpenPipe("cat >/dev/null", FileAccess.Write))
            {
                pipe.WriteByte(1);
                Assert.True(pipe.CloseAndWait().IsSuccess);
            }

            Command.OpenPipe("exec cat", FileAccess.Write).Dispose();
        }

        for (var i = 0; i < 5; i++)
        {
            Once();
        }

        var before = ProcessCounts.TakeBaseline();
        for (var i = 0; i < 200; i++)
        {
            Once();
        }

        Leftovers.AssertNothingLeftSoon(before, 200);
    }
}
