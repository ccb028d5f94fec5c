using Spork.Testing;

namespace Spork.AotProbe;

/// <summary>The seam for users' tests.</summary>
internal static class Doubles
{
    public static async Task NothingIsStarted()
    {
        using var commands = new CommandDouble();
        commands.When("no-such-program", "version").Writes("1.2\n").Exits(3);
        commands
            .When("no-such-calculator")
            .Runs(
                async (call, token) =>
                {
                    using var reader = new StreamReader(call.StandardInput);
                    await call.StandardOutput.WriteAsync(
                        await reader.ReadToEndAsync(token) is "1" ? "2"u8.ToArray() : [],
                        token
                    );
                }
            );
        var output = await new Command("no-such-program", "version").CaptureAsync();
        Expect.Equal(3, output.Status.Code);
        Expect.Equal("1.2\n", output.StandardOutput.Text);
        var sum = new Command("no-such-calculator").WithStandardInput(Stdio.FromText("1")).Capture();
        Expect.Equal("2", sum.StandardOutput.Text);
        commands.Verify();
        Expect.Equal(2, commands.Calls.Count);
    }
}
