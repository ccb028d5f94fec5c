using Microsoft.Win32.SafeHandles;
using Spork.Tests.Support;

namespace Spork.Driver;

/// <summary>One command of each kind. Files lie in the directory that the test gives; the test cleans up.</summary>
internal static class Kinds
{
    private const UnixFileMode ForAll =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    // O_RDWR|O_CREAT|O_APPEND
    private const int AppendCreate = 0x442;

    // No collection closes it: the program stays busy as long as the driver lives.
    private static FileStream? s_writer;

    internal static Command Make(string kind, string directory)
    {
        var command = new Command("/bin/true");
        var file = Path.Combine(directory, "file");
        if (kind != "cgroup")
        {
            File.WriteAllText(file, "");
        }

        return kind switch
        {
            "path search" => new Command("true", "an argument", "\"quoted\"\n").WithEnvironmentVariable(
                "PATH",
                $"/no/such:{directory}:/bin"
            ),
            "exact environment" => command.WithEnvironment([new("A", "1"), new("B", "2")]).WithArgumentZero("zero"),
            "busy" => Busy(Path.Combine(directory, "program")),
            "kept" => command.WithDescriptor(Fifty(), Stdio.FromDescriptor(50)),
            "source" => command.WithDescriptor(51, Stdio.FromDescriptor(Fifty())),
            "null streams" => command
                .WithStandardInput(Stdio.Null)
                .WithStandardOutput(Stdio.Null)
                .WithStandardError(Stdio.Null),
            "closed streams" => command.WithStandardInput(Stdio.Closed).WithStandardError(Stdio.Closed),
            "files" => command
                .WithStandardInput(Stdio.Read(file))
                .WithStandardOutput(Stdio.Append(file))
                .WithStandardError(Stdio.Write(file))
                .WithDescriptor(5, Stdio.FromFile(file + ".new", FileMode.CreateNew, FileAccess.ReadWrite, ForAll)),
            "handles" => command
                .WithStandardInput(Stdio.FromHandle(Open(file)))
                .WithDescriptor(9, Stdio.FromHandle(Open(file))),
            "swap" => command.WithDescriptor(1, Stdio.FromDescriptor(2)).WithDescriptor(2, Stdio.FromDescriptor(1)),
            "cycle" => command
                .WithDescriptor(0, Stdio.FromDescriptor(1))
                .WithDescriptor(1, Stdio.FromDescriptor(2))
                .WithDescriptor(2, Stdio.FromDescriptor(0)),
            "chain" => command
                .WithDescriptor(7, Stdio.FromDescriptor(2))
                .WithDescriptor(2, Stdio.FromDescriptor(1))
                .WithDescriptor(1, Stdio.FromDescriptor(0)),
            "session" => command.WithNewSession().WithUmask(UnixFileMode.GroupWrite | UnixFileMode.OtherWrite),
            "no umask" => command.WithUmask(0),
            "terminal" => command.WithTerminal(PseudoTerminal.Open()),
            "terminal from 0" => command.WithTerminal(WithoutInput(PseudoTerminal.Open, before: true)),
            "terminal to 0" => command.WithTerminal(WithoutInput(PseudoTerminal.Open, before: false)),
            "terminal elsewhere" => command
                .WithStandardInput(Stdio.Null)
                .WithStandardOutput(Stdio.Null)
                .WithStandardError(Stdio.Null)
                .WithTerminal(PseudoTerminal.Open()),
            "group" => command.WithProcessGroup(),
            "limits" => command
                .WithLimit(Resource.OpenFiles, 64, 128)
                .WithLimit(Resource.CoreSize, 0)
                .WithLimit(Resource.CpuTime, 1024, ulong.MaxValue)
                .WithLimit(Resource.FileSize, 1L << 20),
            "scheduling" => command.WithNice(7).WithAffinity(FirstAllowed()),
            "directory" => command.WithWorkingDirectory(directory),
            "directory handle" => command.WithWorkingDirectory(OpenDirectory(directory)),
            "parent death" => command.WithParentDeathSignal(Signal.SIGTERM),
            "cgroup" => command.WithCgroup(directory),
            "signals" => command
                .WithIgnoredSignals(Signal.SIGHUP, Signal.SIGUSR1)
                .WithSignalMask(Signal.SIGTERM, new Signal(40), new Signal(64)),
            "credentials" => command
                .WithUser(65534)
                .WithGroup(65534)
                .WithSupplementaryGroups(100, 65534)
                .WithCapabilities(Capability.CAP_KILL)
                .WithNoNewPrivileges()
                .WithOomScoreAdjustment(500)
                .WithLimit(Resource.CoreSize, 0)
                .WithParentDeathSignal(Signal.SIGTERM)
                .WithWorkingDirectory("/"),
            "dropped" => command.WithoutCapabilities(Capability.CAP_KILL, Capability.CAP_NET_RAW),
            "namespaces" => command
                .WithNewNamespaces(
                    Namespaces.Mount | Namespaces.Network | Namespaces.Ipc | Namespaces.Cgroup | Namespaces.Process
                )
                .WithHostName("inside")
                .WithClockOffsets(TimeSpan.FromSeconds(1000.5), TimeSpan.FromSeconds(-1.25))
                .WithParentDeathSignal(Signal.SIGTERM)
                .WithRootDirectory("/"),
            "joined" => command
                .WithWorkingDirectory(OpenDirectory(directory))
                .WithNamespace(Open("/proc/self/ns/net", FileAccess.Read))
                .WithNamespace(Open("/proc/self/ns/uts", FileAccess.Read), Namespaces.HostName),
            "own identity" => command.WithOwnIdentityAs().WithNewNamespaces(Namespaces.Network),
            "own identity, another group" => command.WithOwnIdentityAs(0, 1000).WithNewNamespaces(Namespaces.Network),
            "mapped" => command.WithOwnIdentityAs(1000, 1000).WithNewNamespaces(Namespaces.Network),
            "task" => command
                .WithNoNewPrivileges()
                .WithIoPriority(IoPriorityClass.BestEffort, 7)
                .WithScheduler(SchedulingPolicy.Batch),
            "watched second stage" or "asynchronous second stage" or "gated second stage" =>
                command.WithOomScoreAdjustment(500),
            "posix" => MakePosix(directory, file),
            "reset ids" => ResettingIds.Forced(MakePosix(directory, file)),
            _ => command,
        };
    }

