using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Spork.Spawning;

/// <summary>
/// CoreCLR's environment as one native block of UTF-16, through the two functions that
/// <see cref="Environment.GetEnvironmentVariables()"/> itself is made of. They are not public: a runtime without them is
/// not an error but the slower way (a test says which one this is).
/// </summary>
internal static unsafe class CoreClrEnvironment
{
    private static readonly delegate* <char*> GetBlock = (delegate* <char*>)Find("GetEnvironmentStringsW");
    private static readonly delegate* <char*, int> FreeBlock = (delegate* <char*, int>)Find("FreeEnvironmentStringsW");

    internal static bool IsAvailable => GetBlock is not null && FreeBlock is not null;

    internal static EnvironmentBlock Read(EnvironmentBlock last)
    {
        var block = GetBlock();
        if (block is null)
        {
            throw new SystemCallException("GetEnvironmentStringsW", "a copy of the environment", Errno.ENOMEM);
        }

        try
        {
            // Entries end with a NUL each, the block with one more. Not IndexOf on a span of "enough" characters: it reads
            // ahead in vectors, past the end of the block and of the mapping behind it (seen as an access violation).
            var length = 0;
            while (block[length] != 0)
            {
                length += MemoryMarshal.CreateReadOnlySpanFromNullTerminated(block + length).Length + 1;
            }

            return InheritedEnvironment.From(new ReadOnlySpan<char>(block, length), last);
        }
        finally
        {
            FreeBlock(block);
        }
    }

    [DynamicDependency(DynamicallyAccessedMemberTypes.NonPublicMethods, "Interop.Kernel32", "System.Private.CoreLib")]
    private static nint Find(string name)
    {
        var method = Type.GetType("Interop+Kernel32, System.Private.CoreLib", throwOnError: false)
            ?.GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic);
        return method is null ? 0 : method.MethodHandle.GetFunctionPointer();
    }
}
