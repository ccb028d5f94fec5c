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
        var watch = Stopwatch.StartNew();
        ChildProcess child;
        try
        {
            child = Start(plan, relay);
        }
        catch (SpawnException e)
        {
            Publish(file, () => RunReport.OfFailure(plan, e));
            throw;
        }
        catch (OperationCanceledException)
        {
            // The child was still on its way to exec, blocked in a step (opening a FIFO, a dead network mount).
            var interrupted = relay.Received;
            Publish(file, () => RunReport.OfCancelledStart(plan, interrupted, watch.Elapsed));
            ErrorLine.Write(Cancelled(plan, interrupted));
            return interrupted is { } signal ? ExitCodes.ForSignal(signal.Number) : ExitCodes.TimedOut;
        }

        using (child)
        {
            relay.Attach(child);
            ExitStatus status;
            bool timedOut;
            try
            {
                status = Wait(plan, child, watch, out timedOut);
            }
            finally
            {
                relay.Detach();
            }

            Publish(file, () => RunReport.OfExit(plan, child, status, timedOut));
            if (status.Kind == ExitKind.Lost)
            {
                ErrorLine.Write(
                    $"the exit status of '{plan.Words[0]}' is lost: somebody else reaped it; see 'spork doctor'"
                );
            }

            return timedOut ? ExitCodes.TimedOut : status.ShellCode;
        }
    }

    private static ChildProcess Start(RunPlan plan, SignalRelay relay)
    {
        if (plan.Timeout is not { } timeout)
        {
            return plan.Command.Start(relay.StartCancelled);
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(relay.StartCancelled);
        deadline.CancelAfter(timeout);
        return plan.Command.Start(deadline.Token);
    }

    private static ExitStatus Wait(RunPlan plan, ChildProcess child, Stopwatch watch, out bool timedOut)
    {
        timedOut = false;
        if (plan.Timeout is not { } timeout)
        {
            return child.Wait();
        }

        var left = timeout - watch.Elapsed;
        if (child.Wait(left > TimeSpan.Zero ? left : TimeSpan.Zero) is { } inTime)
        {
            return inTime;
        }

        timedOut = true;
        CommandSignal.Send(child, plan.TimeoutSignal);
        // A stopped process does not act on SIGTERM until it is continued.
        CommandSignal.Send(child, Signal.SIGCONT);
        if (child.Wait(plan.KillAfter) is { } ended)
        {
            ErrorLine.Write(
                $"'{plan.Words[0]}' was ended by {plan.TimeoutSignal.Name} after --timeout {plan.TimeoutText}"
            );
            return ended;
        }

        CommandSignal.Send(child, Signal.SIGKILL);
        ErrorLine.Write(
            $"'{plan.Words[0]}' outlived {plan.TimeoutSignal.Name} after --timeout {plan.TimeoutText} and was killed"
        );
        return child.Wait();
    }

    /// <summary>The report is made only where one is wanted: loading the JSON writer alone takes 5 ms.</summary>
    private static void Publish(AtomicFile? file, Func<byte[]> report)
    {
        if (file is null)
        {
            return;
        }

        try
        {
            file.Publish(report());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"the command ran, but --report could not be written: {e.Message}", e);
        }
    }

    private static string Cancelled(RunPlan plan, Signal? interrupted) =>
        interrupted is { } signal
            ? $"cannot start '{plan.Words[0]}': {signal.Name} arrived while a step was still blocked; see 'spork run --explain'"
            : $"cannot start '{plan.Words[0]}': a step was still blocked after --timeout {plan.TimeoutText}; see 'spork run --explain'";
}
