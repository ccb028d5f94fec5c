using System.Collections.Concurrent;
using Spork.Tests.Support;

namespace Spork.Tests.Scale;

/// <summary>Many threads at one command, one child, or each at its own, in any order.</summary>
public sealed class ConcurrencyTests(NoOpProgram noOp) : IClassFixture<NoOpProgram>
{
    private const int ThreadCount = 8;

    [Fact]
    public void One_command_started_by_many_threads_for_the_first_time_is_compiled_right()
    {
        for (var round = 0; round < 30; round++)
        {
            var command = new Command("/bin/sh", "-c", $"exit {round}");
            OnThreads(_ => Assert.Equal(round, command.Run().Code));
        }
    }

    [Fact]
    public void A_command_started_while_the_environment_changes_gets_one_of_its_states()
    {
        const string Name = "SPORK_TESTS_CHANGING";
        var command = new Command("/bin/sh", "-c", $"exit ${Name}");
        var current = 1;
        Environment.SetEnvironmentVariable(Name, "1");
        try
        {
            OnThreads(thread =>
            {
                for (var i = 0; i < 40; i++)
                {
                    if (thread == 0)
                    {
                        // Announced after it is so: whoever reads it may see this value or the next one.
                        Environment.SetEnvironmentVariable(Name, $"{current + 1}");
                        Interlocked.Increment(ref current);
                    }
                    else
                    {
                        var least = Volatile.Read(ref current);
                        var seen = command.Run().Code;
                        Assert.InRange(seen ?? -1, least, Volatile.Read(ref current) + 1);
                    }
                }
            });
        }
        finally
        {
            Environment.SetEnvironmentVariable(Name, null);
        }
    }

    [Fact]
    public void Many_waiters_of_every_kind_get_the_same_status()
    {
        using var directory = new TempDirectory();
        var fifo = Fifo.Create(directory["fifo"]);
        using var child = new Command("/bin/sh", "-c", $"read x < {fifo}; exit 7").Start();
        using var waiting = new CountdownEvent(24);
        var statuses = new ConcurrentBag<ExitStatus>();
        var waiters = Enumerable
            .Range(0, 24)
            .Select(i => new Thread(() => statuses.Add(WaitSomehow(child, i, waiting))) { IsBackground = true })
            .ToArray();
        Array.ForEach(waiters, w => w.Start());
        waiting.Wait();
        File.WriteAllText(fifo, "\n");
        Array.ForEach(waiters, w => w.Join());
        Assert.Equal(24, statuses.Count);
        Assert.Equal(7, Assert.Single(statuses.Distinct()).Code);
    }

    [Fact]
    public void Starting_signalling_waiting_killing_and_letting_go_in_any_order_leaves_nothing()
    {
        for (var warm = 0; warm < 2; warm++)
        {
            OnThreads(thread => DoAnything(new Random(thread), 20));
        }

        var before = ProcessCounts.TakeBaseline();
        OnThreads(thread => DoAnything(new Random(1000 + thread), 150));
        Leftovers.AssertNothingLeftSoon(before, ThreadCount * 150);
    }

    private void DoAnything(Random random, int times)
    {
        for (var i = 0; i < times; i++)
        {
            using var child = random.Next(3) switch
            {
                0 => noOp.Command.Start(),
                1 => noOp.Command.StartAsync().AsTask().GetAwaiter().GetResult(),
                _ => noOp.Command.StartGated().Release(),
            };
            Parallel.Invoke(new ParallelOptions { MaxDegreeOfParallelism = 2 }, Something, Something);

            void Something()
            {
                switch (Next(random, 6))
                {
                    case 0:
                        child.Kill();
                        break;
                    case 1:
                        child.SendSignal(Signal.SIGTERM);
                        break;
                    case 2:
                        AssertPossible(child.Wait());
                        break;
                    case 3:
                        AssertPossible(child.WaitAsync().GetAwaiter().GetResult());
                        break;
                    case 4:
                        _ = child.HasExited;
                        break;
                    default:
                        child.Dispose();
                        break;
                }
            }
        }
    }

    // Two actions share one generator, which is not made for that.
    private static int Next(Random random, int end)
    {
        lock (random)
        {
            return random.Next(end);
        }
    }

    private static void AssertPossible(ExitStatus status) =>
        Assert.True(
            status.Code == 0 || status.Signal == Signal.SIGKILL || status.Signal == Signal.SIGTERM,
            status.ToString()
        );

    private static ExitStatus WaitSomehow(ChildProcess child, int kind, CountdownEvent waiting)
    {
        waiting.Signal();
        return (kind % 4) switch
        {
            0 => child.Wait(),
            1 => child.Wait(TimeSpan.FromMinutes(1))!,
            2 => child.WaitAsync().GetAwaiter().GetResult(),
            _ => child.Wait(new CancellationTokenSource().Token),
        };
    }

    // Threads, not tasks: all of them at once, and failures come back.
    private static void OnThreads(Action<int> action)
    {
        using var together = new Barrier(ThreadCount);
        var failures = new ConcurrentQueue<Exception>();
        var threads = Enumerable
            .Range(0, ThreadCount)
            .Select(i => new Thread(() => Guarded(i)) { IsBackground = true, Name = "concurrency test" })
            .ToArray();
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        Assert.Empty(failures);

        void Guarded(int index)
        {
            try
            {
                together.SignalAndWait();
                action(index);
            }
            catch (Exception e)
            {
                failures.Enqueue(e);
            }
        }
    }
}
