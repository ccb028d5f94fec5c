namespace Spork.Cli.Bench;

/// <summary>The program that every rival of the spawn bench starts: it exits at once.</summary>
internal static class NoopProgram
{
    private static ReadOnlySpan<byte> Code =>
        [
            0xBF,
            0x00,
            0x00,
            0x00,
            0x00, // mov edi, 0
            0xB8,
            0xE7,
            0x00,
            0x00,
            0x00, // mov eax, 231 (exit_group)
            0x0F,
            0x05, // syscall
        ];

    public static string WriteTo(string directory) =>
        StaticImage.WriteTo(Path.Combine(directory, "noop"), StaticImage.Build(Code));
}
