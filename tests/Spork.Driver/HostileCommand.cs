using System.Text;
using System.Text.Json.Nodes;
using Spork.Tests.Support;

namespace Spork.Driver;

/// <summary>
/// Every kind of start in a process that finds itself where few look: its directory is gone, its standard streams are
/// closed, names begin with a dash, the disk is full. The report goes into a file: there may be no standard output.
/// </summary>
internal static class HostileCommand
{
    /// <summary>The usual things, twice; the second time nothing may stay behind.</summary>
    internal static int Everyday(string reportFile)
    {
        // What is made at the first start stays.
        Ways(new JsonObject());
        var before = ProcessCounts.TakeBaseline();
        var report = new JsonObject();
        Ways(report);
        // Not mappings: of so few starts they are the runtime's own (code, heap).
        var left = FaultCommand.LeftSoon(before).Where(l => !l.EndsWith(" mappings", StringComparison.Ordinal));
        Note(report, "inherited", () => Inherited($"{reportFile}.inherited"));
        report["left"] = new JsonArray([.. left.Select(o => JsonValue.Create(o))]);
        File.WriteAllText(reportFile, report.ToJsonString());
        return 0;
    }

    /// <summary>
    /// The current directory has a folder of this name, and in it a program of this name and a file NAME.in.
    /// </summary>
    internal static int Names(string reportFile, string name)
    {
        var report = new JsonObject();
        var here = Directory.GetCurrentDirectory();
        Note(report, "program by path", () => Text(new Command($"{here}/{name}/{name}", "x")));
        Note(report, "program by relative path", () => Text(new Command($"./{name}/{name}", "x")));
        Environment.SetEnvironmentVariable("PATH", $"{here}/{name}:{Environment.GetEnvironmentVariable("PATH")}");
        Note(report, "program by name", () => Text(new Command(name, "x")));
        var pwd = new Command("pwd", "-P");
        Note(report, "directory", () => Text(pwd.WithWorkingDirectory($"{here}/{name}"))[here.Length..]);
        Note(report, "relative directory", () => Text(pwd.WithWorkingDirectory(name))[here.Length..]);
        var cat = new Command("cat");
        Note(report, "input", () => Text(cat.WithStandardInput(Stdio.Read($"{name}/{name}.in"))));
        Directory.SetCurrentDirectory($"{here}/{name}");
        Note(report, "relative input", () => Text(cat.WithStandardInput(Stdio.Read($"{name}.in"))));
        Note(report, "output", () => Written("out", file => Stdio.Write(file)));
        Note(report, "appended", () => Written("out", file => Stdio.Append(file)));
        Note(report, "relayed", () => Written("tee", file => Stdio.Tee(Stdio.Write(file))));
        Note(report, "missing", () => Text(cat.WithStandardInput(Stdio.Read($"{name}.missing"))));
        File.WriteAllText(reportFile, report.ToJsonString());
        return 0;

        string Written(string extension, Func<string, Stdio> target)
        {
            var status = new Command("echo", "text").WithStandardOutput(target($"{name}.{extension}")).Run();
            return $"{status}: {File.ReadAllText($"{name}.{extension}")}";
        }
    }

    /// <summary>On a disk that has room for little, whose root is the current directory.</summary>
    internal static int FullDisk(string reportFile)
    {
        var report = new JsonObject();
        var much = new Command("head", "-c", "10000000", "/dev/zero").WithStandardError(Stdio.Null);
        Note(report, "the child's own writes", () => much.WithStandardOutput(Stdio.Write("direct")).Run().ToString());
        File.Delete("direct");
        Note(report, "relay to a file", () => much.WithStandardOutput(Stdio.Tee(Stdio.Write("tee"))).Run().ToString());
        report["kept"] = new FileInfo("tee").Length > 0;
        File.Delete("tee");
        Note(
            report,
            "relay to a stream",
            () =>
            {
                using var stream = new FileStream("stream", FileMode.Create, FileAccess.Write, FileShare.None, 0);
                return much.WithStandardOutput(Stdio.ToStream(stream)).RunAsync().GetAwaiter().GetResult().ToString();
            }
        );
        report["children left"] = File.ReadAllText($"/proc/self/task/{Environment.ProcessId}/children").Trim();
        File.WriteAllText(reportFile, report.ToJsonString());
        return 0;
    }

