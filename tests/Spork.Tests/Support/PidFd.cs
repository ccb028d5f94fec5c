using Microsoft.Win32.SafeHandles;
using Spork.Linux;

namespace Spork.Tests.Support;

/// <summary>A process that a helper of ours started: killed by reference, never by a number used again.</summary>
internal sealed class PidFd : IDisposable
{
    private readonly SafeFileHandle _handle;

    private PidFd(nint descriptor) => _handle = new SafeFileHandle(descriptor, ownsHandle: true);

    public static PidFd Open(int process)
    {
        var result = Sys.Call(Syscall.pidfd_open, process, 0);
        Assert.True(result >= 0, $"pidfd_open({process}): {-result}");
        return new PidFd(result);
    }

    public void Kill() => Send(Signal.SIGKILL);

    public void Send(Signal signal) => Sys.Call(Syscall.pidfd_send_signal, _handle.DangerousGetHandle(), signal.Number);

    public void Dispose() => _handle.Dispose();
}
