using FsCheck;
using FsCheck.Fluent;

namespace Spork.Tests.Spawning;

internal enum Act
{
    Open,
    Close,
    Dup2,
    ChDir,
    FChDir,
    CloseFrom,
}

/// <summary>One file action, by indexes into the numbers and paths that the test has.</summary>
internal sealed record PosixAct(Act Act, int Number, int Other, string Path, int Flags)
{
    public void AddTo(SpawnFileActions actions)
    {
        _ = Act switch
        {
            Act.Open => actions.AddOpen(Number, Path, Flags, Convert.ToInt32("640", 8)),
            Act.Close => actions.AddClose(Number),
            Act.Dup2 => actions.AddDup2(Number, Other),
            Act.ChDir => actions.AddChDir(Path),
            Act.FChDir => actions.AddFChDir(Number),
            _ => actions.AddCloseFrom(Number),
        };
    }
}

/// <summary>Random sequences of file actions, smaller ones tried first when a property fails.</summary>
internal static class PosixActions
{
    public const int First = 400;

    // 400: file, 401: file, close-on-exec, 402: directory, 403: directory, close-on-exec; then free ones, the lowest
    // ones, and one that can never be open.
    private static readonly int[] Numbers = [0, 1, 2, 400, 401, 401, 402, 403, 403, 404, 405, 406, 2_000_000_000];

    private static readonly string[] Paths =
    [
        "file",
        "made",
        "sub",
        "sub/file",
        "../file",
        "missing",
        "sub/missing/x",
        "",
    ];

    // O_RDONLY, O_RDWR, O_WRONLY|O_CREAT|O_APPEND, O_RDONLY|O_CLOEXEC, O_RDWR|O_CREAT|O_TRUNC|O_CLOEXEC, O_DIRECTORY,
    // O_PATH.
    private static readonly int[] Flags = [0, 2, 0x441, 0x80000, 0x80242, 0x10000, 0x200000];

    public static Arbitrary<PosixAct[]> Any { get; } = Arb.From(Sequences(), Shrink);

    private static Gen<PosixAct[]> Sequences()
    {
        var act =
            from what in Gen.Elements(
                Act.Open,
                Act.Open,
                Act.Open,
                Act.Close,
                Act.Dup2,
                Act.Dup2,
                Act.Dup2,
                Act.ChDir,
                Act.FChDir,
                Act.CloseFrom
            )
            from number in Gen.Elements(Numbers)
            from other in Gen.Elements(Numbers)
            from same in Gen.Choose(0, 3)
            from path in Gen.Elements(Paths)
            from flags in Gen.Elements(Flags)
            select new PosixAct(what, number, same == 0 ? number : other, path, flags);
        return Gen.Choose(0, 6).SelectMany(n => Gen.ArrayOf(act, n));
    }

    private static IEnumerable<PosixAct[]> Shrink(PosixAct[] acts) =>
        acts.Select((_, i) => (PosixAct[])[.. acts[..i], .. acts[(i + 1)..]]);
}
