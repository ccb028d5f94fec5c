using System.Buffers.Binary;

namespace Spork.Cli.Bench;

/// <summary>
/// Machine code as a static ELF without libc, so that a measurement holds nothing of the dynamic loader. Written here,
/// because a bench machine need not have an assembler.
/// </summary>
internal static class StaticImage
{
    /// <summary>Where scratch memory lies: zeros, readable and writable.</summary>
    public const uint Scratch = 0x10000000;

    private const int HeaderSize = 64;
    private const int ProgramHeaderSize = 56;
    private const uint Base = 0x400000;

    public static string WriteTo(string path, byte[] image)
    {
        var stream = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
        };
        using var file = new FileStream(path, stream);
        file.Write(image);
        return path;
    }

    /// <summary>The address of the byte behind so much code.</summary>
    public static uint AddressAfter(int codeLength, bool hasScratch) => (uint)(Base + Headers(hasScratch) + codeLength);

    /// <summary>elf(5): Elf64_Ehdr, one PT_LOAD Elf64_Phdr for code and constants, one for scratch memory if there is any.</summary>
    public static byte[] Build(ReadOnlySpan<byte> code, ReadOnlySpan<byte> constants = default, uint scratch = 0)
    {
        var headers = Headers(scratch > 0);
        var image = new byte[headers + code.Length + constants.Length];
        var at = image.AsSpan();
        ReadOnlySpan<byte> ident = [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1]; // 64 bit, little endian, version 1
        ident.CopyTo(at);
        Write16(at, 16, 2); // e_type: ET_EXEC
        Write16(at, 18, 62); // e_machine: EM_X86_64
        Write32(at, 20, 1); // e_version
        Write64(at, 24, Base + (uint)headers); // e_entry
        Write64(at, 32, HeaderSize); // e_phoff
        Write16(at, 52, HeaderSize); // e_ehsize
        Write16(at, 54, ProgramHeaderSize); // e_phentsize
        Write16(at, 56, (ushort)(scratch > 0 ? 2 : 1)); // e_phnum
        WriteSegment(at[HeaderSize..], flags: 5, Base, (uint)image.Length, (uint)image.Length); // PF_R | PF_X
        if (scratch > 0)
        {
            WriteSegment(at[(HeaderSize + ProgramHeaderSize)..], flags: 6, Scratch, 0, scratch); // PF_R | PF_W
        }

        code.CopyTo(at[headers..]);
        constants.CopyTo(at[(headers + code.Length)..]);
        return image;
    }

    private static int Headers(bool hasScratch) => HeaderSize + (hasScratch ? 2 : 1) * ProgramHeaderSize;

    private static void WriteSegment(Span<byte> segment, uint flags, uint address, uint inFile, uint inMemory)
    {
        Write32(segment, 0, 1); // p_type: PT_LOAD
        Write32(segment, 4, flags); // p_flags
        Write64(segment, 16, address); // p_vaddr
        Write64(segment, 24, address); // p_paddr
        Write64(segment, 32, inFile); // p_filesz
        Write64(segment, 40, inMemory); // p_memsz
        Write64(segment, 48, 0x1000); // p_align
    }

    private static void Write16(Span<byte> at, int offset, ushort value) =>
        BinaryPrimitives.WriteUInt16LittleEndian(at[offset..], value);

    private static void Write32(Span<byte> at, int offset, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(at[offset..], value);

    private static void Write64(Span<byte> at, int offset, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(at[offset..], value);
}
