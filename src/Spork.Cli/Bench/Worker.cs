using System.Globalization;
using System.IO.Pipes;

namespace Spork.Cli.Bench;

/// <summary>A rival's process as the bench holds it: told what to do over a pipe, answering over another.</summary>
internal sealed class Worker : IDisposable
{
    private readonly AnonymousPipeServerStream _requestPipe = new(PipeDirection.Out);
    private readonly AnonymousPipeServerStream _replyPipe = new(PipeDirection.In);
    private readonly StreamWriter _requests;
    private readonly StreamReader _replies;
    private readonly ChildProcess _process;

    public Worker(string rival, ulong heap, Command command)
    {
        Rival = rival;
        Heap = heap;
        _process = command
            .WithStandardInput(Stdio.FromHandle(_requestPipe.ClientSafePipeHandle))
            .WithStandardOutput(Stdio.FromHandle(_replyPipe.ClientSafePipeHandle))
            .Start();
        // Our copies of the child's ends would keep a dead worker looking alive.
        _requestPipe.DisposeLocalCopyOfClientHandle();
        _replyPipe.DisposeLocalCopyOfClientHandle();
        _requests = new StreamWriter(_requestPipe) { AutoFlush = true, NewLine = "\n" };
        _replies = new StreamReader(_replyPipe);
        Reply(); // "ready": the heap is touched
    }

    public string Rival { get; }

    public ulong Heap { get; }

    /// <summary>Starts <paramref name="count"/> children one after the other.</summary>
    public Batch Spawn(int count)
    {
        var numbers = Ask($"spawn {count}");
        var call = new double[count];
        var reaped = new double[count];
        for (var i = 0; i < count; i++)
        {
            call[i] = numbers[1 + (2 * i)] / 1000.0;
            reaped[i] = numbers[2 + (2 * i)] / 1000.0;
        }

        return new Batch(call, reaped, (double)numbers[0] / count);
    }

    /// <summary>Starts children from several threads at once; spawns per second and bytes allocated by each.</summary>
    public (double PerSecond, double AllocatedEach) Parallel(int threads, int count)
    {
        var numbers = Ask($"parallel {threads} {count}");
        var done = count / threads * threads;
        return (done / (numbers[1] / 1e9), (double)numbers[0] / done);
    }

    /// <summary>What takes time is said in the request; microseconds, and bytes allocated by each.</summary>
    public (double[] Times, double AllocatedEach) Time(string request, int count)
    {
        var numbers = Ask(request);
        return ([.. numbers[1..].Select(time => time / 1000.0)], (double)numbers[0] / count);
    }

    public void Dispose()
    {
        // End of file on its stdin is the worker's sign to leave; one that does not is not waited for.
        _requests.Dispose();
        if (_process.Wait(TimeSpan.FromSeconds(5)) is null)
        {
            _process.Kill();
            _process.Wait();
        }

        _replies.Dispose();
        _process.Dispose();
    }

    private long[] Ask(string request)
    {
        _requests.WriteLine(request);
        return [.. Reply().Split(' ').Select(number => long.Parse(number, CultureInfo.InvariantCulture))];
    }

    private string Reply() =>
        _replies.ReadLine()
        ?? throw new IOException($"the bench's {Rival} worker ended early ({_process.Wait()}); its error is above");
}
