using Iced.Intel;
using Spork.Machine;

namespace Spork.Tests.Machine;

/// <summary>What an independent disassembler makes of our bytes.</summary>
internal static class Disassembly
{
    // The spelling of the listings: Intel's, numbers as 0x1f, operand sizes only where they would be ambiguous.
    private static readonly IntelFormatter s_formatter = new(
        new FormatterOptions
        {
            HexPrefix = "0x",
            HexSuffix = "",
            UppercaseHex = false,
            SpaceAfterOperandSeparator = true,
            BranchLeadingZeros = false,
            ShowBranchSize = false,
            MemorySizeOptions = MemorySizeOptions.Default,
        }
    );

    /// <summary>Every stub of this architecture, by name.</summary>
    public static IReadOnlyDictionary<string, MachineCode> Stubs { get; } =
        new Dictionary<string, MachineCode>
        {
            ["start"] = X64StartStub.Code,
            ["interpreter"] = X64Interpreter.Code,
            ["ELF entry"] = X64ElfEntry.Code,
            ["signal handler"] = X64SignalStub.Code,
        };

    public static IReadOnlyList<Iced.Intel.Instruction> Decode(MachineCode code)
    {
        var decoder = Decoder.Create(64, code.Bytes, ip: 0);
        var found = new List<Iced.Intel.Instruction>();
        while (decoder.IP < (ulong)code.Bytes.Length)
        {
            found.Add(decoder.Decode());
        }

        return found;
    }

    public static string Format(Iced.Intel.Instruction instruction)
    {
        var output = new StringOutput();
        s_formatter.Format(instruction, output);
        return output.ToString();
    }
}
