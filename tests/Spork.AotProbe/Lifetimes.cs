namespace Spork.AotProbe;

/// <summary>How commands are ended: one, a tree, a scope, by tokens; and what nobody ends.</summary>
internal static class Lifetimes
{
    private static readonly StopOptions Tree = new() { Reach = StopReach.Tree };

    private static Command Sleep => new("sleep", "1000");

    public static async Task Scope()
    {
        ChildProcess one;
        ChildProcess other;
        await using (var scope = new ProcessScope())
        {
            one = scope.Start(Sleep);
            other = await scope.CreateScope().StartAsync(Sleep);
            Expect.Equal(0, (await scope.Start(new Command("true")).WaitAsync()).Code);
        }

        Expect.Equal(Signal.SIGTERM, (await one.WaitAsync()).Signal!.Value);
        Expect.Equal(Signal.SIGTERM, (await other.WaitAsync()).Signal!.Value);
    }

    public static async Task StopTree()
    {
        foreach (var options in (StopOptions[])[Tree, Tree with { Grace = TimeSpan.Zero }])
        {
            // What it reads ends when the last of the tree has ended.
            using var child = new Command("sh", "-c", "sleep 1000 & (sleep 1000 & wait) & echo ready; wait")
                .WithStandardInput(Stdio.Null)
                .WithStandardOutput(Stdio.Pipe)
                .WithNewSession()
                .Start();
            using var reader = new StreamReader(child.StandardOutput);
            Expect.Equal("ready", await reader.ReadLineAsync());
            var means = options == Tree ? StopMeans.Gracefully : StopMeans.Forcefully;
            Expect.Equal(means, (await child.StopAsync(options)).Means);
            Expect.Equal("", await reader.ReadToEndAsync());
        }

        using var stopped = Sleep.WithOwnCgroup(required: false).Start();
        Expect.Equal(StopMeans.Gracefully, stopped.Stop(Tree).Means);
    }

    public static async Task TwoTokens()
    {
        using var graceful = new CancellationTokenSource();
        var run = Sleep.RunAsync(default, graceful.Token);
        await graceful.CancelAsync();
        await ExpectCancelled(() => run);
        await ExpectCancelled(() => Task.Run(() => Sleep.Run(default, graceful.Token)));
        try
        {
            await Sleep.WithTimeout(TimeSpan.FromMilliseconds(20)).RunAsync();
            Expect.True(false, "a command is stopped when its time is up");
        }
        catch (CommandTimeoutException e)
        {
            // On a busy machine its time is up before it runs.
            Expect.True(e.Status is null || e.Status.Signal == Signal.SIGTERM);
        }
    }

    public static async Task Detached()
    {
        using var child = Sleep.StartDetached();
        using var other = Sleep.Start();
        Expect.True(child.Kill());
        Expect.Equal(child, await ChildProcess.WaitAnyAsync([other, child]));
        other.Kill();
        Expect.Equal(2, (await ChildProcess.WaitAllAsync([other, child])).Count);
    }

    private static async Task ExpectCancelled(Func<Task> run)
    {
        try
        {
            await run();
        }
        catch (OperationCanceledException)
        {
            return;
        }

        Expect.True(false, "a cancelled run throws");
    }
}
