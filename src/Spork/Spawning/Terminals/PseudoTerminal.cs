using System.Runtime.InteropServices;
using Spork.Linux;
using Spork.Spawning;

namespace Spork;

/// <summary>
/// A pseudo-terminal: a program is given the one end and takes it for a terminal, we have the other, where its output is
/// read and its keys are typed. See pty(7).
/// </summary>
/// <remarks>
/// <para>
/// Our end never blocks a thread; all terminals share the one reactor. Reading and writing at once is safe; of each, one
/// operation at a time. Everything else is safe from any thread.
/// </para>
/// <para>
/// The program's end is opened by the child itself, through our end (TIOCGPTPEER) and not by name, and this process
/// never holds it: output ends as soon as the last process that has it is gone. So a terminal has one program after the
/// other, not two at once: a terminal controls one session.
/// </para>
/// </remarks>
/// <example><code>
/// using var terminal = PseudoTerminal.Open(new TerminalSize(24, 80));
/// using var child = new Command("ls", "--color=auto").WithTerminal(terminal).Start();
/// Console.Write(await new StreamReader(terminal.Stream).ReadToEndAsync());
/// </code></example>
public sealed partial class PseudoTerminal : IDisposable
{
    private const string Multiplexer = "/dev/ptmx";

    private readonly AsyncDescriptor _master;

    private PseudoTerminal(AsyncDescriptor master, uint number)
    {
        _master = master;
        Name = $"/dev/pts/{number}";
        Stream = new TerminalStream(this);
    }

#pragma warning disable MA0055 // The reactor keeps the descriptor it watches, so only this object's end tells that nobody has it.
    /// <summary>Forgotten: hangs up.</summary>
    ~PseudoTerminal() => _master.Dispose();
#pragma warning restore MA0055

    /// <summary>The file of the program's end, as tty(1) prints it: <c>/dev/pts/3</c>.</summary>
    public string Name { get; }

    /// <summary>
    /// Our end, close-on-exec and non-blocking, for ioctls that are not offered here. Stays this object's: closing it is
    /// a hang-up.
    /// </summary>
    public SafeHandle Handle => _master.Descriptor;

    /// <summary>
    /// The size that programs ask for. Setting another sends SIGWINCH to the terminal's foreground process group.
    /// </summary>
    /// <exception cref="ObjectDisposedException">It was hung up.</exception>
    public unsafe TerminalSize Size
    {
        get
        {
            WinSize size;
            Control(Tty.TIOCGWINSZ, "TIOCGWINSZ", (nint)(&size));
            return new TerminalSize(size.Rows, size.Columns);
        }
        set
        {
            var size = new WinSize { Rows = (ushort)value.Rows, Columns = (ushort)value.Columns };
            Control(Tty.TIOCSWINSZ, "TIOCSWINSZ", (nint)(&size));
        }
    }

    internal AsyncDescriptor Master => _master;

    /// <summary>
    /// A new pseudo-terminal, in the mode terminals begin with: lines are edited and echoed (cooked), erasing knows UTF-8.
    /// </summary>
    /// <param name="size">Its size; 24 rows of 80 columns if null.</param>
    /// <exception cref="SystemCallException">
    /// ENOENT, ENODEV or EACCES: no devpts is mounted here. ENOSPC: the machine has no more (sysctl kernel.pty.max). EMFILE,
    /// ENFILE: no descriptor is to be had.
    /// </exception>
    public static PseudoTerminal Open(TerminalSize? size = null)
    {
        var master = OpenMaster();
        try
        {
            Unlock(master);
            var terminal = new PseudoTerminal(AsyncDescriptor.Own(master), NumberOf(master));
            terminal.Size = size ?? TerminalSize.Usual;
            terminal.Change((ref Termios settings) => settings.InputFlags |= Tty.IUTF8);
            return terminal;
        }
        catch
        {
            master.Dispose();
            throw;
        }
    }

    /// <summary>As setting <see cref="Size"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 to 65535.</exception>
    public void Resize(int rows, int columns) => Size = new TerminalSize(rows, columns);

    /// <summary>
    /// Hangs up: the session's leader gets SIGHUP (and SIGCONT), the foreground process group when the leader ends of it,
    /// and every read of the terminal ends. A program that ignores SIGHUP runs on. Output not read yet is lost.
    /// </summary>
    public void Dispose()
    {
        _master.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Its <see cref="Name"/>.</summary>
    public override string ToString() => Name;

    private static unsafe Descriptor OpenMaster()
    {
        nint result;
        fixed (byte* path = "/dev/ptmx\0"u8)
        {
            const int flags = Fcntl.O_RDWR | Fcntl.O_NOCTTY | Fcntl.O_CLOEXEC;
            result = Sys.CallRestarting(Syscall.openat, Fcntl.AT_FDCWD, (nint)path, flags);
        }

        if (result >= 0)
        {
            return new Descriptor((int)result);
        }

        var errno = Sys.ErrnoOf(result);
        throw new SystemCallException("open", Multiplexer, errno, HintFor(errno));
    }

    private static string? HintFor(Errno errno) =>
        errno == Errno.ENOSPC ? "every pseudo-terminal is in use: see sysctl kernel.pty.max and kernel.pty.nr"
        : errno == Errno.ENOENT || errno == Errno.ENODEV || errno == Errno.ENXIO
            ? "no devpts here: mount it at /dev/pts, with /dev/ptmx a link to pts/ptmx"
        : errno == Errno.EACCES || errno == Errno.EPERM
            ? "devpts must be mounted with ptmxmode=666, and the container must allow its devices"
        : errno == Errno.EMFILE ? "this process may open no more descriptors (RLIMIT_NOFILE)"
        : null;

    private static unsafe void Unlock(Descriptor master)
    {
        var locked = 0;
        var result = Sys.Call(Syscall.ioctl, master.Number, Tty.TIOCSPTLCK, (nint)(&locked));
        if (result < 0)
        {
            throw new SystemCallException("ioctl TIOCSPTLCK", Multiplexer, Sys.ErrnoOf(result));
        }
    }

    private static unsafe uint NumberOf(Descriptor master)
    {
        uint number;
        var result = Sys.Call(Syscall.ioctl, master.Number, unchecked((nint)Tty.TIOCGPTN), (nint)(&number));
        return result < 0 ? throw new SystemCallException("ioctl TIOCGPTN", Multiplexer, Sys.ErrnoOf(result)) : number;
    }

    // Held open during the call: a number closed by another thread may be somebody else's by then.
    private nint TryControl(int request, nint argument)
    {
        var held = false;
        try
        {
            Handle.DangerousAddRef(ref held);
            return Sys.CallRestarting(Syscall.ioctl, _master.Descriptor.Number, request, argument);
        }
        finally
        {
            if (held)
            {
                Handle.DangerousRelease();
            }
        }
    }

    private void Control(int request, string name, nint argument)
    {
        var result = TryControl(request, argument);
        if (result < 0)
        {
            throw new SystemCallException($"ioctl {name}", Name, Sys.ErrnoOf(result));
        }
    }
}
