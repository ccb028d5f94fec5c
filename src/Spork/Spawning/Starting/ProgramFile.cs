using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Spork.Linux;
using Spork.Machine;

namespace Spork.Spawning;

/// <summary>Looks into a file that exists but could not be executed.</summary>
internal static class ProgramFile
{
    private const int Looked = 4096;

    /// <summary>What is wrong with it, or null if nothing can be seen.</summary>
    internal static string? WhyNot(string path, Errno errno)
    {
        if (FileKind.IsDirectory(path))
        {
            return "it is a directory";
        }

        if (FileKind.Special(path) is { } kind)
        {
            return $"it is {kind}, not a program";
        }

        if (
            errno == Errno.EACCES
            && FileKind.Permissions(path) is { } mode
            && (mode & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) == 0
        )
        {
            return "the file is not executable: chmod +x";
        }

        var start = ReadStart(path);
        return start switch
        {
            null when errno == Errno.EACCES => "no permission to execute it, or to pass through a directory on the way",
            null => null,
            { Length: 0 } => "the file is empty",
            [(byte)'#', (byte)'!', .. var line] => WhyNotScript(line, errno),
            [0x7f, (byte)'E', (byte)'L', (byte)'F', ..] => WhyNotElf(start, errno),
            _ when errno == Errno.ENOEXEC =>
                "it is neither an ELF program nor a script with a #! line; is a shell meant to run it?",
            _ when errno == Errno.EACCES => "no permission to execute it, or its file system is mounted noexec",
            _ => null,
        };
    }

    private static string? WhyNotScript(ReadOnlySpan<byte> line, Errno errno)
    {
        var end = line.IndexOf((byte)'\n');
        var text = Encoding.UTF8.GetString(end < 0 ? line : line[..end]).TrimStart(' ', '\t');
        var interpreter = text.Split(' ', '\t')[0];
        if (text.EndsWith('\r'))
        {
            return $"the #! line ends in CR LF, so the kernel looks for {Programs.Quote.ForMessage(interpreter)}: save the script with LF line ends";
        }

        if (interpreter.Length == 0)
        {
            return "the #! line names no interpreter";
        }

        if (errno == Errno.ENOENT)
        {
            return $"the script's interpreter {Programs.Quote.ForMessage(interpreter)} (its #! line) does not exist";
        }

        return errno == Errno.EACCES
            ? $"it, or its interpreter {Programs.Quote.ForMessage(interpreter)}, may not be executed"
            : null;
    }

    private static string? WhyNotElf(ReadOnlySpan<byte> file, Errno errno)
    {
        if (file.Length < 64)
        {
            return "the ELF file is cut off";
        }

        var machine = BinaryPrimitives.ReadUInt16LittleEndian(file[18..]);
        if (errno == Errno.ENOEXEC && (machine != MachineArchitecture.Current?.ElfMachine || file[4] != 2))
        {
            return $"it is built for another machine ({MachineName(machine)})";
        }

        if (errno == Errno.ENOENT && Interpreter(file) is { } loader)
        {
            return $"its loader {Programs.Quote.ForMessage(loader)} does not exist: built for another libc or machine";
        }

        if (errno == Errno.ENOEXEC)
        {
            return "the ELF file is damaged, or no program";
        }

        return errno == Errno.EACCES ? "no permission to execute it, or its file system is mounted noexec" : null;
    }

    // PT_INTERP, if it lies in what was read.
    private static string? Interpreter(ReadOnlySpan<byte> file)
    {
        var table = (long)BinaryPrimitives.ReadUInt64LittleEndian(file[32..]);
        var size = BinaryPrimitives.ReadUInt16LittleEndian(file[54..]);
        var count = BinaryPrimitives.ReadUInt16LittleEndian(file[56..]);
        for (
            var i = 0;
            i < count && size >= 56 && table >= 0 && table <= file.Length && table + ((i + 1L) * size) <= file.Length;
            i++
        )
        {
            var header = file[(int)(table + ((long)i * size))..];
            if (BinaryPrimitives.ReadUInt32LittleEndian(header) != 3)
            {
                continue;
            }

            var offset = BinaryPrimitives.ReadUInt64LittleEndian(header[8..]);
            var length = BinaryPrimitives.ReadUInt64LittleEndian(header[32..]);
            if (offset > (ulong)file.Length || length > (ulong)file.Length - offset)
            {
                return null;
            }

            return Encoding.UTF8.GetString(file.Slice((int)offset, (int)length)).TrimEnd('\0');
        }

        return null;
    }

    private static string MachineName(ushort machine) =>
        machine switch
        {
            3 => "x86, 32 bits",
            40 => "arm, 32 bits",
            62 => "x86-64",
            183 => "arm64",
            243 => "RISC-V",
            _ => $"ELF machine {machine}",
        };

    // null: it cannot be read, which says nothing about why it cannot be executed.
    private static byte[]? ReadStart(string path)
    {
        try
        {
            using var handle = OpenWithoutBlocking(path);
            if (handle is null)
            {
                return null;
            }

            using var file = new FileStream(handle, FileAccess.Read, bufferSize: 0);
            var buffer = new byte[Looked];
            return file.CanSeek ? buffer[..file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)] : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // It may be a FIFO, and opening one waits for a writer for ever: that would stop the reactor.
    private static unsafe SafeFileHandle? OpenWithoutBlocking(string path)
    {
        const int Flags = Fcntl.O_RDONLY | Fcntl.O_NONBLOCK | Fcntl.O_NOCTTY | Fcntl.O_CLOEXEC;
        fixed (byte* pointer = Programs.EscapedText.CString(path))
        {
            var result = Sys.CallRestarting(Syscall.openat, Fcntl.AT_FDCWD, (nint)pointer, Flags);
            return result >= 0 ? new SafeFileHandle(result, ownsHandle: true) : null;
        }
    }
}
