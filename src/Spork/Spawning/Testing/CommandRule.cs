using System.Text;
using Spork.Spawning;

namespace Spork.Testing;

/// <summary>
/// What happens in place of the processes of some commands. As it comes from <see cref="CommandDouble.When(string)"/>: it
/// reads its input to the end if that is a pipe, writes nothing, and exits with 0.
/// </summary>
/// <remarks>Say everything before the first command is started; using it is thread safe.</remarks>
public sealed class CommandRule
{
    private readonly Lock _lock = new();
    private readonly string _description;
    private readonly Func<Command, bool> _matches;
    private readonly List<CommandCall> _calls = [];
    private readonly List<(int Number, ReadOnlyMemory<byte> Bytes)> _output = [];
    private readonly HashSet<Signal> _ignored = [];
    private readonly Dictionary<Signal, int> _exitOn = [];
    private Func<CommandCall, CancellationToken, Task<int>>? _body;
    private (Errno Errno, string? Step)? _failure;
    private int? _times;
    private int _used;

    internal CommandRule(string description, Func<Command, bool> matches)
    {
        _description = description;
        _matches = matches;
    }

    /// <summary>The starts that it covered, in order.</summary>
    public IReadOnlyList<CommandCall> Calls
    {
        get
        {
            lock (_lock)
            {
                return [.. _calls];
            }
        }
    }

    internal RawExit End { get; private set; } = new(ExitKind.Exited, 0, CoreDumped: false, HasUsage: false, default);

    internal bool IsLeft => _times is null || Volatile.Read(ref _used) < _times;

    internal bool IsSatisfied => _times is { } times ? Volatile.Read(ref _used) == times : Volatile.Read(ref _used) > 0;

    /// <summary>For so many starts only; then the next rule that matches is taken.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive.</exception>
    public CommandRule Times(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        _times = count;
        return this;
    }

    /// <summary>Exits with this code.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 to 255.</exception>
    public CommandRule Exits(int code)
    {
        End = Exit(code);
        return this;
    }

    /// <summary>Is ended by this signal.</summary>
    /// <exception cref="ArgumentException"><c>default(Signal)</c> is no signal.</exception>
    public CommandRule DiesOf(Signal signal)
    {
        if (signal.Number == 0)
        {
            throw new ArgumentException("default(Signal) is no signal.", nameof(signal));
        }

        End = new RawExit(ExitKind.Signaled, signal.Number, CoreDumped: false, HasUsage: false, default);
        return this;
    }

    /// <summary>Writes this to its standard output, in UTF-8.</summary>
    public CommandRule Writes(string text) => Writes(1, Bytes(text));

    /// <summary>Writes these bytes to its standard output.</summary>
    public CommandRule Writes(ReadOnlyMemory<byte> bytes) => Writes(1, bytes);

    /// <summary>Writes this to its standard error, in UTF-8.</summary>
    public CommandRule WritesError(string text) => Writes(2, Bytes(text));

    /// <summary>
    /// Cannot be started: the caller gets the <see cref="SpawnException"/> that this error would give at this step.
    /// </summary>
    /// <param name="errno">The error.</param>
    /// <param name="step">
    /// A step's name as in <see cref="Command.Explain()"/> and <see cref="SpawnException.Step"/>; null for the execve; or
    /// <c>clone3</c>, which makes the process.
    /// </param>
    public CommandRule Fails(Errno errno, string? step = null)
    {
        _failure = (errno, step);
        return this;
    }

    /// <summary>
    /// Runs this, on the thread pool, in place of the process; what it returns is the exit code. What
    /// <see cref="Writes(string)"/> says comes before it, and its input is its own. It is the test's: an exception ends the
    /// process with SIGABRT and is thrown by <see cref="CommandDouble.Verify"/> or <see cref="CommandDouble.Dispose"/>;
    /// writing to a pipe that nobody reads ends it with SIGPIPE.
    /// </summary>
    /// <param name="body">Its token is cancelled when a signal has ended the process, which does not wait for it.</param>
    public CommandRule Runs(Func<CommandCall, CancellationToken, Task<int>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        _body = body;
        return this;
    }

    /// <summary>As the other, and ends as the rule says: exit code 0 by default.</summary>
    /// <inheritdoc cref="Runs(Func{CommandCall, CancellationToken, Task{int}})"/>
    public CommandRule Runs(Func<CommandCall, CancellationToken, Task> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        _body = async (call, cancellationToken) =>
        {
            await body(call, cancellationToken).ConfigureAwait(false);
            return Ends;
        };
        return this;
    }

    /// <summary>Runs until a signal ends it, as a server does.</summary>
    public CommandRule RunsUntilSignalled() =>
        Runs((_, cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken));

    /// <summary>These signals do nothing to it. SIGKILL always does.</summary>
    public CommandRule Ignores(params Signal[] signals)
    {
        ArgumentNullException.ThrowIfNull(signals);
        _ignored.UnionWith(signals);
        return this;
    }

    /// <summary>This signal makes it exit with this code, instead of ending it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 to 255.</exception>
    public CommandRule ExitsOn(Signal signal, int code = 0)
    {
        _exitOn[signal] = Exit(code).Value;
        return this;
    }

    /// <summary>What it is for, and how often it was used.</summary>
    public override string ToString() =>
        $"{_description}: used {Volatile.Read(ref _used)}{(_times is { } times ? $" of {times}" : "")} times";

    /// <summary>What a body returns that does not say how the process ends.</summary>
    internal const int Ends = -1;

    internal bool Matches(Command command) => _matches(command);

    internal bool TryUse()
    {
        lock (_lock)
        {
            if (!IsLeft)
            {
                return false;
            }

            _used++;
            return true;
        }
    }

    internal void Add(CommandCall call)
    {
        lock (_lock)
        {
            _calls.Add(call);
        }
    }

    internal SpawnException? FailureOf(Command command, StartMode mode) =>
        _failure is { } failure ? DoubleFailure.Of(command, mode, failure.Errno, failure.Step) : null;

    /// <summary>How a signal ends it; null if it does not.</summary>
    internal RawExit? EndBy(Signal signal) =>
        _exitOn.TryGetValue(signal, out var code) && signal != Signal.SIGKILL ? Exit(code)
        : _ignored.Contains(signal) && signal != Signal.SIGKILL ? null
        : DoubleProcess.EndsBy(signal)
            ? new RawExit(ExitKind.Signaled, signal.Number, CoreDumped: false, HasUsage: false, default)
        : null;

    /// <summary>The life of one process.</summary>
    internal async Task<RawExit> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        // Beside the output: whoever talks with it may wait for an answer before the input ends.
        var reading = _body is null ? call.ReadInputAsync(cancellationToken) : Task.CompletedTask;
        try
        {
            foreach (var (number, bytes) in _output)
            {
                await call.GetStream(number).WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
            }
        }
        catch
        {
            _ = reading.ContinueWith(
                static t => t.Exception,
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted,
                TaskScheduler.Default
            );
            throw;
        }

        await reading.ConfigureAwait(false);
        var code = _body is null ? Ends : await _body(call, cancellationToken).ConfigureAwait(false);
        return code == Ends ? End : Exit(code);
    }

    private static ReadOnlyMemory<byte> Bytes(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Encoding.UTF8.GetBytes(text);
    }

    private static RawExit Exit(int code)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(code);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(code, 255);
        return new RawExit(ExitKind.Exited, code, CoreDumped: false, HasUsage: false, default);
    }

    private CommandRule Writes(int number, ReadOnlyMemory<byte> bytes)
    {
        _output.Add((number, bytes));
        return this;
    }
}
