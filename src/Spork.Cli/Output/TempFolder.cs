using System.Runtime.InteropServices;

namespace Spork.Cli.Output;

/// <summary>A folder for the duration of a command. Ctrl-C and a polite kill remove it too, and then end us as they would have.</summary>
internal sealed class TempFolder : IDisposable
{
    private const int Tries = 40;

    private readonly Lock _making = new();
    private readonly List<PosixSignalRegistration> _registrations = [];

    public TempFolder(string prefix)
    {
        // Listening before there is anything to remove, and under a lock: a signal between making and listening would
        // leave the folder behind (seen once: Ctrl-C the moment the folder appeared).
        lock (_making)
        {
            foreach (
                var signal in (ReadOnlySpan<PosixSignal>)[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP]
            )
            {
                _registrations.Add(PosixSignalRegistration.Create(signal, _ => DeleteInterrupted()));
            }

            Path = Make(prefix);
        }
    }

    public string Path { get; } = "";

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        Delete();
    }

    private static string Make(string prefix)
    {
        try
        {
            return Directory.CreateTempSubdirectory(prefix).FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"cannot make a folder in {System.IO.Path.GetTempPath()}; set TMPDIR to one that exists and can be written",
                e
            );
        }
    }

    // The command goes on until the signal ends it, and may write another file while the folder is being emptied.
    private void DeleteInterrupted()
    {
        lock (_making)
        {
            for (var i = 0; i < Tries && Directory.Exists(Path); i++)
            {
                Delete();
                Thread.Sleep(Directory.Exists(Path) ? 5 : 0);
            }
        }
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
