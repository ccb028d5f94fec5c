using System.Runtime.InteropServices;
using Spork.Linux;
using Spork.Tests.Support;

namespace Spork.Tests.Linux;

/// <summary>Every constant with a name of C's, against the kernel's headers.</summary>
public class ConstantTests
{
    [Fact]
    public void Every_constant_has_the_value_of_the_kernel_headers()
    {
        var ours = LinuxTypes.Constants;
        Assert.NotEmpty(ours);
        var headers = CProbe.Run(
            KernelHeaders.All,
            ours.Select(c => c.Name).Distinct(StringComparer.Ordinal).Select(CExpression.Macro),
            "constants against the kernel headers"
        );
        var wrong = new List<string>();
        foreach (var (name, value) in ours)
        {
            if (headers.TryGetValue(name, out var expected))
            {
                if (!AreSame(name, expected, value))
                {
                    wrong.Add($"{name}: the headers say {expected} (0x{expected:x}), ours is {value} (0x{value:x})");
                }
            }
            else if (KernelHeaders.MayBeMissing.Contains(name))
            {
                TestContext.Current.AddWarning($"NOT TESTED: {name}: newer than these headers.");
            }
            else
            {
                wrong.Add($"{name}: not defined by {string.Join(", ", KernelHeaders.All)}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static bool AreSame(string name, long header, long ours)
    {
        // The request numbers of ioctl(2) hold the size of a struct that grows from kernel to kernel (PidFdInfoTests).
        const long SizeBits = 0x3FFF0000;
        var ignored = name == nameof(PidFdInfo.PIDFD_GET_INFO) ? SizeBits : 0;

        // int and uint print differently with the top bit set; the bits are what the kernel reads.
        var isWord = header is >= int.MinValue and <= uint.MaxValue && ours is >= int.MinValue and <= uint.MaxValue;
        var difference = (header ^ ours) & ~ignored;
        return isWord ? (uint)difference == 0 : difference == 0;
    }

    [Fact]
    public void Every_system_call_has_the_number_of_unistd_h()
    {
        Assert.SkipUnless(
            RuntimeInformation.ProcessArchitecture == Architecture.X64,
            "NOT TESTED: system call numbers: the enum holds those of x64."
        );
        var calls = Enum.GetValues<Syscall>();
        var headers = CProbe.Run(
            ["asm/unistd_64.h"],
            calls.Select(call => CExpression.Macro($"__NR_{call}")),
            "system call numbers against asm/unistd_64.h"
        );
        Assert.Equal(
            calls.Select(call => (call, headers.GetValueOrDefault($"__NR_{call}", -1))),
            calls.Select(call => (call, (long)call))
        );
    }

    [Fact]
    public void Every_kind_of_file_has_the_number_of_sys_stat_h()
    {
        var headers = CProbe.Run(
            ["sys/stat.h"],
            new[] { "S_IFMT", "S_IFIFO", "S_IFCHR", "S_IFDIR", "S_IFBLK", "S_IFSOCK" }.Select(CExpression.Macro),
            "kinds of files against sys/stat.h"
        );
        Assert.Equal(
            [StatX.KindMask, StatX.Fifo, StatX.CharacterDevice, StatX.Directory, StatX.BlockDevice, StatX.Socket],
            headers.Values
        );
    }

    [Fact]
    public void No_system_call_number_has_two_names()
    {
        var names = Enum.GetNames<Syscall>();
        Assert.Equal(names.Length, names.Select(Enum.Parse<Syscall>).Distinct().Count());
    }
}
