namespace Spork.Cli.Output;

/// <summary>Commands whose product is text need somewhere to put it; .NET itself would say "access denied", or nothing.</summary>
internal static class StandardOutput
{
    public static void Require()
    {
        if (!LibC.IsCallers(1))
        {
            throw new IOException("standard output is closed; give it a target, such as >FILE or >/dev/null");
        }
    }
}
