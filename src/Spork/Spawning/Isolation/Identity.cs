namespace Spork.Spawning;

/// <summary>Who the program shall be, in numbers; null is "as it is".</summary>
internal readonly record struct Identity(uint? User, uint? Group, uint[]? Groups)
{
    /// <summary>Looks names up, and completes a user with its group and supplementary groups.</summary>
    /// <exception cref="SpawnException">Somebody is in no database, or the databases cannot be read.</exception>
    internal static Identity Of(CommandOptions options)
    {
        var isolation = options.Isolation;
        if (!isolation.HasCredentials)
        {
            return default;
        }

        var user = isolation.User is { } account ? AccountDatabase.FindUser(account) : null;
        if (isolation.User is { Name: not null } && user is null)
        {
            throw Unknown(options, "user", isolation.User.Value);
        }

        uint? group = isolation.Group is { } wanted ? GroupNumber(options, wanted) : user?.Group;
        if (isolation.User is { } unknown && group is null)
        {
            throw Failed(
                options,
                "user",
                $"{unknown}",
                "no database knows this user: say its group as well (WithGroup)"
            );
        }

        return new(
            isolation.User is null ? null : user?.Id ?? isolation.User.Value.Id,
            group,
            GroupsFor(options, user, group)
        );
    }

    private static uint[]? GroupsFor(CommandOptions options, AccountDatabase.User? user, uint? group)
    {
        var isolation = options.Isolation;
        if (isolation.Groups is { } groups)
        {
            return [.. groups.Select(g => GroupNumber(options, g))];
        }

        if (isolation.GroupsOf is { } other)
        {
            var found = AccountDatabase.FindUser(other) ?? throw Unknown(options, "supplementary groups", other);
            return AccountDatabase.GroupsOf(found, group ?? found.Group);
        }

        // Another user never keeps this one's.
        return isolation.User is null ? null
            : user is null ? []
            : AccountDatabase.GroupsOf(user, group!.Value);
    }

    private static uint GroupNumber(CommandOptions options, Account group) =>
        group.Name is null ? group.Id : AccountDatabase.FindGroup(group) ?? throw Unknown(options, "group", group);

    private static SpawnException Unknown(CommandOptions options, string step, Account account) =>
        Failed(options, step, $"{account}", "no database knows this name (getent(1) shows what there is)");

    private static SpawnException Failed(CommandOptions options, string step, string subject, string hint) =>
        new(
            new SpawnFailure(options.Program, step, subject, SpawnLadder.KnownName)
            {
                Errno = Errno.ENOENT,
                Hint = hint,
            }
        );
}
