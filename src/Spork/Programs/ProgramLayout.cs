using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Spork.Machine;

namespace Spork.Programs;

/// <summary>Turns steps and data into the image that the interpreter reads: steps, handlers, data.</summary>
internal static class ProgramLayout
{
    internal static ChildProgram LayOut(Step[] steps, ProgramData data)
    {
        var handlers = steps.Sum(s => s.Handlers.Count);
        var handlersOffset = steps.Length * Unsafe.SizeOf<NativeStep>();
        var dataOffset = (handlersOffset + (handlers * Unsafe.SizeOf<NativeHandler>()) + 15) & ~15;

        var image = new byte[dataOffset + data.Length];
        var nativeSteps = MemoryMarshal.Cast<byte, NativeStep>(image.AsSpan(0, handlersOffset));
        var nextHandler = handlersOffset;
        for (var i = 0; i < steps.Length; i++)
        {
            nativeSteps[i] = Encode(steps[i], nextHandler, dataOffset);
            foreach (var handler in steps[i].Handlers)
            {
                var native = new NativeHandler
                {
                    Errno = handler.Errno,
                    Target = handler.Target,
                    Budget = handler.Budget,
                };
                MemoryMarshal.Write(image.AsSpan(nextHandler), in native);
                nextHandler += Unsafe.SizeOf<NativeHandler>();
            }
        }

        data.Bytes.CopyTo(image.AsSpan(dataOffset));
        var relocations = new int[data.Relocations.Count];
        for (var i = 0; i < relocations.Length; i++)
        {
            // The word holds an offset into the data; from here on into the image.
            relocations[i] = data.Relocations[i] + dataOffset;
            ref var word = ref Unsafe.As<byte, long>(ref image[relocations[i]]);
            word += dataOffset;
        }

        int[] parentPids =
        [
            .. Enumerable.Range(0, steps.Length).Where(i => steps[i].ExpectsParent).Select(ParentPidOffset),
        ];
        return new ChildProgram(steps, image, relocations, parentPids, dataOffset);
    }

    private static int ParentPidOffset(int step) => (step * Unsafe.SizeOf<NativeStep>()) + NativeStep.ExpectedOffset;

    private static unsafe NativeStep Encode(Step step, int handlersOffset, int dataOffset)
    {
        var native = new NativeStep
        {
            Number = Number(step),
            Next = step.Next,
            HandlersOffset = handlersOffset,
            HandlerCount = step.Handlers.Count,
            HasExpected = step.ExpectsParent || step.Expected is not null ? 1 : 0,
            Expected = step.Expected ?? 0,
            UnexpectedErrno = Errno.ESRCH.Value,
        };
        for (var i = 0; i < step.Operands.Count; i++)
        {
            var operand = step.Operands[i];
            native.OperandSlots[i] = operand.Slot;
            native.OperandConstants[i] = operand.Constant + (operand.Slot == Slot.Image ? dataOffset : 0);
        }

        return native;
    }

    // Without machine code nothing runs a program, but it can still be explained.
    private static int Number(Step step) => MachineArchitecture.Current?.Number(step.Call) ?? (int)step.Call;
}
