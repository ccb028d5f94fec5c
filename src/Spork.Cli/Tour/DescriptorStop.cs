namespace Spork.Cli.Tour;

internal sealed class DescriptorStop : ITourStop
{
    public string Title => "Any descriptor to any number, everything else closed";

    public void Visit(TourGuide guide)
    {
        var (left, right, list) = (guide.PathTo("left"), guide.PathTo("right"), guide.PathTo("list"));
        using var a = File.OpenHandle(left, FileMode.Create, FileAccess.Write);
        using var b = File.OpenHandle(right, FileMode.Create, FileAccess.Write);
        var (numberOfA, numberOfB) = ((int)a.DangerousGetHandle(), (int)b.DangerousGetHandle());

        // A swap: each handle goes to the number of the other, which a sequence of dup2 alone would lose.
        new Command("ls", "-l", "/proc/self/fd")
            .WithStandardInput(Stdio.Null)
            .WithStandardOutput(Stdio.Write(list))
            .WithDescriptor(numberOfA, Stdio.FromHandle(b))
            .WithDescriptor(numberOfB, Stdio.FromHandle(a))
            .Run();

        var open = File.ReadLines(list)
            .Where(line => line.Contains(" -> ", StringComparison.Ordinal))
            .Select(Shorten)
            .ToList();
        guide.Say($"here {numberOfA} is \"left\" and {numberOfB} is \"right\"; the child gets them swapped");
        guide.Show("ls -l /proc/self/fd");
        foreach (var line in open)
        {
            guide.Result(line.Replace($"{guide.Folder}/", "", StringComparison.Ordinal));
        }

        var ours = Directory.GetFileSystemEntries("/proc/self/fd").Length;
        guide.Say($"spork itself has {ours} descriptors open; the child has these, and ls adds the folder it reads");
        TourGuide.Require(open.Contains($"{numberOfA} -> {right}"), $"{numberOfA} is not \"right\" in the child");
        TourGuide.Require(open.Contains($"{numberOfB} -> {left}"), $"{numberOfB} is not \"left\" in the child");
        TourGuide.Require(open.Count == 6, $"{open.Count} descriptors are open in the child instead of 6");
    }

    /// <summary>"l-wx------ 1 me me 64 Jan 1 00:00 4 -> /x" to "4 -> /x".</summary>
    private static string Shorten(string line)
    {
        var arrow = line.IndexOf(" -> ", StringComparison.Ordinal);
        return line[(line.LastIndexOf(' ', arrow - 1) + 1)..];
    }
}
