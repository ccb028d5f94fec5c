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
        Of<Tasks.CaptureOutput>(),
        Of<Tasks.FeedInput>(),
        Of<Tasks.StreamLines>(),
        Of<Tasks.PipeBetween>(),
        Of<Tasks.DirectoryAndEnvironment>(),
        Of<Tasks.LogToFile>(),
        Of<Tasks.StopGracefully>(),
        Of<Tasks.HundredAtOnce>(),
        Of<Tasks.MissingDirectory>(),
        Of<Tasks.ExitOrSignal>(),
        Of<Tasks.Timeout>(),
        Of<Tasks.PassDescriptor>(),
        Of<Tasks.Limits>(),
        Of<Tasks.NewSession>(),
        Of<Tasks.InTerminal>(),
        Of<Tasks.KillTree>(),
        Of<Tasks.OwnIdentity>(),
    ];

    private static Sample Of<T>()
        where T : ISample => new(T.Name, T.Title, T.Difference, T.WithSporkAsync, T.WithProcessAsync);
}
