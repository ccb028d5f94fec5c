using System.Runtime.CompilerServices;
using Spork.Spawning;

namespace Spork;

// Where the program finds itself: directory and environment.
public sealed partial class Command
{
    /// <summary>In this directory; relative to this process's working directory. See chdir(2).</summary>
    /// <exception cref="ArgumentException">The path is empty or has a NUL character.</exception>
    public Command WithWorkingDirectory(string path) =>
        new(_options with { DirectoryPath = Check.Path(path, nameof(path)), DirectoryHandle = null });

    /// <summary>The same for a path of any bytes, UTF-8 or not.</summary>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    [OverloadResolutionPriority(-1)]
    public Command WithWorkingDirectory(ByteString path) =>
        new(_options with { DirectoryPath = Check.Path(path, nameof(path)), DirectoryHandle = null });

    /// <summary>In the directory behind this descriptor, wherever it has been moved to. See fchdir(2).</summary>
    /// <param name="directory">An open directory; stays the caller's.</param>
    public Command WithWorkingDirectory(System.Runtime.InteropServices.SafeHandle directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        return new(_options with { DirectoryPath = null, DirectoryHandle = directory });
    }

    /// <summary>With one environment variable set, or removed if the value is null; the others stay.</summary>
    /// <remarks>
    /// A name with U+FFFD, as .NET shows bytes that are no UTF-8, also means the inherited ones that it would show so.
    /// </remarks>
    /// <exception cref="ArgumentException">The name is empty or has a '=' or NUL, or the value has a NUL.</exception>
    public Command WithEnvironmentVariable(string name, string? value)
    {
        Check.VariableName(name, nameof(name));
        var checkedValue = value is null ? null : Check.NoNul(value, "environment variable's value");
        return new(_options with { Variables = _options.Variables.SetItem(name, checkedValue) });
    }

    /// <summary>The same for a name and value of any bytes, UTF-8 or not.</summary>
    /// <exception cref="ArgumentException">The name is empty or has a '='.</exception>
    [OverloadResolutionPriority(-1)]
    public Command WithEnvironmentVariable(ByteString name, ByteString? value) =>
        new(
            _options with
            {
                Variables = _options.Variables.SetItem(Check.VariableName(name, nameof(name)), value?.Escaped),
            }
        );

    /// <summary>
    /// With these environment variables set, or removed where the value is null; all others stay, also those that were said
    /// before.
    /// </summary>
    /// <param name="changes">In their order: of a name that comes twice, the last counts.</param>
    /// <exception cref="ArgumentException">As <see cref="WithEnvironmentVariable(string, string)"/>.</exception>
    public Command WithEnvironmentVariables(IEnumerable<KeyValuePair<string, string?>> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var variables = _options.Variables.ToBuilder();
        foreach (var (name, value) in changes)
        {
            variables[Check.VariableName(name, nameof(changes))] = value is null
                ? null
                : Check.NoNul(value, "environment variable's value", nameof(changes));
        }

        return new(_options with { Variables = variables.ToImmutable() });
    }

    /// <summary>
    /// With exactly these environment variables and no others: not even PATH. To change some,
    /// <see cref="WithEnvironmentVariables"/>.
    /// </summary>
    /// <exception cref="ArgumentException">As <see cref="WithEnvironmentVariable(string, string)"/>; or a name comes twice.</exception>
    public Command WithEnvironment(IEnumerable<KeyValuePair<string, string>> exact)
    {
        ArgumentNullException.ThrowIfNull(exact);
        var variables = _options.Variables.Clear().ToBuilder();
        foreach (var (name, value) in exact)
        {
            var checkedValue = Check.NoNul(value, "environment variable's value", nameof(exact));
            if (!variables.TryAdd(Check.VariableName(name, nameof(exact)), checkedValue))
            {
                throw new ArgumentException($"The environment variable '{name}' comes twice.", nameof(exact));
            }
        }

        return new(_options with { ExactEnvironment = true, Variables = variables.ToImmutable() });
    }
}
