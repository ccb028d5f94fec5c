using System.Globalization;

namespace Spork.Cli.Syntax;

/// <summary>
/// Tells the descriptors the user handed to spork from those the .NET runtime has opened for itself: the runtime's
/// are close-on-exec, inherited ones cannot be. Without this <c>--fd 3=40</c> could hand out the runtime's insides.
/// </summary>
internal static class InheritedDescriptor
{
    private const int CloseOnExec = 0x80000; // O_CLOEXEC, octal 02000000 in fdinfo

    public static void Require(string whole, int number)
    {
        if (!Directory.Exists("/proc/self/fdinfo"))
        {
            // Without /proc nobody can tell; the child program itself reports a number that is not open.
            return;
        }

        if (!IsInherited(number))
        {
            throw new UsageException(
                $"{whole} descriptor {number} is not open here; open it in the shell, such as {number}<FILE"
            );
        }
    }

    private static bool IsInherited(int number)
    {
        try
        {
            foreach (var line in File.ReadLines($"/proc/self/fdinfo/{number.ToString(CultureInfo.InvariantCulture)}"))
            {
                if (line.StartsWith("flags:", StringComparison.Ordinal))
                {
                    return (Convert.ToInt32(line["flags:".Length..].Trim(), 8) & CloseOnExec) == 0;
                }
            }
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }

        return true;
    }
}
