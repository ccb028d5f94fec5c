namespace Spork.Programs;

/// <summary>
/// The interpreter's only variables: 64-bit words. The first few are set before the program runs; after them comes
/// one for each step's result.
/// </summary>
internal static class Slot
{
    /// <summary>Always zero: an operand that uses it is an immediate.</summary>
    internal const int Zero = 0;

    /// <summary>Address of the image: an operand that uses it is a pointer to data.</summary>
    internal const int Image = 1;

    /// <summary>Descriptor of the second stage's executable (first stage only).</summary>
    internal const int StageFile = 2;

    /// <summary>The initial stack pointer (static ELF only).</summary>
    internal const int InitialStack = 3;

    /// <summary>Descriptor of the memory that the second stage reports in: a first stage has no initial stack.</summary>
    internal const int StageReport = InitialStack;

    /// <summary>Address of the <see cref="ProgramContext"/>.</summary>
    internal const int Context = 4;

    /// <summary>Address of the word shared by all asynchronous starts (<c>StartWaiter</c>).</summary>
    internal const int Doorbell = 5;

    /// <summary>The number that the child's own pidfd has in its parent (not in a static ELF).</summary>
    internal const int PidFd = 6;

    /// <summary>Descriptor of the pipe that the second stage lets go of (first stage only).</summary>
    internal const int StagePipe = 7;

    /// <summary>The name of one start's second stage, 15 bytes and a zero: two words (second stage only, which has none of a first's descriptors).</summary>
    internal const int StageName = StageFile;

    /// <summary>Result of step 0. The interpreter's machine code knows this number.</summary>
    internal const int FirstResult = 8;
}
