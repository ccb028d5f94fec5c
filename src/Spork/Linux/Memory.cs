namespace Spork.Linux;

/// <summary>mmap(2), mprotect(2), munmap(2) of anonymous private memory.</summary>
internal static class Memory
{
    internal static readonly int PageSize = Environment.SystemPageSize;

    internal static bool TryMap(nuint size, int protection, out nint address, out Errno errno)
    {
        var result = Sys.Call(Syscall.mmap, 0, (nint)size, protection, Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS, -1, 0);
        address = result;
        return Succeeded(result, out errno);
    }

    internal static bool TryProtect(nint address, nuint size, int protection, out Errno errno) =>
        Succeeded(Sys.Call(Syscall.mprotect, address, (nint)size, protection), out errno);

    /// <summary>
    /// At vm.max_map_count it can fail, because it may split a mapping (ENOMEM). Then the range stays mapped: the outcome
    /// of a start that is known already must not be lost for it.
    /// </summary>
    internal static void Unmap(nint address, nuint size) => Sys.Call(Syscall.munmap, address, (nint)size);

    private static bool Succeeded(nint result, out Errno errno)
    {
        // An address may have its top bit clear only in user space: -4095 … -1 are the errors.
        var failed = result is < 0 and >= -4095;
        errno = failed ? Sys.ErrnoOf(result) : default;
        return !failed;
    }
}
