namespace Spork;

// Names and texts are glibc's: sigabbrev_np and strsignal in the C locale.
public readonly partial struct Signal
{
    private const int FirstRealTime = 34;
    private const int LastRealTime = 64;

    private static (string Name, string Description) Describe(int number) =>
        number switch
        {
            1 => ("SIGHUP", "Hangup"),
            2 => ("SIGINT", "Interrupt"),
            3 => ("SIGQUIT", "Quit"),
            4 => ("SIGILL", "Illegal instruction"),
            5 => ("SIGTRAP", "Trace/breakpoint trap"),
            6 => ("SIGABRT", "Aborted"),
            7 => ("SIGBUS", "Bus error"),
            8 => ("SIGFPE", "Floating point exception"),
            9 => ("SIGKILL", "Killed"),
            10 => ("SIGUSR1", "User defined signal 1"),
            11 => ("SIGSEGV", "Segmentation fault"),
            12 => ("SIGUSR2", "User defined signal 2"),
            13 => ("SIGPIPE", "Broken pipe"),
            14 => ("SIGALRM", "Alarm clock"),
            15 => ("SIGTERM", "Terminated"),
            16 => ("SIGSTKFLT", "Stack fault"),
            17 => ("SIGCHLD", "Child exited"),
            18 => ("SIGCONT", "Continued"),
            19 => ("SIGSTOP", "Stopped (signal)"),
            20 => ("SIGTSTP", "Stopped"),
            21 => ("SIGTTIN", "Stopped (tty input)"),
            22 => ("SIGTTOU", "Stopped (tty output)"),
            23 => ("SIGURG", "Urgent I/O condition"),
            24 => ("SIGXCPU", "CPU time limit exceeded"),
            25 => ("SIGXFSZ", "File size limit exceeded"),
            26 => ("SIGVTALRM", "Virtual timer expired"),
            27 => ("SIGPROF", "Profiling timer expired"),
            28 => ("SIGWINCH", "Window changed"),
            29 => ("SIGPOLL", "I/O possible"),
            30 => ("SIGPWR", "Power failure"),
            31 => ("SIGSYS", "Bad system call"),
            FirstRealTime => ("SIGRTMIN", "Real-time signal 0"),
            LastRealTime => ("SIGRTMAX", $"Real-time signal {LastRealTime - FirstRealTime}"),
            > FirstRealTime and < LastRealTime => (
                $"SIGRTMIN+{number - FirstRealTime}",
                $"Real-time signal {number - FirstRealTime}"
            ),
            // 0 (a default value) and 32, 33, which glibc uses for its threads.
            _ => ($"signal {number}", $"Unknown signal {number}"),
        };

    // The other spellings that kill(1), bash and <signal.h> know.
    private static int FindAlias(ReadOnlySpan<char> name) =>
        name switch
        {
            "IOT" => 6,
            "CLD" => 17,
            "IO" => 29,
            _ => 0,
        };
}
