using System.Numerics;

namespace Spork.Linux;

/// <summary>The kernel's sigset_t: bit n-1 for signal n.</summary>
internal static class SignalSet
{
    internal const ulong All = ulong.MaxValue;

    internal static ulong Bit(int signal) => 1UL << (signal - 1);

    internal static IEnumerable<int> Numbers(ulong set)
    {
        for (; set != 0; set &= set - 1)
        {
            yield return BitOperations.TrailingZeroCount(set) + 1;
        }
    }

    /// <summary>As strace prints it: <c>[INT TERM]</c>, <c>~[KILL]</c> when more than half are in it.</summary>
    internal static string Describe(ulong set)
    {
        var inverted = BitOperations.PopCount(set) > 32;
        return (inverted ? "~[" : "[") + string.Join(' ', Numbers(inverted ? ~set : set).Select(ShortName)) + "]";
    }

    /// <summary>One signal as strace prints it: <c>SIGTERM</c>, <c>SIGIO</c>, <c>SIGRT_2</c>.</summary>
    internal static string Name(int signal) => "SIG" + ShortName(signal);

    private static string ShortName(int signal)
    {
        // strace knows no libc: it counts real-time signals from the kernel's 32.
        if (signal >= 32)
        {
            return signal == 32 ? "RTMIN" : $"RT_{signal - 32}";
        }

        // One number, two names: POSIX's and the kernel's.
        if (signal == Signal.SIGPOLL.Number)
        {
            return "IO";
        }

        var name = new Signal(signal).Name;
        return name.StartsWith("SIG", StringComparison.Ordinal) ? name[3..] : name;
    }
}
