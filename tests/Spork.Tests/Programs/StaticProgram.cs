using Spork.Machine;
using Spork.Programs;

namespace Spork.Tests.Programs;

/// <summary>Child programs as executables of their own.</summary>
internal static class StaticProgram
{
    private const UnixFileMode Executable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute;

    /// <summary>Writes one and returns its path.</summary>
    public static string Write(ChildProgram program, string path)
    {
        ProgramRun.SkipWithoutMachineCode();
        File.WriteAllBytes(path, StaticElf.Write(program, MachineArchitecture.Current!, Environment.ProcessId));
        File.SetUnixFileMode(path, Executable);
        return path;
    }
}
