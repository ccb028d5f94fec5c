namespace Spork;

// asm-generic/signal.h: x64 and arm64 share these numbers.
public readonly partial struct Signal
{
    /// <summary>Hangup.</summary>
    public static Signal SIGHUP => new(1);

    /// <summary>Interrupt.</summary>
    public static Signal SIGINT => new(2);

    /// <summary>Quit.</summary>
    public static Signal SIGQUIT => new(3);

    /// <summary>Illegal instruction.</summary>
    public static Signal SIGILL => new(4);

    /// <summary>Trace/breakpoint trap.</summary>
    public static Signal SIGTRAP => new(5);

    /// <summary>Aborted.</summary>
    public static Signal SIGABRT => new(6);

    /// <summary>Bus error.</summary>
    public static Signal SIGBUS => new(7);

    /// <summary>Floating point exception.</summary>
    public static Signal SIGFPE => new(8);

    /// <summary>Killed. Cannot be caught, blocked or ignored.</summary>
    public static Signal SIGKILL => new(9);

    /// <summary>User defined signal 1.</summary>
    public static Signal SIGUSR1 => new(10);

    /// <summary>Segmentation fault.</summary>
    public static Signal SIGSEGV => new(11);

    /// <summary>User defined signal 2.</summary>
    public static Signal SIGUSR2 => new(12);

    /// <summary>Broken pipe.</summary>
    public static Signal SIGPIPE => new(13);

    /// <summary>Alarm clock.</summary>
    public static Signal SIGALRM => new(14);

    /// <summary>Terminated.</summary>
    public static Signal SIGTERM => new(15);

    /// <summary>Stack fault.</summary>
    public static Signal SIGSTKFLT => new(16);

    /// <summary>Child exited.</summary>
    public static Signal SIGCHLD => new(17);

    /// <summary>Continued.</summary>
    public static Signal SIGCONT => new(18);

    /// <summary>Stopped (signal). Cannot be caught, blocked or ignored.</summary>
    public static Signal SIGSTOP => new(19);

    /// <summary>Stopped.</summary>
    public static Signal SIGTSTP => new(20);

    /// <summary>Stopped (tty input).</summary>
    public static Signal SIGTTIN => new(21);

    /// <summary>Stopped (tty output).</summary>
    public static Signal SIGTTOU => new(22);

    /// <summary>Urgent I/O condition.</summary>
    public static Signal SIGURG => new(23);

    /// <summary>CPU time limit exceeded.</summary>
    public static Signal SIGXCPU => new(24);

    /// <summary>File size limit exceeded.</summary>
    public static Signal SIGXFSZ => new(25);

    /// <summary>Virtual timer expired.</summary>
    public static Signal SIGVTALRM => new(26);

    /// <summary>Profiling timer expired.</summary>
    public static Signal SIGPROF => new(27);

    /// <summary>Window changed.</summary>
    public static Signal SIGWINCH => new(28);

    /// <summary>I/O possible.</summary>
    public static Signal SIGPOLL => new(29);

    /// <summary>Power failure.</summary>
    public static Signal SIGPWR => new(30);

    /// <summary>Bad system call.</summary>
    public static Signal SIGSYS => new(31);

    /// <summary>Another name of <see cref="SIGPOLL"/> on Linux.</summary>
    public static Signal SIGIO => SIGPOLL;

    /// <summary>The first real-time signal as programs on glibc see it (34): glibc keeps 32 and 33 to itself.</summary>
    public static Signal SIGRTMIN => new(34);

    /// <summary>The last real-time signal (64).</summary>
    public static Signal SIGRTMAX => new(64);
}
