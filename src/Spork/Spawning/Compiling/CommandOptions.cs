using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Spork.Programs;

namespace Spork.Spawning;

/// <summary>
/// Everything a <see cref="Command"/> says, as one immutable value: a slot per attribute. Program, arguments, variables
/// and paths may hold bytes that are no UTF-8: <see cref="EscapedText"/>.
/// </summary>
internal sealed record CommandOptions(string Program, ImmutableArray<string> Arguments)
{
    internal string? ArgumentZero { get; init; }

    /// <summary>For messages.</summary>
    internal string ShownProgram => EscapedText.Shown(Program);

    internal bool SearchPath { get; init; } = true;

    internal string? DirectoryPath { get; init; }

    internal SafeHandle? DirectoryHandle { get; init; }

    /// <summary>Exactly these, if set; otherwise what this process has, with <see cref="Variables"/> changed.</summary>
    internal bool ExactEnvironment { get; init; }

    /// <summary>Set (value) or removed (null).</summary>
    internal ImmutableSortedDictionary<string, string?> Variables { get; init; } =
        ImmutableSortedDictionary.Create<string, string?>(StringComparer.Ordinal);

    /// <summary>By number in the child. 0, 1 and 2 are always here.</summary>
    internal ImmutableSortedDictionary<int, Stdio> Descriptors { get; init; } =
        ImmutableSortedDictionary<int, Stdio>.Empty.Add(0, Stdio.Inherit).Add(1, Stdio.Inherit).Add(2, Stdio.Inherit);

    /// <summary>Whether something of <see cref="Descriptors"/> may be made anew at each start: a pipe.</summary>
    internal bool HasStreams { get; init; }

    /// <summary>How long an empty pipe is waited for once the program has ended.</summary>
    internal TimeSpan DrainGrace { get; init; } = TimeSpan.FromSeconds(5);

    internal ulong SignalMask { get; init; }

    internal ulong IgnoredSignals { get; init; }

    internal bool KeepIgnoredSignals { get; init; }

    internal bool NewSession { get; init; }

    /// <summary>With <see cref="NewSession"/>, always.</summary>
    internal PseudoTerminal? Terminal { get; init; }

    internal int? ProcessGroup { get; init; }

    internal Signal? ParentDeathSignal { get; init; }

    internal int? Umask { get; init; }

    internal int? Nice { get; init; }

    internal ImmutableArray<int> Processors { get; init; } = [];

    internal ImmutableSortedDictionary<Resource, (ulong Soft, ulong Hard)> Limits { get; init; } =
        ImmutableSortedDictionary<Resource, (ulong Soft, ulong Hard)>.Empty;

    /// <summary>Run as system(3) does: Ctrl-C meanwhile is the program's, not ours.</summary>
    internal bool IsShell { get; init; }

    /// <summary>It is a posix_spawn: what is said there counts, and nothing else here but program, search and cgroup.</summary>
    internal PosixRequest? Posix { get; init; }

    internal string? CgroupPath { get; init; }

    internal SafeHandle? CgroupHandle { get; init; }

    internal IsolationOptions Isolation { get; init; } = IsolationOptions.None;

    /// <summary>A cgroup is made for each start: must be (true), or where it can be (false).</summary>
    internal bool? OwnCgroup { get; init; }

    internal bool Detached { get; init; }

    /// <summary>How cancellation, the timeout and a scope end it; null: as if nothing had been said.</summary>
    internal StopOptions? Stop { get; init; }

    internal TimeSpan? Timeout { get; init; }

    /// <summary>What the timeout is measured with: a test's own clock passes when the test says so.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>
    /// A script that the keyboard reaches together with this process: system(3). Who put it into a session or group of its
    /// own has the keyboard for themselves.
    /// </summary>
    internal bool IsForegroundShell => IsShell && !NewSession && ProcessGroup is null && !Detached;

    internal bool LeadsGroup => NewSession || ProcessGroup == 0;

    internal bool HasCgroup => CgroupPath is not null || CgroupHandle is not null;

    /// <summary>Whether PATH is searched: as execvp, only for a name without a slash.</summary>
    internal bool NeedsPathSearch => SearchPath && !Program.Contains('/');
}
