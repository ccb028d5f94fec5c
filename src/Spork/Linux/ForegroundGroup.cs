namespace Spork.Linux;

/// <summary>asm-generic/ioctls.h, for tcsetpgrp(3).</summary>
internal static class ForegroundGroup
{
    internal const int TIOCSPGRP = 0x5410;
}
