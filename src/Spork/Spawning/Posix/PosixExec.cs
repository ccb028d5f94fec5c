using System.Text;
using Spork.Programs;

namespace Spork.Spawning;

/// <summary>execve for posix_spawn and posix_spawnp, in bytes. As glibc since 2.15 it runs no shell for ENOEXEC.</summary>
internal static class PosixExec
{
    internal static void Add(ProgramBuilder program, PosixRequest request, bool search, EnvironmentBlock inherited)
    {
        var arguments = program.Data.PointerArray(
            [.. request.Arguments.Select(argument => PosixFileSteps.AddBytes(program.Data, argument))],
            $"[{string.Join(", ", request.Arguments.Select(a => Quote.ForListing(a.ToString())))}]"
        );
        var environment = Environment(program.Data, request, inherited);
        ByteString[] candidates = search ? Candidates(request.File, inherited) : [request.File];
        ExecSteps.AddAttempts(
            program,
            Array.ConvertAll(candidates, candidate => candidate.ToString()),
            Array.ConvertAll(candidates, candidate => PosixFileSteps.Text(program, candidate)),
            arguments,
            environment
        );
    }

    internal static ByteString[] Candidates(ByteString file, EnvironmentBlock inherited)
    {
        if (file.Length == 0 || file.Span.Contains((byte)'/'))
        {
            return [file];
        }

        var candidates = new List<ByteString>();
        var path = Encoding.UTF8.GetBytes(ExecSteps.DefaultPath);
        foreach (var entry in inherited.Entries())
        {
            if (entry.Span.StartsWith("PATH="u8))
            {
                path = entry[5..^1].ToArray();
                break;
            }
        }

        foreach (var range in path.AsSpan().Split((byte)':'))
        {
            // POSIX: an empty element is the current directory.
            var directory = path.AsSpan(range);
            ByteString candidate = directory.IsEmpty ? file : new([.. directory, (byte)'/', .. file.Span]);
            if (!candidates.Contains(candidate))
            {
                candidates.Add(candidate);
            }
        }

        return [.. candidates];
    }

    private static Operand Environment(ProgramData data, PosixRequest request, EnvironmentBlock inherited)
    {
        int[] offsets = request.Environment is { } given
            ? [.. given.Select(entry => PosixFileSteps.AddBytes(data, entry))]
            : [.. inherited.Entries().Select(entry => data.AddBytes(entry.Span))];
        return data.PointerArray(offsets, $"/* {offsets.Length} vars */");
    }
}
