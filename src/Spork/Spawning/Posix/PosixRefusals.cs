using Spork.Linux;

namespace Spork.Spawning;

/// <summary>What is refused before there is a child.</summary>
internal static class PosixRefusals
{
    /// <exception cref="SpawnException">ENOTSUP: ids that cannot be reset as libc does it. EBADF: a number that no descriptor can have.</exception>
    internal static void Check(CommandOptions options)
    {
        var request = options.Posix!;
        if (request.Reset is { Lost: not 0 and var lost })
        {
            throw Refused(
                options,
                CredentialSteps.ResetStep,
                "POSIX_SPAWN_RESETIDS",
                Errno.ENOTSUP,
                $"an exec comes before it here, which gives capabilities to user 0 only, within the bounding set, and would take {CapabilityNames.List(lost)}: clear them (capset(2), PR_CAP_AMBIENT_CLEAR_ALL), or start it through setpriv(1)"
            );
        }

        if (request.Actions.Length > 0)
        {
            CheckNumbers(options, request.Actions);
        }
    }

    /// <summary>What has to be known before ids are reset.</summary>
    /// <exception cref="SpawnException">A filter refuses the question.</exception>
    internal static T OrRefused<T>(CommandOptions options, Func<T> ask)
    {
        try
        {
            return ask();
        }
        catch (SystemCallException e)
        {
            throw Refused(
                options,
                e.Call,
                e.Subject,
                e.Errno,
                "POSIX_SPAWN_RESETIDS has to know them, and a filter or a security module refuses it"
            );
        }
    }

    /// <exception cref="SpawnException">ENOTSUP: libc's own posix_spawn would reset ids in shared memory.</exception>
    internal static void CheckByLibC(CommandOptions options)
    {
        if (options.Posix!.Reset is not null)
        {
            throw Refused(
                options,
                CredentialSteps.ResetStep,
                "POSIX_SPAWN_RESETIDS",
                Errno.ENOTSUP,
                "on this rung it would change credentials in memory that is shared with this process: start it through setpriv(1) or runuser(1)"
            );
        }
    }

    // glibc says so when the action is added; here the limit that counts is the one at the start.
    private static void CheckNumbers(CommandOptions options, FileAction[] actions)
    {
        if (RLimit.Of(Resource.OpenFiles) is not { } limit)
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

    private static SpawnException Refused(
        CommandOptions options,
        string step,
        string subject,
        Errno errno,
        string hint
    ) => new(new SpawnFailure(options.Program, step, subject, SpawnLadder.KnownName) { Errno = errno, Hint = hint });
}
