using Spork.Linux;
using Spork.Programs;
using Spork.Spawning;

namespace Spork.Driver;

/// <summary>A way to start a program while something is refused, and what came of it in one line.</summary>
internal sealed class FaultKind : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("spork-driver-");
    private readonly string _kind;
    private readonly Command _command;

    internal FaultKind(string kind)
    {
        _kind = kind;
        var file = Path.Combine(_directory.FullName, "program");
        switch (kind)
        {
            case "large":
                _command = new Command("/bin/true", new string('a', 100_000), new string('b', 100_000));
                break;
            case "asynchronous failure":
                _command = new Command("/bin/true").WithWorkingDirectory("/no/such/directory");
                break;
            case "own identity, no CAP_SETGID":
                DropEffective(Capability.CAP_SETGID);
                _command = Kinds.Make("own identity", _directory.FullName);
                break;
            case "slow":
                _ = LibC.MakeFifo(file, 0x180);
                _command = new Command("/bin/true").WithStandardInput(Stdio.Read(file));
                break;
            case "tree":
                _command = new Command("sh", "-c", "sleep 1000 & sleep 1000 & wait").WithNewSession();
                break;
            default:
                _command = Kinds.Make(
                    kind,
                    kind == "cgroup" ? Environment.GetEnvironmentVariable("TEST_CGROUP")! : _directory.FullName
                );
                break;
        }
    }

    /// <summary>Bytes that are mapped for the child.</summary>
    internal string ArenaSize =>
        _kind == "large"
            ? Arena
                .SizeFor(
                    CommandCompiler.Compile(
                        _command.Options,
                        InheritedEnvironment.Current(),
                        new StartMode(false, false, Rung.Clone3)
                    )
                )
                .ToString()
            : "65536";

    /// <summary>Of each failure in the child: what it says, and what the listing has at the step that it names.</summary>
    internal List<(string Said, string Listed)> Failures { get; } = [];

    /// <summary>What one attempt made must not meet the next (<see cref="FileMode.CreateNew"/>).</summary>
    internal void Fresh() => File.Delete(Path.Combine(_directory.FullName, "file.new"));

    /// <summary>The program, as a start of this kind would have it now.</summary>
    internal ChildProgram Compile() => CommandCompiler.Compile(_command.Options, InheritedEnvironment.Current(), Mode);

    /// <summary>A failure in all that names it, in one line.</summary>
    internal string Say(int index, int count, string step, string subject, string errno, string call) =>
        $"step {index} of {count}, {step}({subject}): {errno}: {call}".Replace(
            _directory.FullName,
            "DIRECTORY",
            StringComparison.Ordinal
        );

    /// <summary>One attempt; of a failure in the child what it says, and the call that the listing has there.</summary>
    internal string TryAndSay()
    {
        Failures.Clear();
        var outcome = Try();
        return Failures.Count == 0 ? outcome : Failures[^1].Said;
    }

    internal int Attempts(int usual) => _kind is "slow" ? 1 : usual;

    internal string Try()
    {
        try
        {
            return _kind switch
            {
                "asynchronous" => Watched(_command.StartAsync().AsTask().GetAwaiter().GetResult()),
                "asynchronous second stage" => Watched(_command.StartAsync().AsTask().GetAwaiter().GetResult()),
                "gated second stage" => Gated(),
                "asynchronous failure" => Watched(_command.StartAsync().AsTask().GetAwaiter().GetResult()),
                "gated" => Gated(),
                "given up" => GivenUp(),
                "watched" or "watched second stage" => Watched(_command.Start()),
                "in place" => InPlace(),
                "slow" => Slow(),
                "tree" => Tree(),
                "piped" => Piped(),
                "captured" => _command.WithStandardInput(Stdio.FromText("x")).Capture().Status.ToString(),
                "captured asynchronously" => _command.CaptureAsync().GetAwaiter().GetResult().Status.ToString(),
                "pipeline" => (_command | _command).Run().ToString(),
                "real ids" => Watched(Posix.Spawn("/bin/true", null, new() { Flags = SpawnFlags.ResetIds }, ["true"])),
                _ when Way is { } way => way(Command.Shell("exit 3")).ToString(),
                "own terminal" => Watched(_command.StartInTerminal()),
                _ => _command.Run().ToString(),
            };
        }
        catch (Exception e)
        {
            Note(e);
            return e is SpawnException { Subject: var subject } && Way is not null
                ? $"{Describe(e)}: {subject}"
                : Describe(e);
        }
    }

    private StartMode Mode
    {
        get
        {
            var gated = _kind is "gated" or "gated second stage" or "given up";
            var asynchronous = gated || _kind.StartsWith("asynchronous", StringComparison.Ordinal);
            return new StartMode(asynchronous, gated, SpawnLadder.Rung, InPlace: _kind == "in place");
        }
    }

    private void Note(Exception exception)
    {
        if (exception is not SpawnException { StepIndex: > 0 } e)
        {
            return;
        }

        if (_kind == "own terminal")
        {
            // The terminal is not the command's: what is started is made of both.
            return;
        }

        var program = Compile();
        if (_kind == "reset ids" && program.StepCount != e.StepCount)
        {
            // It names each descriptor that is open, and the runtime has opened one meanwhile.
            return;
        }

        var line = _command.Explain(Mode).Lines[e.StepIndex - 1];
        var step = program.Steps.Concat(program.Second?.Steps ?? []).ElementAt(e.StepIndex - 1);
        var errno = e.KilledBy is { } signal ? signal.Name : e.Errno.Name;
        Failures.Add(
            (
                Say(e.StepIndex, e.StepCount, e.Step, e.Subject, errno, line.Call),
                Say(line.Index, program.StepCount, step.Name, step.Subject, errno, step.CallText)
            )
        );
    }

    // A script, run in a way of its own.
    private Func<Command, ExitStatus>? Way =>
        _kind.StartsWith("script ", StringComparison.Ordinal) ? ShellCommands.Ways[_kind["script ".Length..]] : null;

    internal static string Describe(Exception exception) =>
        exception is SpawnException e
            ? $"{e.Step} {(e.KilledBy is { } signal ? signal.Name : e.Errno.Name)} {(e.StepIndex == 0 ? "in the parent" : "in the child")}"
            : $"{exception.GetType().Name}: {exception.Message}";

    public void Dispose() => _directory.Delete(recursive: true);

    // Of this thread and those it makes.
    private static unsafe void DropEffective(Capability capability)
    {
        var sets = CapabilitySets.OfThisThread();
        var effective = sets.Effective & ~CapabilitySets.Bit(capability);
        var header = new CapabilityHeader { Version = CapabilityHeader._LINUX_CAPABILITY_VERSION_3 };
        var words = stackalloc CapabilityWords[2];
        for (var i = 0; i < 2; i++)
        {
            words[i].Effective = (uint)(effective >> (32 * i));
            words[i].Permitted = (uint)(sets.Permitted >> (32 * i));
            words[i].Inheritable = (uint)(sets.Inheritable >> (32 * i));
        }

        var result = Sys.Call(Syscall.capset, (nint)(&header), (nint)words);
        if (result != 0)
        {
            throw new SystemCallException("capset", $"{capability}", Sys.ErrnoOf(result));
        }
    }

    private string Tree()
    {
        using var child = _command.Start();
        try
        {
            // As soon as it has its children; a look at them is not refused to anybody.
            SpinWait.SpinUntil(() => ChildrenOf(child.Id) == 2, TimeSpan.FromSeconds(20));
            return child.Stop(new StopOptions { Grace = TimeSpan.Zero, Reach = StopReach.Tree }).ToString();
        }
        catch (SystemCallException e)
        {
            // Those that could not be looked for; so that this test leaves nobody.
            child.TrySignalGroup(Signal.SIGKILL);
            return $"{e.Call} {e.Errno.Name}, {child.ExitStatus}";
        }
    }

    private static int ChildrenOf(int parent) =>
        ProcStat.Numbers().Count(n => ProcStat.TryRead(n, out var stat) && stat.Parent == parent);

    private string Gated()
    {
        using var gated = _command.StartGated();
        return Watched(gated.Release());
    }

    private string Piped()
    {
        using var child = _command
            .WithStandardInput(Stdio.Pipe)
            .WithStandardOutput(Stdio.Pipe)
            .WithStandardError(Stdio.Pipe)
            .Start();
        return child.Wait().ToString();
    }

    private string GivenUp()
    {
        _command.StartGated().Dispose();
        return "given up";
    }

    private string InPlace()
    {
        _command.ExecInPlace();
        return "not reached";
    }

    // The child sits in open(2) for a second; whoever waits for it must not burn a processor meanwhile.
    private string Slow()
    {
        var fifo = Path.Combine(_directory.FullName, "program");
        var opener = new Thread(() =>
        {
            Thread.Sleep(1000);
            using var end = new FileStream(fifo, FileMode.Open, FileAccess.Write);
        });
        opener.Start();
        var status = _command.Run();
        opener.Join();
        return status.ToString();
    }

    private static string Watched(ChildProcess child)
    {
        using (child)
        {
            return child.WaitAsync().GetAwaiter().GetResult().ToString();
        }
    }
}
