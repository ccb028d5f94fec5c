using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Fluent;
using Spork.Tests.Support;

namespace Spork.Tests.Programs;

/// <summary>Random programs do what a second implementation says, in shared memory and as a process of their own.</summary>
public class ModelTests
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(400).WithEndSize(160);

    // Written by hand: every kind of step, a loop on a budget, an expectation that fails, jumps.
    public static TheoryData<byte[]> Samples =>
        new(
            [],
            [3, 0, 0, 0, 0, 0, 1, 6, 1, 5, 0, 0, 0, 1, 5, 1, 1, 0, 0, 0, 1],
            [5, 0, 5, 25, 0, 0, 1],
            [0, 0, 0, 3, 0, 0, 1, 1, 0, 0, 3, 0, 0, 1],
            [4, 1, 0, 18, 1, 0, 1, 2, 0, 7, 0, 0, 0, 1]
        );

    [Fact]
    public void In_shared_memory_random_programs_give_the_results_of_the_model()
    {
        ProgramRun.SkipWithoutMachineCode();
        Prop.ForAll(Sources(), (Action<byte[]>)AssertAgreesInSharedMemory).Check(Many);
    }

    [Fact]
    public void As_a_static_executable_random_programs_give_the_results_of_the_model()
    {
        ProgramRun.SkipWithoutMachineCode();
        using var directory = new TempDirectory();
        Prop.ForAll(Sources(), source => AssertAgreesAsExecutable(source, directory)).Check(Many.WithMaxTest(150));
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Programs_of_known_shape_give_the_results_of_the_model_both_ways(byte[] source)
    {
        using var directory = new TempDirectory();
        AssertAgreesInSharedMemory(source);
        AssertAgreesAsExecutable(source, directory);
    }

    // Bytes that are all alike make dull programs: the whole range, and up to twenty steps.
    private static Arbitrary<byte[]> Sources() => ArbMap.Default.ArbFor<byte[]>();

    private static void AssertAgreesInSharedMemory(byte[] source)
    {
        var program = RandomProgram.Decode(source, resultsTo: null);
        var run = ProgramRun.Of(program);
        var model = ProgramModel.Run(program, run.Pid, Environment.ProcessId, Umask());
        Assert.Equal((model.Current, model.Error), (run.Current, run.Error));
        Assert.Equal(model.Results, run.Results);
        Assert.Equal(model.Error == 0 ? 0 : 127, run.Exit.Value);
    }

    private static void AssertAgreesAsExecutable(byte[] source, TempDirectory directory)
    {
        var results = directory.Write("results", "");
        var program = RandomProgram.Decode(source, results);
        using var child = new Command(StaticProgram.Write(program, directory["program"])).Start();
        var status = child.Wait();

        // The model ends where the program begins to write: it is told of the part before.
        var model = ProgramModel.Run(
            RandomProgram.Decode(source, resultsTo: null),
            child.Id,
            Environment.ProcessId,
            Umask()
        );
        Assert.Equal(model.Error == 0 ? 0 : 127, status.Code);
        var expected = model.Error == 0 ? model.Results[..^1] : [];
        Assert.Equal(expected, MemoryMarshal.Cast<byte, long>(File.ReadAllBytes(results)).ToArray());
    }

    private static int Umask()
    {
        const string Name = "Umask:";
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith(Name, StringComparison.Ordinal));
        return Convert.ToInt32(line[Name.Length..].Trim(), 8);
    }
}
