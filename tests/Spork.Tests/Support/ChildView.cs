using System.Globalization;

namespace Spork.Tests.Support;

/// <summary>
/// What a child itself finds in /proc/self: from cat(1), which, unlike a .NET program, changes nothing before it looks.
/// </summary>
internal sealed class ChildView
{
    private readonly Dictionary<string, string> _status;
    private readonly string[] _stat;

    private ChildView(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        _status = lines[..^1]
            .Select(l => l.Split(":\t", 2))
            .ToDictionary(p => p[0], p => p[^1].Trim(), StringComparer.Ordinal);
        // proc_pid_stat(5): fields counted after the name, which may hold blanks and parentheses.
        _stat = lines[^1][(lines[^1].LastIndexOf(')') + 2)..].Split(' ');
    }

    public int Id => Number(_status["Pid"]);

    public int ProcessGroup => Number(_stat[2]);

    public int Session => Number(_stat[3]);

    public int Terminal => Number(_stat[4]);

    public int Nice => Number(_stat[16]);

    public int Policy => Number(_stat[38]);

    public string Umask => _status["Umask"];

    public string Processors => _status["Cpus_allowed_list"];

    /// <summary>Signals as a mask, bit 0 for signal 1.</summary>
    public ulong Blocked => Mask("SigBlk");

    public ulong Ignored => Mask("SigIgn");

    public ulong Caught => Mask("SigCgt");

    public static ulong Bit(Signal signal) => 1UL << (signal.Number - 1);

    public static ChildView Of(Func<Command, Command> configure) =>
        new(Capture.Text(configure(new Command("cat", "/proc/self/status", "/proc/self/stat"))));

    public static ChildView Of(string text) => new(text);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private ulong Mask(string name) => ulong.Parse(_status[name], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
