using Spork.Linux;
using Spork.Programs;

namespace Spork.Spawning;

/// <summary>openat(2)'s arguments, the flags as strace prints them. posix_spawn takes any flags, as they are.</summary>
internal static class OpenOperands
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

    internal static Operand[] Of(Operand path, int flags, int permissions)
    {
        Operand[] operands =
        [
            Operand.Named(Fcntl.AT_FDCWD, "AT_FDCWD"),
            path,
            Operand.Named((uint)flags, FlagNames(flags)),
        ];
        return TakeMode(flags)
            ? [.. operands, Operand.Named((uint)permissions, "0" + Convert.ToString(permissions, 8))]
            : operands;
    }

    // Names, or the number where one has none here.
    private static string FlagNames(int flags)
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

    // Whether the kernel looks at the permissions.
    private static bool TakeMode(int flags) => (flags & (Fcntl.O_CREAT | Fcntl.__O_TMPFILE)) != 0;
}
