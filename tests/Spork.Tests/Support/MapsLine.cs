using System.Globalization;

namespace Spork.Tests.Support;

/// <summary>One mapping of this process. proc_pid_maps(5).</summary>
internal sealed record MapsLine(nint Start, nint End, string Permissions)
{
    public static IReadOnlyList<MapsLine> Read() => [.. File.ReadAllLines("/proc/self/maps").Select(Parse)];

    /// <summary>The mapping the address lies in; there must be one.</summary>
    public static MapsLine At(nint address) => Assert.Single(Read(), line => line.Contains(address));

    private static MapsLine Parse(string line)
    {
        var fields = line.Split(' ');
        var range = fields[0].Split('-');
        return new MapsLine(Address(range[0]), Address(range[1]), fields[1]);
    }

    // Addresses with the top bit set (vsyscall) are no nint that counts upwards: nobody looks for them.
    private static nint Address(string text) =>
        unchecked((nint)ulong.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture));

    private bool Contains(nint address) => Start <= address && address < End;
}
