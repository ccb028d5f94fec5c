using System.Buffers.Binary;

namespace Spork.Cli.Bench.Streams;

/// <summary>
/// The children of the stream bench: sources that write so many bytes and exit, and sinks that read so many, and fail if
/// it were more or less. Static machine code, blocks of 64 KiB, nothing else: what is measured is the pipe.
/// </summary>
internal static class StreamPrograms
{
    public const int Block = 64 * 1024;
    public const int LineLength = 20;

    /// <summary>The bytes are lines of text: rivals that decode have something to decode.</summary>
    public static string WriteSource(string directory, string name, long total)
    {
        // Twice, because the code must know where its own end is, and its length does not depend on that.
        var length = SourceCode(total, 0, 0).Length;
        var size = (int)Math.Min(total, Block);
        var code = SourceCode(total, StaticImage.AddressAfter(length, hasScratch: false), size);
        return StaticImage.WriteTo(Path.Combine(directory, name), StaticImage.Build(code, Text(size)));
    }

    public static string WriteSink(string directory, string name, long total) =>
        StaticImage.WriteTo(Path.Combine(directory, name), StaticImage.Build(SinkCode(total), default, Block));

    private static byte[] Text(int size)
    {
        var text = new byte[size];
        for (var i = 0; i < size; i++)
        {
            text[i] = (byte)((i + 1) % LineLength == 0 ? '\n' : 'a' + (i % LineLength));
        }

        return text;
    }

    private static byte[] SourceCode(long total, uint text, int size) =>
        [
            .. (byte[])[0x48, 0xBB, .. Eight(total)], //       mov rbx, total
            .. (byte[])[0xBA, .. Four((uint)size)], //   loop: mov edx, size
            .. (byte[])[0x48, 0x39, 0xD3], //                  cmp rbx, rdx
            .. (byte[])[0x73, 0x02], //                        jae +2
            .. (byte[])[0x89, 0xDA], //                        mov edx, ebx
            .. (byte[])[0xBE, .. Four(text)], //               mov esi, text
            .. (byte[])[0xBF, .. Four(1)], //                  mov edi, 1
            .. (byte[])[0xB8, .. Four(1)], //                  mov eax, 1 (write)
            .. (byte[])[0x0F, 0x05], //                        syscall
            .. (byte[])[0x48, 0x85, 0xC0], //                  test rax, rax
            .. (byte[])[0x7E, 0x09], //                        jle fail
            .. (byte[])[0x48, 0x29, 0xC3], //                  sub rbx, rax
            .. (byte[])[0x75, 0xD9], //                        jnz loop
            .. (byte[])[0x31, 0xFF], //                        xor edi, edi
            .. (byte[])[0xEB, 0x05], //                        jmp exit
            .. (byte[])[0xBF, .. Four(1)], //            fail: mov edi, 1
            .. (byte[])[0xB8, .. Four(231)], //          exit: mov eax, 231 (exit_group)
            .. (byte[])[0x0F, 0x05], //                        syscall
        ];

    private static byte[] SinkCode(long total) =>
        [
            .. (byte[])[0x48, 0xBB, .. Eight(total)], //             mov rbx, total
            .. (byte[])[0x31, 0xFF], //                        loop: xor edi, edi
            .. (byte[])[0xBE, .. Four(StaticImage.Scratch)], //      mov esi, scratch
            .. (byte[])[0xBA, .. Four(Block)], //                    mov edx, block
            .. (byte[])[0x31, 0xC0], //                              xor eax, eax (read)
            .. (byte[])[0x0F, 0x05], //                              syscall
            .. (byte[])[0x48, 0x29, 0xC3], //                        sub rbx, rax
            .. (byte[])[0x48, 0x85, 0xC0], //                        test rax, rax
            .. (byte[])[0x7F, 0xE8], //                              jg loop
            .. (byte[])[0x31, 0xFF], //                              xor edi, edi
            .. (byte[])[0x48, 0x85, 0xDB], //                        test rbx, rbx
            .. (byte[])[0x74, 0x05], //                              jz exit
            .. (byte[])[0xBF, .. Four(1)], //                        mov edi, 1
            .. (byte[])[0xB8, .. Four(231)], //                exit: mov eax, 231 (exit_group)
            .. (byte[])[0x0F, 0x05], //                              syscall
        ];

    private static byte[] Four(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] Eight(long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return bytes;
    }
}
