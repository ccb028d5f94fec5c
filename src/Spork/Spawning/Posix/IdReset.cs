using Spork.Linux;

namespace Spork.Spawning;

/// <summary>
/// What POSIX_SPAWN_RESETIDS comes to in libc's posix_spawn, to be had in a second stage: the ids, and the capabilities
/// that the file actions and the program find.
/// </summary>
/// <remarks>
/// libc's child changes ids and goes on. Here an exec comes before that (<see cref="PosixStages"/>), and exec deals out
/// capabilities anew, by ids and secure bits. Whatever it gives beyond libc's is taken away again, so nothing is ever
/// gained. What it takes is lost, and where that would show the start is refused: a thread that has capabilities as another
/// user than 0 (by keep-caps, capset(2), file capabilities), outside its bounding set, or with SECBIT_NOROOT.
/// </remarks>
/// <param name="User">The real one.</param>
/// <param name="Group">The real one.</param>
internal sealed record IdReset(uint User, uint Group)
{
    /// <summary>To be set once the ids are; null where exec surely left none, and none are wanted.</summary>
    internal CapabilitySets? Capabilities { get; private init; }

    /// <summary>To be had again; null where there never were any.</summary>
    internal ulong? Ambient { get; private init; }

    /// <summary>Those that libc's child would have, and a second stage's cannot.</summary>
    internal ulong Lost { get; private init; }

    internal static IdReset? Of(ThreadCredentials? now)
    {
        if (now is null)
        {
            return null;
        }

        var wanted = now.WithRealIds();
        var given = now.GivenByExec;

        // What is permitted and not effective shows in one case: under no_new_privs it bounds what the program's file gives.
        var shown = wanted.Capabilities.Effective | wanted.Ambient;
        shown |= now.NoNewPrivileges ? wanted.Capabilities.Permitted : 0;
        var lost = shown & ~given;
        if (now.Has(SecureBits.SECBIT_NO_CAP_AMBIENT_RAISE))
        {
            lost |= wanted.Ambient;
        }

        return new(now.RealUser, now.RealGroup)
        {
            Capabilities =
                given == 0 && now.Ambient == 0
                    ? null
                    : new(
                        wanted.Capabilities.Effective & given,
                        wanted.Capabilities.Permitted & given,
                        wanted.Capabilities.Inheritable
                    ),
            Ambient = now.Ambient == 0 ? null : wanted.Ambient & given,
            Lost = lost,
        };
    }
}
