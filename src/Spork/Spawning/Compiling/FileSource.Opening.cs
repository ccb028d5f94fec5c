using Spork.Linux;
using Spork.Programs;

namespace Spork.Spawning;

internal sealed partial record FileSource
{
    /// <summary>Opens it here instead of in a child.</summary>
    /// <exception cref="SystemCallException">It could not be opened.</exception>
    internal unsafe Descriptor Open()
    {
        fixed (byte* path = EscapedText.CString(Path))
        {
            var result = Sys.CallRestarting(
                Syscall.openat,
                Fcntl.AT_FDCWD,
                (nint)path,
                Flags | Fcntl.O_CLOEXEC,
                Permissions
            );
            return result >= 0
                ? new Descriptor((int)result)
                : throw new SystemCallException("open", Quote.ForListing(Path), Sys.ErrnoOf(result));
        }
    }
}
