using System.Diagnostics.Metrics;

namespace Spork.Tests.Spawning.Telemetry;

/// <summary>The four metrics, their units and their tags.</summary>
public sealed class MetricTests : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<(string Name, double Value, string Tags)> _measured = [];
    private readonly Dictionary<string, string?> _units = [];
    private readonly MeterListener _listener = new();

    public MetricTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == SporkTelemetry.MeterName)
            {
                _units[instrument.Name] = instrument.Unit;
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((i, value, tags, _) => Note(i.Name, value, tags));
        _listener.SetMeasurementEventCallback<long>((i, value, tags, _) => Note(i.Name, value, tags));
        _listener.Start();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task Durations_are_in_seconds_and_have_the_program_s_name()
    {
        var (before, copy) = (DateTime.UtcNow, "true");
        new Command(copy, "secret").Run(Token);
        await new Command(copy, "secret").RunAsync(Token);
        var longest = (DateTime.UtcNow - before).TotalSeconds;
        Assert.Equal(("s", "s"), (_units["spork.start.duration"], _units["spork.process.duration"]));
        foreach (var name in (string[])["spork.start.duration", "spork.process.duration"])
        {
            var two = Of(name);
            Assert.Equal(2, two.Count);
            Assert.All(two, m => Assert.Equal("process.executable.name=true", m.Tags));
            Assert.All(two, m => Assert.InRange(m.Value, 1e-6, longest));
        }
    }

    [Fact]
    public void An_end_that_is_no_success_is_told_by_error_type()
    {
        new Command("sh", "-c", "exit 3").Run(Token);
        new Command("sh", "-c", "kill -9 $$").Run(Token);
        Assert.Equal(
            ["process.executable.name=sh error.type=3", "process.executable.name=sh error.type=SIGKILL"],
            Of("spork.process.duration").Select(m => m.Tags)
        );
    }

    [Fact]
    public void Processes_that_live_are_counted()
    {
        using (var child = new Command("cat").WithStandardInput(Stdio.Pipe).Start(Token))
        {
            Assert.Equal(1, Of("spork.process.active").Sum(m => m.Value));
            child.StandardInput.Close();
            child.Wait(Token);
        }

        Assert.Equal([1, -1], Of("spork.process.active").Select(m => m.Value));
        Assert.Throws<SpawnException>(() => new Command("/no/such/program").Run(Token));
        Assert.Equal(0, Of("spork.process.active").Sum(m => m.Value));
        Assert.Equal("{process}", _units["spork.process.active"]);
    }

    [Fact]
    public void Starts_that_fail_are_counted_by_error_and_step()
    {
        Assert.SkipWhen(SpawnLadder.Current == "posix_spawn", "NOT TESTED: the step. posix_spawn only gives an errno.");
        Assert.Throws<SpawnException>(() => new Command("/no/such/program").Start(Token));
        Assert.Throws<SpawnException>(() => new Command("/bin/true").WithWorkingDirectory("/no/such").Run(Token));
        Assert.Equal(
            [
                "process.executable.name=program error.type=ENOENT spork.start.step=execve",
                "process.executable.name=true error.type=ENOENT spork.start.step=chdir",
            ],
            Of("spork.start.failures").Select(m => m.Tags)
        );
        Assert.Empty(Of("spork.process.duration"));
        Assert.Equal("{start}", _units["spork.start.failures"]);
    }

    [Fact]
    public void Listening_to_a_single_instrument_is_enough()
    {
        using var one = new MeterListener();
        var count = 0L;
        one.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "spork.start.failures")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        one.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref count, value));
        _listener.Dispose();
        one.Start();
        Assert.Throws<SpawnException>(() => new Command("/no/such/program").Start(Token));
        Assert.Equal(1, Interlocked.Read(ref count));
    }

    private List<(string Name, double Value, string Tags)> Of(string name)
    {
        lock (_lock)
        {
            return [.. _measured.Where(m => m.Name == name)];
        }
    }

    private void Note(string name, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = new List<string>();
        foreach (var (key, tag) in tags)
        {
            text.Add($"{key}={tag}");
        }

        lock (_lock)
        {
            _measured.Add((name, value, string.Join(' ', text)));
        }
    }
}
