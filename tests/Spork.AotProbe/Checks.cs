using System.Diagnostics;

namespace Spork.AotProbe;

/// <summary>One line for each way into the library that could depend on what a compiler ahead of time leaves out.</summary>
internal static class Checks
{
    public static IReadOnlyList<(string Name, Func<Task> Check)> All { get; } =
    [
        ("run", Run),
        ("run-async", RunAsync),
        ("start", Start),
        ("start-async", StartAsync),
        ("signal", KilledBySignal),
        ("failing-step", FailingStep),
        ("failing-step-async", FailingStepAsync),
        ("missing-program", MissingProgram),
        ("gated", Gated),
        ("gate-given-up", GateGivenUp),
        ("from", FromProcessStartInfo),
        ("explain", Explain),
        ("environment", Environments.ChangesReachTheChild),
        ("environment-bytes", Environments.BytesReachTheChild),
        ("files", Files),
        ("attributes", Attributes),
        ("parent-death", ParentDeath),
        ("hundred", Hundred),
        ("collections", Collections),
        ("inspect", Inspect),
        ("capture", Streams.Capture),
        ("pipe", Streams.Pipe),
        ("relay", Streams.Relay),
        ("listen", Streams.Listen),
        ("pipeline", Streams.Pipeline),
        ("shell", Shells.Shell),
        ("open-pipe", Shells.OpenPipe),
        ("posix", Shells.Posix),
        ("terminal", Terminals.Answers),
        ("second-stage", Isolation.SecondStage),
        ("user-namespace", Isolation.UserNamespace),
        ("scope", Lifetimes.Scope),
        ("stop-tree", Lifetimes.StopTree),
        ("two-tokens", Lifetimes.TwoTokens),
        ("detached", Lifetimes.Detached),
        ("telemetry", Telemetry.SpanAndMetrics),
        ("double", Doubles.NothingIsStarted),
        ("nothing-left", NothingLeft),
    ];

    private static Command Exit(int code) => new("sh", "-c", $"exit {code}");

    private static Task Run()
    {
        Expect.Equal(7, Exit(7).Run().Code);
        return Task.CompletedTask;
    }

    private static async Task RunAsync() => Expect.Equal(8, (await Exit(8).RunAsync()).Code);

    private static async Task Start()
    {
        using var waited = Exit(1).Start();
        Expect.Equal(1, waited.Wait().Code);
        using var awaited = Exit(2).Start();
        Expect.Equal(2, (await awaited.WaitAsync()).Code);
        Expect.True(awaited.ExitStatus!.Usage is { MaxResidentBytes: > 0 });
    }

    private static async Task StartAsync()
    {
        using var child = await Exit(3).StartAsync();
        Expect.Equal(3, (await child.WaitAsync()).Code);
    }

    private static async Task KilledBySignal()
    {
        using var child = new Command("sleep", "1000").Start();
        Expect.True(child.SendSignal(Signal.SIGTERM));
        Expect.Equal(Signal.SIGTERM, (await child.WaitAsync()).Signal!.Value);
    }

    private static async Task FailingStep() =>
        ExpectMissingDirectory(
            await Expect.Fails(() =>
            {
                MissingDirectory().Start().Dispose();
                return Task.CompletedTask;
            })
        );

    private static async Task FailingStepAsync() =>
        ExpectMissingDirectory(await Expect.Fails(async () => (await MissingDirectory().StartAsync()).Dispose()));

    private static Command MissingDirectory() => Exit(0).WithWorkingDirectory("/no/such/directory");

    private static void ExpectMissingDirectory(SpawnException failure)
    {
        Expect.Equal("chdir", failure.Step);
        Expect.Equal(Errno.ENOENT, failure.Errno);
        Expect.True(failure.Message.Contains("the working directory does not exist", StringComparison.Ordinal));
    }

    private static async Task MissingProgram()
    {
        var failure = await Expect.Fails(() => new Command("no-such-program-at-all").RunAsync());
        Expect.True(failure.ProgramNotFound);
    }

    private static async Task Gated()
    {
        using var gated = Exit(4).StartGated();
        Expect.True(Directory.Exists($"/proc/{gated.Id}"));
        using var child = await gated.ReleaseAsync();
        Expect.Equal(4, (await child.WaitAsync()).Code);
        using var other = Exit(5).StartGated();
        using var released = other.Release();
        Expect.Equal(5, released.Wait().Code);
    }

