using System.Text.Json.Nodes;
using Microsoft.Win32.SafeHandles;
using Spork.Linux;
using Spork.Spawning;
using Spork.Tests.Support;

namespace Spork.Driver;

/// <summary>
/// POSIX_SPAWN_RESETIDS in a process whose effective ids are not its real ones: the same spawn through Spork, waited for
/// and not, and through libc's posix_spawn. What the program is, and who made its file.
/// </summary>
internal static class ResetIdsCommand
{
    private const int WriteCreate = 0x241;

    private static readonly string[] Said =
    [
        "Uid:",
        "Gid:",
        "Groups:",
        "Cap",
        // Not SigQ, which is about all processes of the user.
        "SigPnd:",
        "SigBlk:",
        "SigIgn:",
        "SigCgt:",
        "Shd",
        "NoNewPrivs:",
        "Max ",
        "from ",
    ];

    /// <param name="directory">Where the programs' outputs go. It holds a file <c>text</c>.</param>
    /// <param name="file">Is opened, as descriptor 7.</param>
    /// <param name="credentials">What this thread becomes before (<see cref="OwnCredentials"/>).</param>
    internal static int Run(string directory, string file, string credentials)
    {
        // Close-on-exec, as .NET opens everything.
        using var text = File.OpenHandle(Path.Combine(directory, "text"));
        Command Unchecked(string name, string? opened = null) => Of(text, directory, name, opened ?? file);
        Command Make(string name, string opened)
        {
            var command = Of(text, directory, name, opened);
            PosixRefusals.Check(command.Options);
            return command;
        }

        RaiseStackLimit();
        OwnCredentials.Become(credentials);
        foreach (var opened in new[] { "/dev/null", "/no/such" })
        {
            // The runtime keeps what it opens once: /dev/urandom, for one.
            // Whatever is refused below.
            _ = Try(directory, "warm", () => Start(Unchecked("warm", opened)), withStep: true);
            _ = Try(directory, "warm", () => StartAsync(Unchecked("warm", opened)), withStep: true);
        }

        var before = ProcessCounts.TakeBaseline();
        var result = new JsonObject
        {
            ["libc"] = Try(directory, "libc", () => ByLibC(Unchecked("libc")), withStep: false),
            ["spork"] = Try(directory, "spork", () => Start(Make("spork", file)), withStep: false),
            ["async"] = Try(directory, "async", () => StartAsync(Make("async", file)), withStep: false),
            // What it would come to if nothing were refused.
            ["unchecked"] = Try(directory, "unchecked", () => Start(Unchecked("unchecked")), withStep: false),
            ["failure"] = Try(directory, "spork", () => Start(Make("spork", file)), withStep: true),
            ["hint"] = Hint(() => Start(Make("spork", file))),
            ["missing"] = Try(directory, "spork", () => Start(Make("spork", "/no/such")), withStep: true),
        };
        var after = ProcessCounts.Take();
        result["left"] = new JsonArray([
            .. after
                .Descriptors.Where(d => before.Descriptors.GetValueOrDefault(d.Key) != d.Value)
                .Select(d => JsonValue.Create($"descriptor {d}")),
            .. after.Children.Select(c => JsonValue.Create($"child {c}")),
        ]);
        Console.WriteLine(result.ToJsonString());
        return 0;
    }

    // Above what an exec with different ids leaves, the one that began this process included.
    private static unsafe void RaiseStackLimit()
    {
        var limit = new RLimit { Soft = 64 << 20, Hard = ulong.MaxValue };
        var result = Sys.Call(Syscall.prlimit64, 0, (int)Resource.StackSize, (nint)(&limit));
        if (result != 0)
        {
            throw new SystemCallException("prlimit64", "RLIMIT_STACK", Sys.ErrnoOf(result));
        }
    }

    private static Command Of(SafeFileHandle text, string directory, string name, string file) =>
        Command.Of(
            PosixRequest.Options(
                "cat",
                search: true,
                new SpawnFileActions()
                    .AddChDir(directory)
                    .AddOpen(1, name, WriteCreate, 0x1B6)
                    .AddOpen(7, file, 0)
                    // An action may reach what is close-on-exec by its number, and by its path.
                    .AddDup2(text, 5)
                    .AddOpen(6, $"/dev/fd/{(int)text.DangerousGetHandle()}", 0)
                    .AddCloseFrom(8),
                new() { Flags = SpawnFlags.ResetIds | SpawnFlags.SetSid },
                ["cat", "/proc/self/status", "/proc/self/limits", "/dev/fd/5", "/dev/fd/6"],
                environment: null
            )
        );

    private static ExitStatus Start(Command command) => Wait(command.Start());

    private static ExitStatus StartAsync(Command command) =>
        Wait(command.StartAsync().AsTask().GetAwaiter().GetResult());

    private static ExitStatus ByLibC(Command command) => Wait(PosixByLibC.Start(command.Options, command.Handles));

    private static ExitStatus Wait(ChildProcess child)
    {
        using (child)
        {
            return child.Wait();
        }
    }

    // glibc ignores its own two signals, 32 and 33, in the child (docs/porting.md).
    private static string WithoutLibCsOwn(string line) =>
        line.StartsWith("SigIgn:\t", StringComparison.Ordinal)
            ? $"SigIgn:\t{Convert.ToUInt64(line[8..], 16) & ~(3UL << 31):x16}"
            : line;

    private static string Hint(Func<ExitStatus> start)
    {
        try
        {
            start();
            return "";
        }
        catch (SpawnException e)
        {
            return e.Hint ?? "";
        }
    }

    private static string Try(string directory, string name, Func<ExitStatus> start, bool withStep)
    {
        var path = Path.Combine(directory, name);
        try
        {
            var status = start();
            var lines = File.ReadLines(path).Where(line => Said.Any(s => line.StartsWith(s, StringComparison.Ordinal)));
            return $"{status}\n{string.Join('\n', lines.Select(WithoutLibCsOwn))}";
        }
        catch (SpawnException e)
        {
            return withStep
                ? $"{e.Step} {e.Subject} {e.Errno.Name} {(e.StepIndex > 0 && e.StepIndex <= e.StepCount ? "in the child" : "in the parent")}"
                : e.Errno.Name;
        }
    }
}
