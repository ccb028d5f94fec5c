namespace Spork.Linux;

/// <summary>linux/prctl.h.</summary>
internal static class Prctl
{
    internal const int PR_SET_PDEATHSIG = 1;
}
