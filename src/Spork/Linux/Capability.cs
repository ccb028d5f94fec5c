namespace Spork;

/// <summary>
/// A part of root's privileges, by the kernel's name and number; see capabilities(7). A number that is not here may be
/// cast: kernels grow new ones.
/// </summary>
public enum Capability
{
    /// <summary>Change any file's owner.</summary>
    CAP_CHOWN = 0,

    /// <summary>Pass over file permissions.</summary>
    CAP_DAC_OVERRIDE = 1,

    /// <summary>Pass over read and search permissions.</summary>
    CAP_DAC_READ_SEARCH = 2,

    /// <summary>Pass over checks of a file's owner.</summary>
    CAP_FOWNER = 3,

    /// <summary>Keep set-user-ID bits when a file changes.</summary>
    CAP_FSETID = 4,

    /// <summary>Signal any process.</summary>
    CAP_KILL = 5,

    /// <summary>Change groups.</summary>
    CAP_SETGID = 6,

    /// <summary>Change users.</summary>
    CAP_SETUID = 7,

    /// <summary>Drop from the bounding set, change secure bits.</summary>
    CAP_SETPCAP = 8,

    /// <summary>Change immutable and append-only flags.</summary>
    CAP_LINUX_IMMUTABLE = 9,

    /// <summary>Bind ports below 1024.</summary>
    CAP_NET_BIND_SERVICE = 10,

    /// <summary>Broadcast; unused.</summary>
    CAP_NET_BROADCAST = 11,

    /// <summary>Administer networks.</summary>
    CAP_NET_ADMIN = 12,

    /// <summary>Raw and packet sockets.</summary>
    CAP_NET_RAW = 13,

    /// <summary>Lock memory.</summary>
    CAP_IPC_LOCK = 14,

    /// <summary>Pass over permissions of System V objects.</summary>
    CAP_IPC_OWNER = 15,

    /// <summary>Load kernel modules.</summary>
    CAP_SYS_MODULE = 16,

    /// <summary>Raw I/O ports.</summary>
    CAP_SYS_RAWIO = 17,

    /// <summary>chroot(2), join mount namespaces.</summary>
    CAP_SYS_CHROOT = 18,

    /// <summary>Trace any process.</summary>
    CAP_SYS_PTRACE = 19,

    /// <summary>Process accounting.</summary>
    CAP_SYS_PACCT = 20,

    /// <summary>Mounts, namespaces and much else.</summary>
    CAP_SYS_ADMIN = 21,

    /// <summary>Reboot.</summary>
    CAP_SYS_BOOT = 22,

    /// <summary>Better nice values, real-time scheduling.</summary>
    CAP_SYS_NICE = 23,

    /// <summary>Raise hard limits, lower the out-of-memory score.</summary>
    CAP_SYS_RESOURCE = 24,

    /// <summary>Set the clock.</summary>
    CAP_SYS_TIME = 25,

    /// <summary>Configure terminals.</summary>
    CAP_SYS_TTY_CONFIG = 26,

    /// <summary>Make device nodes.</summary>
    CAP_MKNOD = 27,

    /// <summary>Leases on any file.</summary>
    CAP_LEASE = 28,

    /// <summary>Write the audit log.</summary>
    CAP_AUDIT_WRITE = 29,

    /// <summary>Control auditing.</summary>
    CAP_AUDIT_CONTROL = 30,

    /// <summary>Set file capabilities.</summary>
    CAP_SETFCAP = 31,

    /// <summary>Pass over mandatory access control.</summary>
    CAP_MAC_OVERRIDE = 32,

    /// <summary>Administer mandatory access control.</summary>
    CAP_MAC_ADMIN = 33,

    /// <summary>Privileged syslog(2).</summary>
    CAP_SYSLOG = 34,

    /// <summary>Wake the machine.</summary>
    CAP_WAKE_ALARM = 35,

    /// <summary>Keep the machine awake.</summary>
    CAP_BLOCK_SUSPEND = 36,

    /// <summary>Read the audit log.</summary>
    CAP_AUDIT_READ = 37,

    /// <summary>Performance monitoring; kernel 5.8.</summary>
    CAP_PERFMON = 38,

    /// <summary>Privileged BPF; kernel 5.8.</summary>
    CAP_BPF = 39,

    /// <summary>Checkpoint and restore; kernel 5.9.</summary>
    CAP_CHECKPOINT_RESTORE = 40,
}
