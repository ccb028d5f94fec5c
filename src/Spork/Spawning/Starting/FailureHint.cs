using Spork.Linux;
using Spork.Programs;

namespace Spork.Spawning;

/// <summary>The cause behind an errno where a look at the file system can tell it, and what to do next.</summary>
internal static class FailureHint
{
    internal static string? For(Step step, Errno errno, CommandOptions options, EnvironmentBlock inherited)
    {
        if (step.BecomesProgram && !CanLook(step.Subject, options))
        {
            return null;
        }

        if (step.BecomesProgram)
        {
            try
            {
                return ForExec(step.Subject, errno, options, inherited);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // What the child may not see, we may not see either; and it can be gone by now. A hint is no reason to
                // lose the failure itself, least of all on the reactor's thread.
                return null;
            }
        }

        return step.Call switch
        {
            Syscall.chdir when errno == Errno.ENOENT => "the working directory does not exist",
            Syscall.dup3 or Syscall.fcntl when errno == Errno.EBADF =>
                "that descriptor is not open, or the number is above RLIMIT_NOFILE",
            Syscall.dup3 or Syscall.fcntl when errno == Errno.EMFILE || errno == Errno.EINVAL =>
                "RLIMIT_NOFILE allows no such number",
            Syscall.setpriority or Syscall.prlimit64 when errno == Errno.EPERM || errno == Errno.EACCES =>
                "raising it needs privileges",
            Syscall.getppid => "the parent died meanwhile",
            Syscall.ioctl when step.Name == TerminalSteps.ControlStep && errno == Errno.EPERM =>
                TerminalSteps.TakenHint,
            _ => IsolationHint.For(step, errno),
        };
    }

    /// <summary>For a failure before the child ran.</summary>
    internal static string? ForClone(Errno errno, CommandOptions options)
    {
        if (errno == Errno.EAGAIN)
        {
            return "the limit of processes is reached (RLIMIT_NPROC, or pids.max of the cgroup)";
        }

        if (errno == Errno.EMFILE)
        {
            return "this process may open no more descriptors (RLIMIT_NOFILE)";
        }

        return IsolationHint.ForClone(errno, options) is { } isolation ? isolation
            : options.HasCgroup
                ? $"is {options.CgroupPath ?? "the descriptor"} a cgroup v2 directory that may have processes?"
            : null;
    }

    /// <summary>
    /// Whether the path is the same file for us: file actions may have led the child into another directory, and bytes
    /// that are no UTF-8 are lost in a string.
    /// </summary>
    internal static bool CanLook(string path, CommandOptions options) =>
        options.Posix is null || (Path.IsPathRooted(path) && !path.Contains('\ufffd'));

    /// <summary>Whether anything is there, seen from the child's working directory.</summary>
    internal static bool Exists(string path, CommandOptions options) =>
        FileKind.Exists(FromChildsDirectory(path, options));

    private static string? ForExec(string path, Errno errno, CommandOptions options, EnvironmentBlock inherited)
    {
        if (errno == Errno.E2BIG)
        {
            return "arguments and environment are too large: 128 KiB for one string, a quarter of the stack limit for all";
        }

        if (errno == Errno.ELOOP)
        {
            return "too many symbolic links on the way, or a circle of them";
        }

        if (errno == Errno.ETXTBSY)
        {
            return "somebody has the file open for writing";
        }

        if (options.Isolation.RootDirectory is { } root && !options.NeedsPathSearch)
        {
            // What an interpreter's absolute path means in there, we cannot look up from here.
            return $"the program, its interpreter and its libraries are looked up inside {root}";
        }

        if (errno == Errno.ENOENT && !Exists(path, options))
        {
            if (options.NeedsPathSearch)
            {
                return $"not found in PATH ({EscapedText.Shown(ExecSteps.SearchPath(options, inherited))})";
            }

            var relative =
                !Path.IsPathRooted(path) && (options.DirectoryPath ?? (object?)options.DirectoryHandle) is not null;
            return relative ? "a relative program is looked up in the child's working directory" : null;
        }

        return ProgramFile.WhyNot(FromChildsDirectory(path, options), errno);
    }

    private static string FromChildsDirectory(string path, CommandOptions options)
    {
        if (options.Isolation.RootDirectory is { } root)
        {
            var inside = Path.Combine("/", options.DirectoryPath ?? "", path);
            return Path.Join(root, inside);
        }

        if (Path.IsPathRooted(path))
        {
            return path;
        }

        var directory = options.DirectoryHandle is { } handle
            ? $"/proc/self/fd/{handle.DangerousGetHandle()}"
            : options.DirectoryPath ?? ".";
        return Path.Combine(directory, path);
    }
}
