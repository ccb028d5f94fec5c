using System.Text;

namespace Spork.Tests.Support;

/// <summary>Runs a command under test to its end and reads what it wrote, through a file: no pipe, no reader thread.</summary>
internal static class Capture
{
    public static byte[] Bytes(Command command)
    {
        using var directory = new TempDirectory();
        using var file = File.OpenHandle(directory["output"], FileMode.CreateNew, FileAccess.ReadWrite);
        var status = command.WithStandardOutput(Stdio.FromHandle(file)).Run();
        Assert.True(status.IsSuccess, $"{command} ended with {status}");
        var bytes = new byte[RandomAccess.GetLength(file)];
        RandomAccess.Read(file, bytes, 0);
        return bytes;
    }

    public static string Text(Command command) => Encoding.UTF8.GetString(Bytes(command));

    /// <summary>Entries that each end with a NUL, as in /proc/self/environ and cmdline.</summary>
    public static string[] Entries(Command command) => Split(Text(command));

    public static string[] Split(string text) => text.Length == 0 ? [] : text.TrimEnd('\n')[..^1].Split('\0');
}
