using System.Diagnostics;

namespace Spork.Cli.Tour;

internal sealed class TreeStop : ITourStop
{
    // An orphan; a shell and its child, both deaf to SIGTERM. The last word says that all of them are there.
    private const string Script =
        "(sleep 300 & echo $!); (trap '' TERM; sleep 301 & echo $!; echo ready; wait; sleep 302) & wait";

    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(300);

    public string Title => "A tree of processes asked to stop, and gone";

    public void Visit(TourGuide guide)
    {
        var command = new Command("sh", "-c", Script)
            .WithNewSession()
            .WithOwnCgroup(required: false)
            .WithStandardOutput(Stdio.Pipe);
        guide.Show(command.ToString());
        using var child = command.Start();
        var others = Others(child);
        var sleepers = string.Join(" and ", others);
        guide.Say($"{child.Id} runs; so do {sleepers}, one of them an orphan, one deaf to SIGTERM");

        var watch = Stopwatch.StartNew();
        var result = child.Stop(new StopOptions { Reach = StopReach.Tree, Grace = Grace });
        guide.Result($"{result}, after {watch.ElapsedMilliseconds} ms of which {Grace.TotalMilliseconds} are grace");
        guide.Say(
            child.OwnCgroup is null
                ? "found through /proc and its session: no cgroup can be made here (see spork doctor)"
                : "in a cgroup of its own, killed with everybody in it at one blow"
        );
        var left = others.Where(IsRunning).ToList();
        TourGuide.Require(left.Count == 0, $"{string.Join(", ", left)} were left behind");
        guide.Say($"{child.Id}, {string.Join(", ", others)}: none of them is there any more");
    }

    private static List<int> Others(ChildProcess child)
    {
        var others = new List<int>();
        using var lines = new StreamReader(child.StandardOutput);
        while (lines.ReadLine() is { } line && line != "ready")
        {
            others.Add(int.Parse(line));
        }

        TourGuide.Require(others.Count == 2, "the tree did not grow as it should");
        return others;
    }

    // A zombie that its new parent has not reaped yet runs no more.
    private static bool IsRunning(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }
}
