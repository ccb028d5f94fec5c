using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Spork.Tests.Support;

/// <summary>A child that nobody reaps, made with posix_spawn: neither Spork nor System.Diagnostics.Process.</summary>
internal static unsafe partial class RawChild
{
    /// <summary>Starts a program with an empty environment; it stays a zombie until <see cref="Reap"/>.</summary>
    public static int StartAndLeave(params string[] commandLine)
    {
        var arguments = new nint[commandLine.Length + 1];
        try
        {
            for (var i = 0; i < commandLine.Length; i++)
            {
                arguments[i] = Marshal.StringToCoTaskMemUTF8(commandLine[i]);
            }

            nint environment = 0;
            int child;
            fixed (nint* vector = arguments)
            {
                var error = PosixSpawn(&child, vector[0], 0, 0, vector, &environment);
                return error == 0 ? child : throw new Win32Exception(error, $"posix_spawn {commandLine[0]}");
            }
        }
        finally
        {
            foreach (var argument in arguments)
            {
                Marshal.FreeCoTaskMem(argument);
            }
        }
    }

    public static void Reap(int child)
    {
        int status;
        if (WaitPid(child, &status, 0) != child)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"waitpid {child}");
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_spawn")]
    private static partial int PosixSpawn(
        int* child,
        nint path,
        nint actions,
        nint attributes,
        nint* arguments,
        nint* environment
    );

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitPid(int child, int* status, int options);
}
