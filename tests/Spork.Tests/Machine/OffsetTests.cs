using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Iced.Intel;
using Spork.Machine;
using Spork.Programs;

namespace Spork.Tests.Machine;

/// <summary>
/// The machine code knows offsets into our structs as bare numbers: each must be the start of a field as wide as what
/// is read or written there.
/// </summary>
public class OffsetTests
{
    [Fact]
    public void The_start_stub_touches_fields_of_the_request_only() =>
        AssertFields("start", Register.RBX, typeof(StartRequest));

    [Fact]
    public void The_interpreter_touches_fields_of_the_context_only() =>
        AssertFields("interpreter", Register.R12, typeof(ProgramContext));

    [Fact]
    public void The_interpreter_touches_fields_of_the_step_only() =>
        AssertFields("interpreter", Register.R15, typeof(NativeStep));

    [Fact]
    public void The_interpreter_touches_fields_of_the_handler_only() =>
        AssertFields("interpreter", Register.RDX, typeof(NativeHandler));

    [Fact]
    public void A_step_and_a_handler_have_the_size_the_interpreter_counts_with()
    {
        var texts = Disassembly.Stubs["interpreter"].Listing.Select(line => line.Text).ToList();
        Assert.Contains("shl r15, 7", texts);
        Assert.Equal(1 << 7, Unsafe.SizeOf<NativeStep>());
        Assert.Contains("add rdx, 0xc", texts);
        Assert.Equal(0xc, Unsafe.SizeOf<NativeHandler>());
    }

    // Two fields of one width that changed places would pass the tests above: so by name as well.
    [Theory]
    [InlineData(typeof(StartRequest), "Number 0, Argument0 8, Argument1 16, Argument2 24, Argument3 32, Argument4 40")]
    [InlineData(typeof(StartRequest), "Context 48, Interpreter 56, AllSignals 64, SavedMask 72")]
    [InlineData(typeof(ProgramContext), "InUse 0, Current 4, Error 8, Gate 12, Steps 16, Slots 24")]
    [InlineData(typeof(NativeStep), "Number 0, Next 4, HandlersOffset 8, HandlerCount 12, HasExpected 16")]
    [InlineData(typeof(NativeStep), "UnexpectedErrno 20, Expected 24, OperandSlots 32, OperandConstants 56")]
    [InlineData(typeof(NativeHandler), "Errno 0, Target 4, Budget 8")]
    public void The_field_at_each_offset_is_the_one_the_listings_speak_of(Type type, string expected) =>
        Assert.Equal(
            expected,
            string.Join(
                ", ",
                expected.Split(", ").Select(f => f.Split(' ')[0]).Select(f => $"{f} {Marshal.OffsetOf(type, f)}")
            )
        );

    [Fact]
    public void Offsets_that_steps_use_lead_to_their_fields()
    {
        Assert.Equal(ProgramContext.GateOffset, Marshal.OffsetOf<ProgramContext>(nameof(ProgramContext.Gate)));
        Assert.Equal(
            ProgramContext.RobustListOffset,
            Marshal.OffsetOf<ProgramContext>(nameof(ProgramContext.RobustList))
        );
        Assert.Equal(
            ProgramContext.RobustEntryOffset,
            Marshal.OffsetOf<ProgramContext>(nameof(ProgramContext.RobustEntry))
        );
    }

    private static void AssertFields(string stub, Register pointer, Type type)
    {
        var fields = Fields(type);
        // lea takes the address of a field for the kernel; what it points to has no width here.
        var accesses = Disassembly
            .Decode(Disassembly.Stubs[stub])
            .Where(i => i.MemoryBase == pointer && i.MemoryIndex == Register.None)
            .ToList();
        Assert.NotEmpty(accesses);
        Assert.All(
            accesses,
            i =>
            {
                Assert.True(
                    fields.TryGetValue((int)i.MemoryDisplacement64, out var width),
                    $"no field: {Disassembly.Format(i)}"
                );
                if (i.Mnemonic != Mnemonic.Lea)
                {
                    Assert.Equal((Disassembly.Format(i), width), (Disassembly.Format(i), i.MemorySize.GetSize()));
                }
            }
        );
    }

    private static Dictionary<int, int> Fields(Type type)
    {
        var found = new Dictionary<int, int>();
        foreach (var member in type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public))
        {
            var offset = (int)Marshal.OffsetOf(type, member.Name);
            var repeated = member.GetCustomAttribute<FixedBufferAttribute>();
            var width = SizeOf(repeated?.ElementType ?? member.FieldType);
            for (var i = 0; i < (repeated?.Length ?? 1); i++)
            {
                found.Add(offset + (i * width), width);
            }
        }

        return found;
    }

    private static int SizeOf(Type type) =>
        (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;
}
