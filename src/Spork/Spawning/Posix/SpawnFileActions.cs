using System.Runtime.InteropServices;
using Spork.Spawning;

namespace Spork;

/// <summary>
/// What the child does with its descriptors and directories before it becomes the program, in exactly this order:
/// posix_spawn_file_actions_t. Not thread safe while it is being filled; a spawn takes a copy.
/// </summary>
/// <remarks>
/// Numbers are the child's, which begin as this process's. Those that RLIMIT_NOFILE does not allow are refused
/// by the spawn (EBADF). Relative paths are relative to where the actions before them have led.
/// </remarks>
public sealed class SpawnFileActions
{
    private readonly List<FileAction> _actions = [];

    /// <summary>How many there are.</summary>
    public int Count => _actions.Count;

    internal FileAction[] Snapshot() => [.. _actions];

    /// <summary>posix_spawn_file_actions_addopen(3): closes the number, then opens the file there.</summary>
    /// <param name="number">The number in the child; what is open there is closed first.</param>
    /// <param name="path">The path.</param>
    /// <param name="flags">open(2)'s flags as numbers (<c>fcntl.h</c>): O_RDONLY 0, O_WRONLY 1, O_RDWR 2, O_CREAT 0x40 …</param>
    /// <param name="mode">Permissions of a file that O_CREAT makes, less the umask.</param>
    /// <returns>This.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public SpawnFileActions AddOpen(int number, ByteString path, int flags, int mode = 0) =>
        Add(
            new(FileActionKind.Open, Valid(number))
            {
                Path = path,
                Flags = flags,
                Mode = mode,
            }
        );

    /// <summary>posix_spawn_file_actions_addclose(3). No error if it is not open.</summary>
    /// <returns>This.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public SpawnFileActions AddClose(int number) => Add(new(FileActionKind.Close, Valid(number)));

    /// <summary>
    /// posix_spawn_file_actions_adddup2(3). The same number twice clears its close-on-exec flag (POSIX.1-2024).
    /// </summary>
    /// <returns>This.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    public SpawnFileActions AddDup2(int number, int newNumber) =>
        Add(new(FileActionKind.Dup2, Valid(newNumber)) { Source = Valid(number) });

    /// <summary>
    /// As <see cref="AddDup2(int, int)"/> with the handle's number, held open until the start is over. An earlier action
    /// on that number takes effect all the same.
    /// </summary>
    /// <returns>This.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    /// <exception cref="ObjectDisposedException">The handle is closed.</exception>
    public SpawnFileActions AddDup2(SafeHandle handle, int newNumber) =>
        Add(new(FileActionKind.Dup2, Valid(newNumber)) { Source = NumberOf(handle), Handle = handle });

    /// <summary>posix_spawn_file_actions_addchdir(3) (POSIX.1-2024; addchdir_np before).</summary>
    /// <returns>This.</returns>
    public SpawnFileActions AddChDir(ByteString path) => Add(new(FileActionKind.ChDir, 0) { Path = path });

    /// <summary>posix_spawn_file_actions_addfchdir(3) (POSIX.1-2024; addfchdir_np before).</summary>
    /// <returns>This.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public SpawnFileActions AddFChDir(int number) => Add(new(FileActionKind.FChDir, Valid(number)));

    /// <summary>As <see cref="AddFChDir(int)"/> with the handle's number, held open until the start is over.</summary>
    /// <returns>This.</returns>
    /// <exception cref="ObjectDisposedException">The handle is closed.</exception>
    public SpawnFileActions AddFChDir(SafeHandle handle) =>
        Add(new(FileActionKind.FChDir, NumberOf(handle)) { Handle = handle });

    /// <summary>posix_spawn_file_actions_addclosefrom_np(3): closes this number and all above it.</summary>
    /// <returns>This.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public SpawnFileActions AddCloseFrom(int lowest) => Add(new(FileActionKind.CloseFrom, Valid(lowest)));

    /// <summary>
    /// posix_spawn_file_actions_addtcsetpgrp_np(3): makes the child's process group the foreground one of this terminal.
    /// </summary>
    /// <returns>This.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public SpawnFileActions AddTcSetPGrp(int terminal) => Add(new(FileActionKind.TcSetPGrp, Valid(terminal)));

    private SpawnFileActions Add(FileAction action)
    {
        _actions.Add(action);
        return this;
    }

    private static int Valid(int number) =>
        number >= 0
            ? number
            : throw new ArgumentOutOfRangeException(nameof(number), number, "A descriptor is not negative (EBADF).");

    private static int NumberOf(SafeHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return HandleNumber.Of(handle);
    }
}
