namespace Spork.Machine;

/// <summary>One instruction: where it stands, its bytes in hex, and what a disassembler must say of them.</summary>
internal readonly record struct Instruction(int Offset, string Bytes, string Text);

/// <summary>
/// A piece of position-independent machine code, bytes beside their disassembly. A test disassembles the bytes and
/// compares; nothing else in Spork is machine code.
/// </summary>
internal sealed class MachineCode
{
    internal MachineCode(IReadOnlyList<Instruction> listing)
    {
        Listing = listing;
        Bytes = Convert.FromHexString(string.Concat(listing.Select(i => i.Bytes)));
    }

    internal IReadOnlyList<Instruction> Listing { get; }

    internal byte[] Bytes { get; }
}
