using System.Diagnostics;

namespace Spork;

public sealed partial class Command
{
    /// <summary>
    /// The command that a <see cref="ProcessStartInfo"/> describes: program, arguments, directory, environment. A relative
    /// file name means what it means to <see cref="Process"/>: beside this program, then in this directory, then in PATH.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// It asks for something that is not a property of the new process: a shell (UseShellExecute), redirection to streams
    /// (give descriptors by WithStandardInput and its kin), another user.
    /// </exception>
    public static Command From(ProcessStartInfo startInfo)
    {
        ArgumentNullException.ThrowIfNull(startInfo);
        Refuse(startInfo, startInfo.UseShellExecute, nameof(startInfo.UseShellExecute), "start the program itself");
        Refuse(
            startInfo,
            startInfo.RedirectStandardInput,
            nameof(startInfo.RedirectStandardInput),
            "use WithStandardInput"
        );
        Refuse(
            startInfo,
            startInfo.RedirectStandardOutput,
            nameof(startInfo.RedirectStandardOutput),
            "use WithStandardOutput"
        );
        Refuse(
            startInfo,
            startInfo.RedirectStandardError,
            nameof(startInfo.RedirectStandardError),
            "use WithStandardError"
        );
        Refuse(
            startInfo,
            startInfo.UserName.Length > 0,
            nameof(startInfo.UserName),
            "start it through setpriv(1) or runuser(1)"
        );
        if (startInfo.Arguments.Length > 0 && startInfo.ArgumentList.Count > 0)
        {
            throw new ArgumentException("Arguments and ArgumentList exclude each other.", nameof(startInfo));
        }

        IEnumerable<string> arguments =
            startInfo.Arguments.Length > 0
                ? Spawning.ArgumentString.Split(startInfo.Arguments)
                : startInfo.ArgumentList;
        var command = new Command(Locate(startInfo.FileName), arguments).WithEnvironment(
            startInfo.Environment.Where(v => v.Value is not null).Select(v => KeyValuePair.Create(v.Key, v.Value!))
        );

        return startInfo.WorkingDirectory.Length > 0
            ? command.WithWorkingDirectory(startInfo.WorkingDirectory)
            : command;
    }

    private static void Refuse(ProcessStartInfo startInfo, bool asked, string property, string instead)
    {
        if (asked)
        {
            throw new ArgumentException(
                $"ProcessStartInfo.{property} has no meaning for a Command: {instead}.",
                nameof(startInfo)
            );
        }
    }

    private static string Locate(string fileName)
    {
        if (Path.IsPathRooted(fileName) || fileName.Length == 0)
        {
            return fileName;
        }

        string?[] directories = [Path.GetDirectoryName(Environment.ProcessPath), Directory.GetCurrentDirectory()];
        var beside = directories
            .Where(d => d is not null)
            .Select(d => Path.Combine(d!, fileName))
            .FirstOrDefault(File.Exists);
        if (beside is not null || fileName.Contains('/'))
        {
            return beside ?? Path.GetFullPath(fileName);
        }

        return fileName;
    }
}
