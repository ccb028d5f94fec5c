namespace Spork.Linux;

/// <summary>The three sets that capget(2) and capset(2) know, one bit for each capability.</summary>
internal sealed record CapabilitySets(ulong Effective, ulong Permitted, ulong Inheritable)
{
    /// <summary>Of the calling thread.</summary>
    /// <exception cref="SystemCallException">A filter refuses the question.</exception>
    internal static unsafe CapabilitySets OfThisThread()
    {
        var header = new CapabilityHeader { Version = CapabilityHeader._LINUX_CAPABILITY_VERSION_3 };
        var words = stackalloc CapabilityWords[2];
        var result = Sys.Call(Syscall.capget, (nint)(&header), (nint)words);
        return result == 0
            ? new(
                words[0].Effective | ((ulong)words[1].Effective << 32),
                words[0].Permitted | ((ulong)words[1].Permitted << 32),
                words[0].Inheritable | ((ulong)words[1].Inheritable << 32)
            )
            : throw new SystemCallException("capget", "this thread's capabilities", Sys.ErrnoOf(result));
    }

    internal bool HasEffective(Capability capability) => (Effective & Bit(capability)) != 0;

    internal static ulong Bit(Capability capability) => 1UL << (int)capability;

    /// <summary>Every capability that this kernel knows: asked, not assumed, so that a new one is dropped as well.</summary>
    internal static ulong Known { get; } = FindKnown();

    /// <summary>The calling thread's ambient ones, of which capget(2) does not tell; none where the kernel has no such thing.</summary>
    internal static ulong Ambient() =>
        Ask(number => Sys.Call(Syscall.prctl, Prctl.PR_CAP_AMBIENT, Prctl.PR_CAP_AMBIENT_IS_SET, number));

    /// <summary>The calling thread's bounding set.</summary>
    internal static ulong Bounding() => Ask(number => Sys.Call(Syscall.prctl, Prctl.PR_CAPBSET_READ, number));

    private static ulong Ask(Func<int, nint> isSet)
    {
        ulong set = 0;
        for (var number = 0; number < 64; number++)
        {
            var answer = isSet(number);
            if (answer < 0 && -answer != Errno.EINVAL.Value)
            {
                throw new SystemCallException("prctl", $"capability {number}", new Errno((int)-answer));
            }

            // EINVAL: a number that this kernel has no capability for.
            set |= answer > 0 ? 1UL << number : 0;
        }

        return set;
    }

    private static ulong FindKnown()
    {
        ulong known = 0;
        for (var number = 0; number < 64 && Sys.Call(Syscall.prctl, Prctl.PR_CAPBSET_READ, number) >= 0; number++)
        {
            known |= 1UL << number;
        }

        return known;
    }
}
