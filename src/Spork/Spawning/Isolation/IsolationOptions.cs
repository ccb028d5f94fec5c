using System.Collections.Immutable;

namespace Spork.Spawning;

/// <summary>What a command says about credentials, privileges and namespaces.</summary>
internal sealed record IsolationOptions
{
    internal static readonly IsolationOptions None = new();

    internal Account? User { get; init; }

    internal Account? Group { get; init; }

    /// <summary>Exactly these supplementary groups, if set.</summary>
    internal ImmutableArray<Account>? Groups { get; init; }

    /// <summary>The supplementary groups that the databases give this user.</summary>
    internal Account? GroupsOf { get; init; }

    /// <summary>Exactly these capabilities, for the program also as a plain user.</summary>
    internal ImmutableArray<Capability>? Kept { get; init; }

    internal ImmutableArray<Capability> Dropped { get; init; } = [];

    internal bool NoNewPrivileges { get; init; }

    internal int? OomScoreAdjustment { get; init; }

    internal string? RootDirectory { get; init; }

    internal Namespaces New { get; init; }

    internal ImmutableArray<JoinedNamespace> Joined { get; init; } = [];

    internal ImmutableArray<IdMap> UserMap { get; init; } = [];

    internal ImmutableArray<IdMap> GroupMap { get; init; } = [];

    /// <summary>This process's own user and group are these inside.</summary>
    internal (uint User, uint Group)? OwnIdentity { get; init; }

    internal TimeSpan? MonotonicOffset { get; init; }

    internal TimeSpan? BootTimeOffset { get; init; }

    internal string? HostName { get; init; }

    internal (IoPriorityClass Class, int Level)? IoPriority { get; init; }

    internal (SchedulingPolicy Policy, int Priority)? Scheduler { get; init; }

    internal bool HasNewUser => New.HasFlag(Namespaces.User);

    /// <summary>New at birth: only a new process can be in them.</summary>
    internal Namespaces AtBirth => New & (Namespaces.User | Namespaces.Process);

    internal bool HasCredentials => User is not null || Group is not null || Groups is not null || GroupsOf is not null;

    /// <summary>
    /// Anything that changes what memory, credentials or namespaces are about. no_new_privs, I/O priority and policy are
    /// the task's own and stay in the first stage.
    /// </summary>
    internal bool NeedsSecondStage => SecondStageOptions.Any(o => o.Asked);

    /// <summary>By the names that a refusal gives them.</summary>
    internal IEnumerable<(bool Asked, string Step)> SecondStageOptions =>
        [
            (User is not null, "user"),
            (Group is not null, "group"),
            (Groups is not null || GroupsOf is not null, "supplementary groups"),
            (Kept is not null || !Dropped.IsEmpty, "capabilities"),
            (OomScoreAdjustment is not null, "oom score"),
            (RootDirectory is not null, "chroot"),
            (New != Namespaces.None, "namespaces"),
            (!Joined.IsEmpty, "setns"),
        ];

    internal IEnumerable<(bool Asked, string Step)> FirstStageOptions =>
        [
            (NoNewPrivileges, "no_new_privs"),
            (IoPriority is not null, "I/O priority"),
            (Scheduler is not null, "scheduler"),
        ];

    /// <summary>The first option that needs the second stage; null if none does.</summary>
    internal string? NeedingSecondStage => SecondStageOptions.FirstOrDefault(o => o.Asked).Step;

    /// <summary>The plain command asks this at every start: no list is made for it.</summary>
    internal static bool Stages(CommandOptions options) =>
        !ReferenceEquals(options.Isolation, None) && options.Isolation.NeedsSecondStage;
}
