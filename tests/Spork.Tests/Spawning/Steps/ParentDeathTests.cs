using System.Globalization;
using System.IO.Pipes;
using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>PR_SET_PDEATHSIG: when the parent process dies, not before, and not too late either.</summary>
public class ParentDeathTests
{
    [Fact]
    public void The_child_gets_the_signal_when_its_parent_dies()
    {
        var child = ChildOfDyingParent("start-and-die", "parent-death", "SIGKILL");
        Waiting.For(() => OtherProcess.HasEnded(child), "the child of a dead parent to end");
    }

    [Fact]
    public void Without_it_the_child_lives_on()
    {
        var child = ChildOfDyingParent("start-and-die");
        using var pidFd = PidFd.Open(child);
        Assert.False(OtherProcess.HasEnded(child));
        pidFd.Kill();
        Waiting.For(() => OtherProcess.HasEnded(child), "the child to be killed");
    }

    [Fact]
    public void A_parent_that_dies_before_the_child_asks_is_noticed_and_the_program_never_runs()
    {
        using var directory = new TempDirectory();
        var fifo = Fifo.Create(directory["fifo"]);
        using var parent = new Command(
            DummyProgram.Executable,
            "spork",
            "run",
            "read",
            $"5:{fifo}",
            "parent-death",
            "SIGTERM",
            "--",
            "touch",
            directory["ran"]
        ).Start();
        // The helper's child waits in open(2), which comes before the step that asks.
        var child = 0;
        Waiting.For(
            () =>
                (
                    child = OtherProcess
                        .ChildrenOf(parent.Id)
                        .FirstOrDefault(c => OtherProcess.IsIn(c, OtherProcess.OpenAt))
                ) != 0,
            "the helper's child"
        );
        parent.Kill();
        parent.Wait();
        Assert.False(OtherProcess.HasEnded(child));
        using (File.OpenHandle(fifo, FileMode.Open, FileAccess.Write))
        {
            Waiting.For(() => OtherProcess.HasEnded(child), "the child to notice");
        }

        Assert.False(File.Exists(directory["ran"]));
    }

    [Fact]
    public void The_end_of_the_thread_that_started_it_is_not_the_parents_death()
    {
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        using var reading = pipe.ClientSafePipeHandle;
        var command = new Command("sh", "-c", "read x; exit 5")
            .WithStandardInput(Stdio.FromHandle(reading))
            .WithParentDeathSignal(Signal.SIGKILL);
        ChildProcess? child = null;
        var id = "";
        var thread = new Thread(() =>
        {
            id = Path.GetFileName(new FileInfo("/proc/thread-self").LinkTarget!);
            child = command.Start();
        });
        thread.Start();
        thread.Join();
        using (child)
        {
            Waiting.For(() => !Directory.Exists($"/proc/self/task/{id}"), "the thread to be gone");
            Assert.False(child!.HasExited);
            pipe.WriteByte((byte)'\n');
            Assert.Equal(5, child.Wait().Code);
        }
    }

    [Fact]
    public void The_step_and_its_check_are_explained()
    {
        var calls = new Command("true")
            .WithParentDeathSignal(Signal.SIGTERM)
            .Explain()
            .Lines.Select(l => l.Call)
            .ToList();
        var asked = calls.IndexOf("prctl(PR_SET_PDEATHSIG, SIGTERM)");
        Assert.Equal("getppid()", calls[asked + 1]);
    }

    private static int ChildOfDyingParent(string verb, params string[] options)
    {
        // stdin and stdout for the child too: it must not keep the helper's pipes open.
        using var directory = new TempDirectory();
        string[] quiet = ["append", "1:/dev/null", "append", "2:/dev/null"];
        var helper = new Command(DummyProgram.Executable, ["spork", verb, .. quiet, .. options, "--", "sleep", "1000"]);
        var status = helper.WithStandardOutput(Stdio.Write(directory["out"])).Run();
        Assert.Equal(Signal.SIGKILL, status.Signal);
        return int.Parse(File.ReadAllText(directory["out"]), CultureInfo.InvariantCulture);
    }
}
