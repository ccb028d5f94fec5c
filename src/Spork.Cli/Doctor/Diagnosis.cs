namespace Spork.Cli.Doctor;

/// <summary>The library's findings, and the proof of the pudding: one program really started.</summary>
internal sealed record Diagnosis(string Via, IReadOnlyList<Finding> Findings, string? Failure)
{
    public bool Works => Failure is null;

    public string Summary =>
        Failure is not null ? $"spork doctor: programs cannot be started here: {Failure}"
        : Findings.All(finding => finding.State == FindingState.Ok)
            ? $"spork doctor: programs start through {Via}; nothing is missing"
        : $"spork doctor: programs start through {Via}; see below for what is missing";

    public static Diagnosis Make()
    {
        var findings = SpawnLadder.Inspect();
        try
        {
            new Command("true").Run();
            return new Diagnosis(SpawnLadder.Current, findings, null);
        }
        catch (SpawnException e) when (e.Step.StartsWith("exec", StringComparison.Ordinal))
        {
            // A machine without true(1), but the child came as far as executing it: starting works.
            return new Diagnosis(SpawnLadder.Current, findings, null);
        }
        catch (Exception e) when (e is SpawnException or SystemCallException or PlatformNotSupportedException)
        {
            return new Diagnosis(SpawnLadder.Current, findings, e.Message);
        }
    }

    public static string Word(FindingState state) =>
        state switch
        {
            FindingState.Ok => "ok",
            FindingState.Degraded => "degraded",
            _ => "missing",
        };
}
