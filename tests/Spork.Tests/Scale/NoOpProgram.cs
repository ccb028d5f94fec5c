using Spork.Linux;
using Spork.Machine;
using Spork.Tests.Programs;
using Spork.Tests.Support;

namespace Spork.Tests.Scale;

/// <summary>The smallest programs there are, so that tests of scale measure starts and not children.</summary>
public sealed class NoOpProgram : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly Command[] _byCode = new Command[256];

    /// <summary>Exits 0 at once.</summary>
    public Command Command => Exiting(0);

    /// <summary>Exits with this code at once.</summary>
    public Command Exiting(byte code)
    {
        lock (_byCode)
        {
            return _byCode[code] ??= Make(code);
        }
    }

    public void Dispose() => _directory.Dispose();

    private Command Make(byte code)
    {
        if (MachineArchitecture.Current is null || SpawnLadder.Rung == Spork.Spawning.Rung.PosixSpawn)
        {
            return new Command("/bin/sh", "-c", $"exit {code}");
        }

        var program = TestPrograms.Build(p =>
        {
            p.Do(Syscall.exit, code);
            p.End();
        });
        return new Command(StaticProgram.Write(program, _directory[$"exit-{code}"]));
    }
}
