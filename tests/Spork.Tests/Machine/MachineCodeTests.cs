using Iced.Intel;
using Spork.Machine;

namespace Spork.Tests.Machine;

/// <summary>The bytes are what the text beside them says, and stay within what they may touch.</summary>
public class MachineCodeTests
{
    public static TheoryData<string> Names => [.. Disassembly.Stubs.Keys];

    [Fact]
    public void Every_stub_of_the_architecture_is_tested()
    {
        var listed = typeof(MachineCode)
            .Assembly.GetTypes()
            .SelectMany(type =>
                type.GetFields(System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)
            )
            .Where(member => member.FieldType == typeof(MachineCode))
            .Select(member => (MachineCode)member.GetValue(null)!);
        Assert.Equal(Disassembly.Stubs.Values.ToHashSet(), listed.ToHashSet());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Bytes_disassemble_to_the_text_beside_them(string name)
    {
        var code = Disassembly.Stubs[name];
        Assert.Equal(
            Disassembly.Decode(code).Select(i => $"{i.IP:x2} {Disassembly.Format(i)}"),
            code.Listing.Select(line => $"{line.Offset:x2} {line.Text}")
        );
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_branch_leads_to_the_start_of_an_instruction(string name)
    {
        var code = Disassembly.Stubs[name];
        var starts = code.Listing.Select(line => (ulong)line.Offset).ToHashSet();
        Assert.All(
            Disassembly.Decode(code).Where(i => i.IsJccShortOrNear || i.IsJmpShortOrNear),
            branch => Assert.Contains(branch.NearBranchTarget, starts)
        );
    }

    // Position-independent, and without TLS: it runs where no libc is.
    [Theory]
    [MemberData(nameof(Names))]
    public void No_instruction_depends_on_its_address_or_on_thread_local_storage(string name) =>
        Assert.All(
            Disassembly.Decode(Disassembly.Stubs[name]),
            i =>
                Assert.False(
                    i.IsIPRelativeMemoryOperand
                        || i.SegmentPrefix != Register.None
                        || i.IsCallNear
                        || i.IsCallNearIndirect,
                    Disassembly.Format(i)
                )
        );

    // The child has a stack, but a static ELF's interpreter shares it with argv: nothing may be pushed on it.
    [Theory]
    [InlineData("interpreter")]
    [InlineData("ELF entry")]
    public void What_runs_in_the_child_leaves_the_stack_alone(string name) =>
        Assert.All(
            Disassembly.Decode(Disassembly.Stubs[name]),
            i =>
                Assert.False(
                    i.IsStackInstruction || i.MemoryBase is Register.RSP or Register.RBP,
                    Disassembly.Format(i)
                )
        );
}
