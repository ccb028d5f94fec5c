namespace Spork.Samples;

/// <summary>One task, done twice. Each way says what came of it.</summary>
internal interface ISample
{
    /// <summary>As it is called on the command line.</summary>
    static abstract string Name { get; }

    /// <summary>The task in one line.</summary>
    static abstract string Title { get; }

    /// <summary>Why the results differ, or null: then they must be the same.</summary>
    static abstract string? Difference { get; }

    /// <summary>With Spork. Files may be made in the directory.</summary>
    static abstract Task<string> WithSporkAsync(string directory);

    /// <summary>With System.Diagnostics.Process, as well as it can be done without calling libc.</summary>
    static abstract Task<string> WithProcessAsync(string directory);
}
