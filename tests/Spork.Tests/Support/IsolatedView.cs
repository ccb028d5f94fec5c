namespace Spork.Tests.Support;

/// <summary>/proc/self/status as a child finds its own, field by field, as text.</summary>
internal sealed class IsolatedView
{
    private readonly Dictionary<string, string> _fields;

    private IsolatedView(string text) =>
        _fields = text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => l.Split(':', 2))
            .ToDictionary(p => p[0], p => p[1].Trim(), StringComparer.Ordinal);

    public string this[string field] => _fields[field];

    public static IsolatedView Of(Func<Command, Command> configure) =>
        new(Capture.Text(configure(new Command("/bin/cat", "/proc/self/status"))));

    /// <summary>The namespace that a child is in, as /proc/self/ns shows it: <c>net:[4026531840]</c>.</summary>
    public static string Namespace(string name, Func<Command, Command> configure) =>
        Capture.Text(configure(new Command("readlink", $"/proc/self/ns/{name}"))).Trim();

    /// <summary>The namespace that this process is in.</summary>
    public static string OwnNamespace(string name) => new FileInfo($"/proc/self/ns/{name}").LinkTarget!;
}
