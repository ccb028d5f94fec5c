namespace Spork.AotProbe;

/// <summary>The second stage, and namespaces at birth.</summary>
internal static class Isolation
{
    public static async Task SecondStage()
    {
        var command = new Command("cat", "/proc/self/oom_score_adj").WithOomScoreAdjustment(900).WithNoNewPrivileges();
        Expect.Equal("900\n", command.Capture().EnsureSuccess().StandardOutput.Text);
        Expect.Equal("900\n", (await command.CaptureAsync()).StandardOutput.Text);
        var failure = await Expect.Fails(() => command.WithWorkingDirectory("/no/such").RunAsync());
        Expect.Equal("chdir", failure.Step);
        Expect.Equal(Errno.ENOENT, failure.Errno);
    }

    // A container may refuse them, by a limit or a filter: then the refusal is what there is to see.
    public static Task UserNamespace()
    {
        try
        {
            var id = new Command("id", "-u").WithOwnIdentityAs(7).Capture();
            Expect.Equal("7\n", id.EnsureSuccess().StandardOutput.Text);
        }
        catch (SpawnException e) when (e.Errno == Errno.EPERM || e.Errno == Errno.ENOSPC || e.Errno == Errno.EACCES)
        {
            Console.WriteLine($"user namespaces: {e.Message}");
        }

        return Task.CompletedTask;
    }
}
