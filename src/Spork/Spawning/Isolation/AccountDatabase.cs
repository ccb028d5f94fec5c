using System.Runtime.InteropServices;
using System.Text;

namespace Spork.Spawning;

/// <summary>
/// passwd and group as libc and its NSS modules see them (getpwnam_r and its kin). Asked in the parent, before the start:
/// a lookup takes locks, memory and sometimes the network, and none of that is possible in a child.
/// </summary>
internal static unsafe partial class AccountDatabase
{
    // pwd.h and grp.h of glibc on 64 bits: name, password, then the numbers. A test compares with the headers.
    internal const int PasswdSize = 48;
    internal const int PasswdUidOffset = 16;
    internal const int PasswdGidOffset = 20;
    internal const int GroupSize = 32;
    internal const int GroupGidOffset = 16;

    private const int ERANGE = 34;
    private const int LargestRecord = 1 << 24;
    private const int MostGroups = 65536; // NGROUPS_MAX

    /// <summary>A user's record.</summary>
    internal sealed record User(string Name, uint Id, uint Group);

    /// <summary>Null if nobody knows it.</summary>
    /// <exception cref="SystemCallException">The databases cannot be read.</exception>
    internal static User? FindUser(Account account)
    {
        var record = stackalloc byte[PasswdSize];
        for (var size = 1024; ; size *= 4)
        {
            var buffer = new byte[size];
            fixed (byte* strings = buffer)
            {
                nint found = 0;
                var errno = account.Name is { } name
                    ? getpwnam_r(name, record, strings, size, &found)
                    : getpwuid_r(account.Id, record, strings, size, &found);
                if (errno == ERANGE && size < LargestRecord)
                {
                    continue;
                }

                return Found("getpwnam_r", account, errno, found)
                    ? new User(
                        Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(*(byte**)record)),
                        *(uint*)(record + PasswdUidOffset),
                        *(uint*)(record + PasswdGidOffset)
                    )
                    : null;
            }
        }
    }

    /// <summary>The number of the group of this name; null if nobody knows it.</summary>
    /// <exception cref="SystemCallException">The databases cannot be read.</exception>
    internal static uint? FindGroup(Account account)
    {
        var record = stackalloc byte[GroupSize];
        for (var size = 1024; ; size *= 4)
        {
            var buffer = new byte[size];
            fixed (byte* strings = buffer)
            {
                nint found = 0;
                var errno = getgrnam_r(account.Name!, record, strings, size, &found);
                if (errno == ERANGE && size < LargestRecord)
                {
                    continue;
                }

                return Found("getgrnam_r", account, errno, found) ? *(uint*)(record + GroupGidOffset) : null;
            }
        }
    }

    /// <summary>The groups that initgroups(3) would set, this one among them.</summary>
    internal static uint[] GroupsOf(User user, uint group)
    {
        for (var size = 64; ; size = Math.Min(size * 4, MostGroups))
        {
            var groups = new uint[size];
            var count = size;
            fixed (uint* pointer = groups)
            {
                if (getgrouplist(user.Name, group, pointer, &count) >= 0 || size == MostGroups)
                {
                    return groups[..Math.Min(count, size)];
                }
            }
        }
    }

    // "Not found" is 0 without a record; some modules say so by one of these errors (getpwnam(3)).
    private static bool Found(string call, Account account, int errno, nint found)
    {
        if (errno == 0)
        {
            return found != 0;
        }

        var error = new Errno(errno);
        return error == Errno.ENOENT || error == Errno.ESRCH || error == Errno.EBADF || error == Errno.EPERM
            ? false
            : throw new SystemCallException(call, account.ToString(), error);
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int getpwnam_r(string name, byte* record, byte* buffer, nint size, nint* result);

    [LibraryImport("libc")]
    private static partial int getpwuid_r(uint id, byte* record, byte* buffer, nint size, nint* result);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int getgrnam_r(string name, byte* record, byte* buffer, nint size, nint* result);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int getgrouplist(string user, uint group, uint* groups, int* count);
}
