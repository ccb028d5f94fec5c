using System.Text.Json;
using Spork.Cli.Output;

namespace Spork.Cli.Run;

/// <summary>The JSON of <c>--report</c>: docs/cli.md describes its fields, which only ever grow in number.</summary>
internal static class RunReport
{
    public static byte[] OfExit(RunPlan plan, ChildProcess child, ExitStatus status, bool timedOut) =>
        Write(
            plan,
            json =>
            {
                json.WriteString("via", SpawnLadder.Current);
                json.WriteNumber("pid", child.Id);
                WriteExit(json, status);
                json.WriteBoolean("timedOut", timedOut);
                if (status.Usage is { } usage)
                {
                    WriteUsage(json, usage);
                }

                json.WriteStartObject("timings");
                json.WriteString("started", child.StartTime);
                json.WriteNumber("startMs", Milliseconds(child.StartDuration));
                json.WriteNumber("elapsedMs", Milliseconds(status.Elapsed));
                json.WriteEndObject();
            }
        );

    public static byte[] OfFailure(RunPlan plan, SpawnException failure) =>
        Write(
            plan,
            json =>
            {
                json.WriteString("via", failure.Via);
                json.WriteStartObject("failure");
                json.WriteString("step", failure.Step);
                json.WriteNumber("index", failure.StepIndex);
                json.WriteNumber("count", failure.StepCount);
                if (failure.KilledBy is { } signal)
                {
                    json.WriteString("killedBy", signal.Name);
                }
                else
                {
                    json.WriteString("errno", failure.Errno.Name);
                    json.WriteNumber("errnoNumber", failure.Errno.Value);
                }

                json.WriteString("subject", failure.Subject);
                json.WriteString("message", failure.Message);
                json.WriteEndObject();
            }
        );

    public static byte[] OfCancelledStart(RunPlan plan, Signal? signal, TimeSpan elapsed) =>
        Write(
            plan,
            json =>
            {
                json.WriteString("via", SpawnLadder.Current);
                json.WriteBoolean("timedOut", signal is null);
                json.WriteStartObject("failure");
                json.WriteString("cancelledBy", signal is { } s ? s.Name : "timeout");
                json.WriteEndObject();
                json.WriteStartObject("timings");
                json.WriteNumber("elapsedMs", Milliseconds(elapsed));
                json.WriteEndObject();
            }
        );

    private static byte[] Write(RunPlan plan, Action<Utf8JsonWriter> content) =>
        JsonText.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("command", plan.Words[0]);
            json.WriteStrings("argv", plan.Words);
            content(json);
            json.WriteEndObject();
        });

    private static void WriteExit(Utf8JsonWriter json, ExitStatus status)
    {
        json.WriteStartObject("exit");
        if (status.Kind == ExitKind.Lost)
        {
            json.WriteBoolean("lost", true);
        }
        else if (status.Signal is { } signal)
        {
            json.WriteString("signal", signal.Name);
            json.WriteNumber("number", signal.Number);
            json.WriteBoolean("core", status.CoreDumped);
        }
        else if (status.Code is { } code)
        {
            json.WriteNumber("code", code);
        }

        json.WriteEndObject();
    }

    private static void WriteUsage(Utf8JsonWriter json, ResourceUsage usage)
    {
        json.WriteStartObject("rusage");
        json.WriteNumber("userMs", Milliseconds(usage.UserTime));
        json.WriteNumber("systemMs", Milliseconds(usage.SystemTime));
        json.WriteNumber("maxResidentBytes", usage.MaxResidentBytes);
        json.WriteNumber("minorFaults", usage.MinorFaults);
        json.WriteNumber("majorFaults", usage.MajorFaults);
        json.WriteNumber("blockInputs", usage.BlockInputs);
        json.WriteNumber("blockOutputs", usage.BlockOutputs);
        json.WriteNumber("voluntarySwitches", usage.VoluntarySwitches);
        json.WriteNumber("involuntarySwitches", usage.InvoluntarySwitches);
        json.WriteEndObject();
    }

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 3);
}
