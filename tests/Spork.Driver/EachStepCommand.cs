using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json.Nodes;
using Spork.Linux;
using Spork.Programs;
using Spork.Spawning;
using Spork.Tests.Support;

namespace Spork.Driver;

/// <summary>
/// Each step of one kind's listing refused in turn, on a thread of its own whose filter only children meet
/// (<see cref="InterpreterAddresses"/>): what the failure should say, and what it says.
/// </summary>
/// <remarks>
/// A filter knows a call by its number and by those arguments that are numbers already when the program is compiled. Two
/// steps that it cannot tell apart (execve of two directories of PATH) are one to it: the first of them fails, and what
/// only follows the second is not reached. A step that is reached by an error only (the wait after ETXTBSY) is led to by refusing the step before it with that error.
/// </remarks>
internal static class EachStepCommand
{
    // No step has an answer to it.
    private const int Refused = 122; // EDQUOT

    private const int Passes = 5;

    internal static int Run(string kind)
    {
        using var work = new FaultKind(kind);
        new Command("/bin/true").Start().WaitAsync().GetAwaiter().GetResult();
        // Once for what the runtime compiles, and for what is opened once and kept; then for the answer. A listing that closes
        // descriptors by their numbers has the runtime's in it: if there are more meanwhile, it is all done again. So it is if
        // something stays: what libc keeps of ended threads (stacks, arenas) grows until as many have ended at once as ever
        // do, and a leak comes again in every pass.
        _ = RefuseEach(work);
        JsonArray listing;
        List<string> left;
        var passes = 0;
        do
        {
            var before = ProcessCounts.TakeBaseline();
            listing = RefuseEach(work);
            left = [.. FaultCommand.LeftSoon(before)];
        } while ((work.Compile().StepCount != listing.Count || left.Count > 0) && ++passes < Passes);

        var result = new JsonObject
        {
            ["rung"] = SpawnLadder.Current,
            ["steps"] = listing,
            ["left"] = new JsonArray([.. left.Select(o => JsonValue.Create(o))]),
        };
        Console.WriteLine(result.ToJsonString());
        return 0;
    }

    private static JsonArray RefuseEach(FaultKind work)
    {
        var program = work.Compile();
        Step[] steps = [.. program.Steps, .. program.Second?.Steps ?? []];
        var ways = FindWays(steps, program.Steps.Count);
        var listing = new JsonArray();
        for (var i = 0; i < steps.Length; i++)
        {
            var answer = new JsonObject { ["call"] = $"{steps[i].Call}" };
            // Nobody comes back from exit(2).
            if (ways[i] is { } way && steps[i].Call != Syscall.exit)
            {
                Refusal[] rules =
                [
                    RefusalOf(steps[i], Refused),
                    .. way.Where(p => p.Errno != 0).Select(p => RefusalOf(steps[p.Step], p.Errno)),
                ];
                var first = way.Append(new(i, Refused)).First(p => Matches(rules[0], steps[p.Step])).Step;
                if (Leads(rules, steps, way.TakeWhile(p => p.Step != first)))
                {
                    answer["expected"] = Expected(work, steps, first);
                    answer["said"] = Try(work, rules);
                }
            }

            listing.Add((JsonNode)answer);
        }

        return listing;
    }

    // A step on the way to another, and the errno that must meet it there; 0 for none.
    private readonly record struct Passed(int Step, int Errno);

    // The way with the fewest refusals; null for a step that none leads to.
    private static List<Passed>?[] FindWays(Step[] steps, int second)
    {
        var ways = new List<Passed>?[steps.Length];
        var queue = new PriorityQueue<(int Step, List<Passed> Way), int>();
        queue.Enqueue((0, []), 0);
        while (queue.TryDequeue(out var at, out var cost))
        {
            if (at.Step < 0 || at.Step >= steps.Length || ways[at.Step] is not null)
            {
                continue;
            }

            ways[at.Step] = at.Way;
            var step = steps[at.Step];
            var before = at.Step < second ? 0 : second;
            if (!step.IsExec || at.Step < second)
            {
                Go(step.IsExec ? second : before + step.Next, 0, cost + 1);
            }

            foreach (var handler in step.Handlers)
            {
                if (step.Waits && handler.Errno == Errno.EAGAIN.Value)
                {
                    // The gate, which opens by itself: a child that a refusal led past it would go on before its maps are
                    // written, and lose its capabilities at the next exec (seen at one start in fifty).
                    Go(before + handler.Target, 0, cost + 1);
                    continue;
                }

                Go(before + handler.Target, handler.Errno == 0 ? Errno.EPERM.Value : handler.Errno, cost + 1000);
            }

            void Go(int to, int errno, int costs) => queue.Enqueue((to, [.. at.Way, new(at.Step, errno)]), costs);
        }

        return ways;
    }

    private static Refusal RefusalOf(Step step, int errno) =>
        new((int)step.Call, errno, null, 0)
        {
            Conditions =
            [
                .. step
                    .Operands.Select((operand, i) => (Argument: i, operand))
                    .Where(o => o.operand.Slot == Slot.Zero)
                    .Select(o => (o.Argument, (uint)o.operand.Constant)),
            ],
        };

    private static bool Matches(Refusal refusal, Step step) =>
        refusal.Number == (int)step.Call
        && refusal.Conditions.All(c =>
            c.Argument < step.Operands.Count
            && step.Operands[c.Argument].Slot == Slot.Zero
            && (uint)step.Operands[c.Argument].Constant == c.Value
        );

    // Not where one step shall be refused in another way than one that the filter cannot tell from it.
    private static bool Leads(Refusal[] rules, Step[] steps, IEnumerable<Passed> way) =>
        way.All(p => (Array.Find(rules, r => Matches(r, steps[p.Step]))?.Errno ?? 0) == p.Errno);

    private static string Expected(FaultKind work, Step[] steps, int at)
    {
        var step = steps[at];
        // Closing what is not open is no error for posix_spawn: any error leads to where success does.
        return step.Handlers.Any(h => h.Errno == 0 && h.Target == step.Next)
            ? "exit code 0"
            : work.Say(at + 1, steps.Length, step.Name, step.Subject, new Errno(Refused).Name, step.CallText);
    }

    private static string Try(FaultKind work, Refusal[] rules)
    {
        var said = "";
        var thread = new Thread(() =>
        {
            Seccomp.Install(
                rules.SelectMany(rule => InterpreterAddresses.AfterSyscall().Select(a => rule with { Address = a }))
            );
            // The last one's file would be in its way.
            work.Fresh();
            said = work.TryAndSay();
        });
        thread.Start();
        thread.Join();
        ForgetParent();
        return said;
    }

    // The thread that makes children with a parent-death signal has the filter of the one that made it: each refusal
    // needs a new one.
    private static void ForgetParent()
    {
        var field = typeof(LongLivedThread).GetField("s_queue", BindingFlags.NonPublic | BindingFlags.Static)!;
        ((BlockingCollection<Action>?)field.GetValue(null))?.CompleteAdding();
        field.SetValue(null, null);
    }
}
