namespace Spork.Tests.Support;

/// <summary>Runs at the end of a scope, also when an assertion fails: no child outlives its test.</summary>
internal sealed class Disposal(Action action) : IDisposable
{
    public void Dispose() => action();
}
