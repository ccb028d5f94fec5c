using System.Runtime.CompilerServices;

namespace Spork.Spawning;

/// <summary>
/// Whether it is worth asking the instruments. They live in an assembly that a small program has no other use for, and
/// loading it and making them costs a process's first start several milliseconds. Who listens has loaded it already, so as
/// long as it is not loaded, nobody does.
/// </summary>
internal static class Listeners
{
    private const string Library = "System.Diagnostics.DiagnosticSource";
    private static volatile bool s_isLoaded;

    static Listeners()
    {
        // Before the look round, so that none is missed. Ahead of time everything is there, and costs nothing.
        AppDomain.CurrentDomain.AssemblyLoad += (_, e) => Note(e.LoadedAssembly);
        if (!RuntimeFeature.IsDynamicCodeSupported)
        {
            s_isLoaded = true;
        }

        Array.ForEach(AppDomain.CurrentDomain.GetAssemblies(), Note);
    }

    /// <summary>Asked once at each start.</summary>
    internal static bool Exist => s_isLoaded && Instruments.AreListenedTo;

    // Only ever to true: another thread may be loading it right now.
    private static void Note(System.Reflection.Assembly assembly)
    {
        if (string.Equals(assembly.GetName().Name, Library, StringComparison.Ordinal))
        {
            s_isLoaded = true;
        }
    }
}
