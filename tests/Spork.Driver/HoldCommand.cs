using System.Runtime.InteropServices;

namespace Spork.Driver;

/// <summary>
/// Traces another process, without stopping it, until standard input ends: meanwhile its exit is for this process to see,
/// and its parent cannot reap it.
/// </summary>
internal static unsafe class HoldCommand
{
    private const int PTRACE_SEIZE = 0x4206;
    private const int AnyKind = 0x40000000; // __WALL

    /// <param name="id">Whom.</param>
    /// <param name="looks">Whether to wait for it in the end, as a debugger does; else the tracer just dies.</param>
    internal static int Run(int id, bool looks)
    {
        // Tracing belongs to the thread: all of this is on the main one, which lives until the end.
        if (LibC.PTrace(PTRACE_SEIZE, id, 0, 0) != 0)
        {
            Console.WriteLine(new Errno(Marshal.GetLastPInvokeError()));
            return 1;
        }

        Console.WriteLine("tracing");
        _ = Console.In.ReadToEnd();
        int status;
        return looks && LibC.WaitPid(id, &status, AnyKind) != id ? 2 : 0;
    }
}
