using System.Text;
using Spork.Tests.Support;

namespace Spork.Tests.Spawning.Streams;

/// <summary>What users of other libraries run into with output and input; docs/comparison.md has the whole list.</summary>
public class ComplaintTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // dotnet/msbuild#13351: a cure for waits that never end lost the output of programs that end at once.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_output_of_a_program_that_ends_at_once_is_never_empty(bool synchronous)
    {
        var echo = new Command("echo", "said").WithDrainGrace(TimeSpan.Zero);
        for (var i = 0; i < 200; i++)
        {
            var output = synchronous ? echo.Capture(cancellationToken: Token) : await echo.CaptureAsync(null, Token);
            Assert.Equal(("said\n", false), (output.StandardOutput.Text, output.Status.StreamsCutOff));
        }
    }

    // dotnet/runtime#108395, #106160, #100114: output cut short where many programs run at once.
    [Fact]
    public async Task A_thousand_captures_at_once_are_exact_to_the_byte()
    {
        var command = new Command("seq", "1", "10000");
        var expected = string.Concat(Enumerable.Range(1, 10_000).Select(i => $"{i}\n"));
        using var atOnce = new SemaphoreSlim(64);
        var outputs = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => OneAsync()));
        Assert.All(outputs, isRight => Assert.True(isRight));

        async Task<bool> OneAsync()
        {
            await atOnce.WaitAsync(Token);
            try
            {
                return (await command.CaptureAsync(null, Token)).StandardOutput.Text == expected;
            }
            finally
            {
                atOnce.Release();
            }
        }
    }

    // dotnet/runtime#98347: a killed program is not over for Process as long as its children live.
    [Fact]
    public async Task A_program_that_is_killed_is_over_though_its_child_holds_the_pipe()
    {
        using var directory = new TempDirectory();
        using var child = new Command("sh", "-c", $"sleep 60 & echo $! > {directory["pid"]}; echo up; wait")
            .WithStandardOutput(Stdio.Pipe)
            .Start(Token);
        await foreach (var _ in child.StandardOutput.ReadLinesAsync(cancellationToken: Token))
        {
            break;
        }

        Assert.True(child.Kill());
        var status = await child.WaitAsync(Token);
        Assert.Equal(Signal.SIGKILL, status.Signal);
        var orphan = int.Parse(File.ReadAllText(directory["pid"]));
        Assert.True(Directory.Exists($"/proc/{orphan}"), "the child of the program held the pipe until now");
        new Command("kill", "-KILL", $"{orphan}").Run();
    }

    // dotnet/corefx#5556, dotnet/dotnet-api-docs#6849, adamralph/simple-exec#856.
    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-32")]
    [InlineData("iso-8859-1")]
    public void A_text_is_written_in_its_encoding_and_without_a_byte_order_mark(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        var cat = new Command("cat").WithStandardInput(Stdio.FromText("für\n", encoding));
        var output = cat.Capture(new CaptureOptions { Encoding = encoding }, Token).StandardOutput;
        Assert.Equal(encoding.GetBytes("für\n"), output.Bytes.ToArray());
        Assert.Equal("für\n", output.Text);
    }

    // meziantou/Meziantou.Framework#2395: a stream that was redirected and is read by nobody stops the program for ever.
    // Nobody has to read what was not asked for.
    [Fact]
    public async Task Output_that_nobody_asked_for_stops_nobody()
    {
        var loud = new Command("sh", "-c", "head -c 10000000 /dev/zero >&2; echo done");
        var output = await loud.WithStandardError(Stdio.Null).CaptureAsync(null, Token);
        Assert.Equal("done\n", output.StandardOutput.Text);
        output = await loud.CaptureAsync(new CaptureOptions { Limit = 5, Overflow = CaptureOverflow.Tail }, Token);
        Assert.Equal(("done\n", 10_000_000), (output.StandardOutput.Text, output.StandardError.TotalBytes));
    }
}
