using System.Buffers.Binary;
using System.Text;

namespace Spork.Linux;

/// <summary>
/// The names in a directory; getdents64(2). Says by errno what went wrong, where .NET says only that something did, and
/// can read a directory again that is open already, which needs no descriptor. Not thread safe.
/// </summary>
internal sealed unsafe class DirectoryReader : IDisposable
{
    // struct linux_dirent64: inode, offset (8 each), record length (2), kind (1), name.
    private const int LengthAt = 16;
    private const int KindAt = 18;
    private const int NameAt = 19;
    private const byte DT_DIR = 4;

    // Small: a process is to be looked at soon after it was listed.
    private readonly byte[] _buffer = new byte[4096];
    private readonly Descriptor _directory;
    private readonly string _path;
    private readonly bool _owns;
    private int _at;
    private int _filled;

    private DirectoryReader(Descriptor directory, string path, bool owns)
    {
        _directory = directory;
        _path = path;
        _owns = owns;
    }

    /// <summary>What <see cref="Next"/> has given last is a directory.</summary>
    internal bool IsDirectory { get; private set; }

    /// <exception cref="SystemCallException">It cannot be opened.</exception>
    internal static DirectoryReader Open(string path) =>
        new(KernelFile.Open(path, Fcntl.O_RDONLY | Fcntl.O_DIRECTORY), path, owns: true);

    /// <summary>From its beginning; the descriptor stays open, and the caller holds it.</summary>
    /// <exception cref="SystemCallException">It cannot be read.</exception>
    internal static DirectoryReader Again(Descriptor directory, string path)
    {
        var result = Sys.Call(Syscall.lseek, directory.Number, 0, 0);
        return result < 0
            ? throw new SystemCallException("lseek", path, Sys.ErrnoOf(result))
            : new(directory, path, owns: false);
    }

    /// <summary>Null at the end.</summary>
    /// <exception cref="SystemCallException">It cannot be read: removed meanwhile (ENOENT), for example.</exception>
    internal string? Next()
    {
        if (_at == _filled && !Fill())
        {
            return null;
        }

        var entry = _buffer.AsSpan(_at, BinaryPrimitives.ReadUInt16LittleEndian(_buffer.AsSpan(_at + LengthAt)));
        _at += entry.Length;
        IsDirectory = entry[KindAt] == DT_DIR;
        var name = entry[NameAt..];
        return Encoding.UTF8.GetString(name[..name.IndexOf((byte)0)]);
    }

    public void Dispose()
    {
        if (_owns)
        {
            _directory.Dispose();
        }
    }

    private bool Fill()
    {
        fixed (byte* buffer = _buffer)
        {
            var result = Sys.CallRestarting(Syscall.getdents64, _directory.Number, (nint)buffer, _buffer.Length);
            if (result < 0)
            {
                throw new SystemCallException("getdents64", _path, Sys.ErrnoOf(result));
            }

            (_at, _filled) = (0, (int)result);
            return result > 0;
        }
    }
}
