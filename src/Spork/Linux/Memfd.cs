namespace Spork.Linux;

/// <summary>linux/memfd.h.</summary>
internal static class Memfd
{
    internal const int MFD_CLOEXEC = 1;
    internal const int MFD_ALLOW_SEALING = 2;

    /// <summary>Kernel 6.3: may be executed, whatever vm.memfd_noexec says below 2.</summary>
    internal const int MFD_EXEC = 0x10;
}
