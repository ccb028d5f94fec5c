using System.Globalization;
using Spork.Linux;
using Spork.Programs;

namespace Spork.Spawning;

/// <summary>
/// A posix_spawn that resets ids (POSIX_SPAWN_RESETIDS where effective and real ones differ). glibc does that in the
/// memory it shares with its caller; here it is the business of a second stage (<see cref="SecondStageCompiler"/>).
/// </summary>
/// <remarks>
/// <para>
/// The order stays glibc's: scheduler, session and group with the old ids, in the first stage; then, in the second, the
/// effective user, the effective group, the file actions with the new ids, dispositions, mask, exec. The saved ids follow
/// with exec.
/// </para>
/// <para>What one exec more would change is undone, so that the actions and the program find what libc's would find:</para>
/// <list type="bullet">
/// <item>close-on-exec descriptors, which actions may name (all that .NET opens are), lose that flag in the first stage
/// and get it back in the second;</item>
/// <item>a soft RLIMIT_STACK above 8 MiB is lowered to that by an exec with different ids (fs/exec.c, secureexec), and is
/// put back;</item>
/// <item>capabilities, which exec deals out anew, are made those of libc's child, or refused before
/// (<see cref="IdReset"/>).</item>
/// </list>
/// <para>The stage's pipe stands above the numbers that actions name, is spared by closefrom, and goes with exec.</para>
/// </remarks>
internal static class PosixStages
{
    // fs/exec.c, _STK_LIM
    private const ulong KeptStack = 8 << 20;

    internal static ChildProgram Compile(CommandOptions options, IdReset ids, EnvironmentBlock inherited)
    {
        var request = options.Posix!;
        var named = PosixDescriptors.Named(request);
        var closing = PosixDescriptors.CloseOnExec(named);
        var numbers = new StageNumbers(named);

        var first = new ProgramBuilder();
        numbers.AddTo(first);
        AddFlags(first, closing, 0, "kept for the file actions");
        PosixCompiler.AddTask(first, request.Attributes);
        StageEntry.AddEnter(first, numbers);

        var second = new ProgramBuilder(first.Count);
        var map = StageEntry.AddArrival(second, numbers);
        AddFlags(second, closing, Fcntl.FD_CLOEXEC, "not for the program");
        AddStackLimit(second);
        AddIds(second, ids);
        PosixFileSteps.Add(second, request, numbers.Pipe);
        foreach (var signal in SignalSet.Numbers(request.SignalDefault))
        {
            SignalSteps.AddDefault(second, signal);
        }

        SignalSteps.AddMask(second, request.Blocked);
        PosixExec.Add(second, request, options.SearchPath, inherited);
        return StageEntry.Join(first, second, map, numbers);
    }

    private static void AddFlags(ProgramBuilder program, int[] descriptors, int flags, string note)
    {
        foreach (var number in descriptors)
        {
            program.Add(
                Syscall.fcntl,
                "close-on-exec",
                $"descriptor {number}",
                note,
                number,
                Operand.Named(Fcntl.F_SETFD, "F_SETFD"),
                flags == 0 ? Operand.Immediate(0) : Operand.Named(flags, "FD_CLOEXEC")
            );
            // Another thread has closed it meanwhile: not open is what an action will find.
            var next = program.NewLabel();
            program.On(Errno.EBADF.Value, next);
            program.Mark(next);
        }
    }

    private static void AddStackLimit(ProgramBuilder program)
    {
        if (RLimit.Of(Resource.StackSize) is { } limit && limit.Soft > KeptStack)
        {
            LimitSteps.AddLimit(program, Resource.StackSize, limit.Soft, limit.Hard, "the exec before lowered it");
        }
    }

    // seteuid(getuid()), then setegid(getgid()), as glibc: both are always allowed, and so is having less.
    private static void AddIds(ProgramBuilder program, IdReset ids)
    {
        var asItIs = Operand.Immediate(-1);
        program.Add(
            Syscall.setresuid,
            CredentialSteps.ResetStep,
            $"user {ids.User.ToString(CultureInfo.InvariantCulture)}",
            "the effective one",
            asItIs,
            ids.User,
            asItIs
        );
        program.Add(
            Syscall.setresgid,
            CredentialSteps.ResetStep,
            $"group {ids.Group.ToString(CultureInfo.InvariantCulture)}",
            "the effective one",
            asItIs,
            ids.Group,
            asItIs
        );
        if (ids.Ambient is not null)
        {
            CredentialSteps.AddClearAmbient(program, CredentialSteps.ResetStep);
        }

        if (ids.Capabilities is { } sets)
        {
            CredentialSteps.AddSets(program, sets, CredentialSteps.ResetStep);
        }

        foreach (var capability in CapabilityNames.In(ids.Ambient ?? 0))
        {
            CredentialSteps.AddAmbient(program, capability, CredentialSteps.ResetStep);
        }
    }
}
