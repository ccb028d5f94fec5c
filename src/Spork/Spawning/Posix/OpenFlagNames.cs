using Spork.Linux;

namespace Spork.Spawning;

/// <summary>open(2)'s flags, which posix_spawn takes as they are, as strace prints them.</summary>
internal static class OpenFlagNames
{
    private static readonly (int Flag, string Name)[] Known =
    [
        (Fcntl.O_CREAT, "O_CREAT"),
        (Fcntl.O_EXCL, "O_EXCL"),
        (Fcntl.O_NOCTTY, "O_NOCTTY"),
        (Fcntl.O_TRUNC, "O_TRUNC"),
        (Fcntl.O_APPEND, "O_APPEND"),
        (Fcntl.O_NONBLOCK, "O_NONBLOCK"),
        (Fcntl.O_CLOEXEC, "O_CLOEXEC"),
        (Fcntl.O_PATH, "O_PATH"),
        (Fcntl.O_DIRECTORY, "O_DIRECTORY"),
    ];

    /// <summary>Names, or the number where one has none here.</summary>
    internal static string Of(int flags)
    {
        var rest = Known.Aggregate(flags & ~3, (left, known) => left & ~known.Flag);
        if (rest != 0)
        {
            return $"0x{flags:x}";
        }

        string access = (flags & 3) switch
        {
            Fcntl.O_RDONLY => "O_RDONLY",
            Fcntl.O_WRONLY => "O_WRONLY",
            Fcntl.O_RDWR => "O_RDWR",
            _ => "O_ACCMODE",
        };
        return string.Join(
            '|',
            Known.Where(known => (flags & known.Flag) != 0).Select(known => known.Name).Prepend(access)
        );
    }

    /// <summary>Whether the kernel looks at the permissions.</summary>
    internal static bool TakeMode(int flags) => (flags & (Fcntl.O_CREAT | Fcntl.__O_TMPFILE)) != 0;
}
