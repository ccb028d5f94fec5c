using Spork.Linux;
using Spork.Programs;

namespace Spork.Spawning;

/// <summary>
/// What one start needs for its second stage: the executable, the memory it reports in, and a pipe whose end is the event
/// (close-on-exec: the stage became the program, or died). See ADR 0009.
/// </summary>
internal sealed unsafe class SecondStage : IReactorSource, IDisposable
{
    private const int LookAgainMilliseconds = 1;

    // Somebody else's fork may hold the pipe's end (ADR 0009): without its event the outcome is looked at now and then.
    private const int PatienceMilliseconds = 250;

    // Between closing the pipe and taking the program's name exec only closes more files. One that still lives after
    // this long has become the program; it can only have taken the stage's name again, knowing it from who knows where.
    private const long NameLastsMilliseconds = 100;

    private readonly StageName _name = new();
    private readonly ChildProgram _program;
    private readonly Descriptor _file;
    private readonly StageReport _report;
    private readonly Descriptor _readEnd;
    private readonly Descriptor _writeEnd;
    private Timer? _lookingNowAndThen;
    private bool _becameProgram;
    private long _pipeEndedAt;

    private SecondStage(
        ChildProgram program,
        Descriptor file,
        StageReport report,
        Descriptor readEnd,
        Descriptor writeEnd
    )
    {
        _program = program;
        _file = file;
        _report = report;
        _readEnd = readEnd;
        _writeEnd = writeEnd;
        _name.Text.CopyTo(new Span<byte>(report.Slots + Slot.StageName, 2 * sizeof(long)));
    }

    Descriptor IReactorSource.Watched => _readEnd;

    // Only that the other end is gone, which is always told; and once.
    uint IReactorSource.Interest => Epoll.EPOLLONESHOT;

    long IReactorSource.ReactorId { get; set; }

    /// <summary>Who is told of the pipe's end; false from it to be told again.</summary>
    internal Func<bool>? Ended { get; set; }

    internal ProgramContext* Context => _report.Context;

    internal long* Slots => _report.Slots;

    /// <summary>The step it stands at; -1 before it reported anything.</summary>
    internal int Current => Math.Min(Volatile.Read(ref Context->Current), _program.Steps.Count - 1);

    /// <summary>It called execve and reported no error: it is the program, or will be, or was killed inside the call.</summary>
    internal bool ReachedExec =>
        Current >= 0 && Volatile.Read(ref Context->Error) == 0 && _program.Steps[Current].BecomesProgram;

    /// <exception cref="SystemCallException">No descriptor, or no memory.</exception>
    internal static SecondStage Create(CompiledCommand compiled)
    {
        var program = compiled.Program;
        var image = compiled.StageImage;
        var open = new List<IDisposable>();
        Descriptor Opened(Descriptor descriptor)
        {
            open.Add(descriptor);
            if (!program.ReservedNumbers.Contains(descriptor.Number))
            {
                return descriptor;
            }

            var moved = MoveAway(descriptor, program.ReservedNumbers);
            open.Add(moved);
            descriptor.Dispose();
            return moved;
        }

        try
        {
            var file = Opened(StageFile.Create(image.File));
            var report = new StageReport(image.Report.Span);
            open.Add(report);
            report.MoveFile(Opened);
            var pipe = PipePair.Create();
            open.Add(pipe);
            return new SecondStage(program.Second!, file, report, Opened(pipe.ReadEnd), Opened(pipe.WriteEnd));
        }
        catch
        {
            open.ForEach(o => o.Dispose());
            throw;
        }
    }

    // The lowest that will do: a limit of open files may be near.
    private static Descriptor MoveAway(Descriptor descriptor, int[] taken)
    {
        for (nint from = 3; ; from++)
        {
            from = Sys.Call(Syscall.fcntl, descriptor.Number, Fcntl.F_DUPFD_CLOEXEC, from);
            if (from < 0)
            {
                throw new SystemCallException("fcntl", "a descriptor for the second stage", Sys.ErrnoOf(from));
            }

            var moved = new Descriptor((int)from);
            if (!taken.Contains(moved.Number))
            {
                return moved;
            }

            moved.Dispose();
        }
    }

