namespace Spork.Tests.Support;

/// <summary>The child program of the tests: see tests/Spork.Dummy.</summary>
internal static class DummyProgram
{
    /// <summary>Path of the executable, built beside the tests in the same configuration.</summary>
    public static string Executable { get; } = Find();

    // artifacts/bin/Spork.Tests/debug/ → artifacts/bin/Spork.Dummy/debug/
    private static string Find()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        var path = Path.Combine(here.Parent!.Parent!.FullName, "Spork.Dummy", here.Name, "Spork.Dummy");
        return File.Exists(path) ? path : throw new FileNotFoundException("The dummy is not built.", path);
    }
}
