using System.Runtime.InteropServices;
using Spork.Spawning;

namespace Spork;

// What of the machine the program sees. These steps run in a second stage, which has its own memory: see docs/isolation.md.
public sealed partial class Command
{
    private const int HostNameLength = 64;

    private const Namespaces AllNamespaces =
        Namespaces.Time
        | Namespaces.Mount
        | Namespaces.Cgroup
        | Namespaces.HostName
        | Namespaces.Ipc
        | Namespaces.User
        | Namespaces.Process
        | Namespaces.Network;

    /// <summary>
    /// In new namespaces of these kinds, added to those asked for before. All but a user namespace need CAP_SYS_ADMIN, or
    /// a new user namespace beside them. In a new mount namespace nothing propagates back; in a new process namespace the
    /// program is number 1, and sees the old /proc until it mounts its own.
    /// </summary>
    /// <remarks>
    /// In a new user namespace nobody is anybody until its maps are written: see <see cref="WithUserMap"/>,
    /// <see cref="WithOwnIdentityAs"/>, or write them yourself between <see cref="StartGated"/> and its release. Files and
    /// cgroups are opened with this process's user, but inside: without its privileges. See unshare(2), clone(2).
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">Not a kind of namespace.</exception>
    public Command WithNewNamespaces(Namespaces kinds) =>
        (kinds & ~AllNamespaces) == 0
            ? Isolated(_options.Isolation with { New = _options.Isolation.New | kinds })
            : throw new ArgumentOutOfRangeException(nameof(kinds), kinds, "Not a kind of namespace.");

    /// <summary>
    /// In an existing namespace: behind a descriptor of /proc/PID/ns/…, or, with kinds, in those of the process behind a
    /// pidfd (kernel 5.8). Entered in the order given, a user namespace first. See setns(2).
    /// </summary>
    /// <param name="handle">The namespace, or a pidfd; stays the caller's.</param>
    /// <param name="kinds">What a namespace's descriptor must be (none: anything), or which of a process's to enter.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not a kind of namespace.</exception>
    /// <exception cref="NotSupportedException">
    /// A process namespace: only a new process can be in another one. Ask for a new one, or start through nsenter(1).
    /// </exception>
    public Command WithNamespace(SafeHandle handle, Namespaces kinds = Namespaces.None)
    {
        ArgumentNullException.ThrowIfNull(handle);
        if ((kinds & ~AllNamespaces) != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(kinds), kinds, "Not a kind of namespace.");
        }

