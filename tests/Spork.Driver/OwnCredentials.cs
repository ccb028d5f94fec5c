using Spork.Linux;

namespace Spork.Driver;

/// <summary>Makes the calling thread, and it alone, somebody whose capabilities do not follow from its ids.</summary>
internal static unsafe class OwnCredentials
{
    private const int PR_SET_SECUREBITS = 28;
    private const ulong OverFiles =
        (1 << (int)Capability.CAP_DAC_OVERRIDE) | (1 << (int)Capability.CAP_DAC_READ_SEARCH);

    /// <param name="steps">
    /// In this order, with blanks between: <c>uids=R,E,S</c>, <c>caps=EFFECTIVE/PERMITTED/INHERITABLE</c> (<c>all</c>: that
    /// are permitted; <c>none</c>, <c>files</c>, <c>all-files</c>, <c>kill</c>), <c>bits=N</c>, <c>unbound=SET</c>,
    /// <c>ambient=SET</c>, <c>nnp</c>.
    /// </param>
    internal static void Become(string steps)
    {
        foreach (var step in steps.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = (step.Split('=')[0], step.Split('=')[^1]);
            switch (name)
            {
                case "uids":
                    var ids = Array.ConvertAll(value.Split(','), int.Parse);
                    OrThrow(step, Sys.Call(Syscall.setresuid, ids[0], ids[1], ids[2]));
                    break;
                case "caps":
                    var sets = Array.ConvertAll(value.Split('/'), Set);
                    OrThrow(step, SetCapabilities(sets[0], sets[1], sets[2]));
                    break;
                case "bits":
                    OrThrow(step, Sys.Call(Syscall.prctl, PR_SET_SECUREBITS, int.Parse(value)));
                    break;
                case "nnp":
                    OrThrow(step, Sys.Call(Syscall.prctl, Prctl.PR_SET_NO_NEW_PRIVS, 1));
                    break;
                case "unbound":
                    Each(value, number => Sys.Call(Syscall.prctl, Prctl.PR_CAPBSET_DROP, number));
                    break;
                case "ambient":
                    Each(
                        value,
                        number => Sys.Call(Syscall.prctl, Prctl.PR_CAP_AMBIENT, Prctl.PR_CAP_AMBIENT_RAISE, number)
                    );
                    break;
                default:
                    throw new ArgumentException(step, nameof(steps));
            }
        }
    }

    private static ulong Set(string name) =>
        name switch
        {
            "all" => CapabilitySets.OfThisThread().Permitted,
            "none" => 0,
            "files" => OverFiles,
            "all-files" => CapabilitySets.OfThisThread().Permitted & ~OverFiles,
            "kill" => CapabilitySets.Bit(Capability.CAP_KILL),
            _ => throw new ArgumentException("No such set.", nameof(name)),
        };

    private static void Each(string set, Func<int, nint> call)
    {
        for (var number = 0; number < 64; number++)
        {
            if ((Set(set) & (1UL << number)) != 0)
            {
                OrThrow($"{set} {number}", call(number));
            }
        }
    }

    private static nint SetCapabilities(ulong effective, ulong permitted, ulong inheritable)
    {
        var header = new CapabilityHeader { Version = CapabilityHeader._LINUX_CAPABILITY_VERSION_3 };
        var words = stackalloc CapabilityWords[2];
        for (var i = 0; i < 2; i++)
        {
            words[i].Effective = (uint)(effective >> (32 * i));
            words[i].Permitted = (uint)(permitted >> (32 * i));
            words[i].Inheritable = (uint)(inheritable >> (32 * i));
        }

        return Sys.Call(Syscall.capset, (nint)(&header), (nint)words);
    }

    private static void OrThrow(string step, nint result)
    {
        if (result < 0)
        {
            throw new SystemCallException(step, "this thread's credentials", Sys.ErrnoOf(result));
        }
    }
}
