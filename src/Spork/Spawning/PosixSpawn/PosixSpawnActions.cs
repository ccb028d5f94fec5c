using System.Runtime.InteropServices;
using Spork.Linux;
using Spork.Programs;
using static Spork.Spawning.PosixSpawnLibC;

namespace Spork.Spawning;

/// <summary>posix_spawn's file actions for a command: the same result as <see cref="DescriptorSteps"/>, by libc's means.</summary>
internal sealed unsafe class PosixSpawnActions : IDisposable
{
    internal PosixSpawnActions(CommandOptions options, SpareDescriptors spare)
    {
        options = SharedDescriptors.Resolve(options);
        Pointer = (nint)NativeMemory.AllocZeroed(ActionsSize);
        Check(posix_spawn_file_actions_init(Pointer), "posix_spawn_file_actions_init");
        var highest = options.Descriptors.Keys.Max();

        // libc's dup2 actions run one after the other, so sources are first copied out of every target's way.
        foreach (var (number, source) in options.Descriptors)
        {
            if (source.Kind == StdioKind.Terminal)
            {
                AddTerminal(options.Terminal!, number);
                continue;
            }

            Add(number, source, spare, highest);
        }

        foreach (var (number, source) in options.Descriptors)
        {
            if (source.Kind == StdioKind.SameAs)
            {
                Check(posix_spawn_file_actions_adddup2(Pointer, source.Number, number), "adddup2");
            }
        }

        for (var number = 3; number < highest; number++)
        {
            if (!options.Descriptors.ContainsKey(number))
            {
                Check(posix_spawn_file_actions_addclose(Pointer, number), "addclose");
            }
        }

        if (options.DirectoryPath is { } path)
        {
            Check(posix_spawn_file_actions_addchdir_np(Pointer, EscapedText.CString(path)), "addchdir");
        }
        else if (options.DirectoryHandle is { } directory)
        {
            Check(
                posix_spawn_file_actions_addfchdir_np(Pointer, spare.Copy(HandleNumber.Of(directory), highest + 1)),
                "addfchdir"
            );
        }

        AddControllingTerminal(options, highest + 1);
        Check(posix_spawn_file_actions_addclosefrom_np(Pointer, highest + 1), "addclosefrom");
    }

    internal nint Pointer { get; }

    public void Dispose()
    {
        Check(posix_spawn_file_actions_destroy(Pointer), "posix_spawn_file_actions_destroy");
        NativeMemory.Free((void*)Pointer);
    }

    // libc has no action for TIOCSCTTY; but the first terminal that a session's leader opens without O_NOCTTY becomes its
    // controlling terminal, and the session is made before any action. Where no stream is the terminal, it is opened all
    // the same, at a number that is closed next.
    private void AddControllingTerminal(CommandOptions options, int free)
    {
        if (
            options.Terminal is { } terminal
            && !options.Descriptors.Values.Any(source => source.Kind == StdioKind.Terminal)
        )
        {
            AddTerminal(terminal, free);
        }
    }

    private void AddTerminal(PseudoTerminal terminal, int number) =>
        Check(
            posix_spawn_file_actions_addopen(Pointer, number, EscapedText.CString(terminal.Name), Fcntl.O_RDWR, 0),
            "addopen"
        );

    private void Add(int number, Stdio source, SpareDescriptors spare, int highest)
    {
        switch (source.Kind)
        {
            case StdioKind.Inherit when number <= 2:
                break;
            case StdioKind.SameAs:
                // A file's, once that is open.
                break;
            case StdioKind.Inherit:
                Check(posix_spawn_file_actions_adddup2(Pointer, spare.Copy(number, highest + 1), number), "adddup2");
                break;
            case StdioKind.Number:
                Check(
                    posix_spawn_file_actions_adddup2(Pointer, spare.Copy(source.Number, highest + 1), number),
                    "adddup2"
                );
                break;
            case StdioKind.Handle:
                Check(
                    posix_spawn_file_actions_adddup2(
                        Pointer,
                        spare.Copy(HandleNumber.Of(source.Handle!), highest + 1),
                        number
                    ),
                    "adddup2"
                );
                break;
            case StdioKind.File:
                var file = source.File!;
                Check(
                    posix_spawn_file_actions_addopen(
                        Pointer,
                        number,
                        EscapedText.CString(file.Path),
                        file.Flags,
                        (uint)file.Permissions
                    ),
                    "addopen"
                );
                break;
            default:
                Check(posix_spawn_file_actions_addclose(Pointer, number), "addclose");
                break;
        }
    }
}

/// <summary>Close-on-exec copies of descriptors at numbers out of the way.</summary>
internal sealed class SpareDescriptors : IDisposable
{
    private readonly List<Descriptor> _copies = [];

    internal int Copy(int source, int lowest)
    {
        var result = Sys.Call(Syscall.fcntl, source, Fcntl.F_DUPFD_CLOEXEC, lowest);
        if (result < 0)
        {
            throw new SystemCallException("fcntl", $"descriptor {source}", Sys.ErrnoOf(result));
        }

        _copies.Add(new Descriptor((int)result));
        return (int)result;
    }

    public void Dispose() => _copies.ForEach(c => c.Dispose());
}
