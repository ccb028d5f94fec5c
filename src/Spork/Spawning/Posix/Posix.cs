using Spork.Spawning;

namespace Spork;

/// <summary>
/// posix_spawn(3) for those who port: file actions in order, attributes by flag, byte strings, and POSIX's rules of what
/// is inherited. The raw layer below <see cref="Command"/>, which closes and resets what nobody asked for; this does not.
/// </summary>
/// <remarks>
/// <para>
/// As in POSIX the child has every descriptor without FD_CLOEXEC, the blocked signals of the calling thread, and
/// ignored what this process ignores (.NET: SIGPIPE). It is a child like any other: pidfd, reaped by itself, no zombie.
/// It runs through Spork's own program, not libc's function, so an error says which step failed; where libc's is all
/// that works (<see cref="SpawnLadder"/>), the errno is all there is. Thread safe.
/// </para>
/// </remarks>
/// <example><code>
/// using var child = Posix.SpawnP(
///     "sort",
///     new SpawnFileActions().AddOpen(0, "/etc/passwd", 0).AddDup2(1, 2),
///     new SpawnAttributes { Flags = SpawnFlags.SetPGroup },
///     ["sort", "-r"]
/// );
/// </code></example>
public static class Posix
{
    /// <summary>posix_spawn(3): the program by its path.</summary>
    /// <param name="path">A relative one is relative to where the actions lead.</param>
    /// <param name="fileActions">What is done first; null for nothing.</param>
    /// <param name="attributes">Null for all inherited.</param>
    /// <param name="arguments">argv, the zeroth included.</param>
    /// <param name="environment">envp, entries as they are; null for this process's environment.</param>
    /// <param name="cancellationToken">Kills the child if it has not become the program yet.</param>
    /// <returns>The process. It runs the program.</returns>
    /// <exception cref="SpawnException">It could not be started; <see cref="SpawnException.Errno"/> is what posix_spawn returns.</exception>
    /// <exception cref="ArgumentException">A flag that does not exist.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is left.</exception>
    /// <exception cref="PlatformNotSupportedException">Not Linux with glibc on x64.</exception>
    public static ChildProcess Spawn(
        ByteString path,
        SpawnFileActions? fileActions,
        SpawnAttributes? attributes,
        IEnumerable<ByteString> arguments,
        IEnumerable<ByteString>? environment = null,
        CancellationToken cancellationToken = default
    ) => Of(path, search: false, fileActions, attributes, arguments, environment).Start(cancellationToken);

    /// <summary>posix_spawnp(3): a name without a slash is looked for in this process's PATH.</summary>
    /// <inheritdoc cref="Spawn"/>
    /// <param name="file">A name, or a path.</param>
    /// <param name="fileActions">What is done first; null for nothing.</param>
    /// <param name="attributes">Null for all inherited.</param>
    /// <param name="arguments">argv, the zeroth included.</param>
    /// <param name="environment">envp, entries as they are; null for this process's environment.</param>
    /// <param name="cancellationToken">Kills the child if it has not become the program yet.</param>
    public static ChildProcess SpawnP(
        ByteString file,
        SpawnFileActions? fileActions,
        SpawnAttributes? attributes,
        IEnumerable<ByteString> arguments,
        IEnumerable<ByteString>? environment = null,
        CancellationToken cancellationToken = default
    ) => Of(file, search: true, fileActions, attributes, arguments, environment).Start(cancellationToken);

    /// <summary><see cref="Spawn"/>, completed when the program runs; parks no thread while a file action blocks.</summary>
    /// <inheritdoc cref="Spawn"/>
    public static ValueTask<ChildProcess> SpawnAsync(
        ByteString path,
        SpawnFileActions? fileActions,
        SpawnAttributes? attributes,
        IEnumerable<ByteString> arguments,
        IEnumerable<ByteString>? environment = null,
        CancellationToken cancellationToken = default
    ) => Of(path, search: false, fileActions, attributes, arguments, environment).StartAsync(cancellationToken);

    /// <summary><see cref="SpawnP"/>, completed when the program runs; parks no thread while a file action blocks.</summary>
    /// <inheritdoc cref="SpawnP"/>
    public static ValueTask<ChildProcess> SpawnPAsync(
        ByteString file,
        SpawnFileActions? fileActions,
        SpawnAttributes? attributes,
        IEnumerable<ByteString> arguments,
        IEnumerable<ByteString>? environment = null,
        CancellationToken cancellationToken = default
    ) => Of(file, search: true, fileActions, attributes, arguments, environment).StartAsync(cancellationToken);

    internal static Command Of(
        ByteString file,
        bool search,
        SpawnFileActions? fileActions,
        SpawnAttributes? attributes,
        IEnumerable<ByteString> arguments,
        IEnumerable<ByteString>? environment
    )
    {
        var options = PosixRequest.Options(file, search, fileActions, attributes, arguments, environment);
        PosixRefusals.Check(options);
        return Command.Of(options);
    }
}
