using System.Diagnostics;
using System.Reflection;
using System.Text;
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

    [Fact]
    public async Task Redirected_streams_are_pipes_to_this_process()
    {
        var info = new ProcessStartInfo("sh", ["-c", "cat; echo error >&2"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = Encoding.UTF8,
            StandardOutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            CreateNoWindow = true,
            WindowStyle = ProcessWindowStyle.Hidden,
        };
        using var child = Command.From(info).Start();
        await child.StandardInput!.WriteAsync("to be read\n"u8.ToArray(), TestContext.Current.CancellationToken);
        child.StandardInput.Close();
        var output = child.StandardOutput!.ReadToEndAsync();
        var error = child.StandardError!.ReadToEndAsync();
        Assert.Equal(("to be read\n", "error\n"), (await output, await error));
        Assert.True(child.Wait().IsSuccess);
    }

    [Fact]
    public void Each_redirection_is_of_its_own_stream_only()
    {
        using var input = Command.From(new ProcessStartInfo("cat") { RedirectStandardInput = true }).Start();
        Assert.Throws<InvalidOperationException>(() => input.StandardOutput);
        Assert.Throws<InvalidOperationException>(() => input.StandardError);
        input.StandardInput!.Close();
        input.Wait();
        using var output = Command.From(new ProcessStartInfo("true") { RedirectStandardOutput = true }).Start();
        Assert.NotNull(output.StandardOutput);
        Assert.Throws<InvalidOperationException>(() => output.StandardInput);
        Assert.Throws<InvalidOperationException>(() => output.StandardError);
        output.Wait();
        using var error = Command.From(new ProcessStartInfo("true") { RedirectStandardError = true }).Start();
        Assert.NotNull(error.StandardError);
        Assert.Throws<InvalidOperationException>(() => error.StandardInput);
        Assert.Throws<InvalidOperationException>(() => error.StandardOutput);
        error.Wait();
    }

    [Fact]
    public void A_user_is_that_of_WithUser_with_its_groups()
    {
        var info = new ProcessStartInfo("id") { UserName = "nobody" };
        Assert.Equal(
            new Command("id").WithUser("nobody").Explain().ToString().Split('\n').Where(NamesUser),
            Command.From(info).Explain().ToString().Split('\n').Where(NamesUser)
        );
        Assert.Contains(Command.From(info).Explain().ToString().Split('\n'), NamesUser);
        Assert.SkipUnless(
            Environment.IsPrivilegedProcess,
            "NOT TESTED: that a UserName is taken. It needs root; what is started was compared."
        );
        Assert.Equal(Ids(info), Capture.Text(Command.From(info)));

        static bool NamesUser(string line) => line.Contains("setres", StringComparison.Ordinal);

        static string Ids(ProcessStartInfo info)
        {
            info.RedirectStandardOutput = true;
            using var process = Process.Start(info)!;
            using var reader = process.StandardOutput;
            var text = reader.ReadToEnd();
            process.WaitForExit();
            info.RedirectStandardOutput = false;
            return text;
        }
    }

    public static TheoryData<string, string> Refused =>
        new()
        {
            { "UseShellExecute", "Command.Shell" },
            { "Verb", "start the program" },
            { "StandardInputEncoding", "Stdio.FromText" },
            { "StandardOutputEncoding", "ReadToEndAsync" },
            { "StandardErrorEncoding", "ReadToEndAsync" },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_a_new_process_does_not_have_is_refused_by_name_with_what_to_do_instead(
        string property,
        string instead
    )
    {
        var info = new ProcessStartInfo("true")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var target = typeof(ProcessStartInfo).GetProperty(property)!;
        object value =
            target.PropertyType == typeof(bool) ? true
            : target.PropertyType == typeof(Encoding) ? Encoding.Latin1
            : "runas";
        target.SetValue(info, value);
        var message = Assert.Throws<ArgumentException>("startInfo", () => Command.From(info)).Message;
        Assert.Contains($"ProcessStartInfo.{property} ", message, StringComparison.Ordinal);
        Assert.Contains(instead, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("StandardInputEncoding")]
    [InlineData("StandardOutputEncoding")]
    [InlineData("StandardErrorEncoding")]
    public void An_encoding_of_a_stream_that_is_not_redirected_is_refused_as_Process_does(string property)
    {
        var info = new ProcessStartInfo("true");
        typeof(ProcessStartInfo).GetProperty(property)!.SetValue(info, Encoding.UTF8);
        Assert.Throws<InvalidOperationException>(() => Process.Start(info));
        Assert.Contains(
            "not redirected",
            Assert.Throws<ArgumentException>(() => Command.From(info)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Every_property_of_this_runtime_is_either_taken_refused_without_meaning_or_impossible_to_set()
    {
        string[] taken =
        [
            "ArgumentList",
            "Arguments",
            "Environment",
            "EnvironmentVariables",
            "FileName",
            "RedirectStandardError",
            "RedirectStandardInput",
            "RedirectStandardOutput",
            "UserName",
            "WorkingDirectory",
        ];
        // Verbs is a list of what Windows knows, to be read only.
        string[] meaningless = ["CreateNoWindow", "ErrorDialog", "ErrorDialogParentHandle", "Verbs", "WindowStyle"];
        var refused = Refused.Select(row => row.Data.Item1);
        var impossible = typeof(ProcessStartInfo)
            .GetProperties()
            .Where(p => p.CanWrite && CannotBeSet(p))
            .Select(p => p.Name)
            .ToList();
        Assert.Contains("Password", impossible);
        Assert.Equal(
            typeof(ProcessStartInfo).GetProperties().Select(p => p.Name).Order(StringComparer.Ordinal),
            taken.Concat(meaningless).Concat(refused).Concat(impossible).Order(StringComparer.Ordinal)
        );

        static bool CannotBeSet(PropertyInfo property)
        {
            var value = property.PropertyType == typeof(bool) ? (object)true : null;
            try
            {
                property.SetValue(new ProcessStartInfo("true"), value);
                return false;
            }
            catch (TargetInvocationException e)
            {
                return e.InnerException is PlatformNotSupportedException;
            }
        }
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
