namespace Spork.Linux;

/// <summary>linux/securebits.h: how ids and capabilities go together. See capabilities(7).</summary>
internal static class SecureBits
{
    /// <summary>Exec gives user 0 nothing.</summary>
    internal const int SECBIT_NOROOT = 1;

    /// <summary>A change of users changes no capabilities.</summary>
    internal const int SECBIT_NO_SETUID_FIXUP = 4;

    /// <summary>The permitted ones stay when the last user 0 goes; until the next exec.</summary>
    internal const int SECBIT_KEEP_CAPS = 16;

    internal const int SECBIT_NO_CAP_AMBIENT_RAISE = 64;
}
