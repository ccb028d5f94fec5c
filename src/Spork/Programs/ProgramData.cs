using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Spork.Programs;

/// <summary>The strings, arrays and structs that a program's pointers point to.</summary>
internal sealed class ProgramData
{
    private const int Largest = 1 << 30;

    private byte[] _bytes = new byte[1024];
    private readonly List<int> _relocations = [];

    internal int Length { get; private set; }

    internal ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <summary>Offsets of words that hold offsets into this data.</summary>
    internal IReadOnlyList<int> Relocations => _relocations;

    /// <summary>A NUL-terminated string, shown quoted. See <see cref="EscapedText"/>.</summary>
    internal Operand String(string value) => Operand.Pointer(AddString(value), Quote.ForListing(value));

    /// <summary>Any bytes, 8-byte aligned.</summary>
    internal Operand Bytes8(ReadOnlySpan<byte> bytes, string text)
    {
        var offset = Reserve(bytes.Length, 8);
        bytes.CopyTo(_bytes.AsSpan(offset));
        return Operand.Pointer(offset, text);
    }

    /// <summary>A struct that the kernel reads.</summary>
    internal Operand Struct<T>(in T value, string text)
        where T : unmanaged => Bytes8(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)), text);

    /// <summary>A NULL-terminated array of the strings at these offsets.</summary>
    internal Operand PointerArray(IReadOnlyList<int> offsets, string text)
    {
        var array = Reserve((offsets.Count + 1) * 8, 8);
        for (var i = 0; i < offsets.Count; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(_bytes.AsSpan(array + (i * 8)), offsets[i]);
            _relocations.Add(array + (i * 8));
        }

        return Operand.Pointer(array, text);
    }

    /// <summary>Adds a NUL-terminated string and says where. See <see cref="EscapedText"/>.</summary>
    internal int AddString(string value)
    {
        var length = EscapedText.ByteCount(value);
        var offset = Reserve(length + 1, 1);
        EscapedText.Encode(value, _bytes.AsSpan(offset, length));
        return offset;
    }

    /// <summary>Adds bytes as they are (a terminating NUL included) and says where.</summary>
    internal int AddBytes(ReadOnlySpan<byte> bytes)
    {
        var offset = Reserve(bytes.Length, 1);
        bytes.CopyTo(_bytes.AsSpan(offset));
        return offset;
    }

    private int Reserve(int count, int alignment)
    {
        var offset = (Length + alignment - 1) & -alignment;
        if ((long)offset + count > Largest)
        {
            // No kernel takes as much; said here, before arithmetic in 32 bits ends.
            throw new SystemCallException("execve", "arguments and environment", Errno.E2BIG);
        }

        var end = offset + count;
        if (end > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(end, _bytes.Length * 2));
        }

        Length = end;
        return offset;
    }
}
