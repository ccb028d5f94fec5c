using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Spork.Programs;
using Spork.Spawning;

namespace Spork;

/// <summary>
/// A program to start, and everything the new process shall be before it becomes that program. Immutable: every
/// <c>With…</c> returns another command. Thread safe; keep and reuse it, its child program is compiled once.
/// </summary>
/// <remarks>
/// <para>
/// What is not said has a safe default: standard streams inherited and every other descriptor closed, no signal
/// blocked, none ignored, this process's environment, directory, session, limits and cgroup.
/// </para>
/// <para>
/// A program name without a slash is looked up as execvp(3) does, in the PATH the child gets if the command sets one,
/// else in this process's. A relative path with a slash is relative to the child's working directory, as after chdir.
/// </para>
/// </remarks>
/// <example><code>
/// var status = new Command("git", "status", "--short").WithWorkingDirectory("/srv/repository").Run();
/// </code></example>
public sealed partial class Command
{
    private readonly CommandOptions _options;

    /// <summary>A program with its arguments, argv[0] not among them.</summary>
    /// <param name="program">A name to be looked up in PATH, or a path.</param>
    /// <param name="arguments">Its arguments, passed as they are: no shell, no quoting.</param>
    /// <exception cref="ArgumentException">The program is empty, or something has a NUL character.</exception>
    public Command(string program, params IEnumerable<string> arguments)
        : this(new CommandOptions(Check.Path(program, nameof(program)), Checked(arguments))) { }

    /// <summary>The same for bytes that need not be UTF-8, as file names on Linux need not be.</summary>
    /// <remarks>Strings and bytes may be mixed, as strings become bytes: <c>new Command("cat", name)</c>.</remarks>
    /// <param name="program">A name to be looked up in PATH, or a path.</param>
    /// <param name="arguments">Its arguments, passed as they are.</param>
    /// <exception cref="ArgumentException">The program is empty.</exception>
    [OverloadResolutionPriority(-1)]
    public Command(ByteString program, params IEnumerable<ByteString> arguments)
        : this(new CommandOptions(Check.Path(program, nameof(program)), Escaped(arguments))) { }

    private Command(CommandOptions options) => _options = options;

    /// <summary>The program's name or path; a byte that is no UTF-8 is shown as <c>\xff</c>.</summary>
    public string Program => _options.ShownProgram;

    /// <summary>Its arguments, argv[0] not among them; a byte that is no UTF-8 is shown as <c>\xff</c>.</summary>
    public IReadOnlyList<string> Arguments =>
        _options.Posix?.ArgumentTexts ?? (IReadOnlyList<string>)[.. _options.Arguments.Select(EscapedText.Shown)];

    internal CommandOptions Options => _options;

    /// <summary>With these arguments instead.</summary>
    /// <exception cref="ArgumentException">One has a NUL character.</exception>
    public Command WithArguments(params IEnumerable<string> arguments) =>
        new(_options with { Arguments = Checked(arguments) });

    /// <summary>With these arguments instead, of any bytes.</summary>
    [OverloadResolutionPriority(-1)]
    public Command WithArguments(params IEnumerable<ByteString> arguments) =>
        new(_options with { Arguments = Escaped(arguments) });

    /// <summary>With these arguments after those it has.</summary>
    /// <exception cref="ArgumentException">One has a NUL character.</exception>
    public Command AddArguments(params IEnumerable<string> arguments) =>
        new(_options with { Arguments = _options.Arguments.AddRange(Checked(arguments)) });

    /// <summary>With these arguments, of any bytes, after those it has.</summary>
    [OverloadResolutionPriority(-1)]
    public Command AddArguments(params IEnumerable<ByteString> arguments) =>
        new(_options with { Arguments = _options.Arguments.AddRange(Escaped(arguments)) });

    /// <summary>With this argv[0] instead of the program as it was given.</summary>
    /// <exception cref="ArgumentException">It has a NUL character.</exception>
    public Command WithArgumentZero(string argumentZero) =>
        new(_options with { ArgumentZero = Check.NoNul(argumentZero, "argument") });

    /// <summary>With this argv[0], of any bytes, instead of the program as it was given.</summary>
    [OverloadResolutionPriority(-1)]
    public Command WithArgumentZero(ByteString argumentZero) =>
        new(_options with { ArgumentZero = argumentZero.Escaped });

    /// <summary>Takes the program as a path even without a slash: PATH is not searched.</summary>
    public Command WithoutPathSearch() => new(_options with { SearchPath = false });

    /// <summary>The command line as a POSIX shell would read it; a byte that is no UTF-8 as <c>$'\377'</c> (POSIX.1-2024).</summary>
    public override string ToString() => Quote.ForShell(_options.Program, _options.Arguments);

    private static ImmutableArray<string> Checked(IEnumerable<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        return [.. arguments.Select(a => Check.NoNul(a, "argument", nameof(arguments)))];
    }

    private static ImmutableArray<string> Escaped(IEnumerable<ByteString> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        return [.. arguments.Select(a => a.Escaped)];
    }
}
