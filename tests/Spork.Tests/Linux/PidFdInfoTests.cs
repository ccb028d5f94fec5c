using System.Runtime.CompilerServices;
using Spork.Linux;
using Spork.Tests.Support;

namespace Spork.Tests.Linux;

/// <summary>
/// struct pidfd_info is younger than many headers, so the running kernel is asked too: it fills the struct for this
/// very process, whose numbers are known from elsewhere.
/// </summary>
public unsafe class PidFdInfoTests
{
    [Fact]
    public void The_request_number_carries_the_size_of_the_struct()
    {
        var headers = CProbe.Run(
            ["linux/ioctl.h"],
            [new CExpression("_IOWR(0xFF, 11, char[64])")],
            "the number of PIDFD_GET_INFO"
        );
        Assert.Equal(PidFdInfo.PIDFD_GET_INFO, headers.Values.Single());
        Assert.Equal(64, Unsafe.SizeOf<PidFdInfo>());
    }

    [Fact]
    public void The_running_kernel_fills_every_field_where_ours_stands()
    {
        var opened = Sys.Call(Syscall.pidfd_open, Environment.ProcessId);
        Assert.True(opened >= 0, $"pidfd_open: {Sys.ErrnoOf(opened)}");
        using var pidfd = new Descriptor((int)opened);
        var info = new PidFdInfo { Mask = 3 }; // PIDFD_INFO_PID | PIDFD_INFO_CREDS
        var result = Sys.Call(Syscall.ioctl, pidfd.Number, unchecked((nint)PidFdInfo.PIDFD_GET_INFO), (nint)(&info));
        Assert.SkipUnless(
            result == 0,
            "NOT TESTED: struct pidfd_info against the kernel, which is older than 6.13 or refuses it."
        );

        var status = File.ReadLines("/proc/self/status")
            .Select(line => line.Split('\t'))
            .ToDictionary(p => p[0], p => p[1..]);
        Assert.Equal((uint)Environment.ProcessId, info.Pid);
        Assert.Equal((uint)Environment.ProcessId, info.Tgid);
        Assert.Equal(status["PPid:"][0], $"{info.Ppid}");
        // proc_pid_status(5): real, effective, saved, filesystem.
        Assert.Equal(status["Uid:"], new[] { $"{info.Ruid}", $"{info.Euid}", $"{info.Suid}", $"{info.Fsuid}" });
        Assert.Equal(status["Gid:"], new[] { $"{info.Rgid}", $"{info.Egid}", $"{info.Sgid}", $"{info.Fsgid}" });
    }

    // Offsets 60 (exit_code) and 8 in the mask: only a reaped or dead child has one, kernel 6.15.
    [Theory]
    [InlineData(0)]
    [InlineData(77)]
    public void The_running_kernel_gives_the_exit_code_of_a_reaped_child(int code)
    {
        Assert.SkipWhen(
            Environment.ProcessId == 1,
            "NOT TESTED: pidfd_info.exit_code against the kernel: as pid 1 the runtime reaps every child, this one too."
        );
        var child = RawChild.StartAndLeave("/bin/sh", "-c", $"exit {code}");
        var opened = Sys.Call(Syscall.pidfd_open, child);
        Assert.True(opened >= 0, $"pidfd_open: {Sys.ErrnoOf(opened)}");
        using var pidfd = new Descriptor((int)opened);
        RawChild.Reap(child);

        var info = new PidFdInfo { Mask = PidFdInfo.PIDFD_INFO_EXIT };
        var result = Sys.Call(Syscall.ioctl, pidfd.Number, unchecked((nint)PidFdInfo.PIDFD_GET_INFO), (nint)(&info));
        Assert.SkipUnless(
            result == 0 && (info.Mask & PidFdInfo.PIDFD_INFO_EXIT) != 0,
            "NOT TESTED: pidfd_info.exit_code against the kernel, which is older than 6.15 or refuses it."
        );
        Assert.Equal(code << 8, info.ExitCode);
    }
}
