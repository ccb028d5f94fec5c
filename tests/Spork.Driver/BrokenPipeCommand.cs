using System.IO.Pipes;
using System.Text.Json.Nodes;

namespace Spork.Driver;

/// <summary>Fails to become another program again and again, while a thread writes to a pipe nobody reads.</summary>
internal static class BrokenPipeCommand
{
    private static long s_writes;

    internal static int Run(int count)
    {
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        pipe.DisposeLocalCopyOfClientHandle();
        new Thread(() => WriteForEver(pipe)) { IsBackground = true }.Start();
        var failures = 0;
        while (failures < count || Interlocked.Read(ref s_writes) < count)
        {
            try
            {
                new Command("/no/such/program").ExecInPlace();
            }
            catch (SpawnException)
            {
                failures++;
            }
        }

        Console.WriteLine(
            new JsonObject { ["failures"] = failures, ["writes"] = Interlocked.Read(ref s_writes) }.ToJsonString()
        );
        return 0;
    }

    private static void WriteForEver(AnonymousPipeServerStream pipe)
    {
        while (true)
        {
            try
            {
                pipe.WriteByte(1);
            }
            catch (IOException)
            {
                // EPIPE; with SIGPIPE at its default the process would be gone.
                Interlocked.Increment(ref s_writes);
            }
        }
    }
}
