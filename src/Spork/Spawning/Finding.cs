namespace Spork;

/// <summary>Whether the machine allows something.</summary>
public enum FindingState
{
    /// <summary>It works.</summary>
    Ok,

    /// <summary>There is a substitute that costs something.</summary>
    Degraded,

    /// <summary>Not here, and nothing replaces it.</summary>
    Missing,
}

/// <summary>One thing that <see cref="SpawnLadder.Inspect"/> looked at.</summary>
/// <param name="Name">For example <c>clone3</c>.</param>
/// <param name="State">Whether it works.</param>
/// <param name="Detail">What was found.</param>
/// <param name="Cost">What it costs that it does not work; empty if it does.</param>
public sealed record Finding(string Name, FindingState State, string Detail, string Cost);
