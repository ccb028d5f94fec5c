using Spork.Cli.Doctor;

namespace Spork.Cli.Tour;

internal sealed class DoctorStop : ITourStop
{
    public string Title => "What this machine allows";

    public void Visit(TourGuide guide)
    {
        var diagnosis = Diagnosis.Make();
        guide.Show("spork doctor");
        guide.Result(diagnosis.Summary);
        foreach (var finding in diagnosis.Findings.Where(finding => finding.State != FindingState.Ok))
        {
            guide.Say($"{finding.Name} is {Diagnosis.Word(finding.State)} ({finding.Detail}): {finding.Cost}");
        }

        TourGuide.Require(diagnosis.Works, diagnosis.Failure ?? "programs cannot be started");
    }
}
