namespace Spork.Cli.Syntax;

/// <summary>A umask as umask(1) writes it: up to four octal digits.</summary>
internal static class OctalMode
{
    public static UnixFileMode Parse(string option, string text)
    {
        if (text.Length is 0 or > 4 || text.Any(c => c is < '0' or > '7') || Convert.ToInt32(text, 8) > 0x1FF)
        {
            throw new UsageException(
                $"{option} {Quote.Value(text)}: not an octal mask from 000 to 777; write it as in 022"
            );
        }

        return (UnixFileMode)Convert.ToInt32(text, 8);
    }
}
