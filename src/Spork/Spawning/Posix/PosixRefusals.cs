using Spork.Linux;

namespace Spork.Spawning;

/// <summary>What is refused before there is a child.</summary>
internal static unsafe class PosixRefusals
{
    /// <exception cref="SpawnException">ENOTSUP: ids that differ. EBADF: a number that no descriptor can have.</exception>
    internal static void Check(CommandOptions options)
    {
        var request = options.Posix!;
        if (request.Attributes.Has(SpawnFlags.ResetIds))
        {
            CheckIds(options);
        }

        if (request.Actions.Length > 0)
        {
            CheckNumbers(options, request.Actions);
        }
    }

    // POSIX_SPAWN_RESETIDS is nothing to do where effective ids are the real ones, as in nearly every process. Where they
    // differ it changes credentials, and that in shared memory would let the new user at this process (glibc does it
    // there all the same), and clear the dumpable flag of both.
    private static void CheckIds(CommandOptions options)
    {
        if (Differ(Syscall.getresuid) || Differ(Syscall.getresgid))
        {
            throw Refused(
                options,
                "reset ids",
                "POSIX_SPAWN_RESETIDS",
                Errno.ENOTSUP,
                "credentials are not changed in memory that is shared with this process: start it through setpriv(1) or runuser(1)"
            );
        }
    }

    // glibc says so when the action is added; here the limit that counts is the one at the start.
    private static void CheckNumbers(CommandOptions options, FileAction[] actions)
    {
        RLimit limit;
        if (Sys.Call(Syscall.prlimit64, 0, (int)Resource.OpenFiles, 0, (nint)(&limit)) != 0)
        {
            return;
        }

        foreach (var action in actions)
        {
            var highest = Math.Max(action.Number, action.Source);
            if ((ulong)highest >= limit.Soft)
            {
                throw Refused(
                    options,
                    NameOf(action.Kind),
                    $"descriptor {highest}",
                    Errno.EBADF,
                    $"RLIMIT_NOFILE ({limit.Soft}) allows no such number"
                );
            }
        }
    }

    private static string NameOf(FileActionKind kind) => kind.ToString().ToLowerInvariant();

    private static bool Differ(Syscall call)
    {
        var ids = stackalloc uint[3];
        return Sys.Call(call, (nint)ids, (nint)(ids + 1), (nint)(ids + 2)) != 0 || ids[0] != ids[1];
    }

    private static SpawnException Refused(
        CommandOptions options,
        string step,
        string subject,
        Errno errno,
        string hint
    ) => new(new SpawnFailure(options.Program, step, subject, SpawnLadder.KnownName) { Errno = errno, Hint = hint });
}
