using System.Buffers;

namespace Spork.Spawning;

/// <summary>A link of the chain that a <see cref="ReadOnlySequence{T}"/> of several pieces is.</summary>
internal sealed class PieceSegment : ReadOnlySequenceSegment<byte>
{
    private PieceSegment(ReadOnlyMemory<byte> piece, long index)
    {
        Memory = piece;
        RunningIndex = index;
    }

    internal static ReadOnlySequence<byte> Join(List<ReadOnlyMemory<byte>> pieces)
    {
        if (pieces.Count <= 1)
        {
            return pieces.Count == 0 ? default : new ReadOnlySequence<byte>(pieces[0]);
        }

        var first = new PieceSegment(pieces[0], 0);
        var last = first;
        foreach (var piece in pieces.Skip(1))
        {
            var next = new PieceSegment(piece, last.RunningIndex + last.Memory.Length);
            last.Next = next;
            last = next;
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }
}
