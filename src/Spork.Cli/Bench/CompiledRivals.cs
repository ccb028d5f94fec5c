using System.Reflection;

namespace Spork.Cli.Bench;

/// <summary>Compiles rivals.c on the spot. A machine without a C compiler has no C figures, and the output says so.</summary>
internal static class CompiledRivals
{
    private static readonly string[] Compilers = ["cc", "gcc", "clang"];

    /// <summary>The program's path, or null and the reason.</summary>
    public static (string? Program, string? Reason) Compile(string directory)
    {
        var source = Path.Combine(directory, "rivals.c");
        using (var text = Assembly.GetExecutingAssembly().GetManifestResourceStream("rivals.c")!)
        using (var file = File.Create(source))
        {
            text.CopyTo(file);
        }

        var program = Path.Combine(directory, "rivals");
        var log = Path.Combine(directory, "cc.log");
        foreach (var compiler in Compilers)
        {
            try
            {
                var status = new Command(compiler, "-O2", "-pthread", "-o", program, source)
                    .WithStandardInput(Stdio.Null)
                    .WithStandardOutput(Stdio.Null)
                    .WithStandardError(Stdio.Write(log))
                    .Run();
                return status.IsSuccess
                    ? (program, null)
                    : (
                        null,
                        $"{compiler} could not compile them: {File.ReadLines(log).FirstOrDefault("no reason given")}"
                    );
            }
            catch (SpawnException e) when (e.Errno == Errno.ENOENT)
            {
                // Not this compiler; perhaps the next.
            }
        }

        return (null, $"no C compiler found ({string.Join(", ", Compilers)}); install gcc for these figures");
    }
}
