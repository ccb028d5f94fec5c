namespace Spork.Cli.Tour;

internal sealed class FailureStop : ITourStop
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public string Title => "Starts that fail name the exact step";

    public void Visit(TourGuide guide)
    {
        Fails(guide, "a missing working directory", new Command("true").WithWorkingDirectory("/srv/gone"), "chdir");
        Fails(guide, "a program that is nowhere", new Command("no-such-program"), "exec");
        Fails(guide, "a script without its interpreter", Script(guide, "orphan", "#!/opt/gone/python\n"), "exec");
        Fails(guide, "a script saved on Windows", Script(guide, "crlf", "#!/bin/sh\r\nexit 0\r\n"), "exec");
    }

    private static Command Script(TourGuide guide, string name, string text)
    {
        var path = guide.PathTo(name);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, Executable);
        return new Command(path);
    }

    private static void Fails(TourGuide guide, string what, Command command, string step)
    {
        try
        {
            command.Run();
        }
        catch (SpawnException e)
        {
            guide.Say($"{what}:");
            guide.Result(e.Message);
            TourGuide.Require(
                e.Step.StartsWith(step, StringComparison.Ordinal),
                $"{what}: the step {step} was expected to fail, not {e.Step}"
            );
            return;
        }

        throw new TourException($"{what}: the start succeeded");
    }
}
