using System.Buffers.Binary;

namespace Spork.Cli.Bench;

/// <summary>
/// The program every rival starts: a static ELF without libc that exits at once, so that a measurement holds the
/// spawn and nothing of the dynamic loader. Written here, because a bench machine need not have an assembler.
/// </summary>
internal static class NoopProgram
{
    private const int HeaderSize = 64;
    private const int ProgramHeaderSize = 56;
    private const ulong Base = 0x400000;

    private static ReadOnlySpan<byte> Code =>
        [
            0xBF,
            0x00,
            0x00,
            0x00,
            0x00, // mov edi, 0
            0xB8,
            0xE7,
            0x00,
            0x00,
            0x00, // mov eax, 231 (exit_group)
            0x0F,
            0x05, // syscall
        ];

    public static string WriteTo(string directory)
    {
        var path = Path.Combine(directory, "noop");
        var stream = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
        };
        using var file = new FileStream(path, stream);
        file.Write(Image());
        return path;
    }

    /// <summary>elf(5): Elf64_Ehdr, one PT_LOAD Elf64_Phdr, code.</summary>
    public static byte[] Image()
    {
        var image = new byte[HeaderSize + ProgramHeaderSize + Code.Length];
        var at = image.AsSpan();
        ReadOnlySpan<byte> ident = [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1]; // 64 bit, little endian, version 1
        ident.CopyTo(at);
        Write16(at, 16, 2); // e_type: ET_EXEC
        Write16(at, 18, 62); // e_machine: EM_X86_64
        Write32(at, 20, 1); // e_version
        Write64(at, 24, Base + HeaderSize + ProgramHeaderSize); // e_entry
        Write64(at, 32, HeaderSize); // e_phoff
        Write16(at, 52, HeaderSize); // e_ehsize
        Write16(at, 54, ProgramHeaderSize); // e_phentsize
        Write16(at, 56, 1); // e_phnum

        var segment = at[HeaderSize..];
        Write32(segment, 0, 1); // p_type: PT_LOAD
        Write32(segment, 4, 5); // p_flags: PF_R | PF_X
        Write64(segment, 16, Base); // p_vaddr
        Write64(segment, 24, Base); // p_paddr
        Write64(segment, 32, (ulong)image.Length); // p_filesz
        Write64(segment, 40, (ulong)image.Length); // p_memsz
        Write64(segment, 48, 0x1000); // p_align

        Code.CopyTo(at[(HeaderSize + ProgramHeaderSize)..]);
        return image;
    }

    private static void Write16(Span<byte> at, int offset, ushort value) =>
        BinaryPrimitives.WriteUInt16LittleEndian(at[offset..], value);

    private static void Write32(Span<byte> at, int offset, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(at[offset..], value);

    private static void Write64(Span<byte> at, int offset, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(at[offset..], value);
}
