namespace Spork;

// popen(3).
public sealed partial class Command
{
    /// <summary>
    /// Starts a script and gives a stream to or from it, as popen(3): <see cref="FileAccess.Read"/> for what it writes,
    /// <see cref="FileAccess.Write"/> for what it reads. Everything else it has is as of <see cref="Shell"/>.
    /// </summary>
    /// <remarks>
    /// As with popen no signal is ignored meanwhile. No other child holds this pipe's ends, so that closing it is the end
    /// of the input, however many are open; and the pipe is close-on-exec here. <see cref="WithTimeout"/> does not count
    /// here: closing the pipe is the caller's.
    /// </remarks>
    /// <param name="script">As of <see cref="Shell"/>: holes of an interpolated string are quoted.</param>
    /// <param name="access">Read or write; a pipe has one direction.</param>
    /// <exception cref="ArgumentOutOfRangeException">Both directions.</exception>
    /// <exception cref="SpawnException">It could not be started; where popen returns NULL.</exception>
    /// <example><code>
    /// var directory = "/etc";
    /// using var pipe = Command.OpenPipe($"ls -l -- {directory} | sort", FileAccess.Read);
    /// using var reader = new StreamReader(pipe);
    /// Console.Write(reader.ReadToEnd());
    /// Console.WriteLine(pipe.CloseAndWait());
    /// </code></example>
    public static CommandPipe OpenPipe(ShellScript script, FileAccess access) => Shell(script).OpenPipe(access);

    /// <summary>The same with any command: its standard output or input becomes the pipe.</summary>
    /// <param name="access">Read or write; a pipe has one direction.</param>
    /// <param name="cancellationToken">Kills the child if it has not become the program yet.</param>
    /// <exception cref="ArgumentOutOfRangeException">Both directions.</exception>
    /// <exception cref="SpawnException">It could not be started.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is left.</exception>
    public CommandPipe OpenPipe(FileAccess access, CancellationToken cancellationToken = default) =>
        access switch
        {
            FileAccess.Read => new CommandPipe(
                WithStandardOutput(Stdio.Pipe).Start(cancellationToken),
                child => child.StandardOutput
            ),
            FileAccess.Write => new CommandPipe(
                WithStandardInput(Stdio.Pipe).Start(cancellationToken),
                child => child.StandardInput
            ),
            _ => throw new ArgumentOutOfRangeException(
                nameof(access),
                access,
                "A pipe has one direction: FileAccess.Read or FileAccess.Write. For both, start the command with two pipes."
            ),
        };
}
