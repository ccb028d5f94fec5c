namespace Spork;

/// <summary>Kinds of namespaces; the values are the kernel's CLONE_NEW… flags. See namespaces(7).</summary>
[Flags]
public enum Namespaces
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>CLONE_NEWTIME: offsets of the monotonic and boot-time clocks. Kernel 5.6.</summary>
    Time = 0x80,

    /// <summary>CLONE_NEWNS: mount points.</summary>
    Mount = 0x20000,

    /// <summary>CLONE_NEWCGROUP: the root of what is seen of cgroups.</summary>
    Cgroup = 0x2000000,

    /// <summary>CLONE_NEWUTS: host and domain name.</summary>
    HostName = 0x4000000,

    /// <summary>CLONE_NEWIPC: System V objects and POSIX message queues.</summary>
    Ipc = 0x8000000,

    /// <summary>CLONE_NEWUSER: users, groups and capabilities.</summary>
    User = 0x10000000,

    /// <summary>CLONE_NEWPID: process numbers; the program is number 1 in it, and all die with it.</summary>
    Process = 0x20000000,

    /// <summary>CLONE_NEWNET: network devices, addresses, ports.</summary>
    Network = 0x40000000,
}
