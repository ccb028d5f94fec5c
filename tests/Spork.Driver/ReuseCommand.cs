using System.Globalization;
using System.Text.Json.Nodes;
using Spork.Linux;
using Spork.Spawning;

namespace Spork.Driver;

/// <summary>
/// In a pid namespace of its own: has a number reused by a stranger at the very moment it would do harm, and says
/// whether the stranger lives on. The next number is chosen through /proc/sys/kernel/ns_last_pid.
/// </summary>
internal static class ReuseCommand
{
    private static readonly List<ChildProcess> Strangers = [];

    internal static int Run(string when)
    {
        // A thread that the pool makes when the first child ends would take, and keep, the number meant for the stranger.
        PoolThreads.MakeAll();
        var stranger = new Command("sh", "-c", "sleep 1000 & wait").WithStandardInput(Stdio.Null);
        switch (when)
        {
            case "before-opening":
                BeforeOpening(stranger);
                break;
            case "parent":
                Parent(stranger);
                break;
            case "root":
                Root(stranger);
                break;
            case "posix-spawn":
                return LibC();
            default:
                return 64;
        }

        Console.WriteLine(
            new JsonObject
            {
                ["strangers"] = Strangers.Count,
                ["ended"] = new JsonArray([.. Strangers.Where(s => s.HasExited).Select(s => JsonValue.Create(s.Id))]),
                ["childrenOfStrangers"] = Strangers.Sum(s => ChildrenOf(s.Id).Count),
            }.ToJsonString()
        );
        Strangers.ForEach(s => s.KillTree());
        return 0;
    }

    // A number is found in /proc; before its pidfd is opened, its process ends and a stranger gets the number.
    private static void BeforeOpening(Command stranger)
    {
        using var root = StartRoot("sleep 1000 & sleep 1000 & while :; do wait; sleep 0.01; done", children: 2);
        var reused = false;
        using var tree = new ProcessTree(root, StopReach.Tree)
        {
            BeforeOpening = number =>
            {
                if (!reused)
                {
                    reused = true;
                    Kill(number);
                    Reuse(number, stranger);
                }
            },
        };
        tree.Find();
        tree.KillAsync(Pause.OnThisThread).GetAwaiter().GetResult();
        root.Wait();
    }

    // A member was recognised, ends, and a stranger gets its number: the stranger's child seems to be the member's.
    private static void Parent(Command stranger)
    {
        using var root = StartRoot("sleep 1000 & while :; do wait; sleep 0.01; done", children: 1);
        var member = ChildrenOf(root.Id)[0];
        using var tree = new ProcessTree(root, StopReach.Tree);
        tree.Find();
        Kill(member);
        Reuse(member, stranger);
        tree.Find();
        tree.KillAsync(Pause.OnThisThread).GetAwaiter().GetResult();
        root.Wait();
    }

    // The child itself has ended and was reaped; the stranger with its number has children, a session and a group.
    private static void Root(Command stranger)
    {
        using var root = new Command("true").WithNewSession().Start();
        root.Wait();
        Reuse(root.Id, stranger.WithNewSession());
        root.KillTree();
        root.Stop(new StopOptions { Reach = StopReach.Tree });
        root.Stop(new StopOptions { Reach = StopReach.ProcessGroup });
        root.SendSignal(Signal.SIGKILL, StopReach.Process);
    }

    // libc has made the child and told its number; before its pidfd is opened it was reaped (by the kernel where SIGCHLD
    // is ignored, here by a thief), and a stranger who is no child of ours gets the number.
    private static int LibC()
    {
        var number = 0;
        PosixSpawn.BeforeOpening = pid =>
        {
            PosixSpawn.BeforeOpening = null;
            number = pid;
            _ = Sys.CallRestarting(Syscall.waitid, Wait.P_PID, pid, 0, Wait.WEXITED, 0);
            ReuseByOrphan(pid);
        };
        using var child = new Command("true").WithNewSession().Start();
        var killed = child.Kill();
        child.KillTree();
        var stopped = child.Stop(new StopOptions { Reach = StopReach.ProcessGroup });
        Console.WriteLine(
            new JsonObject
            {
                ["strangers"] = 1,
                ["ended"] = new JsonArray([
                    .. Directory.Exists($"/proc/{number}") ? [] : new[] { JsonValue.Create(number) },
                ]),
                ["childrenOfStrangers"] = ChildrenOf(number).Count,
                ["number"] = child.Id == number,
                ["killed"] = killed,
                ["status"] = $"{stopped.Status.Kind}",
            }.ToJsonString()
        );
        return 0;
    }

    private static void ReuseByOrphan(int number)
    {
        var script =
            $"echo {number - 1} > /proc/sys/kernel/ns_last_pid; sh -c 'sleep 1000 & wait' < /dev/null > /dev/null 2>&1 & echo $!";
        for (var i = 0; i < 1000; i++)
        {
            var got = int.Parse(
                new Command("sh", "-c", script).Capture().StandardOutput.Text,
                CultureInfo.InvariantCulture
            );
            WaitFor(() => ChildrenOf(got).Count > 0);
            if (got == number)
            {
                return;
            }

            foreach (var one in ChildrenOf(got).Append(got))
            {
                _ = Sys.Call(Syscall.kill, one, Signal.SIGKILL.Number);
            }
        }

        throw new InvalidOperationException($"Nobody got the number {number}.");
    }

    private static ChildProcess StartRoot(string script, int children)
    {
        var root = new Command("sh", "-c", script).WithStandardInput(Stdio.Null).Start();
        WaitFor(() => ChildrenOf(root.Id).Count >= children);
        return root;
    }

    private static void Kill(int number)
    {
        _ = Sys.Call(Syscall.kill, number, Signal.SIGKILL.Number);
        WaitFor(() => !Directory.Exists($"/proc/{number}"));
    }

    // Others may take a number meanwhile: tried until it is the right one.
    private static void Reuse(int number, Command stranger)
    {
        for (var i = 0; i < 1000; i++)
        {
            File.WriteAllText("/proc/sys/kernel/ns_last_pid", (number - 1).ToString(CultureInfo.InvariantCulture));
            var child = stranger.Start();
            if (child.Id == number)
            {
                Strangers.Add(child);
                WaitFor(() => ChildrenOf(number).Count > 0);
                return;
            }

            child.KillTree();
            child.Wait();
        }

        throw new InvalidOperationException($"Nobody got the number {number}.");
    }

    private static List<int> ChildrenOf(int parent) =>
        [
            .. ProcStat
                .Numbers()
                .Where(n => ProcStat.TryRead(n, out var stat) && stat.Parent == parent && stat.State != 'Z'),
        ];

    private static void WaitFor(Func<bool> condition)
    {
        if (!SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(20)))
        {
            throw new TimeoutException("It did not come to that.");
        }
    }
}
