using System.Collections.Concurrent;
using System.Text;
using Spork.Spawning;

namespace Spork.Testing;

/// <summary>One start that a <see cref="CommandDouble"/> covered: the command, and the process's side of its streams.</summary>
public sealed class CommandCall
{
    private readonly List<byte> _input = [];
    private readonly ConcurrentQueue<Signal> _signals = new();
    private IReadOnlyDictionary<int, Stream> _streams = new Dictionary<int, Stream>();

    internal CommandCall(Command command) => Command = command;

    /// <summary>The command as it was started: program, arguments, directory, environment, streams.</summary>
    public Command Command { get; }

    /// <summary>Its program.</summary>
    public string Program => Command.Program;

    /// <summary>Its arguments.</summary>
    public IReadOnlyList<string> Arguments => Command.Arguments;

    /// <summary>
    /// The <see cref="ChildProcess.Id"/>: above 2^30, which no process on Linux can have, so that whoever signals it by
    /// number hits nobody.
    /// </summary>
    public int ProcessId { get; internal set; }

    /// <summary>For a rule's body: its input. Empty if the command inherits it.</summary>
    public Stream StandardInput => GetStream(0);

    /// <summary>For a rule's body: its output. What is written goes nowhere if the command inherits it.</summary>
    public Stream StandardOutput => GetStream(1);

    /// <summary>For a rule's body: where its errors go, as <see cref="StandardOutput"/>.</summary>
    public Stream StandardError => GetStream(2);

    /// <summary>
    /// What it has read from its standard input so far. Without a body a rule reads all of it, if it is a pipe.
    /// </summary>
    public byte[] Input
    {
        get
        {
            lock (_input)
            {
                return _input.ToArray();
            }
        }
    }

    /// <summary><see cref="Input"/> from UTF-8.</summary>
    public string InputText => Encoding.UTF8.GetString(Input);

    /// <summary>The signals that were sent to it while it ran.</summary>
    public IReadOnlyList<Signal> Signals => [.. _signals];

    /// <summary>For a rule's body: what the command gives as this descriptor; <see cref="Stream.Null"/> if nothing.</summary>
    /// <param name="number">The number in the child.</param>
    public Stream GetStream(int number) => _streams.GetValueOrDefault(number, Stream.Null);

    /// <summary>The command as a shell would read it.</summary>
    public override string ToString() => Command.ToString();

    internal void Add(Signal signal) => _signals.Enqueue(signal);

    internal void Open(DoubleStreams streams) => _streams = streams.ByNumber(Record);

    // Of other inputs, a terminal or a file of the test's, a program that is not asked about it reads nothing.
    internal Task ReadInputAsync(CancellationToken cancellationToken) =>
        Command.Options.Descriptors[0].IsMadeAtStart
            ? StandardInput.CopyToAsync(Stream.Null, cancellationToken)
            : Task.CompletedTask;

    private void Record(ReadOnlySpan<byte> bytes)
    {
        lock (_input)
        {
            _input.AddRange(bytes);
        }
    }
}
