namespace Spork.AotProbe;

/// <summary>What a child inherits: the library reads it another way where there is no CoreCLR (ADR 0004).</summary>
internal static class Environments
{
    public static Task ChangesReachTheChild()
    {
        Environment.SetEnvironmentVariable("PROBE_SET", "a b=é");
        Expect.Equal("a b=é", Child("PROBE_SET"));
        Environment.SetEnvironmentVariable("PROBE_SET", "changed");
        Expect.Equal("changed", Child("PROBE_SET"));
        Environment.SetEnvironmentVariable("PROBE_SET", null);
        Expect.Equal("", Child("PROBE_SET"));
        return Task.CompletedTask;
    }

    // The test sets PROBE_BYTES to bytes that are no UTF-8; without it there is nothing to see.
    public static Task BytesReachTheChild()
    {
        if (Environment.GetEnvironmentVariable("PROBE_BYTES") is not null)
        {
            var bytes = Output("printf %s \"$PROBE_BYTES\" | od -An -tx1");
            Expect.Equal("61 ff 62", bytes.Trim());
        }

        return Task.CompletedTask;
    }

    private static string Child(string name) => Output($"printf %s \"${name}\"");

    private static string Output(string script)
    {
        var path = Path.GetTempFileName();
        try
        {
            Expect.Equal(0, new Command("sh", "-c", script).WithStandardOutput(Stdio.Write(path)).Run().Code);
            return File.ReadAllText(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