    private static void Ways(JsonObject report)
    {
        Note(report, "start", Start);
        Note(
            report,
            "asynchronous",
            () => new Command("/bin/sh", "-c", "exit 8").RunAsync().GetAwaiter().GetResult().ToString()
        );
        Note(report, "capture", () => Output(new Command("sh", "-c", "printf out; printf err >&2").Capture()));
        Note(
            report,
            "asynchronous capture",
            () => Output(new Command("sh", "-c", "printf out; printf err >&2").CaptureAsync().GetAwaiter().GetResult())
        );
        Note(report, "pipe", Pipe);
        Note(report, "relay", Relay);
        Note(
            report,
            "pipeline",
            () =>
                (new Command("printf", "b\na\n") | new Command("cat") | new Command("sort"))
                    .Capture()
                    .StandardOutput.Text
        );
        Note(
            report,
            "second stage",
            () => Text(new Command("cat", "/proc/self/oom_score_adj").WithOomScoreAdjustment(900))
        );
        Note(
            report,
            "second stage, inherited streams",
            () => new Command("sh", "-c", "exit 9").WithOomScoreAdjustment(900).Run().ToString()
        );
        Note(report, "directory", () => Text(new Command("pwd", "-P").WithWorkingDirectory("/")));
        Note(report, "missing program", () => Text(new Command("/no/such/program")));
        Note(report, "missing by name", () => Text(new Command("no-such-program")));
        Note(report, "missing directory", () => Text(new Command("true").WithWorkingDirectory("/no/such")));
        Note(report, "shell", () => Command.Shell("exit 6").Run().ToString());
        Note(report, "terminal", Terminal);
        Note(
            report,
            "descriptors of a child",
            () => Text(new Command("ls", "/proc/self/fd").WithStandardInput(Stdio.Null).WithStandardError(Stdio.Null))
        );
    }

    // What the runtime has opened where a standard stream was closed is nobody else's.
    private static string Inherited(string file)
    {
        const string Script = "for n in 0 1 2; do [ -e /proc/$$/fd/$n ] && s=$s$n; done; echo \"open: $s\" >&5";
        new Command("sh", "-c", Script).WithDescriptor(5, Stdio.Write(file)).Run();
        return File.ReadAllText(file);
    }

    private static string Start()
    {
        using var child = new Command("/bin/sh", "-c", "exit 7").Start();
        return child.Wait().ToString();
    }

    private static string Pipe()
    {
        using var child = new Command("cat").WithStandardInput(Stdio.Pipe).WithStandardOutput(Stdio.Pipe).Start();
        child.StandardInput.Write("text"u8);
        child.StandardInput.Close();
        using var reader = new StreamReader(child.StandardOutput);
        return $"{reader.ReadToEnd()}, {child.Wait()}";
    }

    private static string Relay()
    {
        var text = new StringBuilder();
        var command = new Command("cat").WithStandardInput(Stdio.FromText("text"));
        return $"{command.WithStandardOutput(Stdio.ToStringBuilder(text)).Run()}, {text}";
    }

    private static string Terminal()
    {
        using var child = new Command("sh", "-c", "tty >/dev/null && exit 5").StartInTerminal();
        return child.Wait().ToString();
    }

    private static string Output(CommandOutput output)
    {
        // A shell complains of a directory that is gone before it begins.
        var errors = output.StandardError.Text;
        return $"{output.StandardOutput.Text}, {errors[Math.Max(0, errors.Length - 3)..]}";
    }

    private static string Text(Command command) => command.Capture().EnsureSuccess().StandardOutput.Text;

    private static void Note(JsonObject report, string name, Func<string> work)
    {
        try
        {
            report[name] = work();
        }
        catch (Exception e)
        {
            report[name] = e switch
            {
                SpawnException s => $"{s.Step}: {s.Errno.Name}",
                SystemCallException s => $"{s.Call}: {s.Errno.Name}",
                _ => $"{e.GetType().Name}: {e.Message}",
            };
        }
    }
}
