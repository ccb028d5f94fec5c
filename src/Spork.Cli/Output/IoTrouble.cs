namespace Spork.Cli.Output;

/// <summary>What .NET says about a file, in the words of every other error line: the errno's name.</summary>
internal static class IoTrouble
{
    private const int LargestErrno = 4095;

    /// <summary>.NET keeps the errno in HResult, of an exception within where access was denied; some errnos became types.</summary>
    public static string Of(Exception e)
    {
        for (var at = e; at is not null; at = (at as UnauthorizedAccessException)?.InnerException)
        {
            if (at is FileNotFoundException or DirectoryNotFoundException)
            {
                return Errno.ENOENT.ToString();
            }

            if (at is PathTooLongException)
            {
                return Errno.ENAMETOOLONG.ToString();
            }

            if (at.HResult is > 0 and <= LargestErrno)
            {
                return new Errno(at.HResult).ToString();
            }
        }

        return e is UnauthorizedAccessException ? Errno.EACCES.ToString() : e.Message;
    }
}
