using System.Diagnostics;
using Spork.Cli.Output;

namespace Spork.Cli.Run;

/// <summary>Starts the command, relays signals, keeps the deadline, reports, and answers with the exit code.</summary>
internal static class RunSupervisor
{
    public static int Run(RunPlan plan)
    {
        using var file = plan.Report is null ? null : AtomicFile.Create("--report", plan.Report);
        using var relay = new SignalRelay(plan.LeftTheTerminal);
        using var terminal = plan.Terminal is null ? null : new TerminalRelay(plan.Terminal, plan.FollowsWindow);
        var watch = Stopwatch.StartNew();
        ChildProcess child;
        try
        {
            child = Start(plan, relay);
        }
        catch (SpawnException e)
        {
            var trouble = RunReportFile.Publish(file, () => RunReport.OfFailure(plan, e));
            ErrorLine.Write($"{RunFailure.Describe(e)}{Joined("; also, ", trouble)}");
            return RunFailure.ExitCode(e);
        }
        catch (OperationCanceledException)
        {
            // The child was still on its way to exec, blocked in a step (opening a FIFO, a dead network mount).
            var left = AbandonedStart.KillChildren();
            var interrupted = relay.Received;
            var trouble = RunReportFile.Publish(
                file,
                () => RunReport.OfCancelledStart(plan, interrupted, watch.Elapsed)
            );
            ErrorLine.Write(
                $"{RunEnding.OfCancelledStart(plan, interrupted)}{Joined("; ", left)}{Joined("; also, ", trouble)}"
            );
            return interrupted is { } signal ? ExitCodes.ForSignal(signal.Number) : ExitCodes.TimedOut;
        }

        using (child)
        {
            relay.Attach(child);
            terminal?.Attach(child);
            RunEnding ending;
            try
            {
                ending = Wait(plan, child, watch);
                terminal?.Finish();
            }
            finally
            {
                relay.Detach();
            }

            if (plan.KillTree)
            {
                // What it left behind; nothing if the timeout has seen to it.
                RunStop.TryStop(child, plan.Stop);
            }

            var trouble = RunReportFile.Publish(
                file,
                () => RunReport.OfExit(plan, child, ending.Status, ending.TimedOut)
            );
            if (trouble is not null)
            {
                ErrorLine.Write($"{ending.Describe(plan)}, but {trouble}");
            }
            else if (ending.IsWorthALine)
            {
                ErrorLine.Write(ending.Describe(plan));
            }

            // The command's own failure says more than ours; its success must not hide that the report is missing.
            return trouble is not null && ending.ExitCode == ExitCodes.Success
                ? ExitCodes.SporkFailed
                : ending.ExitCode;
        }
    }

    /// <summary>Its number on standard output, its life its own.</summary>
    public static int Detach(RunPlan plan)
    {
        // Where the number cannot go anywhere, nothing is started. What cannot be known before (a full disk, a reader that
        // is gone) is told as what it is: the command runs, and its number is in the error line.
        StandardOutput.Require();
        using var child = plan.Command.Start();
        if (StandardOutput.TryWrite($"{child.Id}\n", out var errno))
        {
            return ExitCodes.Success;
        }

        ErrorLine.Write(
            $"'{plan.Command.Program}' runs as process {child.Id}, but that could not be written to standard output: {errno}"
        );
        return ExitCodes.Unprinted;
    }

    private static string Joined(string with, string? trouble) => trouble is null ? "" : with + trouble;

    private static ChildProcess Start(RunPlan plan, SignalRelay relay)
    {
        if (plan.Timeout is not { } timeout)
        {
            return Start(plan.Command, relay.StartCancelled);
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(relay.StartCancelled);
        deadline.CancelAfter(timeout);
        return Start(plan.Command, deadline.Token);
    }

    /// <summary>
    /// posix_spawn(3) parks its caller until the child has executed, and no token ends it; there StartAsync parks
    /// another thread and lets this one go. On the other rungs the plain call costs less.
    /// </summary>
    private static ChildProcess Start(Command command, CancellationToken cancelled) =>
        SpawnLadder.Current is "posix_spawn"
            ? command.StartAsync(cancelled).AsTask().GetAwaiter().GetResult()
            : command.Start(cancelled);

    private static RunEnding Wait(RunPlan plan, ChildProcess child, Stopwatch watch)
    {
        if (plan.Timeout is not { } timeout)
        {
            return new RunEnding(child.Wait());
        }

        var left = timeout - watch.Elapsed;
        if (child.Wait(left > TimeSpan.Zero ? left : TimeSpan.Zero) is { } inTime)
        {
            return new RunEnding(inTime);
        }

        var result = RunStop.TryStop(child, plan.Stop);
        return new RunEnding(result?.Status ?? child.Wait())
        {
            TimedOut = true,
            Killed = result?.Means == StopMeans.Forcefully,
        };
    }
}
