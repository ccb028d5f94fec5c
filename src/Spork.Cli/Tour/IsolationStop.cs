namespace Spork.Cli.Tour;

internal sealed class IsolationStop : ITourStop
{
    public string Title => "Other users, capabilities and namespaces, in a second stage";

    public void Visit(TourGuide guide)
    {
        var output = guide.PathTo("isolated");
        var command = new Command("sh", "-c", "id -u; echo $$; uname -n; grep -c : /proc/net/dev")
            .WithStandardOutput(Stdio.Write(output))
            .WithOwnIdentityAs()
            .WithNewNamespaces(Namespaces.Process | Namespaces.Network)
            .WithHostName("inside");
        guide.Say("root, number 1, another host name and no network but its own, without being root here:");
        guide.Show(command.ToString());
        try
        {
            TourGuide.Require(command.Run().IsSuccess, "the isolated shell failed");
        }
        catch (SpawnException e) when (e.Errno == Errno.EPERM || e.Errno == Errno.ENOSPC || e.Errno == Errno.EUSERS)
        {
            // Containers and hardened machines forbid user namespaces; that is theirs to say, in the error's words.
            guide.Result(e.Message);
            return;
        }

        var lines = File.ReadAllLines(output);
        guide.Result(string.Join(", ", lines));
        TourGuide.Require(lines is ["0", "1", "inside", "1"], "it is not isolated as it was told to be");

        var refused = Failure(new Command("true").WithRootDirectory("/srv/gone"));
        guide.Say("what fails in there still has its step, counted through both stages:");
        guide.Result(refused.Message);
        TourGuide.Require(refused.Step == "chroot", $"chroot was expected to fail, not {refused.Step}");
    }

    private static SpawnException Failure(Command command)
    {
        try
        {
            command.Run();
        }
        catch (SpawnException e)
        {
            return e;
        }

        throw new TourException("a root directory that does not exist was accepted");
    }
}
