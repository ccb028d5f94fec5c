using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Spork.Spawning;

/// <summary>Makes .NET ready to catch signals, for which it sets up a pipe and a thread, once.</summary>
/// <remarks>
/// It does that in the static constructor of <see cref="PosixSignalRegistration"/>, from within Create. If it fails there
/// (.NET 10: no descriptor, no thread), a half-made registration is left, whose finalizer throws, which ends this process;
/// and the class stays broken for good. So what it needs is tried first, where a refusal breaks nothing and the next script
/// tries again; and the static constructor is run while there is no object yet.
/// </remarks>
internal static class SignalHandling
{
    private static bool s_isReady;

    /// <summary>Not from two threads at once.</summary>
    /// <exception cref="SystemCallException">No descriptors, or no thread.</exception>
    internal static void MakeReady()
    {
        if (s_isReady)
        {
            return;
        }

        PipePair.Create().Dispose();
        ServiceThread.Start("spork keyboard", static () => { }).Join();
        try
        {
            RuntimeHelpers.RunClassConstructor(typeof(PosixSignalRegistration).TypeHandle);
        }
        catch (TypeInitializationException e)
        {
            // Somebody else took the last one just then.
            throw new SystemCallException("PosixSignalRegistration", "", ErrnoOf(e.InnerException));
        }

        s_isReady = true;
    }

    /// <summary>The runtime's exceptions of failed calls carry the errno.</summary>
    internal static Errno ErrnoOf(Exception? exception) =>
        exception is IOException { HResult: > 0 and < 134 and var number } ? new(number) : Errno.EIO;
}
