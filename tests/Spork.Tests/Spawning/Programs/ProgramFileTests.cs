using System.Net.Sockets;
using System.Runtime.InteropServices;
using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>A file that is there and still cannot be the program: the error says why.</summary>
public class ProgramFileTests
{
    [Fact]
    public void Text_without_an_interpreter_line_is_ENOEXEC() =>
        Check(d => d.Write("p", "echo hello\n", Modes.Everybody), Errno.ENOEXEC, "neither an ELF program nor a script");

    [Fact]
    public void An_empty_file_is_ENOEXEC() =>
        Check(d => d.Write("p", "", Modes.Everybody), Errno.ENOEXEC, "the file is empty");

    [Fact]
    public void A_script_whose_interpreter_is_missing_names_the_interpreter() =>
        Check(
            d => d.Write("p", "#!/no/such/interpreter -x\n", Modes.Everybody),
            Errno.ENOENT,
            "interpreter '/no/such/interpreter' (its #! line) does not exist"
        );

    [Fact]
    public void A_script_with_Windows_line_ends_is_told_so() =>
        Check(
            d => d.Write("p", "#!/bin/sh\r\necho hello\r\n", Modes.Everybody),
            Errno.ENOENT,
            "ends in CR LF, so the kernel looks for '/bin/sh\\r'"
        );

    [Fact]
    public void An_interpreter_line_without_an_interpreter_is_told_so() =>
        Check(d => d.Write("p", "#! \nx\n", Modes.Everybody), Errno.ENOEXEC, "names no interpreter");

    [Fact]
    public void A_script_whose_interpreter_may_not_be_executed_names_the_interpreter() =>
        Check(
            d => d.Write("p", $"#!{d.Write("i", "", Modes.Readable)}\n", Modes.Everybody),
            Errno.EACCES,
            "or its interpreter"
        );

    [Fact]
    public void A_program_for_another_machine_names_the_machine() =>
        Check(
            d => Elf(d, machine: RuntimeInformation.OSArchitecture == Architecture.Arm64 ? (byte)243 : (byte)183),
            Errno.ENOEXEC,
            "built for another machine"
        );

    [Fact]
    public void An_ELF_file_that_is_cut_off_is_ENOEXEC() => Check(d => Elf(d, length: 20), Errno.ENOEXEC, "cut off");

    [Fact]
    public void A_program_whose_loader_is_missing_names_the_loader() =>
        Check(
            d => Elf(d, loader: "/no/such/loader.so"),
            Errno.ENOENT,
            "its loader '/no/such/loader.so' does not exist"
        );

    [Fact]
    public void A_directory_is_EACCES() => Check(d => d.Path, Errno.EACCES, "it is a directory");

    [Fact]
    public void A_file_without_permission_to_execute_is_EACCES() =>
        Check(d => d.Write("p", "#!/bin/sh\n", Modes.Readable), Errno.EACCES, "chmod +x");

    [Theory]
    [InlineData(Modes.Readable)]
    [InlineData(Modes.Everybody)]
    public void A_FIFO_is_EACCES_and_does_not_block_whoever_looks_into_it(UnixFileMode mode) =>
        Check(
            d =>
            {
                Fifo.Create(d["p"]);
                File.SetUnixFileMode(d["p"], mode);
                return d["p"];
            },
            Errno.EACCES,
            "it is a FIFO, not a program"
        );

    [Fact]
    public void A_device_is_EACCES() =>
        Check(_ => "/dev/null", Errno.EACCES, "it is a character device, not a program");

    [Fact]
    public void A_link_to_a_device_is_EACCES() =>
        Check(
            d => File.CreateSymbolicLink(d["p"], "/dev/null").FullName,
            Errno.EACCES,
            "it is a character device, not a program"
        );

    [Fact]
    public void A_socket_is_EACCES()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        Check(
            d =>
            {
                socket.Bind(new UnixDomainSocketEndPoint(d["p"]));
                return d["p"];
            },
            Errno.EACCES,
            "it is a socket, not a program"
        );
    }

    [Fact]
    public void A_directory_on_the_way_that_is_closed_is_EACCES()
    {
        using var directory = new TempDirectory();
        File.SetUnixFileMode(directory.Path, Modes.Everybody);
        Directory.CreateDirectory(directory["closed"]);
        var path = directory.Write("closed/program", "#!/bin/sh\n", Modes.Everybody);
        File.SetUnixFileMode(directory["closed"], UnixFileMode.None);
        foreach (var verb in new[] { "run", "run-async" })
        {
            var run = PlainUser.Spork("EACCES of a closed directory at execve", verb, "--", path);
            var report = PlainUser.Failure(run);
            Assert.Equal(("execve", "EACCES", path), (report["step"], report["errno"], report["subject"]));
            Assert.Contains("pass through a directory", report["message"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_symbolic_link_to_itself_is_ELOOP()
    {
        using var directory = new TempDirectory();
        File.CreateSymbolicLink(directory["p"], directory["p"]);
        Failing.Check(
            new Command(directory["p"]),
            "execve",
            Errno.ELOOP,
            directory["p"],
            $"execve(\"{directory["p"]}\"",
            "too many symbolic links on the way, or a circle of them"
        );
    }

    [Fact]
    public void One_argument_above_the_kernels_size_is_E2BIG()
    {
        var command = new Command("/bin/true", new string('x', 128 * 1024));
        var e = Failing.Check(command, "execve", Errno.E2BIG, "/bin/true", "execve(\"/bin/true\"", "128 KiB");
        Assert.False(e.ProgramNotFound);
        Assert.True(new Command("/bin/true", new string('x', (128 * 1024) - 1)).Run().IsSuccess);
    }

    [Fact]
    public void Arguments_too_large_together_are_E2BIG()
    {
        // Never more than 6 MiB, whatever the stack limit: three quarters of _STK_LIM (fs/exec.c).
        var command = new Command("/bin/true", Enumerable.Repeat(new string('x', 100_000), 70));
        Failing.Check(command, "execve", Errno.E2BIG, "/bin/true", "execve(\"/bin/true\"", "too large");
    }

    private static void Check(Func<TempDirectory, string> make, Errno errno, string hint)
    {
        using var directory = new TempDirectory();
        var path = make(directory);
        var e = Failing.Check(new Command(path), "execve", errno, path, $"execve(\"{path}\"", hint);
        Assert.False(e.ProgramNotFound);
    }

    // elf(5): a header, and one PT_INTERP where there is a loader.
    private static string Elf(TempDirectory directory, byte machine = 62, string? loader = null, int length = 512)
    {
        var file = new byte[512];
        byte[] ident = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];
        ident.CopyTo(file, 0);
        file[16] = 2; // ET_EXEC
        file[18] = machine;
        file[20] = 1;
        file[32] = 64; // e_phoff
        file[52] = 64;
        file[54] = 56; // e_phentsize
        file[56] = loader is null ? (byte)0 : (byte)1;
        if (loader is not null)
        {
            file[64] = 3; // PT_INTERP
            file[64 + 8] = 128;
            file[64 + 32] = (byte)(loader.Length + 1);
            System.Text.Encoding.ASCII.GetBytes(loader).CopyTo(file, 128);
        }

        File.WriteAllBytes(directory["p"], file[..length]);
        File.SetUnixFileMode(directory["p"], Modes.Everybody);
        return directory["p"];
    }
}
