using System.Text;
using Spork.Programs;
using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>Bytes that are no UTF-8, wherever a command takes a string for the kernel.</summary>
public sealed class ByteCommandTests : IDisposable
{
    private static readonly byte[] All = [.. Enumerable.Range(1, 255).Select(value => (byte)value)];

    private readonly TempDirectory _directory = new();

    // Through rm: .NET cannot name such files, not even to delete them.
    public void Dispose()
    {
        Assert.True(new Command("rm", "-r", "--", _directory.Path).Run().IsSuccess);
        Directory.CreateDirectory(_directory.Path);
        _directory.Dispose();
    }

    [Fact]
    public void They_arrive_in_argv_as_they_are()
    {
        Assert.Equal(All, Capture.Bytes(new Command("printf", "%s", All)));
        Assert.Equal(All, Capture.Bytes(new Command("printf").WithArguments("%s", All)));
        Assert.Equal(All, Capture.Bytes(new Command("printf", "%s").AddArguments(All)));
    }

    [Fact]
    public void They_arrive_in_the_programs_path_and_argv_0()
    {
        var program = Inside([.. "caf"u8, 0xe9]);
        Assert.True(new Command("ln", "-s", "/bin/cat", program).Run().IsSuccess);

        var cat = new Command(program, "/proc/self/cmdline");

        byte[] expected = [.. program.Bytes.Span, .. "\0/proc/self/cmdline\0"u8];
        Assert.Equal(expected, Capture.Bytes(cat));
        Assert.Equal([.. All, .. "\0/proc/self/cmdline\0"u8], Capture.Bytes(cat.WithArgumentZero(All)));
    }

    [Fact]
    public void A_PATH_of_such_bytes_is_searched()
    {
        var directory = Inside([0xff]);
        Assert.True(new Command("mkdir", directory).Run().IsSuccess);
        var program = (ByteString)(byte[])[.. directory.Bytes.Span, .. "/spork-cat"u8];
        Assert.True(new Command("ln", "-s", "/bin/cat", program).Run().IsSuccess);
        var found = new Command("spork-cat", "/proc/self/cmdline").WithEnvironmentVariable("PATH", directory);
        Assert.Equal("spork-cat\0/proc/self/cmdline\0", Capture.Text(found));

        // Inherited: another process is told, and searches.
        var inheriting = Inheriting("spork-cat", "/proc/self/cmdline")
            .WithEnvironmentVariable("PATH", (byte[])[.. directory.Bytes.Span, .. ":/usr/bin:/bin"u8]);
        Assert.Equal("spork-cat\0/proc/self/cmdline\0", Capture.Text(inheriting));
    }

    [Fact]
    public void They_arrive_in_names_and_values_of_variables()
    {
        byte[] name = [.. All.Where(value => value != '=')];
        var show = new Command("/bin/cat", "/proc/self/environ").WithEnvironment([]);
        Assert.Equal([.. name, (byte)'=', .. All, 0], Capture.Bytes(show.WithEnvironmentVariable(name, All)));
        Assert.Empty(Capture.Bytes(show.WithEnvironmentVariable(name, All).WithEnvironmentVariable(name, null)));
        Assert.Throws<ArgumentException>(() => show.WithEnvironmentVariable((byte[])[0xff, (byte)'='], All));
        Assert.Throws<ArgumentException>(() => show.WithEnvironmentVariable(default(ByteString), All));
    }

