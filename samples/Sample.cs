namespace Spork.Samples;

/// <summary>A sample as the runner sees it.</summary>
internal sealed record Sample(
    string Name,
    string Title,
    string? Difference,
    Func<string, Task<string>> WithSpork,
    Func<string, Task<string>> WithProcess
)
{
    /// <summary>In the order of samples/README.md.</summary>
    public static IReadOnlyList<Sample> All { get; } =
    [
        Of<Tasks.ExitStatus>(),
        Of<Tasks.ExitOrSignal>(),
        Of<Tasks.DirectoryAndEnvironment>(),
        Of<Tasks.MissingDirectory>(),
        Of<Tasks.LogToFile>(),
        Of<Tasks.Timeout>(),
        Of<Tasks.HundredAtOnce>(),
        Of<Tasks.PassDescriptor>(),
        Of<Tasks.Limits>(),
        Of<Tasks.NewSession>(),
    ];

    private static Sample Of<T>()
        where T : ISample => new(T.Name, T.Title, T.Difference, T.WithSporkAsync, T.WithProcessAsync);
}
