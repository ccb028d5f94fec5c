using Spork.Spawning;

namespace Spork;

// system(3).
public sealed partial class Command
{
    private const string ShellProgram = "/bin/sh";

    /// <summary>
    /// A script for <c>/bin/sh -c</c>, as system(3) takes it. Give it as an interpolated string and every hole becomes
    /// exactly one word, quoted, whatever is in it: <c>Command.Shell($"grep -e {pattern} -- {file} | wc -l")</c>. A plain
    /// string is taken as it is.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Whatever runs it to its end has system's signal behaviour: <see cref="Run(CancellationToken)"/>,
    /// <see cref="Capture"/>, <see cref="ListenAsync(System.Text.Encoding?, LineEnding, CancellationToken)"/>, their other forms, and those of a <see cref="Pipeline"/> that it is
    /// in. Until then SIGINT and SIGQUIT do not end this process, so that Ctrl-C is the script's; look whether
    /// <see cref="ExitStatus.Signal"/> is one of them, and stop what you are doing. Handlers of your own
    /// (<see cref="Console.CancelKeyPress"/>) are called all the same. The script has these signals at their default, or
    /// ignored if whoever started this process said so. What hands you the process, <see cref="Start"/> and
    /// <see cref="OpenPipe(ShellScript, FileAccess)"/> among them, leaves the keyboard to you.
    /// </para>
    /// <para>
    /// The status is the shell's: 127 if a command in the script was not found, 126 if it could not be run, 128 + n if
    /// one was killed by signal n and the shell lived on. Where system returns 127 because there is no shell, and -1
    /// because there is no process to be had, this throws <see cref="SpawnException"/>; also if the two signals cannot be
    /// caught, because no descriptor or no thread is left for .NET's handlers. SIGCHLD is never touched.
    /// </para>
    /// </remarks>
    /// <param name="script">The script. One that begins with a dash is a script all the same.</param>
    /// <exception cref="ArgumentException">It has a NUL character; or a hole stands where no quoting makes it safe.</exception>
    /// <example><code>
    /// var file = "a file; rm -rf /";
    /// var status = Command.Shell($"sort -- {file} | uniq -c").Run();
    /// </code></example>
    public static Command Shell(ShellScript script)
    {
        ArgumentNullException.ThrowIfNull(script);
        return new Command(ShellProgram, "-c", "--", script.ToString())
            .WithArgumentZero("sh")
            .WithInheritedSignals()
            .AsShell();
    }

    /// <summary>Whether <c>/bin/sh</c> works, as system(NULL) says: runs <c>exit 0</c>.</summary>
    /// <exception cref="SpawnException">No process is to be had at all.</exception>
    public static bool IsShellAvailable
    {
        get
        {
            try
            {
                return new Command(ShellProgram, "-c", "exit 0").Run().IsSuccess;
            }
            catch (SpawnException e) when (e.Step == "execve")
            {
                return false;
            }
        }
    }

    private Command AsShell() => new(_options with { IsShell = true });

    // Whatever runs a command to its end comes through here, once: a script has the keyboard meanwhile. The arguments go
    // by hand, because a closure would be made for every command.
    private TResult InForeground<TArguments, TResult>(
        TArguments arguments,
        Func<Command, TArguments, TResult> run,
        Func<TResult, ExitStatus> status
    )
    {
        if (!_options.IsForegroundShell)
        {
            return run(this, arguments);
        }

        using var script = ForegroundScript.Begin(_options);
        var result = run(this, arguments);
        script.Ended(status(result));
        return result;
    }

    private Task<TResult> InForegroundAsync<TArguments, TResult>(
        TArguments arguments,
        Func<Command, TArguments, Task<TResult>> run,
        Func<TResult, ExitStatus> status
    ) => _options.IsForegroundShell ? RunScriptAsync(arguments, run, status) : run(this, arguments);

    private async Task<TResult> RunScriptAsync<TArguments, TResult>(
        TArguments arguments,
        Func<Command, TArguments, Task<TResult>> run,
        Func<TResult, ExitStatus> status
    )
    {
        using var script = ForegroundScript.Begin(_options);
        var result = await run(this, arguments).ConfigureAwait(false);
        script.Ended(status(result));
        return result;
    }
}
