using Spork.Linux;
using Spork.Programs;

namespace Spork.Spawning;

/// <summary>
/// What a command gives its process, as streams for a double: copies of the descriptors, and files opened here.
/// </summary>
internal sealed class DoubleStreams : IDisposable
{
    private readonly Dictionary<int, Stream> _streams = [];

    private DoubleStreams() { }

    /// <exception cref="SpawnException">A file could not be opened, or a descriptor is not open.</exception>
    internal static DoubleStreams Open(Command command, StartMode mode)
    {
        var options = SharedDescriptors.Resolve(command.Options);
        var streams = new DoubleStreams();
        try
        {
            foreach (var (number, source) in options.Descriptors.Where(d => d.Value.Kind != StdioKind.SameAs))
            {
                if (TryOpen(command, mode, number, source) is { } stream)
                {
                    streams._streams[number] = stream;
                }
            }

            foreach (var (number, source) in options.Descriptors.Where(d => d.Value.Kind == StdioKind.SameAs))
            {
                if (streams._streams.TryGetValue(source.Number, out var same))
                {
                    streams._streams[number] = same;
                }
            }

            return streams;
        }
        catch
        {
            streams.Dispose();
            throw;
        }
    }

    /// <summary>By the number in the child; what is read from 0 is recorded.</summary>
    internal IReadOnlyDictionary<int, Stream> ByNumber(DoubleInput.Recorder record) =>
        _streams.ToDictionary(
            s => s.Key,
            s => s is { Key: 0, Value.CanRead: true } ? new DoubleInput(s.Value, record) : s.Value
        );

    public void Dispose()
    {
        foreach (var stream in _streams.Values)
        {
            stream.Dispose();
        }
    }

    private static Stream? TryOpen(Command command, StartMode mode, int number, Stdio source)
    {
        var descriptor = source.Kind switch
        {
            StdioKind.Number => Copy(command, mode, source.Number),
            StdioKind.Handle => Copy(command, mode, HandleNumber.Of(source.Handle!)),
            StdioKind.File => OpenFile(command, mode, source.File!),
            StdioKind.Terminal => OpenTerminal(command.Options.Terminal!),
            // Inherited: a double says nothing to the test's own terminal. Closed: nothing.
            _ => null,
        };
        if (descriptor is null)
        {
            return null;
        }

        // As the caller said it, before pipes became numbers; 2>&1 of a pipe is the pipe.
        var said = command.Origin.Options;
        var origin = SharedDescriptors.OriginOf(said, number);
        if (!said.Descriptors[origin].IsMadeAtStart)
        {
            return new DoubleFile(descriptor, IsInput(number, source), !IsInput(number, source));
        }

        // Nobody shares this open file description but the start that is over at once, so it may be made nonblocking.
        var own = AsyncDescriptor.Own(descriptor);
        return said.Descriptors[origin].IsToProgram(origin) ? new ChildOutput(own) : new ChildInput(own);
    }

    private static bool IsInput(int number, Stdio source) =>
        source.File is { } file ? (file.Flags & 3) == Fcntl.O_RDONLY || number == 0 : number == 0;

    private static Descriptor Copy(Command command, StartMode mode, int source)
    {
        var result = Sys.Call(Syscall.fcntl, source, Fcntl.F_DUPFD_CLOEXEC, 3);
        return result >= 0
            ? new Descriptor((int)result)
            : throw DoubleFailure.Of(command, mode, Sys.ErrnoOf(result), StepThatMoves(command, mode));
    }

    private static Descriptor OpenFile(Command command, StartMode mode, FileSource file)
    {
        try
        {
            return file.Open();
        }
        catch (SystemCallException e)
        {
            throw DoubleFailure.Of(command, mode, e.Errno, "open", Quote.ForListing(file.Path));
        }
    }

    // As the child does it, but for TIOCGPTPEER; and never this process's controlling terminal.
    private static Descriptor OpenTerminal(PseudoTerminal terminal) =>
        new FileSource(terminal.Name, Fcntl.O_RDWR | Fcntl.O_NOCTTY, 0).Open();

    // The call that would have met the same error.
    private static string? StepThatMoves(Command command, StartMode mode) =>
        CommandCompiler
            .Compile(command.Options, InheritedEnvironment.Current(), mode)
            .Steps.FirstOrDefault(s => s.Call is Syscall.dup3 or Syscall.fcntl)
            ?.Name;
}
