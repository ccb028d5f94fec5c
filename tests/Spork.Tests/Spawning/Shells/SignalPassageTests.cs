using Spork.Linux;
using Spork.Spawning;
using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>What /proc says of a signal on its way, stage by stage: none of them can be held still in a real process.</summary>
public sealed class SignalPassageTests : IDisposable
{
    private const string Blocked = "0 0x7 0x0 0x1 0x0 0x0 0x0 0x7ffc 0x7f00";
    private readonly TempDirectory _proc = new();

    public SignalPassageTests()
    {
        File.CreateSymbolicLink(_proc["looking"], "10/task/10");
        Pending(0);
        Thread(10, "main", 'R', 5);
        Thread(11, "worker", 'S', 5);
        Thread(12, ".NET SigHandler", 'S', 0);
    }

    [Fact]
    public void Nothing_underway_is_seen_at_the_first_look() => Assert.True(Passage().IsOver());

    [Fact]
    public void A_signal_that_pends_for_the_process_is_waited_for()
    {
        var passage = Passage();
        Pending(SignalSet.Bit(Signal.SIGQUIT.Number) | SignalSet.Bit(Signal.SIGTERM.Number));
        Assert.False(passage.IsOver());
        Pending(SignalSet.Bit(Signal.SIGTERM.Number));
        Assert.True(passage.IsOver());
    }

    [Theory]
    [InlineData('R')]
    [InlineData('D')]
    [InlineData('T')]
    [InlineData('t')]
    public void A_thread_that_may_have_it_in_its_hands_is_waited_for_until_it_sleeps(char state)
    {
        var passage = Passage();
        Thread(11, "a) S (b", state, 5);
        Assert.False(passage.IsOver());
        Assert.False(passage.IsOver());
        Thread(11, "a) S (b", 'S', 5);
        Assert.True(passage.IsOver());
    }

    [Fact]
    public void One_that_never_sleeps_until_it_has_run_since()
    {
        var passage = Passage();
        Thread(11, "worker", 'R', 5);
        Assert.False(passage.IsOver());
        Thread(11, "worker", 'R', 14);
        Assert.False(passage.IsOver());
        Thread(11, "worker", 'R', 15);
        Assert.True(passage.IsOver());
    }

    [Fact]
    public void One_that_looks_itself_has_nothing_in_its_hands()
    {
        var passage = Passage();
        Thread(11, "worker", 'R', 5);
        Assert.False(passage.IsOver());
        File.Delete(_proc["looking"]);
        File.CreateSymbolicLink(_proc["looking"], "10/task/11");
        Assert.True(passage.IsOver());
    }

    [Fact]
    public void One_that_has_ended_has_handled_what_it_had()
    {
        var passage = Passage();
        Thread(11, "worker", 'R', 5);
        Assert.False(passage.IsOver());
        Directory.Delete(_proc["task/11"], recursive: true);
        Assert.True(passage.IsOver());
    }

    [Theory]
    [InlineData('R', Blocked)]
    [InlineData('D', Blocked)]
    [InlineData('S', "202 0x7 0x0 0x1 0x0 0x0 0x0 0x7ffc 0x7f00")]
    [InlineData('S', "running")]
    public void The_thread_of_the_runtime_is_waited_for_until_it_waits_for_the_next(char state, string call)
    {
        var passage = Passage();
        Assert.True(passage.IsOver());
        Thread(12, ".NET SigHandler", state, 0, call);
        Assert.False(passage.IsOver());
        Thread(12, ".NET SigHandler", 'S', 0);
        Assert.True(passage.IsOver());
    }

    [Fact]
    public void There_may_be_two_of_that_name()
    {
        Thread(11, ".NET SigHandler", 'S', 0, "202 0x7 0x0 0x1 0x0 0x0 0x0 0x7ffc 0x7f00");
        Assert.False(Passage().IsOver());
    }

    [Fact]
    public void That_thread_may_name_itself_late()
    {
        var passage = Passage();
        Thread(12, "main", 'R', 0);
        Assert.False(passage.IsOver());
        Thread(12, ".NET SigHandler", 'S', 0);
        Assert.True(passage.IsOver());
    }

    [Fact]
    public void Where_it_cannot_be_seen_it_says_so()
    {
        Assert.Null(new SignalPassage(1, _proc["nowhere"], _proc["looking"]).IsOver());
        Thread(12, "other", 'S', 0);
        Assert.Null(Passage().IsOver());
        File.WriteAllText(_proc["status"], "Name:\tx\n");
        Assert.Null(Passage().IsOver());
        Pending(0);
        File.WriteAllText(_proc["task/11/stat"], "");
        Assert.Null(Passage().IsOver());
    }

    public void Dispose() => _proc.Dispose();

    private SignalPassage Passage() =>
        new(SignalSet.Bit(Signal.SIGINT.Number) | SignalSet.Bit(Signal.SIGQUIT.Number), _proc.Path, _proc["looking"]);

    private void Pending(ulong signals) =>
        File.WriteAllText(
            _proc["status"],
            $"Name:\tx\nSigPnd:\t0000000000000002\nShdPnd:\t{signals:x16}\nSigBlk:\t0\n"
        );

    private void Thread(int number, string name, char state, int ticks, string call = Blocked)
    {
        var directory = Directory.CreateDirectory(_proc[$"task/{number}"]).FullName;
        File.WriteAllText(
            Path.Combine(directory, "stat"),
            $"{number} ({name}) {state} 1 1 1 0 -1 4194304 1 0 0 0 {ticks - (ticks / 2)} {ticks / 2} 0 0 20 0 3 0 9 0 0\n"
        );
        File.WriteAllText(Path.Combine(directory, "syscall"), call + "\n");
        File.WriteAllText(
            Path.Combine(directory, "status"),
            $"Name:\t{name}\nState:\t{state} (x)\nvoluntary_ctxt_switches:\t3\nnonvoluntary_ctxt_switches:\t4\n"
        );
    }
}
