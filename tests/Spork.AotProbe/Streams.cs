using System.Text;

namespace Spork.AotProbe;

/// <summary>Output that is captured, read, relayed, listened to, and made another command's input.</summary>
internal static class Streams
{
    private static readonly CaptureOptions Head = new() { Limit = 3, Overflow = CaptureOverflow.Head };

    private static Command Both => new("sh", "-c", "echo out; echo err >&2; exit 3");

    public static async Task Capture()
    {
        foreach (var output in (CommandOutput[])[Both.Capture(), await Both.CaptureAsync()])
        {
            Expect.Equal(3, output.Status.Code);
            Expect.Equal("out\n", output.StandardOutput.Text);
            Expect.Equal("err\n", output.StandardError.Text);
        }

        var head = await new Command("seq", "100000").CaptureAsync(Head, default, default);
        Expect.Equal("1\n2", head.StandardOutput.Text);
        Expect.True(head.StandardOutput.IsTruncated);
        Expect.Equal(
            "é",
            new Command("printf", @"\351").Capture(new() { Encoding = Encoding.Latin1 }).StandardOutput.Text
        );
    }

    public static async Task Pipe()
    {
        using var child = new Command("sh", "-c", "while read line; do echo \"<$line>\"; done")
            .WithStandardInput(Stdio.Pipe)
            .WithStandardOutput(Stdio.Pipe)
            .Start();
        using var answers = new StreamReader(child.StandardOutput);
        await child.StandardInput.WriteAsync("one\n"u8.ToArray());
        Expect.Equal("<one>", await answers.ReadLineAsync());
        child.StandardInput.Write("two\n"u8);
        Expect.Equal("<two>", await answers.ReadLineAsync());
        child.StandardInput.Close();
        Expect.Equal(0, (await child.WaitAsync()).Code);
    }

    public static async Task Relay()
    {
        var (text, bytes, lines) = (new StringBuilder(), new MemoryStream(), new List<string>());
        var status = await new Command("cat")
            .WithStandardInput(Stdio.FromText("a\nb\n"))
            .WithStandardOutput(Stdio.Tee(Stdio.ToStringBuilder(text), Stdio.ToStream(bytes), Stdio.ToLines(lines.Add)))
            .RunAsync();
        Expect.Equal(0, status.Code);
        Expect.Equal("a\nb\n", text.ToString());
        Expect.Equal("a\nb\n", Encoding.UTF8.GetString(bytes.ToArray()));
        Expect.Equal("a b", string.Join(' ', lines));
    }

    public static async Task Listen()
    {
        var events = new List<string>();
        await foreach (var one in Both.ListenAsync())
        {
            events.Add(one.GetType().Name);
        }

        events.Sort(StringComparer.Ordinal);
        Expect.Equal(
            "ExitedCommandEvent StandardErrorCommandEvent StandardOutputCommandEvent StartedCommandEvent",
            string.Join(' ', events)
        );
    }

    public static async Task Pipeline()
    {
        var pipeline = new Command("seq", "1000") | new Command("grep", "9") | new Command("wc", "-l");
        Expect.Equal("271\n", pipeline.Capture().EnsureSuccess().StandardOutput.Text);
        Expect.Equal("271\n", (await pipeline.CaptureAsync()).StandardOutput.Text);
        var quiet = pipeline | Stdio.Null;
        Expect.True(quiet.Run().IsSuccess);
        Expect.Equal(3, (await quiet.RunAsync()).Statuses.Count);
        using var waited = quiet.Start();
        Expect.True(waited.Wait().IsSuccess);
        using var awaited = await quiet.StartAsync();
        Expect.True((await awaited.WaitAsync()).IsSuccess);
    }
}