    private static Task GateGivenUp()
    {
        var gated = Exit(0).StartGated();
        var id = gated.Id;
        gated.Dispose();
        Expect.True(!Directory.Exists($"/proc/{id}"));
        return Task.CompletedTask;
    }

    private static Task FromProcessStartInfo()
    {
        var info = new ProcessStartInfo("sh", ["-c", "test \"$PROBE\" = set && test $PWD = /"])
        {
            WorkingDirectory = "/",
            Environment = { ["PROBE"] = "set" },
        };
        Expect.Equal(0, Command.From(info).Run().Code);
        return Task.CompletedTask;
    }

    private static Task Explain()
    {
        var listing = Exit(0).WithWorkingDirectory("/").Explain();
        Expect.True(listing.Lines.Any(line => line.Call.Contains("chdir", StringComparison.Ordinal)));
        Expect.True(listing.ToString().Contains("execve", StringComparison.Ordinal));
        return Task.CompletedTask;
    }

    private static Task Files()
    {
        var path = Path.GetTempFileName();
        try
        {
            var status = new Command("sh", "-c", "echo one; echo two >&2; read x || echo end")
                .WithStandardInput(Stdio.Null)
                .WithStandardOutput(Stdio.Append(path))
                .WithStandardError(Stdio.Append(path))
                .Run();
            Expect.Equal(0, status.Code);
            Expect.Equal("one\ntwo\nend\n", File.ReadAllText(path));
        }
        finally
        {
            File.Delete(path);
        }

        return Task.CompletedTask;
    }

    private static Task Attributes()
    {
        const string Script = "test \"$(umask)\" = 0077 && test \"$(ulimit -n)\" = 64 && test \"$(nice)\" = 5";
        var status = new Command("sh", "-c", Script)
            .WithUmask((UnixFileMode)0b000_111_111)
            .WithLimit(Resource.OpenFiles, 64)
            .WithNice(5)
            .WithNewSession()
            .WithSignalMask(Signal.SIGUSR1)
            .Run();
        Expect.Equal(0, status.Code);
        return Task.CompletedTask;
    }

    // From a thread of the library's own: the signal is about the thread that made the child.
    private static async Task ParentDeath()
    {
        using var child = new Command("sleep", "1000").WithParentDeathSignal(Signal.SIGTERM).Start();
        Expect.True(!child.HasExited);
        Expect.True(child.Kill());
        Expect.Equal(Signal.SIGKILL, (await child.WaitAsync()).Signal!.Value);
    }

    private static async Task Hundred()
    {
        var all = await Task.WhenAll(Enumerable.Range(0, 100).Select(code => Exit(code).RunAsync()));
        Expect.True(all.Select(status => status.Code!.Value).SequenceEqual(Enumerable.Range(0, 100)));
    }

    // Starts while the collector stops and moves the world. The breath after each collection is for the runtime: a thread
    // that comes back from a system call waits for the collection that runs, and must be awake again before the next one
    // begins; on a busy machine it lost that race 80,000 times in a row, for a minute.
    private static async Task Collections()
    {
        using var stop = new CancellationTokenSource();
        var collecting = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                GC.Collect();
                Thread.Sleep(1);
            }
        });
        for (var i = 0; i < 50; i++)
        {
            Expect.Equal(i, Exit(i).Run().Code!.Value);
        }

        await stop.CancelAsync();
        await collecting;
    }

    private static Task Inspect()
    {
        Expect.True(SpawnLadder.Inspect().Count > 0);
        return Task.CompletedTask;
    }

    private static Task NothingLeft()
    {
        // Once before: what is made at the first start stays.
        Expect.Equal(0, Exit(0).Run().Code);
        var before = Directory.GetFiles("/proc/self/fd").Length;
        for (var i = 0; i < 20; i++)
        {
            Exit(0).Run();
        }

        // Fewer is right too: what an earlier check dropped is closed when the collector finds it.
        Expect.True(Directory.GetFiles("/proc/self/fd").Length <= before);
        return Task.CompletedTask;
    }
}