    private static Command MakePosix(string directory, string file) =>
        Posix.Of(
            "/bin/true",
            search: false,
            new SpawnFileActions()
                .AddOpen(5, file, AppendCreate, 0x1A4)
                .AddDup2(5, 6)
                .AddChDir(directory)
                .AddCloseFrom(7),
            new()
            {
                Flags = SpawnFlags.SetSid | SpawnFlags.SetScheduler | SpawnFlags.SetSigDef,
                SchedulingPolicy = 3,
                SignalDefault = [Signal.SIGPIPE],
            },
            ["true"],
            environment: null
        );

    // The lowest free number is 0 then: our end gets it, or the child's.
    private static PseudoTerminal WithoutInput(Func<TerminalSize?, PseudoTerminal> open, bool before)
    {
        using var input = new SafeFileHandle(0, ownsHandle: true);
        if (before)
        {
            input.Dispose();
        }

        return open(null);
    }

    private static Command Busy(string file)
    {
        File.Copy("/bin/true", file);
        s_writer = new FileStream(file, FileMode.Open, FileAccess.Write);
        return new Command(file);
    }

    // A descriptor that whoever made it may inherit.
    private static int Fifty()
    {
        _ = LibC.Duplicate(2, 50);
        return 50;
    }

    private static SafeFileHandle Open(string path, FileAccess access = FileAccess.ReadWrite) =>
        File.OpenHandle(path, FileMode.Open, access, FileShare.ReadWrite);

    private static SafeFileHandle OpenDirectory(string path) => new(LibC.OpenDirectory(path), ownsHandle: true);

    // A container may not allow processor 0.
    private static int FirstAllowed()
    {
        var list = File.ReadLines("/proc/self/status")
            .First(l => l.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal));
        return int.Parse(list.Split(':')[1].Trim().Split('-', ',')[0]);
    }
}
