using System.Diagnostics;
using System.Text;

namespace Spork;

public sealed partial class Command
{
    /// <summary>
    /// The command that a <see cref="ProcessStartInfo"/> describes: program, arguments, directory, environment, redirected
    /// streams, user. A relative file name means what it means to <see cref="Process"/>: beside this program, then in this
    /// directory, then in PATH.
    /// </summary>
    /// <remarks>
    /// A redirected stream is a <see cref="Stdio.Pipe"/>, whose other end the started child has; a
    /// <see cref="ProcessStartInfo.UserName"/> is <see cref="WithUser(string)"/>, with its groups. A pipe carries bytes: of
    /// the encodings only UTF-8 is taken, which is what text is read as unless said otherwise. CreateNoWindow, WindowStyle and ErrorDialog are
    /// about windows, and mean nothing here or to Process on Linux. Domain, Password, LoadUserProfile,
    /// UseCredentialsForNetworkingOnly and CreateNewProcessGroup cannot be set on Linux at all.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// It asks for what a new process does not have, and the message says what to do instead: a shell (UseShellExecute,
    /// Verb), an encoding other than UTF-8, an encoding of a stream that is not redirected. Or Arguments and ArgumentList are
    /// both there, or there is no file name.
    /// </exception>
    public static Command From(ProcessStartInfo startInfo)
    {
        ArgumentNullException.ThrowIfNull(startInfo);
        Refuse(
            startInfo,
            startInfo.UseShellExecute,
            nameof(startInfo.UseShellExecute),
            "start the program itself, or xdg-open(1) with the document; Command.Shell is for a line of a shell"
        );
        Refuse(startInfo, startInfo.Verb.Length > 0, nameof(startInfo.Verb), "start the program that does it");
        CheckEncoding(
            startInfo,
            startInfo.StandardInputEncoding,
            startInfo.RedirectStandardInput,
            nameof(startInfo.StandardInputEncoding),
            "use Stdio.FromText(text, encoding), or encode what is written to ChildProcess.StandardInput"
        );
        CheckEncoding(
            startInfo,
            startInfo.StandardOutputEncoding,
            startInfo.RedirectStandardOutput,
            nameof(startInfo.StandardOutputEncoding),
            "name it where the text is read, as in ChildProcess.StandardOutput.ReadToEndAsync(encoding)"
        );
        CheckEncoding(
            startInfo,
            startInfo.StandardErrorEncoding,
            startInfo.RedirectStandardError,
            nameof(startInfo.StandardErrorEncoding),
            "name it where the text is read, as in ChildProcess.StandardError.ReadToEndAsync(encoding)"
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

        if (startInfo.WorkingDirectory.Length > 0)
        {
            command = command.WithWorkingDirectory(startInfo.WorkingDirectory);
        }

        command = startInfo.RedirectStandardInput ? command.WithStandardInput(Stdio.Pipe) : command;
        command = startInfo.RedirectStandardOutput ? command.WithStandardOutput(Stdio.Pipe) : command;
        command = startInfo.RedirectStandardError ? command.WithStandardError(Stdio.Pipe) : command;
        return startInfo.UserName.Length > 0 ? command.WithUser(startInfo.UserName) : command;
    }

    private static void CheckEncoding(
        ProcessStartInfo startInfo,
        Encoding? encoding,
        bool isRedirected,
        string property,
        string instead
    )
    {
        if (encoding is null)
        {
            return;
        }

        // Process.Start says the same, as an InvalidOperationException.
        Refuse(startInfo, !isRedirected, property, "the stream is not redirected, so leave its encoding out");
        Refuse(
            startInfo,
            !Encoding.UTF8.Equals(encoding) && !new UTF8Encoding(false).Equals(encoding),
            property,
            instead
        );
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
