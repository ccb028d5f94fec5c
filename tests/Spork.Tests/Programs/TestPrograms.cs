using Spork.Linux;
using Spork.Programs;

namespace Spork.Tests.Programs;

/// <summary>Small programs and the steps they are made of.</summary>
internal static class TestPrograms
{
    public const int PrSetName = 15;

    /// <summary>A step as the builder would make it, for the verifier alone.</summary>
    public static Step Step(Syscall call, params Operand[] operands) => new(call, call.ToString(), "", "", operands);

    public static ChildProgram Build(Action<ProgramBuilder> add)
    {
        var builder = new ProgramBuilder();
        add(builder);
        return builder.Build();
    }

    /// <summary>Adds a step that is named after its call.</summary>
    public static int Do(this ProgramBuilder builder, Syscall call, params ReadOnlySpan<Operand> operands) =>
        builder.Add(call, call.ToString(), "", "", operands);

    /// <summary>exit(0) at once: a program that does nothing.</summary>
    public static ChildProgram Nothing { get; } =
        Build(p =>
        {
            p.Do(Syscall.getpid);
            p.End();
        });
}
