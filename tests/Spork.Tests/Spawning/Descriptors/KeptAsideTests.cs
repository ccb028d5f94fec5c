using Spork.Spawning;
using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>Handles of a directory and a cgroup whose numbers are wanted for something else move out of the way.</summary>
public class KeptAsideTests
{
    [Fact]
    public void They_never_move_onto_each_other()
    {
        using var temporary = new TempDirectory();
        using var directory = Directories.Open(temporary.Path);
        using var cgroup = Directories.Open(temporary.Path);
        var (first, second) = ((int)directory.DangerousGetHandle(), (int)cgroup.DangerousGetHandle());
        var command = new Command("/bin/true").WithWorkingDirectory(directory).WithCgroup(cgroup);
        for (var number = 3; number <= Math.Max(first, second); number++)
        {
            // All but the directory's own number are wanted, so that the cgroup's handle has to look for another.
            command = number == first ? command : command.WithDescriptor(number, Stdio.Null);
        }

        var lines = command.Explain(new StartMode(Asynchronous: false, Gated: false, Rung.Clone)).Lines;

        Assert.DoesNotContain(lines, line => line.Call == $"dup3({second}, {first}, 0)");
        Assert.Contains(lines, line => line.Call == $"fchdir({first})");
    }
}
