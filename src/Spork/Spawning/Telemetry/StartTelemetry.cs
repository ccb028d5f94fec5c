using System.Diagnostics;
using Spork.Programs;

namespace Spork.Spawning;

/// <summary>What is told about one start and the process that comes of it. Only made while somebody listens.</summary>
/// <remarks>
/// <para>
/// A start is over when it failed, or when it succeeded and its process was reaped. Those two come from different threads
/// (the one that starts, the waiter for starts, the reactor), the end possibly first: whichever comes second reports.
/// </para>
/// <para>
/// The span is a child of the caller's <see cref="Activity.Current"/> and never becomes it: a process may outlive the call
/// that started it, and what the caller does next is no part of it.
/// </para>
/// <para>Listeners are somebody else's code, and are called on the reactor's thread too: what they throw stays here.</para>
/// </remarks>
internal sealed class StartTelemetry
{
    private readonly Lock _lock = new();
    private readonly CommandOptions _options;
    private readonly KeyValuePair<string, object?> _name;
    private Activity? _activity;
    private TimeSpan? _startDuration;
    private ExitStatus? _status;
    private bool _over;

    private StartTelemetry(CommandOptions options)
    {
        _options = options;
        var name = Path.GetFileName(options.ShownProgram);
        _name = new(AttributeNames.ExecutableName, name.Length > 0 ? name : options.ShownProgram);
    }

    /// <summary>Null if nobody listens. On the caller's thread, for it is there that the parent is current.</summary>
    internal static StartTelemetry? Begin(CommandOptions options)
    {
        if (!Listeners.Exist)
        {
            return null;
        }

        var telemetry = new StartTelemetry(options);
        telemetry.Tell(static t => t._activity = t.StartActivity());
        telemetry.Tell(static t => Instruments.Active.Add(1, t._name));
        return telemetry;
    }

    /// <summary>What Spork needs before any process was not to be had: a start of no length.</summary>
    internal static SpawnException Failed(CommandOptions options, SpawnException failure)
    {
        Begin(options)?.Failed(failure);
        return failure;
    }

    /// <summary>It has become the program.</summary>
    internal void Started(int id, TimeSpan duration)
    {
        lock (_lock)
        {
            _startDuration = duration;
            _activity?.SetTag(AttributeNames.ProcessId, id);
            _activity?.SetTag(AttributeNames.StartDuration, duration.TotalSeconds);
            Tell(static t => Instruments.StartDuration.Record(t._startDuration!.Value.TotalSeconds, t._name));
            if (_status is not null)
            {
                End();
            }
        }
    }

    /// <summary>It was reaped; whether it had become the program may be found out only afterwards.</summary>
    internal void Reaped(ExitStatus status)
    {
        lock (_lock)
        {
            _status = status;
            if (_startDuration is not null)
            {
                End();
            }
        }
    }

    /// <summary>Spork killed it: nobody wants it any more, or a relay failed.</summary>
    internal void Killed() => _activity?.SetTag(AttributeNames.Killed, true);

    /// <summary>The start came to nothing.</summary>
    internal void Failed(Exception failure)
    {
        lock (_lock)
        {
            if (_over || _startDuration is not null)
            {
                return;
            }

            _over = true;
            var type = TypeOf(failure);
            var tags = new TagList { _name, { AttributeNames.ErrorType, type } };
            if (failure is SpawnException spawn)
            {
                tags.Add(AttributeNames.Step, spawn.Step);
                _activity?.SetTag(AttributeNames.Step, spawn.Step);
                _activity?.SetTag(AttributeNames.Subject, spawn.Subject);
                _activity?.SetTag(AttributeNames.Via, spawn.Via);
            }

            _activity?.SetTag(AttributeNames.ErrorType, type);
            _activity?.SetStatus(ActivityStatusCode.Error, failure.Message);
            Tell(_ => Instruments.StartFailures.Add(1, tags));
            StopActivity();
        }
    }

    private static string TypeOf(Exception failure) =>
        failure switch
        {
            SpawnException { KilledBy: { } signal } => signal.Name,
            SpawnException spawn => spawn.Errno.Name,
            OperationCanceledException => "cancelled",
            _ => failure.GetType().FullName!,
        };

    private static string? TypeOf(ExitStatus status) =>
        status switch
        {
            { IsSuccess: true } => null,
            { Signal: { } signal } => signal.Name,
            { Code: { } code } => code.ToString(),
            _ => "lost",
        };

    private Activity? StartActivity()
    {
        var tags = new ActivityTagsCollection { [AttributeNames.ExecutableName] = _name.Value };
        if (_options.Program.Contains('/'))
        {
            tags[AttributeNames.ExecutablePath] = _options.ShownProgram;
        }

        if (SporkTelemetry.RecordArguments)
        {
            string[] arguments = [_options.ArgumentZero ?? _options.Program, .. _options.Arguments];
            tags[AttributeNames.CommandArguments] = Array.ConvertAll(arguments, EscapedText.Shown);
        }

        // Given at once and not afterwards: samplers see them.
        return Instruments.Source.StartActivity(
            (string)_name.Value!,
            ActivityKind.Client,
            parentContext: default,
            tags
        );
    }

    // Under the lock, once.
    private void End()
    {
        _over = true;
        var status = _status!;
        var tags = new TagList { _name };
        if (TypeOf(status) is { } type)
        {
            tags.Add(AttributeNames.ErrorType, type);
            _activity?.SetTag(AttributeNames.ErrorType, type);
            _activity?.SetStatus(ActivityStatusCode.Error, status.ToString());
        }

        if (status.Code is { } code)
        {
            _activity?.SetTag(AttributeNames.ExitCode, code);
        }

        if (status.Signal is { } signal)
        {
            _activity?.SetTag(AttributeNames.Signal, signal.Name);
            _activity?.SetTag(AttributeNames.CoreDumped, status.CoreDumped);
        }

        Tell(_ => Instruments.ProcessDuration.Record(status.Elapsed.TotalSeconds, tags));
        StopActivity();
    }

    private void StopActivity()
    {
        Tell(static t => Instruments.Active.Add(-1, t._name));
        if (_activity is null)
        {
            return;
        }

        Tell(static t => t._activity!.Stop());
    }

    // A span becomes current when it starts, and its parent when it stops, on whatever thread that is. In here both are
    // undone: setting Activity.Current back would be refused if the caller's has been stopped meanwhile.
    private void Tell(Action<StartTelemetry> what)
    {
        var context = ExecutionContext.Capture();
        var suppressed = context is null ? Activity.Current : null;
        try
        {
            if (context is not null)
            {
                ExecutionContext.Run(context, _ => what(this), null);
            }
            else
            {
                what(this);
                Activity.Current = suppressed;
            }
        }
        catch (Exception e)
        {
            SporkTelemetry.OnListenerFailed(e);
        }
    }
}
