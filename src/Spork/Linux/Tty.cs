using System.Runtime.InteropServices;

namespace Spork.Linux;

/// <summary>asm-generic/ioctls.h and asm-generic/termbits.h: terminals.</summary>
internal static class Tty
{
    internal const int TCGETS = 0x5401;
    internal const int TCSETS = 0x5402;
    internal const int TIOCSCTTY = 0x540E;
    internal const int TIOCGPGRP = 0x540F;
    internal const int TIOCGWINSZ = 0x5413;
    internal const int TIOCSWINSZ = 0x5414;
    internal const int TIOCGSID = 0x5429;
    internal const uint TIOCGPTN = 0x80045430;
    internal const int TIOCSPTLCK = 0x40045431;
    internal const int TIOCSIG = 0x40045436;

    /// <summary>Kernel 4.13.</summary>
    internal const int TIOCGPTPEER = 0x5441;

    // c_iflag
    internal const uint IGNBRK = 0x1;
    internal const uint BRKINT = 0x2;
    internal const uint PARMRK = 0x8;
    internal const uint ISTRIP = 0x20;
    internal const uint INLCR = 0x40;
    internal const uint IGNCR = 0x80;
    internal const uint ICRNL = 0x100;
    internal const uint IXON = 0x400;
    internal const uint IUTF8 = 0x4000;

    // c_oflag
    internal const uint OPOST = 0x1;
    internal const uint ONLCR = 0x4;

    // c_cflag
    internal const uint CSIZE = 0x30;
    internal const uint CS8 = 0x30;
    internal const uint PARENB = 0x100;

    // c_lflag
    internal const uint ISIG = 0x1;
    internal const uint ICANON = 0x2;
    internal const uint ECHO = 0x8;
    internal const uint ECHOE = 0x10;
    internal const uint ECHOK = 0x20;
    internal const uint ECHONL = 0x40;
    internal const uint ECHOCTL = 0x200;
    internal const uint ECHOKE = 0x800;
    internal const uint IEXTEN = 0x8000;

    // Indexes of c_cc.
    internal const int VTIME = 5;
    internal const int VMIN = 6;
}

/// <summary><c>struct winsize</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct WinSize
{
    internal ushort Rows;
    internal ushort Columns;
    internal ushort PixelWidth;
    internal ushort PixelHeight;
}

/// <summary>The kernel's <c>struct termios</c>, not libc's, which is longer.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Termios
{
    internal uint InputFlags;
    internal uint OutputFlags;
    internal uint ControlFlags;
    internal uint LocalFlags;
    internal byte LineDiscipline;
    internal fixed byte ControlCharacters[19];
}
