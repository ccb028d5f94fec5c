using Spork.Programs;

namespace Spork;

/// <summary>A program wrote more than the capture may keep, and was killed. See <see cref="CaptureOptions.Limit"/>.</summary>
public sealed class CaptureLimitException : IOException
{
    internal CaptureLimitException(string program, string stream, int limit)
        : base(
            $"{Quote.ForMessage(program)} wrote more than {limit} bytes to its {stream} and was killed: raise "
                + "CaptureOptions.Limit, or keep the head or the tail with CaptureOptions.Overflow."
        )
    {
        Program = program;
        Limit = limit;
    }

    /// <summary>The program.</summary>
    public string Program { get; }

    /// <summary>In bytes.</summary>
    public int Limit { get; }
}
