using System.Runtime.InteropServices;
using Spork.Linux;
using Spork.Programs;

namespace Spork.Spawning;

/// <summary>
/// A parallel move of descriptors: every source is read before its number is overwritten. Chains go in the right
/// order; a cycle is broken by a duplicate at a number of the kernel's choice.
/// </summary>
/// <remarks>
/// That duplicate cannot land on a number still to be filled by a move: cycles come last, and all numbers in a cycle
/// are open. A file opened later may be given its number after it was closed again.
/// </remarks>
internal sealed class DescriptorMoves
{
    private readonly SortedDictionary<int, int> _sources = []; // target -> source
    private readonly SortedSet<int> _inherited = [];
    private readonly SortedSet<int> _kept;

    internal DescriptorMoves(CommandOptions options, bool keepCgroup)
    {
        foreach (var (number, source) in options.Descriptors)
        {
            switch (source.Kind)
            {
                case StdioKind.Inherit:
                    Add(number, number, isStandard: number <= 2);
                    break;
                case StdioKind.Number:
                    Add(number, source.Number, isStandard: false);
                    break;
                case StdioKind.File or StdioKind.SameAs or StdioKind.Terminal when number <= 2:
                    // Stays open until the file replaces it: open(2) would land on its number otherwise.
                    _inherited.Add(number);
                    break;
                case StdioKind.Handle:
                    Add(number, HandleNumber.Of(source.Handle!), isStandard: false);
                    break;
            }
        }

        Directory = KeepAside(options, options.DirectoryHandle);
        Cgroup = KeepAside(options, keepCgroup ? options.CgroupHandle : null);
        Terminal = KeepAside(options, options.Terminal?.Handle);
        _kept =
        [
            .. _sources.Values,
            .. _inherited,
            .. new[] { Directory, Cgroup, Terminal }.Where(n => n >= 0 && !_sources.ContainsKey(n)),
        ];
        Leftover =
        [
            .. _sources
                .Values.Distinct()
                .Where(s =>
                    !_sources.ContainsKey(s)
                    && !_inherited.Contains(s)
                    && !IsTarget(options, s)
                    && s != Directory
                    && s != Cgroup
                    && s != Terminal
                ),
        ];
    }

    /// <summary>Where the working directory's handle is once everything has moved; -1 if there is none.</summary>
    internal int Directory { get; }

    /// <summary>Where the cgroup's handle is, if it is joined by hand; else -1.</summary>
    internal int Cgroup { get; }

    /// <summary>Where our end of the pseudo-terminal is; -1 if there is none.</summary>
    internal int Terminal { get; }

    /// <summary>Numbers of the parent that must survive the first closing, ascending.</summary>
    internal IReadOnlyList<int> Kept => [.. _kept];

    /// <summary>Sources that nobody asked to have in the child under their own number.</summary>
    internal IReadOnlyList<int> Leftover { get; }

    /// <summary>Every number of a source, of a target, or of something that stays.</summary>
    internal IEnumerable<int> Used => [.. _kept, .. _sources.Keys, .. _sources.Values];

    /// <summary>A number of a source, of a target, or of something that stays.</summary>
    internal bool Uses(int number) =>
        _kept.Contains(number) || _sources.ContainsKey(number) || _sources.ContainsValue(number);

    internal void AddTo(ProgramBuilder program)
    {
        foreach (var (target, source) in _sources.Where(m => m.Key == m.Value).ToArray())
        {
            program.Add(
                Syscall.fcntl,
                "keep open",
                $"descriptor {target}",
                "clear close-on-exec",
                target,
                Operand.Named(Fcntl.F_SETFD, "F_SETFD"),
                0
            );
            _sources.Remove(source);
        }

        var pending = new SortedDictionary<int, int>(_sources);
        while (pending.Count > 0)
        {
            var ready = pending.Keys.Where(target => !pending.ContainsValue(target)).ToArray();
            foreach (var target in ready)
            {
                AddMove(program, Operand.Immediate(pending[target]), pending[target], target);
                pending.Remove(target);
            }

            if (ready.Length == 0)
            {
                BreakCycle(program, pending);
            }
        }
    }

    // Saves the first target's descriptor, fills that target, follows the chain round, and ends with the saved one.
    private static void BreakCycle(ProgramBuilder program, SortedDictionary<int, int> pending)
    {
        var first = pending.Keys.First();
        var saved = program.Add(
            Syscall.fcntl,
            "save descriptor",
            $"descriptor {first}",
            "a cycle needs one spare number",
            first,
            Operand.Named(Fcntl.F_DUPFD_CLOEXEC, "F_DUPFD_CLOEXEC"),
            3
        );
        var target = first;
        while (pending.Remove(target, out var source) && source != first)
        {
            AddMove(program, Operand.Immediate(source), source, target);
            target = source;
        }

        AddMove(program, Operand.Result(saved), first, target);
        program.Add(Syscall.close, "close", "the spare number", "", Operand.Result(saved));
    }

    // A handle whose number another descriptor is going to have moves as well, to a number that nothing else uses.
    private int KeepAside(CommandOptions options, SafeHandle? handle)
    {
        if (handle is null)
        {
            return -1;
        }

        var number = HandleNumber.Of(handle);
        if (!IsTarget(options, number) || (_sources.TryGetValue(number, out var source) && source == number))
        {
            return number;
        }

        var free = 3;
        while (
            IsTarget(options, free)
            || _sources.ContainsKey(free)
            || _sources.ContainsValue(free)
            || IsNumberOf(options.DirectoryHandle, free)
            || IsNumberOf(options.CgroupHandle, free)
            || IsNumberOf(options.Terminal?.Handle, free)
        )
        {
            free++;
        }

        _sources[free] = number;
        return free;
    }

    private static bool IsNumberOf(SafeHandle? handle, int number) =>
        handle is not null && HandleNumber.Of(handle) == number;

    private static void AddMove(ProgramBuilder program, Operand source, int sourceNumber, int target) =>
        program.Add(Syscall.dup3, "dup3", $"{sourceNumber} to {target}", "", source, target, 0);

    private void Add(int target, int source, bool isStandard)
    {
        // Standard streams that are simply inherited need no step, open or not.
        if (isStandard && target == source)
        {
            _inherited.Add(target);
        }
        else
        {
            _sources[target] = source;
        }
    }

    internal static bool IsTarget(CommandOptions options, int number) =>
        options.Descriptors.TryGetValue(number, out var source) && source.Kind != StdioKind.Closed;
}
