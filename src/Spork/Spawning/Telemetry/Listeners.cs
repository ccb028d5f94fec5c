using System.Runtime.CompilerServices;

namespace Spork.Spawning;

/// <summary>
/// Whether it is worth asking the instruments. They live in an assembly that a small program has no other use for, and
/// loading it and making them costs a process's first start several milliseconds. Who listens has loaded it already, so as
/// long as it is not loaded, nobody does.
/// </summary>
/// <remarks>
/// But for one: a tool that attaches from outside (dotnet-counters) waits for a meter to be made. So a process that starts
/// a second program makes the instruments beside it, on the pool.
/// </remarks>
internal static class Listeners
{
    private const string Library = "System.Diagnostics.DiagnosticSource";
    private static volatile bool s_isLoaded;
    private static int s_starts;

    static Listeners()
    {
        // Before the look round, so that none is missed. Ahead of time everything is there, and costs nothing.
        AppDomain.CurrentDomain.AssemblyLoad += (_, e) => s_isLoaded |= IsLibrary(e.LoadedAssembly);
        s_isLoaded |=
            !RuntimeFeature.IsDynamicCodeSupported || Array.Exists(AppDomain.CurrentDomain.GetAssemblies(), IsLibrary);
    }

    /// <summary>Asked once at each start.</summary>
    internal static bool Exist
    {
        get
        {
            if (s_isLoaded)
            {
                return Instruments.AreListenedTo;
            }

            if (Interlocked.Increment(ref s_starts) == 2)
            {
                ThreadPool.UnsafeQueueUserWorkItem(static _ => _ = Instruments.AreListenedTo, null);
            }

            return false;
        }
    }

    private static bool IsLibrary(System.Reflection.Assembly assembly) =>
        string.Equals(assembly.GetName().Name, Library, StringComparison.Ordinal);
}
