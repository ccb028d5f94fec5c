using System.Runtime.InteropServices;
using Spork.Programs;

namespace Spork.Tests.Programs;

/// <summary>More arguments than 32 bits can count are an errno, not an overflow.</summary>
public class LargestProgramTests
{
    [Fact]
    public void More_than_a_gigabyte_of_arguments_is_too_big_before_anything_is_copied()
    {
        var data = new ProgramData();
        byte first = 0;

        // Never read: the refusal comes first.
        var refusal = Assert.Throws<SystemCallException>(() =>
            data.AddBytes(MemoryMarshal.CreateReadOnlySpan(ref first, (1 << 30) + 1))
        );

        Assert.Equal(Errno.E2BIG, refusal.Errno);
        Assert.Equal(0, data.Length);
    }
}
