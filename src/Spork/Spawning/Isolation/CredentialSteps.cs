using System.Globalization;
using Spork.Linux;
using Spork.Programs;

namespace Spork.Spawning;

/// <summary>User, groups and capabilities. The order is the point:</summary>
/// <remarks>
/// <list type="number">
/// <item>the bounding set first, while CAP_SETPCAP is still there: it goes with the user and with capset;</item>
/// <item>PR_SET_KEEPCAPS, or setresuid would clear what shall be kept;</item>
/// <item>supplementary groups, then the group, then the user: each step takes away the right to make those before it;</item>
/// <item>capset, because a change of user cleared the effective set whatever was kept;</item>
/// <item>the ambient set last: it must lie within permitted and inheritable, and setresuid would have cleared it.</item>
/// <item>for another user without capabilities asked for, every set is emptied, whoever this process is; user 0 gets its
/// own at exec.</item>
/// </list>
/// </remarks>
internal static class CredentialSteps
{
    /// <summary>What POSIX_SPAWN_RESETIDS does, all of which everybody may do.</summary>
    internal const string ResetStep = "reset ids";

    internal static void Add(ProgramBuilder program, IsolationOptions isolation, Identity identity, ulong known)
    {
        var kept = isolation.Kept is { } list
            ? list.Aggregate(0UL, (set, c) => set | CapabilitySets.Bit(c))
            : (ulong?)null;
        var dropped = isolation.Dropped.Aggregate(0UL, (set, c) => set | CapabilitySets.Bit(c));
        foreach (var capability in CapabilityNames.In(kept is { } exactly ? known & ~exactly : dropped))
        {
            AddBounding(program, capability);
        }

        // An inherited one could come back through a file's inheritable set, or as an ambient one; and another user gets none.
        AddInheritable(program, kept is null && identity.User is not null ? known : dropped);

        if (kept is > 0 && identity.User is not null)
        {
            program.Add(
                Syscall.prctl,
                "keep capabilities",
                "",
                "over the change of user",
                Operand.Named(Prctl.PR_SET_KEEPCAPS, "PR_SET_KEEPCAPS"),
                1
            );
        }

        AddIds(
            program,
            identity,
            mayDropGroups: isolation.Groups is not null
                || isolation.GroupsOf is not null
                || !IdMaps.DeniesGroups(isolation)
        );
        if (kept is { } sets)
        {
            AddClearAmbient(program);
            AddSets(program, new CapabilitySets(sets, sets, sets));
            foreach (var capability in CapabilityNames.In(sets))
            {
                AddAmbient(program, capability);
            }
        }
        else if (identity.User == 0 && !IdMaps.LosesCapabilitiesAtExec(isolation))
        {
            AddClearAmbient(program);
        }
        else if (identity.User is not null || IdMaps.LosesCapabilitiesAtExec(isolation))
        {
            // setresuid clears nothing unless it leaves user 0, so a plain user's would pass on to another (CAP_SETUID:
            // the way to any third); or they were carried over the first exec only for the steps above.
            AddClearAmbient(program);
            AddSets(program, new CapabilitySets(0, 0, 0));
        }
    }

    /// <summary>
    /// A user that is not root in its new namespace loses its capabilities at exec, and with them the rest of the second
    /// stage. Ambient ones survive it. In shared memory this is harmless: neither ids nor the permitted set change.
    /// </summary>
    internal static void AddCarryOverExec(ProgramBuilder program, ulong known)
    {
        AddSets(program, new CapabilitySets(known, known, known));
        foreach (var capability in CapabilityNames.In(known))
        {
            AddAmbient(program, capability);
        }
    }

    private static void AddIds(ProgramBuilder program, Identity identity, bool mayDropGroups)
    {
        if (identity.Groups is { } groups && mayDropGroups)
        {
            var text = string.Join(", ", groups);
            var bytes = new byte[groups.Length * sizeof(uint)];
            Buffer.BlockCopy(groups, 0, bytes, 0, bytes.Length);
            program.Add(
                Syscall.setgroups,
                "supplementary groups",
                groups.Length == 0 ? "none" : text,
                "",
                groups.Length,
                groups.Length == 0 ? Operand.Null : program.Data.Bytes8(bytes, $"[{text}]")
            );
        }

        if (identity.Group is { } group)
        {
            program.Add(Syscall.setresgid, "group", Text(group), "", group, group, group);
        }

        if (identity.User is { } user)
        {
            program.Add(Syscall.setresuid, "user", Text(user), "", user, user, user);
        }
    }

    private static void AddBounding(ProgramBuilder program, int capability) =>
        program.Add(
            Syscall.prctl,
            "bounding set",
            CapabilityNames.Of(capability),
            "",
            Operand.Named(Prctl.PR_CAPBSET_DROP, "PR_CAPBSET_DROP"),
            Operand.Named(capability, CapabilityNames.Of(capability))
        );

    private static void AddInheritable(ProgramBuilder program, ulong dropped)
    {
        var mine = CapabilitySets.OfThisThread();
        if ((mine.Inheritable & dropped) != 0)
        {
            AddSets(program, mine with { Inheritable = mine.Inheritable & ~dropped });
        }
    }

    internal static void AddAmbient(ProgramBuilder program, int capability, string name = "ambient set") =>
        program.Add(
            Syscall.prctl,
            name,
            CapabilityNames.Of(capability),
            "",
            Operand.Named(Prctl.PR_CAP_AMBIENT, "PR_CAP_AMBIENT"),
            Operand.Named(Prctl.PR_CAP_AMBIENT_RAISE, "PR_CAP_AMBIENT_RAISE"),
            Operand.Named(capability, CapabilityNames.Of(capability)),
            0,
            0
        );

    internal static void AddClearAmbient(ProgramBuilder program, string name = "ambient set") =>
        program.Add(
            Syscall.prctl,
            name,
            "clear",
            "",
            Operand.Named(Prctl.PR_CAP_AMBIENT, "PR_CAP_AMBIENT"),
            Operand.Named(Prctl.PR_CAP_AMBIENT_CLEAR_ALL, "PR_CAP_AMBIENT_CLEAR_ALL"),
            0,
            0,
            0
        );

    internal static void AddSets(ProgramBuilder program, CapabilitySets sets, string name = "capabilities")
    {
        var header = new CapabilityHeader { Version = CapabilityHeader._LINUX_CAPABILITY_VERSION_3 };
        uint[] words =
        [
            (uint)sets.Effective,
            (uint)sets.Permitted,
            (uint)sets.Inheritable,
            (uint)(sets.Effective >> 32),
            (uint)(sets.Permitted >> 32),
            (uint)(sets.Inheritable >> 32),
        ];
        var bytes = new byte[words.Length * sizeof(uint)];
        Buffer.BlockCopy(words, 0, bytes, 0, bytes.Length);
        var text =
            $"{{effective={CapabilityNames.Bits(sets.Effective)}, permitted={CapabilityNames.Bits(sets.Permitted)}, inheritable={CapabilityNames.Bits(sets.Inheritable)}}}";
        program.Add(
            Syscall.capset,
            name,
            CapabilityNames.List(sets.Permitted),
            "",
            program.Data.Struct(header, "{version=_LINUX_CAPABILITY_VERSION_3, pid=0}"),
            program.Data.Bytes8(bytes, text)
        );
    }

    private static string Text(uint id) => id.ToString(CultureInfo.InvariantCulture);
}
