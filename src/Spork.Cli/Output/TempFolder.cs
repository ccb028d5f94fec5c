using System.Runtime.InteropServices;

namespace Spork.Cli.Output;

/// <summary>A folder for the duration of a command. Ctrl-C and a polite kill remove it too, and then end us as they would have.</summary>
internal sealed class TempFolder : IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];

    public TempFolder(string prefix)
    {
        try
        {
            Path = Directory.CreateTempSubdirectory(prefix).FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"cannot make a folder in {System.IO.Path.GetTempPath()}; set TMPDIR to one that exists and can be written",
                e
            );
        }

        foreach (var signal in (ReadOnlySpan<PosixSignal>)[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, _ => Delete()));
        }
    }

    public string Path { get; }

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        Delete();
    }

    private void Delete()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Gone already, or a program of ours still writes there: no reason to fail for.
        }
    }
}
