using System.Runtime.InteropServices;
using Spork.Linux;

namespace Spork.Spawning;

/// <summary>
/// While a shell command runs in the foreground, Ctrl-C and Ctrl-\ are its own: this process is not ended by them.
/// </summary>
/// <remarks>
/// <para>
/// system(3) ignores SIGINT and SIGQUIT in the caller. SIG_IGN is a bad neighbour in a process with threads: every
/// other child started meanwhile would inherit it. So they are caught (PosixSignalRegistration) and cancelled, which
/// exec undoes. Runs are counted; only the first makes the registrations.
/// </para>
/// <para>
/// The terminal signals the whole group at once, and the shell may be dead and reaped before the runtime's signal
/// thread has looked at our copy; without a registration it would then end this process. So the registrations outlive
/// the last run: by a moment, and by a second if the status says that the keyboard was used and no signal has come here
/// yet. What is pressed in that time is taken for the command's.
/// </para>
/// <para>
/// No clock tells that the signal thread has looked: at SCHED_IDLE on a busy machine it waits longer than any moment (21 of
/// 132 callers of 200 scripts each were ended). So a signal of our own, which by itself does nothing, is sent after the
/// moment: .NET's handlers write to one pipe, the kernel hands out the lower number first, and its thread takes one after
/// the other. When ours has arrived, so have those of the keyboard.
/// </para>
/// <para>
/// What was ignored when this process began stays ignored, for it and for the script: .NET would replace that by its
/// handler, and the script's shell would lose it.
/// </para>
/// </remarks>
internal static class KeyboardSignals
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Expected = TimeSpan.FromSeconds(1);

    // Somebody blocks the echo in all threads, or has taken its handler away: not for ever.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly Signal Echo = Signal.SIGURG;
    private static readonly (PosixSignal Signal, int Number)[] Spared =
    [
        (PosixSignal.SIGINT, Signal.SIGINT.Number),
        (PosixSignal.SIGQUIT, Signal.SIGQUIT.Number),
    ];

    private static readonly Lock Gate = new();
    private static readonly List<PosixSignalRegistration> Registrations = [];
    private static readonly Timer Afterwards = new(static _ => LetGo());
    private static int s_runs;
    private static volatile bool s_seen;
    private static bool s_byKey;
    private static long s_until;
    private static bool s_isEchoing;
    private static int s_echoes;

    /// <summary>A run begins.</summary>
    /// <exception cref="SystemCallException">The signals cannot be caught; nothing has begun.</exception>
    internal static void Enter()
    {
        lock (Gate)
        {
            if (s_runs == 0)
            {
                Afterwards.Change(Timeout.Infinite, Timeout.Infinite);
                Register();
                s_byKey = false;
            }

            // What came before this script began was another's key.
            s_seen = false;
            s_runs++;
        }
    }

    /// <summary>It is over.</summary>
    /// <param name="byKey">Its status says that the keyboard was used.</param>
    internal static void Leave(bool byKey)
    {
        lock (Gate)
        {
            // Of any that ran side by side: the key is pressed once for all of them.
            s_byKey |= byKey;
            if (--s_runs == 0)
            {
                s_isEchoing = false;
                KeepFor(s_byKey && !s_seen ? Expected : Moment);
            }
        }
    }

    /// <summary>Whether the signals are caught right now.</summary>
    internal static bool AreSpared
    {
        get
        {
            lock (Gate)
            {
                return Registrations.Count > 0;
            }
        }
    }

    /// <summary>Whether it ended as the keyboard ends it. A shell that lives on after its command was killed says 128 + n.</summary>
    internal static bool IsFromKeyboard(ExitStatus status) =>
        Spared.Any(spared => status.ShellCode == 128 + spared.Number);

    private static void Register()
    {
        if (Registrations.Count > 0)
        {
            return;
        }

        // Before there is a handler of ours: afterwards nobody could tell.
        var ignored = IgnoredSignals.AtFirstStart;
        foreach (var (signal, number) in Spared)
        {
            if ((ignored & SignalSet.Bit(number)) == 0)
            {
                Registrations.Add(Create(signal, Cancel));
            }
        }

        if (Registrations.Count > 0)
        {
            Registrations.Add(Create((PosixSignal)Echo.Number, OnEcho));
        }
    }

    // All or none.
    private static PosixSignalRegistration Create(PosixSignal signal, Action<PosixSignalContext> handler)
    {
        try
        {
            SignalHandling.MakeReady();
            return PosixSignalRegistration.Create(signal, handler);
        }
        catch (Exception e)
        {
            LetGoOfAll();
            var subject = $"a handler of {signal}";
            throw e switch
            {
                SystemCallException refused => new SystemCallException(refused.Call, subject, refused.Errno),
                IOException => new SystemCallException("sigaction", subject, SignalHandling.ErrnoOf(e)),
                _ => e,
            };
        }
    }

    private static void Cancel(PosixSignalContext context)
    {
        s_seen = true;
        context.Cancel = true;
    }

    private static void LetGo()
    {
        lock (Gate)
        {
            // A call that was late, for a run before the last one, may find that it is too early for that.
            if (s_runs > 0 || Environment.TickCount64 < s_until - 1)
            {
                return;
            }

            if (s_isEchoing || Registrations.Count == 0)
            {
                LetGoOfAll();
                return;
            }

            s_isEchoing = true;
            s_echoes++;
            KeepFor(Patience);
            Sys.Call(Syscall.kill, Environment.ProcessId, Echo.Number);
        }
    }

    private static void OnEcho(PosixSignalContext context)
    {
        context.Cancel = true;
        lock (Gate)
        {
            // An earlier one that was late says nothing of what came after it.
            s_echoes = Math.Max(0, s_echoes - 1);
            if (s_isEchoing && s_echoes == 0 && s_runs == 0)
            {
                Afterwards.Change(Timeout.Infinite, Timeout.Infinite);
                LetGoOfAll();
            }
        }
    }

    private static void KeepFor(TimeSpan time)
    {
        s_until = Environment.TickCount64 + (long)time.TotalMilliseconds;
        Afterwards.Change(time, Timeout.InfiniteTimeSpan);
    }

    private static void LetGoOfAll()
    {
        Registrations.ForEach(registration => registration.Dispose());
        Registrations.Clear();
        s_isEchoing = false;
        s_echoes = 0;
    }
}
