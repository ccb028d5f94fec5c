using System.Runtime.CompilerServices;
using Spork.Linux;
using Spork.Programs;

namespace Spork.Tests.Programs;

/// <summary>
/// Reads any bytes as a valid program of harmless system calls, seven bytes a step, so that FsCheck can generate and
/// shrink bytes. The first step closes every descriptor: from there on all numbers are known.
/// </summary>
internal static class RandomProgram
{
    private const int BytesPerStep = 7;

    private static readonly int[] Errnos =
    [
        0,
        Errno.EBADF.Value,
        Errno.EINVAL.Value,
        Errno.ENOENT.Value,
        Errno.ESRCH.Value,
    ];

    /// <param name="source">Any bytes.</param>
    /// <param name="resultsTo">A file that a program which ends well writes its results to; null for none.</param>
    public static ChildProgram Decode(byte[] source, string? resultsTo)
    {
        var count = source.Length / BytesPerStep;
        var builder = new ProgramBuilder();
        var labels = Enumerable.Range(0, count + 1).Select(_ => builder.NewLabel()).ToArray();
        builder.Do(Syscall.close_range, 0, uint.MaxValue, 0);
        for (var i = 0; i < count; i++)
        {
            builder.Mark(labels[i]);
            AddStep(builder, source.AsSpan(i * BytesPerStep, BytesPerStep), labels, i);
        }

        builder.Mark(labels[count]);
        if (resultsTo is null)
        {
            builder.Do(Syscall.getpid);
            builder.End();
        }
        else
        {
            AddWriting(builder, resultsTo);
        }

        return builder.Build();
    }

    private static void AddStep(ProgramBuilder builder, ReadOnlySpan<byte> source, int[] labels, int index)
    {
        switch (source[0] % 8)
        {
            case 0:
                builder.Do(Syscall.getpid);
                break;
            case 1:
                builder.Do(Syscall.getppid);
                break;
            case 2:
                builder.Do(Syscall.umask, AnyOperand(builder, source[1], source[2]));
                break;
            case 3:
                builder.Do(Syscall.openat, Fcntl.AT_FDCWD, builder.Data.String("/dev/null"), Fcntl.O_RDONLY);
                break;
            case 4:
                builder.Do(Syscall.chdir, builder.Data.String(source[1] % 2 == 0 ? "/" : "/no/such/directory"));
                break;
            case 5:
                builder.Do(Syscall.close, AnyOperand(builder, source[1], source[2]));
                break;
            default:
                // The target is a small number: a large one may pass RLIMIT_NOFILE, which the model does not know.
                builder.Do(
                    Syscall.dup3,
                    AnyOperand(builder, source[1], source[2]),
                    source[2] % 9,
                    source[1] % 16 == 0 ? 1 : 0
                );
                break;
        }

        if (source[0] % 8 < 2 && source[3] % 3 == 0)
        {
            // getppid is the parent; getpid is not.
            builder.ExpectParent();
        }

        AddHandler(builder, source[3], source[4], labels, index);
        AddHandler(builder, source[5], source[4] ^ 0x5a, labels, index);
        if (source[6] % 5 == 0)
        {
            // Jumps ahead; backward ones need a budget, so only handlers make them.
            builder.Then(labels[index + 1 + (source[6] / 5 % (labels.Length - index - 1))]);
        }
    }

    private static void AddHandler(ProgramBuilder builder, int which, int where, int[] labels, int index)
    {
        if (which % 4 == 0)
        {
            return;
        }

        var target = where % labels.Length;
        var unlimited = target > index && which % 2 == 0;
        builder.On(Errnos[which % Errnos.Length], labels[target], unlimited ? -1 : which / 8 % 4);
    }

    // An immediate, an earlier result, or an earlier result plus something.
    private static Operand AnyOperand(ProgramBuilder builder, byte kind, byte value) =>
        (kind % 3) switch
        {
            0 => value % 12,
            1 => Operand.Result(value % builder.Count),
            _ => Operand.SlotPlus(Slot.FirstResult + (value % builder.Count), kind % 7 - 3, "earlier + c"),
        };

    // The slots of all steps but this one and the next, read through the context's address, as they are in a static ELF.
    private static void AddWriting(ProgramBuilder builder, string path)
    {
        var steps = builder.Count;
        var file = builder.Do(
            Syscall.openat,
            Fcntl.AT_FDCWD,
            builder.Data.String(path),
            Fcntl.O_WRONLY | Fcntl.O_TRUNC
        );
        var results = Unsafe.SizeOf<ProgramContext>() + (Slot.FirstResult * 8);
        builder.Do(Syscall.write, Operand.Result(file), Operand.SlotPlus(Slot.Context, results, "results"), steps * 8);
        builder.End();
    }
}
