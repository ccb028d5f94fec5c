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
/// No clock tells that it has looked: at SCHED_IDLE on a busy machine it waits longer than any moment (21 of 132 callers
/// of 200 scripts each were ended). Nor does a signal of our own that is sent afterwards: it overtakes. But the terminal
/// signals all of the group under the lock that an exit needs too (tasklist_lock), so our copy has been sent when the
/// script is reaped, and <see cref="SignalPassage"/> tells when it has arrived. Nothing is let go before that, with two
/// exceptions: ten seconds were not enough (a thread is stopped, or got no processor); or there is no /proc that tells, and
/// a second moment has to do.
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

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(10);

    // Stopped by a debugger with the signal in its hands, or everybody blocks it: not for ever.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly (PosixSignal Signal, int Number)[] Spared =
    [
        (PosixSignal.SIGINT, Signal.SIGINT.Number),
        (PosixSignal.SIGQUIT, Signal.SIGQUIT.Number),
    ];

    private static readonly ulong SparedSet = Spared.Aggregate(0UL, (set, s) => set | SignalSet.Bit(s.Number));
    private static readonly Lock Gate = new();
    private static readonly List<PosixSignalRegistration> Registrations = [];
    private static readonly Timer Afterwards = new(static _ => LetGo());
    private static int s_runs;
    private static volatile bool s_seen;
    private static bool s_byKey;
    private static long s_until;
    private static SignalPassage? s_passage;
    private static long s_latest;
    private static bool s_isBlind;

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
                (s_passage, s_isBlind) = (null, false);
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

    /// <summary>What came before the keyboard was let go last was seen to have arrived; no clock had to do.</summary>
    internal static bool LastWasSeen { get; private set; }

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
        SignalPassage passage;
        lock (Gate)
        {
            // A call that was late, for a run before the last one, may find that it is too early for that; or that another
            // is looking.
            if (s_runs > 0 || Registrations.Count == 0 || Environment.TickCount64 < s_until - 1)
            {
                return;
            }

            if (s_passage is null)
            {
                s_passage = new SignalPassage(SparedSet);
                s_latest = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
            }

            passage = s_passage;
            s_until = long.MaxValue;
        }

        // Not under the lock: there may be a thousand threads to look at, and a script that wants to begin.
        var isOver = passage.IsOver();
        lock (Gate)
        {
            if (s_runs > 0 || s_passage != passage)
            {
                return;
            }

            if (isOver == false && Environment.TickCount64 < s_latest)
            {
                KeepFor(BetweenLooks);
            }
            else if (isOver is null && !s_isBlind)
            {
                // Nothing better than the clock.
                s_isBlind = true;
                KeepFor(Moment);
            }
            else
            {
                LastWasSeen = isOver == true;
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
        s_passage = null;
    }
}