    /// <summary>Tells the first stage, loaded in this arena, where everything is.</summary>
    internal void HandOverTo(Arena arena)
    {
        arena.Slots[Slot.StageFile] = _file.Number;
        arena.Slots[Slot.StageReport] = _report.File.Number;
        arena.Slots[Slot.StagePipe] = _writeEnd.Number;
    }

    /// <summary>Once the child has copies of them; as long as we hold the pipe's, it does not end.</summary>
    internal void CloseChildsEnds()
    {
        _file.Dispose();
        _report.File.Dispose();
        _writeEnd.Dispose();
    }

    /// <summary>Waits on this thread until the child is the program, or has exited.</summary>
    internal void Wait(ChildProcess child)
    {
        var polls = stackalloc PollFd[2];
        while (true)
        {
            var pipeEnded = _pipeEndedAt != 0;
            polls[0] = new PollFd { Descriptor = child.PidFd.Number, Events = PollFd.POLLIN };
            polls[1] = new PollFd { Descriptor = _readEnd.Number };
            var patience = pipeEnded ? LookAgainMilliseconds : PatienceMilliseconds;
            var result = Sys.CallRestarting(Syscall.poll, (nint)polls, pipeEnded ? 1 : 2, patience);
            if (result < 0)
            {
                // A filter refuses poll: look now and then, rather than spin on the refusal.
                Thread.Sleep(LookAgainMilliseconds);
            }

            if (!pipeEnded && result > 0 && polls[1].ReturnedEvents != 0)
            {
                PipeEnded();
            }

            if ((result > 0 && polls[0].ReturnedEvents != 0) || IsProgram(child))
            {
                return;
            }
        }
    }

    /// <summary>
    /// Of a child that lives: whether it surely is the program now. One that still exits, or is in the middle of execve, is
    /// not yet. May be asked at any time, and from any thread if one at a time.
    /// </summary>
    internal bool IsProgram(ChildProcess child)
    {
        if (_becameProgram || !ReachedExec)
        {
            return _becameProgram;
        }

        var still = _name.IsThatOf(child.Id);
        _becameProgram =
            _pipeEndedAt == 0
                // Where nobody can tell its name, execve may yet come back with an error.
                ? still == false
                : still != true
                    || (
                        Environment.TickCount64 - _pipeEndedAt > NameLastsMilliseconds && !Reaper.HasExited(child.PidFd)
                    );
        return _becameProgram;
    }

    /// <summary>Of a child that <see cref="IsProgram"/>, or that has exited and is not reaped: whether it ever was the program.</summary>
    internal bool BecameProgram(int pid) => _becameProgram || (ReachedExec && _name.IsThatOf(pid) != true);

    /// <summary>Has <see cref="Ended"/> asked now and then, until disposed, whether or not the pipe ends.</summary>
    internal void LookNowAndThen() =>
        _lookingNowAndThen = new Timer(
            static stage => ((SecondStage)stage!).Ended!(),
            this,
            PatienceMilliseconds,
            PatienceMilliseconds
        );

    private void PipeEnded()
    {
        if (_pipeEndedAt == 0)
        {
            _pipeEndedAt = Math.Max(1, Environment.TickCount64);
        }
    }

    bool IReactorSource.OnReady(uint events)
    {
        // Not where epoll_wait is refused, and everybody is asked now and then.
        if ((events & (Epoll.EPOLLHUP | Epoll.EPOLLERR)) != 0)
        {
            PipeEnded();
        }

        return Ended!();
    }

    bool IReactorSource.MayBeReady() => true;

    public void Dispose()
    {
        _lookingNowAndThen?.Dispose();
        if (((IReactorSource)this).ReactorId != 0)
        {
            Reactor.Instance.Remove(this);
        }

        CloseChildsEnds();
        _readEnd.Dispose();
        _report.Dispose();
    }
}
