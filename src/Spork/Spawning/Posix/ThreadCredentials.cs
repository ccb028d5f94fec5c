using Spork.Linux;

namespace Spork.Spawning;

/// <summary>
/// What the calling thread is and may, as far as it decides what a change of its effective ids comes to; and the kernel's
/// rules for that. A posix_spawn's child is made by this thread, and begins as what it is.
/// </summary>
internal sealed record ThreadCredentials(uint RealUser, uint User, uint SavedUser, uint RealGroup, uint Group)
{
    internal required CapabilitySets Capabilities { get; init; }

    internal required ulong Ambient { get; init; }

    internal required ulong Bounding { get; init; }

    internal required int SecureBits { get; init; }

    internal required bool NoNewPrivileges { get; init; }

    internal bool AreReal => RealUser == User && RealGroup == Group;

    /// <summary>Null where the effective ids are the real ones, as in nearly every process: two calls, and no more.</summary>
    /// <param name="always">For tests: the rest as well.</param>
    /// <exception cref="SystemCallException">A filter refuses a question.</exception>
    internal static unsafe ThreadCredentials? IfIdsDiffer(bool always = false)
    {
        var ids = stackalloc uint[6];
        Ask(Syscall.getresuid, ids);
        Ask(Syscall.getresgid, ids + 3);
        if (ids[0] == ids[1] && ids[3] == ids[4] && !always)
        {
            return null;
        }

        return new(ids[0], ids[1], ids[2], ids[3], ids[4])
        {
            Capabilities = CapabilitySets.OfThisThread(),
            Ambient = CapabilitySets.Ambient(),
            Bounding = CapabilitySets.Bounding(),
            SecureBits = Ask(Prctl.PR_GET_SECUREBITS, "this thread's secure bits"),
            NoNewPrivileges = Ask(Prctl.PR_GET_NO_NEW_PRIVS, "this thread's no_new_privs") != 0,
        };
    }

    /// <summary>
    /// After setresuid(-1, real, -1) and setresgid(-1, real, -1): cap_emulate_setxuid() in the kernel's
    /// security/commoncap.c.
    /// </summary>
    internal ThreadCredentials WithRealIds()
    {
        var after = this with { User = RealUser, Group = RealGroup };
        if (Has(Linux.SecureBits.SECBIT_NO_SETUID_FIXUP))
        {
            return after;
        }

        var (effective, permitted, ambient) = (Capabilities.Effective, Capabilities.Permitted, Ambient);
        if (IsAnyRoot && !after.IsAnyRoot)
        {
            ambient = 0;
            if (!Has(Linux.SecureBits.SECBIT_KEEP_CAPS))
            {
                (effective, permitted) = (0, 0);
            }
        }

        if (User == 0 && RealUser != 0)
        {
            effective = 0;
        }

        if (User != 0 && RealUser == 0)
        {
            effective = permitted;
        }

        return after with
        {
            Capabilities = new(effective, permitted, Capabilities.Inheritable),
            Ambient = ambient,
        };
    }

    /// <summary>
    /// What surely is permitted after an exec of a file without capabilities (cap_bprm_creds_from_file(), the same place).
    /// With no_new_privs it is what was permitted before, at most. Ambient ones are not counted: kernels before 6.17 drop
    /// them where effective and real ids differ.
    /// </summary>
    internal ulong GivenByExec =>
        (RealUser == 0 || User == 0) && !Has(Linux.SecureBits.SECBIT_NOROOT) ? Bounding | Capabilities.Inheritable : 0;

    internal bool Has(int secureBit) => (SecureBits & secureBit) != 0;

    private bool IsAnyRoot => RealUser == 0 || User == 0 || SavedUser == 0;

    // Real, effective, saved.
    private static unsafe void Ask(Syscall call, uint* ids)
    {
        var result = Sys.Call(call, (nint)ids, (nint)(ids + 1), (nint)(ids + 2));
        if (result != 0)
        {
            throw new SystemCallException($"{call}", "this process's ids", Sys.ErrnoOf(result));
        }
    }

    private static int Ask(int question, string subject)
    {
        var result = Sys.Call(Syscall.prctl, question);
        return result >= 0 ? (int)result : throw new SystemCallException("prctl", subject, Sys.ErrnoOf(result));
    }
}
