namespace Spork.Cli.Run;

/// <summary>
/// Whether a program is there, by execvp's rules. Only asked where the lowest rung, posix_spawn, has left an errno and
/// no step: then ENOENT may be the program's or the working directory's, and the exit code depends on which.
/// </summary>
internal static class ProgramLookup
{
    private const string DefaultPath = "/usr/local/bin:/usr/bin:/bin";

    public static bool Finds(string program)
    {
        if (program.Contains('/', StringComparison.Ordinal))
        {
            return File.Exists(program);
        }

        var path = Environment.GetEnvironmentVariable("PATH") ?? DefaultPath;
        return path.Split(':').Any(directory => File.Exists(Path.Combine(directory, program)));
    }
}
