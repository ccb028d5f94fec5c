namespace Spork;

/// <summary>A range of users or groups of a new user namespace; see user_namespaces(7).</summary>
/// <param name="Inside">The first number inside.</param>
/// <param name="Outside">The number outside that it stands for.</param>
/// <param name="Count">How many.</param>
public readonly record struct IdMap(uint Inside, uint Outside, uint Count = 1);
