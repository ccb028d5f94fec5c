using System.Text;

namespace Spork.Tests.Support;

/// <summary>What threads and children are doing, for the report about a hang.</summary>
internal static class ProcessState
{
    public static string Describe()
    {
        var text = new StringBuilder("Threads (name, where the kernel holds it, system call):\n");
        foreach (var task in Directory.EnumerateDirectories("/proc/self/task"))
        {
            text.Append(
                $"  {Path.GetFileName(task)} {Read(task, "comm")}: {Read(task, "wchan")}, {Read(task, "syscall")}\n"
            );
        }

        text.Append("Children:\n");
        foreach (var child in ChildEntry.ListOwn())
        {
            text.Append($"  {child}: {Read($"/proc/{child.Id}", "wchan")}, {Read($"/proc/{child.Id}", "syscall")}\n");
        }

        return text.ToString();
    }

    // A thread may be gone by now, and syscall and wchan may be forbidden.
    private static string Read(string directory, string name)
    {
        try
        {
            return File.ReadAllText(Path.Combine(directory, name)).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "?";
        }
    }
}
