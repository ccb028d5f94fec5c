using System.Runtime.InteropServices;

namespace Spork.Linux;

/// <summary>Owns a file descriptor of any kind; 0 is as valid as any (a caller may have closed its stdin).</summary>
internal class Descriptor : SafeHandle
{
    internal Descriptor(int number)
        : base(-1, ownsHandle: true) => SetHandle(number);

    public override bool IsInvalid => handle < 0;

    /// <summary>The number; only meaningful while a reference is held.</summary>
    internal int Number => (int)handle;

    // EINTR from close(2) means closed on Linux: never close twice.
    protected override bool ReleaseHandle() => Sys.Call(Syscall.close, handle) is 0 or -4;
}
