namespace Spork.Cli.Tour;

internal sealed class ExplainStop : ITourStop
{
    public string Title => "What a child does before it becomes the program";

    public void Visit(TourGuide guide)
    {
        var listing = new Command("/usr/bin/make", "-j8")
            .WithWorkingDirectory("/usr/src")
            .WithStandardOutput(Stdio.Append("/tmp/build.log"))
            .WithLimit(Resource.OpenFiles, 1024, 4096)
            .WithUmask(UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)
            .WithNewSession()
            .WithNice(10)
            .Explain();
        guide.Show("spork run --explain --cwd /usr/src --stdout-append /tmp/build.log … -- /usr/bin/make -j8");
        foreach (var line in listing.ToString().TrimEnd('\n').Split('\n'))
        {
            guide.Say(line);
        }

        TourGuide.Require(listing.Lines.Count > 5, "the child program is shorter than what was asked for");
    }
}
