namespace Spork.Tests.Support;

/// <summary>Calls back, with the state of all threads and children, unless disposed in time.</summary>
internal sealed class Deadline : IDisposable
{
    /// <summary>Far more than any test takes, far less than a person waits.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromSeconds(60);

    private readonly ManualResetEventSlim _done = new();
    private readonly Thread _watch;

    public Deadline(string what, TimeSpan limit, Action<string> expired)
    {
        // A thread of its own, not a Timer: a starved thread pool is one of the hangs to be caught. Named like the
        // runtime's threads, so that ProcessCounts leaves it out.
        _watch = new Thread(() => Watch(what, limit, expired)) { IsBackground = true, Name = ".NET deadline" };
        _watch.Start();
    }

    public void Dispose()
    {
        _done.Set();
        _watch.Join();
        _done.Dispose();
    }

    private void Watch(string what, TimeSpan limit, Action<string> expired)
    {
        if (!_done.Wait(limit))
        {
            expired($"'{what}' did not end within {limit}.\n{ProcessState.Describe()}");
        }
    }
}
