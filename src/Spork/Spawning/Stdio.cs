using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Spork.Spawning;

namespace Spork;

/// <summary>What stands behind a descriptor of a new process. Immutable, thread safe, reusable.</summary>
/// <remarks>
/// Descriptors and files cost nothing at a start. A pipe (<see cref="Pipe"/>, and every relay to or from a managed stream,
/// text or delegate) is made anew at each start, so a command with pipes can be started as often as any other.
/// </remarks>
public sealed partial class Stdio
{
    private Stdio(StdioKind kind) => Kind = kind;

    /// <summary>
    /// The descriptor of the same number in this process: of 0, 1 and 2 the one everybody knows. Of other numbers the
    /// runtime may have taken it for itself; say <see cref="FromHandle"/> where you have a handle.
    /// </summary>
    public static Stdio Inherit { get; } = new(StdioKind.Inherit);

    /// <summary><c>/dev/null</c>, for reading and writing.</summary>
    public static Stdio Null { get; } =
        new(StdioKind.File) { File = new FileSource("/dev/null", Linux.Fcntl.O_RDWR, 0) };

    /// <summary>Nothing: the descriptor is closed in the child. Few programs expect that of 0, 1 and 2.</summary>
    public static Stdio Closed { get; } = new(StdioKind.Closed);

    /// <summary>The command's pseudo-terminal: see <see cref="Command.WithTerminal"/>.</summary>
    internal static Stdio Terminal { get; } = new(StdioKind.Terminal);

    /// <summary>What it is: <c>inherit</c>, <c>closed</c>, <c>terminal</c>, <c>descriptor 5</c>, or the file's path.</summary>
    public override string ToString() =>
        Kind switch
        {
            StdioKind.Inherit => "inherit",
            StdioKind.Closed => "closed",
            StdioKind.File => Programs.EscapedText.Shown(File!.Path),
            StdioKind.Terminal => "terminal",
            StdioKind.Relay => Relay!.Name,
            StdioKind.SameAs => $"the same as {Number}",
            StdioKind.Pipe or StdioKind.Captured or StdioKind.Given => "a pipe",
            _ => $"descriptor {(Handle is { } handle ? handle.DangerousGetHandle() : Number)}",
        };

    internal StdioKind Kind { get; }

    internal SafeHandle? Handle { get; private init; }

    internal int Number { get; private init; } = -1;

    internal FileSource? File { get; private init; }

    internal Relay? Relay { get; private init; }

    /// <summary>
    /// A descriptor of this process: a file, a pipe's end, a socket. It stays the caller's, must stay open until the
    /// start returned, and is held open meanwhile.
    /// </summary>
    /// <exception cref="ArgumentException">The handle is closed or invalid.</exception>
    public static Stdio FromHandle(SafeHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        if (handle.IsInvalid || handle.IsClosed)
        {
            throw new ArgumentException("The handle is closed or invalid.", nameof(handle));
        }

        return new Stdio(StdioKind.Handle) { Handle = handle };
    }

    /// <summary>A descriptor of this process by number. Whether it is open is found out by the child: EBADF.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public static Stdio FromDescriptor(int descriptor)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(descriptor);
        return new Stdio(StdioKind.Number) { Number = descriptor };
    }

    /// <summary>
    /// A file that the child opens. A relative path is relative to this process's working directory, not to the
    /// child's.
    /// </summary>
    /// <param name="path">The path.</param>
    /// <param name="mode">Whether it must exist, is created, emptied, appended to.</param>
    /// <param name="access">Reading, writing or both.</param>
    /// <param name="permissions">Of a file that is created, less the child's umask.</param>
    /// <exception cref="ArgumentException">The path is empty or has a NUL, or mode and access conflict.</exception>
    public static Stdio FromFile(
        string path,
        FileMode mode,
        FileAccess access,
        UnixFileMode permissions = FileSource.DefaultPermissions
    ) => new(StdioKind.File) { File = FileSource.Create(Check.Path(path, nameof(path)), mode, access, permissions) };

    /// <summary>The same for a path of any bytes, UTF-8 or not.</summary>
    /// <param name="path">The path.</param>
    /// <param name="mode">Whether it must exist, is created, emptied, appended to.</param>
    /// <param name="access">Reading, writing or both.</param>
    /// <param name="permissions">Of a file that is created, less the child's umask.</param>
    /// <exception cref="ArgumentException">The path is empty, or mode and access conflict.</exception>
    [OverloadResolutionPriority(-1)]
    public static Stdio FromFile(
        ByteString path,
        FileMode mode,
        FileAccess access,
        UnixFileMode permissions = FileSource.DefaultPermissions
    ) => new(StdioKind.File) { File = FileSource.Create(Check.Path(path, nameof(path)), mode, access, permissions) };

    /// <summary>An existing file, for reading.</summary>
    public static Stdio Read(string path) => FromFile(path, FileMode.Open, FileAccess.Read);

    /// <summary>An existing file, for reading; a path of any bytes.</summary>
    [OverloadResolutionPriority(-1)]
    public static Stdio Read(ByteString path) => FromFile(path, FileMode.Open, FileAccess.Read);

    /// <summary>A file for writing, created or emptied, as the shell's <c>&gt;</c>.</summary>
    public static Stdio Write(string path) => FromFile(path, FileMode.Create, FileAccess.Write);

    /// <summary>A file for writing, created or emptied; a path of any bytes.</summary>
    [OverloadResolutionPriority(-1)]
    public static Stdio Write(ByteString path) => FromFile(path, FileMode.Create, FileAccess.Write);

    /// <summary>A file for appending, created if need be, as the shell's <c>&gt;&gt;</c>.</summary>
    public static Stdio Append(string path) => FromFile(path, FileMode.Append, FileAccess.Write);

    /// <summary>A file for appending, created if need be; a path of any bytes.</summary>
    [OverloadResolutionPriority(-1)]
    public static Stdio Append(ByteString path) => FromFile(path, FileMode.Append, FileAccess.Write);
}
