namespace Spork.Programs;

/// <summary>One argument of a system call: <c>slots[Slot] + Constant</c>, and how the listing shows it.</summary>
internal readonly record struct Operand(int Slot, long Constant, string Text)
{
    /// <summary>A number, shown in decimal.</summary>
    public static implicit operator Operand(long value) => Immediate(value);

    internal static Operand Immediate(long value) => new(Programs.Slot.Zero, value, value.ToString());

    /// <summary>A number that has a name.</summary>
    internal static Operand Named(long value, string text) => new(Programs.Slot.Zero, value, text);

    /// <summary>A place in the program's data. The builder adds where the data starts.</summary>
    internal static Operand Pointer(int dataOffset, string text) => new(Programs.Slot.Image, dataOffset, text);

    /// <summary>What an earlier step returned.</summary>
    internal static Operand Result(int step) => new(Programs.Slot.FirstResult + step, 0, $"<{step + 1}>");

    /// <summary>Where an earlier step's result lies, for a call that reads a word from memory (in an <see cref="Arena"/>).</summary>
    internal static Operand AddressOfResult(int step) =>
        new(
            Programs.Slot.Context,
            Arena.SlotsFromContext + ((Programs.Slot.FirstResult + step) * sizeof(long)),
            $"[<{step + 1}>]"
        );

    /// <summary>A slot plus a constant.</summary>
    internal static Operand SlotPlus(int slot, long constant, string text) => new(slot, constant, text);

    /// <summary>No pointer.</summary>
    internal static Operand Null => new(Programs.Slot.Zero, 0, "NULL");
}
