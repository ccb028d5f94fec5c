using Spork.Spawning;

namespace Spork;

// Who the program is, and what it may. These steps run in a second stage, which has its own memory: see docs/isolation.md.
public sealed partial class Command
{
    /// <summary>
    /// As this user: real, effective and saved uid. Unless said otherwise also with its group and its supplementary groups,
    /// as the databases (passwd, group) have them when the command is first started. Variables such as HOME stay.
    /// </summary>
    /// <param name="name">Its login name.</param>
    /// <remarks>
    /// Needs CAP_SETUID and CAP_SETGID. A user that is in no database makes the start fail with the step <c>user</c>.
    /// See setresuid(2).
    /// </remarks>
    /// <exception cref="ArgumentException">The name is empty or has a NUL character.</exception>
    public Command WithUser(string name) => Isolated(_options.Isolation with { User = Account.Of(name, nameof(name)) });

    /// <summary>
    /// As this user, by number. If no database knows it, its group must be said with <see cref="WithGroup(uint)"/>, and it
    /// has no supplementary groups unless they are said as well: it never keeps this process's.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">4294967295, which is (uid_t)-1.</exception>
    /// <inheritdoc cref="WithUser(string)"/>
    public Command WithUser(uint id) => Isolated(_options.Isolation with { User = Account.Of(id, nameof(id)) });

    /// <summary>With this group: real, effective and saved gid. Needs CAP_SETGID. See setresgid(2).</summary>
    /// <exception cref="ArgumentException">The name is empty or has a NUL character.</exception>
    public Command WithGroup(string name) =>
        Isolated(_options.Isolation with { Group = Account.Of(name, nameof(name)) });

    /// <summary>With this group, by number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">4294967295, which is (gid_t)-1.</exception>
    /// <inheritdoc cref="WithGroup(string)"/>
    public Command WithGroup(uint id) => Isolated(_options.Isolation with { Group = Account.Of(id, nameof(id)) });

    /// <summary>With exactly these supplementary groups, or none. Needs CAP_SETGID. See setgroups(2).</summary>
    /// <exception cref="ArgumentOutOfRangeException">4294967295 is among them.</exception>
    public Command WithSupplementaryGroups(params IEnumerable<uint> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return Isolated(
            _options.Isolation with
            {
                Groups = [.. ids.Select(id => Account.Of(id, nameof(ids)))],
                GroupsOf = null,
            }
        );
    }

    /// <summary>With exactly these supplementary groups, by name.</summary>
    /// <exception cref="ArgumentException">A name is empty or has a NUL character.</exception>
    public Command WithSupplementaryGroupNames(params IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return Isolated(
            _options.Isolation with
            {
                Groups = [.. names.Select(name => Account.Of(name, nameof(names)))],
                GroupsOf = null,
            }
        );
    }

    /// <summary>With the supplementary groups that the databases give this user, as initgroups(3) would.</summary>
    /// <exception cref="ArgumentException">The name is empty or has a NUL character.</exception>
    public Command WithSupplementaryGroupsOf(string user) =>
        Isolated(_options.Isolation with { GroupsOf = Account.Of(user, nameof(user)), Groups = null });

    /// <summary>
    /// The program has exactly these capabilities, whoever it runs as: bounding, inheritable, permitted, effective and
    /// ambient set. None, with no argument. It must have them itself, and CAP_SETPCAP. See capabilities(7).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a number from 0 to 63.</exception>
    /// <exception cref="InvalidOperationException">Some were to be taken away: exactly these says it all.</exception>
    public Command WithCapabilities(params IEnumerable<Capability> exactly)
    {
        var kept = Checked(exactly, nameof(exactly));
        return _options.Isolation.Dropped.IsEmpty
            ? Isolated(_options.Isolation with { Kept = [.. kept] })
            : throw CapabilitiesTwice();
    }

    /// <summary>
    /// The program, and whatever it executes, never has these capabilities, root or not: they leave the bounding set.
    /// Needs CAP_SETPCAP.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a number from 0 to 63.</exception>
    /// <exception cref="InvalidOperationException">Exactly which to keep was said already.</exception>
    public Command WithoutCapabilities(params IEnumerable<Capability> dropped)
    {
        var list = Checked(dropped, nameof(dropped));
        return _options.Isolation.Kept is null
            ? Isolated(_options.Isolation with { Dropped = [.. _options.Isolation.Dropped.Union(list)] })
            : throw CapabilitiesTwice();
    }

    /// <summary>
    /// Neither the program nor what it executes can gain privileges by set-user-ID bits or file capabilities. Needs
    /// nothing. See PR_SET_NO_NEW_PRIVS(2const).
    /// </summary>
    public Command WithNoNewPrivileges() => Isolated(_options.Isolation with { NoNewPrivileges = true });

    private Command Isolated(IsolationOptions isolation) => new(_options with { Isolation = isolation });

    private static InvalidOperationException CapabilitiesTwice() =>
        new(
            "WithCapabilities says exactly which capabilities are kept, and WithoutCapabilities takes some away: keep one."
        );

    private static Capability[] Checked(IEnumerable<Capability> capabilities, string parameter)
    {
        ArgumentNullException.ThrowIfNull(capabilities, parameter);
        var list = capabilities.Distinct().Order().ToArray();
        foreach (var capability in list)
        {
            if ((int)capability is < 0 or > 63)
            {
                throw new ArgumentOutOfRangeException(parameter, capability, "Capabilities are numbered from 0 to 63.");
            }
        }

        return list;
    }
}
