using System.Runtime.InteropServices;
using Spork.Linux;

namespace Spork.Spawning;

/// <summary>
/// One thread that waits for any number of asynchronous starts, without a descriptor or a thread for each.
/// </summary>
/// <remarks>
/// <para>
/// CLONE_CHILD_CLEARTID is exactly the event (exec succeeded, or exit), but a futex cannot be polled, and a thread can
/// wait for one word only (futex_waitv: 128). So all children share one word, the doorbell: the kernel clears it and
/// wakes this thread when any child lets go. Which one it was, a second mechanism tells: each child registers a robust
/// futex list with one entry, whose word is the slot that holds its tid (the result of its first step); at exec and at
/// exit the kernel walks that list *before* it rings the doorbell and sets FUTEX_OWNER_DIED in the word
/// (futex_exec_release and mm_release in kernel/fork.c).
/// </para>
/// <para>
/// The order that makes it safe: arm the doorbell, then look at every child, then sleep while it is armed. A child that
/// lets go after the look finds it armed, clears it, and the sleep does not begin. A child that dies before its list
/// is registered, or that dumps core (kernels leave the doorbell alone then), is found by its pidfd in the reactor.
/// A pipe for each start (seed 003) costs two descriptors, four syscalls and 60 instead of 36 µs; see ADR 0002.
/// </para>
/// </remarks>
internal static unsafe class StartWaiter
{
    private const int Armed = 1;

    private static readonly List<StartOperation> InFlight = [];
    private static readonly List<StartOperation> LetGo = [];
    private static bool s_running;

    /// <summary>Shared with every asynchronous child; lives as long as the process.</summary>
    internal static int* Doorbell { get; } = (int*)NativeMemory.AlignedAlloc(64, 64);

    /// <summary>Before the clone: the child may let go before that returns.</summary>
    /// <exception cref="SystemCallException">No thread is to be had.</exception>
    internal static void Add(StartOperation operation)
    {
        lock (InFlight)
        {
            if (!s_running)
            {
                // Only once it runs: after a refusal the next start tries again.
                ServiceThread.Start("spork starts", Loop);
                s_running = true;
            }

            operation.WaiterIndex = InFlight.Count;
            InFlight.Add(operation);
            Monitor.Pulse(InFlight);
        }
    }

    internal static void Remove(StartOperation operation)
    {
        lock (InFlight)
        {
            if (operation.WaiterIndex < 0)
            {
                return;
            }

            var last = InFlight[^1];
            InFlight[operation.WaiterIndex] = last;
            last.WaiterIndex = operation.WaiterIndex;
            InFlight.RemoveAt(InFlight.Count - 1);
            operation.WaiterIndex = -1;
        }
    }

    /// <summary>As a child would: makes the thread look again.</summary>
    internal static void Ring()
    {
        Volatile.Write(ref *Doorbell, 0);
        Futex.Wake(Doorbell, 1);
    }

    private static void Loop()
    {
        while (true)
        {
            Interlocked.Exchange(ref *Doorbell, Armed);
            lock (InFlight)
            {
                while (InFlight.Count == 0)
                {
                    Monitor.Wait(InFlight);
                }

                LetGo.AddRange(InFlight.Where(o => o.HasLetGo));
            }

            if (LetGo.Count == 0)
            {
                var result = Futex.Wait(Doorbell, Armed, null);
                if (result != 0 && result != -Errno.EAGAIN.Value && result != -Errno.EINTR.Value)
                {
                    // A filter refuses futex: look now and then, rather than spin on the refusal.
                    Thread.Sleep(1);
                }

                continue;
            }

            foreach (var operation in LetGo)
            {
                Remove(operation);
                operation.OnLetGo();
            }

            LetGo.Clear();
        }
    }
}
