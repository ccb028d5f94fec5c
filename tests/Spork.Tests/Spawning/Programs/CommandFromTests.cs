using System.Diagnostics;
using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>Command.From means what the ProcessStartInfo means to Process.</summary>
public class CommandFromTests
{
    [Theory]
    [InlineData("a b  c\td")]
    [InlineData("\"a b\" c")]
    [InlineData("a\"b c\"d")]
    [InlineData("\"\" x")]
    [InlineData("\\\"a\\\" b")]
    [InlineData("\\\\\"a b\\\\\" c")]
    [InlineData("\\\\\\\"x\\\\y")]
    [InlineData("a\\b\\\\c")]
    [InlineData("\"a\"\"b\" c")]
    [InlineData("\"a\"\"\"b\" c d")]
    [InlineData("  lead and trail  ")]
    [InlineData("\"open end")]
    [InlineData("it's 'single quoted'")]
    [InlineData("trailing\\")]
    [InlineData("a\nb \"c\nd\"")]
    public void An_argument_string_is_split_as_Process_splits_it(string arguments)
    {
        var info = new ProcessStartInfo(DummyProgram.Executable, "echo0 " + arguments)
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(info)!;
        using var reader = process.StandardOutput;
        var expected = reader.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);

        var command = Command.From(new ProcessStartInfo(DummyProgram.Executable, "echo0 " + arguments));
        Assert.Equal(expected, Capture.Text(command));
    }

    [Fact]
    public void A_list_directory_and_environment_are_taken_over()
    {
        using var directory = new TempDirectory();
        var info = new ProcessStartInfo("sh") { WorkingDirectory = directory.Path };
        info.ArgumentList.Add("-c");
        info.ArgumentList.Add("pwd -P; echo \"$SPORK_FROM\" \"${HOME-unset}\"");
        info.Environment["SPORK_FROM"] = "a  b";
        info.Environment.Remove("HOME");
        Assert.Equal($"{directory.Path}\na  b unset\n", Capture.Text(Command.From(info)));
    }

    [Fact]
    public void A_program_beside_this_one_is_found_as_Process_finds_it()
    {
        // The tests' own executable is not beside the dummy: a relative name is found in the current directory.
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, DummyProgram.Executable);
        Assert.Equal(3, Command.From(new ProcessStartInfo(relative, "exit 3") { WorkingDirectory = "/" }).Run().Code);
    }

    public static TheoryData<string> Refused =>
        ["UseShellExecute", "RedirectStandardInput", "RedirectStandardOutput", "RedirectStandardError", "UserName"];

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_is_not_a_property_of_the_new_process_is_refused_by_name(string property)
    {
        var info = new ProcessStartInfo("true");
        var target = typeof(ProcessStartInfo).GetProperty(property)!;
        target.SetValue(info, target.PropertyType == typeof(bool) ? true : "somebody");
        Assert.Contains(
            property,
            Assert.Throws<ArgumentException>(() => Command.From(info)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_empty_name_and_arguments_given_twice_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Command.From(new ProcessStartInfo("")));
        Assert.Throws<ArgumentNullException>(() => Command.From(null!));
        var twice = new ProcessStartInfo("true", "a");
        twice.ArgumentList.Add("b");
        Assert.Throws<ArgumentException>(() => Command.From(twice));
    }
}
