using Spork.Linux;

namespace Spork.Spawning;

/// <summary>A file to be opened by the child: open(2)'s arguments.</summary>
internal sealed partial record FileSource(string Path, int Flags, int Permissions)
{
    internal const UnixFileMode DefaultPermissions =
        UnixFileMode.UserRead
        | UnixFileMode.UserWrite
        | UnixFileMode.GroupRead
        | UnixFileMode.GroupWrite
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherWrite;

    internal static FileSource Create(string path, FileMode mode, FileAccess access, UnixFileMode permissions)
    {
        if (mode == FileMode.Append && access != FileAccess.Write)
        {
            throw new ArgumentException("FileMode.Append needs FileAccess.Write.", nameof(access));
        }

        if (mode is FileMode.Truncate or FileMode.Create or FileMode.CreateNew && access == FileAccess.Read)
        {
            throw new ArgumentException($"FileMode.{mode} needs write access.", nameof(access));
        }

        if (((int)permissions & ~0xFFF) != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(permissions),
                permissions,
                "Not file permissions: twelve bits."
            );
        }

        var flags = access switch
        {
            FileAccess.Read => Fcntl.O_RDONLY,
            FileAccess.Write => Fcntl.O_WRONLY,
            FileAccess.ReadWrite => Fcntl.O_RDWR,
            _ => throw new ArgumentOutOfRangeException(nameof(access), access, "Not a file access."),
        };
        flags |= mode switch
        {
            FileMode.Open => 0,
            FileMode.OpenOrCreate => Fcntl.O_CREAT,
            FileMode.Create => Fcntl.O_CREAT | Fcntl.O_TRUNC,
            FileMode.CreateNew => Fcntl.O_CREAT | Fcntl.O_EXCL,
            FileMode.Truncate => Fcntl.O_TRUNC,
            FileMode.Append => Fcntl.O_CREAT | Fcntl.O_APPEND,
            _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "Not a file mode."),
        };
        return new FileSource(path, flags, (int)permissions);
    }

    internal bool CanWrite => (Flags & 3) != Fcntl.O_RDONLY;
}