    [Fact]
    public void Variables_whose_names_or_values_NET_confuses_are_all_inherited()
    {
        byte[][] entries =
        [
            [.. "SPORK_N"u8, 0xff, .. "=1"u8],
            [.. "SPORK_N"u8, 0xfe, .. "=1"u8],
            [.. "SPORK_N"u8, 0xef, 0xbf, 0xbd, .. "=1"u8],
            [.. "SPORK_V=a"u8, 0xff],
        ];
        var show = Inheriting("/bin/cat", "/proc/self/environ");
        foreach (var entry in entries)
        {
            var equals = Array.IndexOf(entry, (byte)'=');
            show = show.WithEnvironmentVariable(entry[..equals], entry[(equals + 1)..]);
        }

        var seen = Encoding.Latin1.GetString(Capture.Bytes(show)).Split('\0');
        Assert.Equal(
            entries.Select(Encoding.Latin1.GetString).Order(StringComparer.Ordinal),
            seen.Where(e =>
                    e.StartsWith("SPORK_N", StringComparison.Ordinal)
                    || e.StartsWith("SPORK_V", StringComparison.Ordinal)
                )
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void They_name_the_working_directory_and_the_files_of_descriptors()
    {
        var directory = Inside([.. All.Where(value => value != '/').TakeLast(200)]);
        var file = (ByteString)(byte[])[.. directory.Bytes.Span, .. "/f"u8, 0xff];
        Assert.True(new Command("mkdir", directory).Run().IsSuccess);
        Assert.True(new Command("printf", "1").WithStandardOutput(Stdio.Write(file)).Run().IsSuccess);
        Assert.True(new Command("printf", "2").WithStandardOutput(Stdio.Append(file)).Run().IsSuccess);
        Assert.Equal("12", Capture.Text(new Command("cat").WithStandardInput(Stdio.Read(file))));
        Assert.Equal("12", Capture.Text(new Command("cat", (byte[])[(byte)'f', 0xff]).WithWorkingDirectory(directory)));
    }

    [Fact]
    public void A_failure_spells_them()
    {
        var failure = Assert.Throws<SpawnException>(() => new Command(Inside([.. "no"u8, 0xff])).Start());
        Assert.Equal(_directory["no\\xff"], failure.Program);
        Assert.Equal(_directory["no\\xff"], failure.Subject);
        Assert.True(failure.ProgramNotFound);
        Assert.Contains("/no\\xff'", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(failure.Message, char.IsSurrogate);

        failure = Assert.Throws<SpawnException>(() =>
            new Command("true").WithStandardInput(Stdio.Read(Inside([0xfe]))).Start()
        );
        Assert.Equal(_directory["\\xfe"], failure.Subject);
        Assert.DoesNotContain(failure.Message, char.IsSurrogate);
    }

    [Fact]
    public void A_program_that_is_there_is_looked_into_by_its_bytes()
    {
        var script = Inside([.. "script"u8, 0xff]);
        _directory.Write("script", "#!/no/such/interpreter\n", (UnixFileMode)0x1ED);
        Assert.True(new Command("mv", _directory["script"], script).Run().IsSuccess);
        var failure = Assert.Throws<SpawnException>(() => new Command(script).Start());
        Assert.Equal(Errno.ENOENT, failure.Errno);
        Assert.False(failure.ProgramNotFound);
        if (SpawnLadder.Current is not "posix_spawn")
        {
            Assert.Contains("/no/such/interpreter", failure.Hint, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Who_looks_at_the_command_sees_them_spelled()
    {
        ByteString odd = (byte[])[.. "ü"u8, 0xff];
        var command = new Command(odd, odd, "x")
            .WithWorkingDirectory(odd)
            .WithEnvironmentVariable(odd, odd)
            .WithEnvironmentVariable("A", null)
            .WithStandardInput(Stdio.Read(odd));
        Assert.Equal("ü\\xff", command.Program);
        Assert.Equal(["ü\\xff", "x"], command.Arguments);
        Assert.Equal("ü\\xff", command.WorkingDirectory);
        Assert.Equal(
            new Dictionary<string, string?> { ["ü\\xff"] = "ü\\xff", ["A"] = null },
            command.EnvironmentChanges
        );
        Assert.Equal("ü\\xff", command.Descriptors[0].ToString());
        Assert.Equal("'ü'$'\\377''' 'ü'$'\\377''' x", command.ToString());
        Assert.DoesNotContain(command.Explain().ToString(), char.IsSurrogate);
        Assert.Contains("\"ü\\xff\"", command.Explain().ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_shell_reads_the_printed_command_line_back() =>
        Assert.Equal(All, Capture.Bytes(new Command("bash", "-c", new Command("printf", "%s", All).ToString())));

    [Fact]
    public void A_string_with_half_a_pair_is_refused_as_ever()
    {
        const string Half = "a\udcff";
        Assert.Throws<ArgumentException>(() => new Command(Half));
        Assert.Throws<ArgumentException>(() => new Command("true", Half));
        Assert.Throws<ArgumentException>(() => new Command("true").AddArguments(Half));
        Assert.Throws<ArgumentException>(() => new Command("true").WithArgumentZero(Half));
        Assert.Throws<ArgumentException>(() => new Command("true").WithWorkingDirectory(Half));
        Assert.Throws<ArgumentException>(() => new Command("true").WithEnvironmentVariable("A", Half));
        Assert.Throws<ArgumentException>(() => Stdio.Read(Half));
        Assert.Throws<ArgumentException>(() => (ByteString)Half);
    }

    [Fact]
    public void Any_bytes_survive_the_way_through_a_string()
    {
        var random = new Random(1);
        byte[][] hard =
        [
            [0xed, 0xa0, 0x80, 0xed, 0xb0, 0x80], // half pairs, in UTF-8
            [0xf0, 0x9f, 0x98, 0x80, 0xff, 0xf0, 0x9f, 0x98, 0x80], // a pair, a byte, a pair
            [0xc0, 0xaf, 0xe2, 0x82, (byte)'a', 0xf5, 0x80], // too long, broken off, beyond Unicode
            [],
            .. Enumerable.Range(0, 2000).Select(length => Few(random, length % 40)),
        ];
        foreach (var bytes in hard)
        {
            var text = EscapedText.Decode(bytes);
            Assert.Equal([.. bytes, 0], EscapedText.CString(text));
            Assert.Equal(bytes.Length, EscapedText.ByteCount(text));
        }

        // Of bytes that begin and continue sequences, so that whole ones come about, and of nearly whole ones many.
        static byte[] Few(Random random, int length)
        {
            byte[] some = [(byte)'a', 0x80, 0x9f, 0xa0, 0xbf, 0xc2, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xff];
            return random.GetItems(some, length);
        }
    }

    // Spork in another process, whose own environment is what the command says.
    private static Command Inheriting(params string[] program) =>
        new(DummyProgram.Executable, ["spork", "run", "--", .. program]);

    private ByteString Inside(byte[] name) => (byte[])[.. Encoding.UTF8.GetBytes(_directory.Path), (byte)'/', .. name];
}