        return kinds.HasFlag(Namespaces.Process)
            ? throw new NotSupportedException(
                "setns(2) puts only later children into a process namespace, never the program itself: start it through nsenter(1)."
            )
            : Isolated(_options.Isolation with { Joined = _options.Isolation.Joined.Add(new(handle, kinds)) });
    }

    /// <summary>
    /// In a new user namespace in which this process's effective user and group are these; root, unless said otherwise. Any
    /// user may do that where user namespaces are allowed.
    /// </summary>
    /// <exception cref="InvalidOperationException">Maps were given.</exception>
    public Command WithOwnIdentityAs(uint user = 0, uint group = 0) =>
        _options.Isolation.UserMap.IsEmpty && _options.Isolation.GroupMap.IsEmpty
            ? Isolated(
                _options.Isolation with
                {
                    OwnIdentity = (Account.Of(user, nameof(user)).Id, Account.Of(group, nameof(group)).Id),
                    New = _options.Isolation.New | Namespaces.User,
                }
            )
            : throw MapsTwice();

    /// <summary>
    /// In a new user namespace with these users. More than one, or another than one's own, needs CAP_SETUID here.
    /// </summary>
    /// <exception cref="ArgumentException">None were given, or a range is empty or ends beyond the last number.</exception>
    /// <exception cref="InvalidOperationException"><see cref="WithOwnIdentityAs"/> was asked for.</exception>
    public Command WithUserMap(params IEnumerable<IdMap> ranges) =>
        _options.Isolation.OwnIdentity is null
            ? Isolated(
                _options.Isolation with
                {
                    UserMap = [.. Checked(ranges)],
                    New = _options.Isolation.New | Namespaces.User,
                }
            )
            : throw MapsTwice();

    /// <summary>
    /// In a new user namespace with these groups. More than one, or another than one's own, needs CAP_SETGID here; without
    /// it setgroups(2) is denied inside, as the kernel demands.
    /// </summary>
    /// <inheritdoc cref="WithUserMap"/>
    public Command WithGroupMap(params IEnumerable<IdMap> ranges) =>
        _options.Isolation.OwnIdentity is null
            ? Isolated(
                _options.Isolation with
                {
                    GroupMap = [.. Checked(ranges)],
                    New = _options.Isolation.New | Namespaces.User,
                }
            )
            : throw MapsTwice();

    /// <summary>
    /// In a new time namespace whose clocks are this far ahead of the machine's (behind, if negative). The wall clock is the
    /// same everywhere. See time_namespaces(7).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Further than a clock goes (146 years).</exception>
    public Command WithClockOffsets(TimeSpan monotonic, TimeSpan bootTime)
    {
        // KTIME_SEC_MAX / 2, kernel/time/namespace.c.
        const double MostSeconds = 4_611_686_018;
        foreach (var offset in new[] { monotonic, bootTime })
        {
            if (Math.Abs(offset.TotalSeconds) > MostSeconds)
            {
                throw new ArgumentOutOfRangeException(nameof(monotonic), offset, "Further than a clock goes.");
            }
        }

        return Isolated(
            _options.Isolation with
            {
                MonotonicOffset = monotonic,
                BootTimeOffset = bootTime,
                New = _options.Isolation.New | Namespaces.Time,
            }
        );
    }

    /// <summary>In a new host name namespace in which the host has this name. See sethostname(2).</summary>
    /// <exception cref="ArgumentException">Empty, more than 64 bytes, or with a NUL character.</exception>
    public Command WithHostName(string name)
    {
        Check.NoNul(name, "host name");
        return System.Text.Encoding.UTF8.GetByteCount(name) is > 0 and <= HostNameLength
            ? Isolated(_options.Isolation with { HostName = name, New = _options.Isolation.New | Namespaces.HostName })
            : throw new ArgumentException($"A host name has 1 to {HostNameLength} bytes.", nameof(name));
    }

    /// <summary>
    /// With this directory as its root. Needs CAP_SYS_CHROOT. The program, its interpreter and libraries, and the working
    /// directory (the new root, unless said) are looked up inside; files for descriptors are not: they are opened before.
    /// See chroot(2), which is no prison for root.
    /// </summary>
    /// <exception cref="ArgumentException">The path is empty or has a NUL character.</exception>
    public Command WithRootDirectory(string path) =>
        Isolated(_options.Isolation with { RootDirectory = Check.Path(path, nameof(path)) });

    /// <summary>
    /// With this out-of-memory score adjustment, from -1000 (never killed) to 1000 (first). Going below what this process
    /// has needs CAP_SYS_RESOURCE. See proc_pid_oom_score_adj(5).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside that range.</exception>
    public Command WithOomScoreAdjustment(int adjustment)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(adjustment, -1000);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(adjustment, 1000);
        return Isolated(_options.Isolation with { OomScoreAdjustment = adjustment });
    }

    /// <summary>
    /// With this I/O priority; the level is 0 (first) to 7, and means nothing for <see cref="IoPriorityClass.Idle"/> and
    /// <see cref="IoPriorityClass.None"/>. See ioprio_set(2).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a class, or not a level.</exception>
    public Command WithIoPriority(IoPriorityClass priorityClass, int level = 0)
    {
        if (!Enum.IsDefined(priorityClass))
        {
            throw new ArgumentOutOfRangeException(nameof(priorityClass), priorityClass, "Not a class.");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(level);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, 7);
        return Isolated(_options.Isolation with { IoPriority = (priorityClass, level) });
    }

    /// <summary>
    /// Under this scheduling policy. Real-time policies have a priority from 1 to 99 and need CAP_SYS_NICE or a limit
    /// (<see cref="Resource"/>); the others have 0. See sched(7).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a policy, or not a priority of it.</exception>
    public Command WithScheduler(SchedulingPolicy policy, int priority = 0)
    {
        if (!Enum.IsDefined(policy))
        {
            throw new ArgumentOutOfRangeException(nameof(policy), policy, "Not a policy.");
        }

        var (least, most) = policy is SchedulingPolicy.Fifo or SchedulingPolicy.RoundRobin ? (1, 99) : (0, 0);
        return priority >= least && priority <= most
            ? Isolated(_options.Isolation with { Scheduler = (policy, priority) })
            : throw new ArgumentOutOfRangeException(
                nameof(priority),
                priority,
                $"Under {policy} priorities go from {least} to {most}."
            );
    }

    private static InvalidOperationException MapsTwice() =>
        new("WithOwnIdentityAs is the whole map of users and groups: keep either it or WithUserMap and WithGroupMap.");

    private static IdMap[] Checked(IEnumerable<IdMap> ranges)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        var list = ranges.ToArray();
        if (list.Length == 0)
        {
            throw new ArgumentException("A map needs at least one range.", nameof(ranges));
        }

        foreach (var range in list)
        {
            if (
                range.Count == 0
                || (ulong)range.Inside + range.Count > Account.NoId
                || (ulong)range.Outside + range.Count > Account.NoId
            )
            {
                throw new ArgumentException($"{range} is empty or ends beyond the last number.", nameof(ranges));
            }
        }

        return list;
    }
}
