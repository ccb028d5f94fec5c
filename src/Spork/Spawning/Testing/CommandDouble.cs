using Spork.Spawning;

namespace Spork.Testing;

/// <summary>
/// Stands in for processes in the tests of code that starts commands: while it exists, no command started by this
/// asynchronous flow makes a process. What comes instead is said by rules.
/// </summary>
/// <remarks>
/// <para>
/// It is ambient, so the code under test stays as it is, and asynchronous-local: tests that run in parallel do not see
/// each other's. It covers every way of starting a command but <see cref="Command.ExecInPlace"/>, which is refused. The
/// pipes, streams, relays and captures are the real ones; only the process at their other end is not. docs/testing.md has
/// the whole.
/// </para>
/// <para>A command that no rule covers throws <see cref="CommandDoubleException"/>, unless <see cref="LetsOthersRun"/>.</para>
/// <para>Thread safe, but for rules being changed while commands are started.</para>
/// </remarks>
/// <example><code>
/// using var commands = new Spork.Testing.CommandDouble();
/// commands.When("git", "rev-parse", "HEAD").Writes("0a1b2c\n");
/// commands.When("git").Exits(1).WritesError("fatal: not expected\n");
///
/// var status = new Command("git", "rev-parse", "HEAD").Run();    // no git is started
/// Console.WriteLine($"{status}, {commands.Calls.Count} call");
/// </code></example>
public sealed partial class CommandDouble : IDisposable
{
    private static readonly AsyncLocal<CommandDouble?> s_current = new();

    // One look at a field is all that a program without doubles pays.
    private static volatile bool s_everUsed;

    private readonly Lock _lock = new();
    private readonly CommandDouble? _outer;
    private readonly List<CommandRule> _rules = [];
    private readonly List<CommandCall> _calls = [];
    private readonly List<Command> _unmatched = [];
    private readonly List<DoubleProcess> _running = [];
    private Exception? _bodyFailure;
    private bool _disposed;

    /// <summary>From now on, in this asynchronous flow, in place of an outer one until this one is disposed.</summary>
    public CommandDouble()
    {
        _outer = s_current.Value;
        s_everUsed = true;
        s_current.Value = this;
    }

    /// <summary>Whether commands that no rule covers are really started. Default: they throw.</summary>
    public bool LetsOthersRun { get; set; }

    /// <summary>Every start that a rule covered, in order.</summary>
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

    internal static CommandDouble? Current => s_everUsed ? s_current.Value : null;

    /// <summary>A rule for a program, whatever its arguments. Rules are tried in the order in which they were given.</summary>
    /// <param name="program">
    /// As the command names it. A name without a slash is also the file name of a path: <c>git</c> is <c>/usr/bin/git</c>.
    /// </param>
    public CommandRule When(string program)
    {
        ArgumentException.ThrowIfNullOrEmpty(program);
        return Add(new CommandRule($"{program} …", c => IsNamed(c, program)));
    }

    /// <summary>A rule for a program with exactly these arguments.</summary>
    /// <inheritdoc cref="When(string)"/>
    public CommandRule When(string program, params string[] arguments)
    {
        ArgumentException.ThrowIfNullOrEmpty(program);
        ArgumentNullException.ThrowIfNull(arguments);
        var text = Programs.Quote.ForShell(program, arguments);
        return Add(
            new CommandRule(
                text,
                c => IsNamed(c, program) && c.Arguments.SequenceEqual(arguments, StringComparer.Ordinal)
            )
        );
    }

    /// <summary>A rule for a program with arguments that a predicate accepts.</summary>
    /// <inheritdoc cref="When(string)"/>
    public CommandRule When(string program, Func<IReadOnlyList<string>, bool> arguments)
    {
        ArgumentException.ThrowIfNullOrEmpty(program);
        ArgumentNullException.ThrowIfNull(arguments);
        return Add(
            new CommandRule($"{program} (arguments by predicate)", c => IsNamed(c, program) && arguments(c.Arguments))
        );
    }

    /// <summary>A rule for commands that a predicate accepts.</summary>
    public CommandRule When(Func<Command, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        return Add(new CommandRule("(a command by predicate)", predicate));
    }

    /// <summary>
    /// The end of it: doubles that still run are ended with SIGKILL. Whoever starts a command in this flow afterwards, in a
    /// task that was left behind, gets <see cref="CommandDoubleException"/> and no process.
    /// </summary>
    /// <exception cref="CommandDoubleException">A rule's body threw, and <see cref="Verify"/> has not told yet.</exception>
    [System.Diagnostics.CodeAnalysis.SuppressMessage(
        "Design",
        "CA1065",
        Justification = "An assertion in a body must fail the test; this is where the test ends."
    )]
    public void Dispose()
    {
        DoubleProcess[] running;
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            running = [.. _running];
        }

        foreach (var process in running)
        {
            process.Kill();
        }

        if (s_current.Value == this)
        {
            s_current.Value = _outer;
        }

        ThrowBodyFailure();
    }

    /// <summary>Whether this command is not to become a process.</summary>
    internal static bool IsInstead(Command command) => Current is { } current && current.IsFor(command);

    /// <summary>Takes the rule for a start and notes the call.</summary>
    /// <exception cref="CommandDoubleException">There is none.</exception>
    internal (CommandRule Rule, CommandCall Call) Take(Command command)
    {
        CommandRule[] rules;
        lock (_lock)
        {
            rules = [.. _rules];
            if (_disposed)
            {
                throw new CommandDoubleException(
                    $"'{command}' was started after the CommandDouble of its asynchronous flow had been disposed: something outlived its test."
                );
            }
        }

        // Outside the lock: predicates are the test's.
        var rule = Array.Find(rules, r => r.Matches(command) && r.TryUse());
        lock (_lock)
        {
            if (rule is null)
            {
                _unmatched.Add(command);
                throw Unmatched(command);
            }

            var call = new CommandCall(command);
            _calls.Add(call);
            rule.Add(call);
            return (rule, call);
        }
    }

    internal void Add(DoubleProcess process)
    {
        lock (_lock)
        {
            _running.Add(process);
        }
    }

    internal void Remove(DoubleProcess process, Exception? bodyFailure)
    {
        lock (_lock)
        {
            _running.Remove(process);
            _bodyFailure ??= bodyFailure;
        }
    }

    internal static void RefuseExecInPlace(Command command)
    {
        if (IsInstead(command))
        {
            throw new CommandDoubleException(
                $"ExecInPlace would end this process, so it has no double: '{command}' was not run."
            );
        }
    }

    private static bool IsNamed(Command command, string program) =>
        string.Equals(command.Program, program, StringComparison.Ordinal)
        || (
            !program.Contains('/')
            && string.Equals(Path.GetFileName(command.Program), program, StringComparison.Ordinal)
        );

    private bool IsFor(Command command)
    {
        if (!LetsOthersRun)
        {
            return true;
        }

        CommandRule[] rules;
        lock (_lock)
        {
            rules = [.. _rules];
        }

        return Array.Exists(rules, r => r.IsLeft && r.Matches(command.Origin));
    }

    private CommandRule Add(CommandRule rule)
    {
        lock (_lock)
        {
            _rules.Add(rule);
        }

        return rule;
    }
}
