using System.Text;
using Spork.Linux;

namespace Spork.Spawning;

/// <summary>
/// A second stage as something that can be executed: a sealed memory file, or, where those may not be executed
/// (vm.memfd_noexec=2), a file that has lost its name already.
/// </summary>
internal static unsafe class StageFile
{
    private static readonly Errno[] NotThisWay = [Errno.EACCES, Errno.EPERM, Errno.ENOSYS];

    /// <exception cref="SystemCallException">No descriptor, no memory, or no directory that programs may lie in.</exception>
    internal static Descriptor Create(ReadOnlySpan<byte> bytes) => CreateInMemory(bytes) ?? CreateOnDisk(bytes);

    /// <summary>A memory file of any kind; null if that kind is refused.</summary>
    internal static Descriptor? TryCreateMemory(string name, int flags)
    {
        fixed (byte* text = Encoding.ASCII.GetBytes(name + "\0"))
        {
            var result = Sys.Call(Syscall.memfd_create, (nint)text, Memfd.MFD_CLOEXEC | flags);
            if (result == -Errno.EINVAL.Value && (flags & Memfd.MFD_EXEC) != 0)
            {
                // Before 6.3 every memory file may be executed, and the flag is unknown.
                result = Sys.Call(Syscall.memfd_create, (nint)text, Memfd.MFD_CLOEXEC | (flags & ~Memfd.MFD_EXEC));
            }

            if (result >= 0)
            {
                return new Descriptor((int)result);
            }

            var errno = Sys.ErrnoOf(result);
            return NotThisWay.Contains(errno)
                ? null
                : throw new SystemCallException("memfd_create", "the second stage", errno);
        }
    }

    /// <exception cref="SystemCallException">No memory, or more than a file may have (EFBIG).</exception>
    internal static void Write(Descriptor file, ReadOnlySpan<byte> bytes)
    {
        // Memory files count too, and the kernel would not only refuse: its SIGXFSZ ends this process.
        if (RLimit.Of(Resource.FileSize) is { } limit && limit.Soft < (ulong)bytes.Length)
        {
            throw new SystemCallException(
                "write",
                $"the second stage, {bytes.Length} bytes: this process's RLIMIT_FSIZE is {limit.Soft}",
                Errno.EFBIG
            );
        }

        fixed (byte* start = bytes)
        {
            for (var done = 0; done < bytes.Length; )
            {
                var result = Sys.CallRestarting(Syscall.write, file.Number, (nint)start + done, bytes.Length - done);
                done +=
                    result > 0
                        ? (int)result
                        : throw new SystemCallException("write", "the second stage", Sys.ErrnoOf(result));
            }
        }
    }

    private static Descriptor? CreateInMemory(ReadOnlySpan<byte> bytes)
    {
        var file = TryCreateMemory("spork-stage", Memfd.MFD_ALLOW_SEALING | Memfd.MFD_EXEC);
        if (file is null)
        {
            return null;
        }

        try
        {
            Write(file, bytes);
            const int Seals = Fcntl.F_SEAL_SEAL | Fcntl.F_SEAL_SHRINK | Fcntl.F_SEAL_GROW | Fcntl.F_SEAL_WRITE;
            var sealing = Sys.Call(Syscall.fcntl, file.Number, Fcntl.F_ADD_SEALS, Seals);
            return sealing == 0
                ? file
                : throw new SystemCallException("fcntl", "sealing the second stage", Sys.ErrnoOf(sealing));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    // Nobody can open it by the time it is used: it is ours alone while it has a name, and has none after.
    private static Descriptor CreateOnDisk(ReadOnlySpan<byte> bytes)
    {
        var last = Errno.EACCES;
        foreach (var directory in new[] { Path.GetTempPath(), "/dev/shm", "/var/tmp", AppContext.BaseDirectory })
        {
            var path = Path.Combine(directory, $"spork-stage-{Environment.ProcessId}-{Guid.NewGuid():N}");
            fixed (byte* name = Encoding.UTF8.GetBytes(path + "\0"))
            {
                var created = Sys.CallRestarting(
                    Syscall.openat,
                    Fcntl.AT_FDCWD,
                    (nint)name,
                    Fcntl.O_WRONLY | Fcntl.O_CREAT | Fcntl.O_EXCL | Fcntl.O_CLOEXEC,
                    0x140 // r-x------
                );
                if (created < 0)
                {
                    last = Sys.ErrnoOf(created);
                    continue;
                }

                try
                {
                    // Closed before it is executed: ETXTBSY otherwise.
                    using (var file = new Descriptor((int)created))
                    {
                        Write(file, bytes);
                    }

                    // access(2) knows of noexec mounts, and execve would find out too late.
                    var opened = Sys.Call(
                        Syscall.faccessat,
                        Fcntl.AT_FDCWD,
                        (nint)name,
                        1 /* X_OK */
                    )
                        is < 0
                            and var refused
                        ? refused
                        : Sys.CallRestarting(
                            Syscall.openat,
                            Fcntl.AT_FDCWD,
                            (nint)name,
                            Fcntl.O_RDONLY | Fcntl.O_CLOEXEC
                        );
                    if (opened >= 0)
                    {
                        return new Descriptor((int)opened);
                    }

                    last = Sys.ErrnoOf(opened);
                }
                finally
                {
                    Sys.Call(Syscall.unlink, (nint)name);
                }
            }
        }

        throw new SystemCallException(
            "memfd_create",
            "the second stage: memory files may not be executed here (vm.memfd_noexec), nor files in the temporary directories",
            last
        );
    }
}
