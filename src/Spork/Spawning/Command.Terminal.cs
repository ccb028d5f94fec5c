using Spork.Spawning;

namespace Spork;

// At a terminal of its own.
public sealed partial class Command
{
    /// <summary>
    /// At this pseudo-terminal: in a new session that the terminal controls, with the terminal as standard input, output
    /// and error, unless the command says otherwise of one of them. So Ctrl-C, job control and /dev/tty work.
    /// </summary>
    /// <remarks>
    /// The terminal stays the caller's, and is held open during a start; keep it as long as the program shall have it, since
    /// one that is disposed, or forgotten and collected, hangs up. One program at a time: a second one, while the
    /// first has the terminal, is refused with EPERM at the step <c>controlling terminal</c>.
    /// </remarks>
    /// <param name="terminal">The terminal.</param>
    /// <exception cref="InvalidOperationException">A process group was asked for: the program leads a session.</exception>
    public Command WithTerminal(PseudoTerminal terminal)
    {
        ArgumentNullException.ThrowIfNull(terminal);
        var inSession = WithNewSession()._options;
        var descriptors = inSession.Descriptors;
        for (var number = 0; number <= 2; number++)
        {
            if (descriptors[number] is { Kind: StdioKind.Inherit })
            {
                descriptors = descriptors.SetItem(number, Stdio.Terminal);
            }
        }

        RefuseIfDetached("A pseudo-terminal");
        return new(inSession with { Terminal = terminal, Descriptors = descriptors });
    }

    /// <summary>Starts the program at a pseudo-terminal of its own: <see cref="ChildProcess.Terminal"/>.</summary>
    /// <param name="size">The terminal's size; 24 rows of 80 columns if null.</param>
    /// <param name="cancellationToken">Kills the child if it has not become the program yet.</param>
    /// <exception cref="SystemCallException">No terminal is to be had: see <see cref="PseudoTerminal.Open"/>.</exception>
    /// <exception cref="SpawnException">It could not be started; says which step failed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is left.</exception>
    /// <exception cref="InvalidOperationException">A process group was asked for: the program leads a session.</exception>
    public ChildProcess StartInTerminal(TerminalSize? size = null, CancellationToken cancellationToken = default)
    {
        var terminal = PseudoTerminal.Open(size);
        try
        {
            var child = WithTerminal(terminal).Start(cancellationToken);
            child.Own(terminal);
            return child;
        }
        catch
        {
            terminal.Dispose();
            throw;
        }
    }

    /// <summary>As <see cref="StartInTerminal"/>; parks no thread.</summary>
    /// <inheritdoc cref="StartInTerminal"/>
    public async ValueTask<ChildProcess> StartInTerminalAsync(
        TerminalSize? size = null,
        CancellationToken cancellationToken = default
    )
    {
        var terminal = PseudoTerminal.Open(size);
        try
        {
            var child = await WithTerminal(terminal).StartAsync(cancellationToken).ConfigureAwait(false);
            child.Own(terminal);
            return child;
        }
        catch
        {
            terminal.Dispose();
            throw;
        }
    }
}
