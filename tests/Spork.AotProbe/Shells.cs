namespace Spork.AotProbe;

/// <summary>The ways in that C has: system, popen, posix_spawn.</summary>
internal static class Shells
{
    public static async Task Shell()
    {
        var word = "it's $HOME";
        Expect.Equal($"{word} 3\n", Command.Shell($"echo {word} {3}").Capture().StandardOutput.Text);
        Expect.Equal(5, Command.Shell("exit 5").Run().Code);
        Expect.Equal(6, (await Command.Shell("exit 6").RunAsync()).Code);
    }

    public static async Task OpenPipe()
    {
        using var reading = Command.OpenPipe("echo read; exit 3", FileAccess.Read);
        using var reader = new StreamReader(reading);
        Expect.Equal("read\n", await reader.ReadToEndAsync());
        Expect.Equal(3, reading.CloseAndWait().Code);
        await using var writing = new Command("grep", "-q", "^written$").OpenPipe(FileAccess.Write);
        await writing.WriteAsync("written\n"u8.ToArray());
        Expect.Equal(0, (await writing.CloseAndWaitAsync()).Code);
    }

    public static async Task Posix()
    {
        var actions = new SpawnFileActions().AddOpen(1, "/dev/null", 1).AddDup2(1, 2).AddChDir("/");
        var attributes = new SpawnAttributes
        {
            Flags = SpawnFlags.SetSigMask | SpawnFlags.SetPGroup,
            SignalMask = [Signal.SIGUSR1],
        };
        ByteString[] arguments = ["sh", "-c", "echo $PWD; test $PWD = / && test $A = b && exit 7"];
        ByteString[] environment = ["A=b", "PATH=/usr/bin:/bin"];
        ChildProcess[] children =
        [
            Spork.Posix.Spawn("/bin/sh", actions, attributes, arguments, environment),
            Spork.Posix.SpawnP("sh", actions, attributes, arguments, environment),
            await Spork.Posix.SpawnAsync("/bin/sh", actions, attributes, arguments, environment),
            await Spork.Posix.SpawnPAsync("sh", actions, attributes, arguments, environment),
        ];
        foreach (var child in children)
        {
            Expect.Equal(7, (await child.WaitAsync()).Code);
            child.Dispose();
        }

        var failure = await Expect.Fails(() =>
        {
            Spork.Posix.Spawn("/no/such", null, null, ["such"]).Dispose();
            return Task.CompletedTask;
        });
        Expect.Equal(Errno.ENOENT, failure.Errno);
    }
}
