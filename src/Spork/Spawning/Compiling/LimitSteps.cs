using System.Globalization;
using Spork.Linux;
using Spork.Programs;

namespace Spork.Spawning;

/// <summary>rlimits, nice and affinity.</summary>
internal static class LimitSteps
{
    internal static void Add(ProgramBuilder program, CommandOptions options, Resource? later = null)
    {
        foreach (var (resource, _) in options.Limits)
        {
            if (resource != later)
            {
                AddLimit(program, options, resource);
            }
        }

        AddScheduling(program, options);
    }

    /// <summary>One limit, if the command sets it.</summary>
    internal static void AddLimit(ProgramBuilder program, CommandOptions options, Resource resource)
    {
        if (options.Limits.TryGetValue(resource, out var pair))
        {
            AddLimit(program, resource, pair.Soft, pair.Hard);
        }
    }

    internal static void AddLimit(ProgramBuilder program, Resource resource, ulong soft, ulong hard, string note = "")
    {
        var limit = new RLimit { Soft = soft, Hard = hard };
        var text = $"{{rlim_cur={Text(soft)}, rlim_max={Text(hard)}}}";
        var name = ResourceNames.Of(resource);
        program.Add(
            Syscall.prlimit64,
            "limit",
            $"{name} {Text(soft)}:{Text(hard)}",
            note,
            0,
            Operand.Named((int)resource, name),
            program.Data.Struct(limit, text),
            Operand.Null
        );
    }

    private static void AddScheduling(ProgramBuilder program, CommandOptions options)
    {
        if (options.Nice is { } nice)
        {
            program.Add(
                Syscall.setpriority,
                "nice",
                nice.ToString(CultureInfo.InvariantCulture),
                "",
                Operand.Named(Priority.PRIO_PROCESS, "PRIO_PROCESS"),
                0,
                nice
            );
        }

        if (!options.Processors.IsEmpty)
        {
            var mask = new byte[((options.Processors[^1] / 64) + 1) * 8];
            foreach (var processor in options.Processors)
            {
                mask[processor / 8] |= (byte)(1 << (processor % 8));
            }

            var list = string.Join(' ', options.Processors);
            program.Add(
                Syscall.sched_setaffinity,
                "affinity",
                $"processors {list}",
                "",
                0,
                mask.Length,
                program.Data.Bytes8(mask, $"[{list}]")
            );
        }
    }

    // As strace prints rlimits: exact multiples of 1024 in that form, unlimited by name.
    private static string Text(ulong limit) =>
        limit switch
        {
            ulong.MaxValue => "RLIM64_INFINITY",
            > 1024 when limit % 1024 == 0 => $"{limit / 1024}*1024",
            _ => limit.ToString(CultureInfo.InvariantCulture),
        };
}

/// <summary>RLIMIT_ names, as the man page has them.</summary>
internal static class ResourceNames
{
    private static readonly string[] Names =
    [
        "RLIMIT_CPU",
        "RLIMIT_FSIZE",
        "RLIMIT_DATA",
        "RLIMIT_STACK",
        "RLIMIT_CORE",
        "RLIMIT_RSS",
        "RLIMIT_NPROC",
        "RLIMIT_NOFILE",
        "RLIMIT_MEMLOCK",
        "RLIMIT_AS",
        "RLIMIT_LOCKS",
        "RLIMIT_SIGPENDING",
        "RLIMIT_MSGQUEUE",
        "RLIMIT_NICE",
        "RLIMIT_RTPRIO",
        "RLIMIT_RTTIME",
    ];

    internal static string Of(Resource resource) => Names[(int)resource];
}
