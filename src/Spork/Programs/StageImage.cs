namespace Spork.Programs;

/// <summary>A second stage as a file.</summary>
/// <param name="File">The executable.</param>
/// <param name="Report">Context and slots as they are before the first step: what the shared memory begins with.</param>
internal readonly record struct StageImage(byte[] File, ReadOnlyMemory<byte> Report);
