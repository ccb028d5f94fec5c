using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Spork.Linux;
using Spork.Programs;

namespace Spork.Tests.Programs;

/// <summary>
/// The interpreter once more, in C#, over the same image that the machine code reads, with a model of the few system
/// calls that <see cref="RandomProgram"/> makes. A second implementation to differ from.
/// </summary>
internal sealed class ProgramModel
{
    // Where the model pretends that the image lies; any page will do.
    private const long ImageAddress = 0x10000;

    private readonly ChildProgram _program;
    private readonly byte[] _image;
    private readonly long[] _slots;
    private readonly int _pid;
    private readonly int _parent;
    private readonly SortedSet<int> _descriptors = [];
    private int _umask;

    private ProgramModel(ChildProgram program, int pid, int parent, int umask)
    {
        _program = program;
        _image = [.. program.Image];
        _slots = new long[program.SlotCount];
        _slots[Slot.Image] = ImageAddress;
        (_pid, _parent, _umask) = (pid, parent, umask);
        foreach (var offset in program.ParentPids)
        {
            MemoryMarshal.Write(_image.AsSpan(offset), (long)parent);
        }
    }

    public int Current { get; private set; } = -1;

    public int Error { get; private set; }

    public long[] Results => _slots[Slot.FirstResult..];

    /// <summary>How many steps were made, loops included.</summary>
    public int Made { get; private set; }

    public static ProgramModel Run(ChildProgram program, int pid, int parent, int umask)
    {
        var model = new ProgramModel(program, pid, parent, umask);
        for (var index = 0; index >= 0; )
        {
            Assert.True(++model.Made < 1_000_000, "The verifier let an endless program pass.");
            index = model.Make(index);
        }

        return model;
    }

    // The next step's index, or -1 at the end, well or not.
    private int Make(int index)
    {
        Current = index;
        var step = MemoryMarshal.Cast<byte, NativeStep>(_image.AsSpan(0, _program.Steps.Count * 128))[index];
        var result = Call((Syscall)step.Number, Operand(in step, 0), Operand(in step, 1), Operand(in step, 2));
        _slots[Slot.FirstResult + index] = result;
        var errno =
            result < 0 ? (int)-result
            : step.HasExpected != 0 && result != step.Expected ? step.UnexpectedErrno
            : 0;
        return errno == 0 ? step.Next : Handle(in step, errno);
    }

    private int Handle(in NativeStep step, int errno)
    {
        for (var i = 0; i < step.HandlerCount; i++)
        {
            var bytes = _image.AsSpan(step.HandlersOffset + (i * 12), 12);
            ref var handler = ref Unsafe.As<byte, NativeHandler>(ref MemoryMarshal.GetReference(bytes));
            if (handler.Errno != errno && handler.Errno != 0)
            {
                continue;
            }

            if (handler.Budget == 0)
            {
                break;
            }

            handler.Budget -= handler.Budget > 0 ? 1 : 0;
            return handler.Target;
        }

        Error = errno;
        return -1;
    }

    private unsafe long Operand(in NativeStep step, int index) =>
        _slots[step.OperandSlots[index]] + step.OperandConstants[index];

    private long Call(Syscall call, long a, long b, long c) =>
        call switch
        {
            Syscall.getpid => _pid,
            Syscall.getppid => _parent,
            Syscall.umask => Umask((int)a & 0x1ff),
            Syscall.close_range => Clear(),
            Syscall.openat => Text(b) == "/dev/null" ? Lowest() : -Errno.ENOENT.Value,
            Syscall.close => _descriptors.Remove((int)a) ? 0 : -Errno.EBADF.Value,
            Syscall.dup3 => Duplicate((int)a, (int)b, (int)c),
            Syscall.chdir => Text(a) == "/" ? 0 : -Errno.ENOENT.Value,
            _ => throw new NotSupportedException($"No model of {call}."),
        };

    private long Umask(int value)
    {
        var last = _umask;
        _umask = value;
        return last;
    }

    private long Clear()
    {
        _descriptors.Clear();
        return 0;
    }

    private long Lowest()
    {
        var number = Enumerable.Range(0, int.MaxValue).First(n => !_descriptors.Contains(n));
        _descriptors.Add(number);
        return number;
    }

    // ksys_dup3: the flags first, then the numbers, then whether there is anything.
    private long Duplicate(int from, int to, int flags)
    {
        if (flags != 0 || from == to)
        {
            return -Errno.EINVAL.Value;
        }

        if (to < 0 || !_descriptors.Contains(from))
        {
            return -Errno.EBADF.Value;
        }

        _descriptors.Add(to);
        return to;
    }

    private string Text(long address)
    {
        var bytes = _image.AsSpan((int)(address - ImageAddress));
        return Encoding.UTF8.GetString(bytes[..bytes.IndexOf((byte)0)]);
    }
}
