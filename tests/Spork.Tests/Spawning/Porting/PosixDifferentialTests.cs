using FsCheck;
using FsCheck.Fluent;
using Microsoft.Win32.SafeHandles;
using Spork.Spawning;
using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>
/// The same file actions through Spork's program and through libc's posix_spawn: the same descriptors (file, position,
/// flags), the same directory, or the same errno.
/// </summary>
public sealed class PosixDifferentialTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly List<SafeFileHandle> _handles = [];

    public PosixDifferentialTests()
    {
        Directory.CreateDirectory(_directory["sub"]);
        _directory.Write("file", "some text");
        _directory.Write("sub/file", "other text");
        _handles.Add(Numbered.Open(_directory["file"], PosixActions.First, closeOnExec: false));
        _handles.Add(Numbered.Open(_directory["sub/file"], PosixActions.First + 1, closeOnExec: true));
        _handles.Add(Numbered.Open(_directory.Path, PosixActions.First + 2, closeOnExec: false));
        _handles.Add(Numbered.Open(_directory["sub"], PosixActions.First + 3, closeOnExec: true));
        Numbered.Seek(_handles[0], 3);
    }

    public void Dispose()
    {
        _handles.ForEach(handle => handle.Dispose());
        _directory.Dispose();
    }

    // With ids to reset there are two stages; here they are the same ids as before, so that it needs no root.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Deadline(seconds: 300)]
    public void Any_sequence_of_file_actions_does_what_libc_does_or_fails_as_it_does(bool resetsIds)
    {
        Assert.SkipWhen(
            SpawnLadder.Current == "posix_spawn",
            "NOT TESTED: Spork beside libc. Here libc is all there is."
        );
        var failed = 0;
        FsCheck.Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(400),
            Prop.ForAll(
                PosixActions.Any,
                acts =>
                {
                    var ours = Outcome(acts, resetsIds, byLibC: false, asynchronous: acts.Length % 2 == 1);
                    Assert.Equal(Outcome(acts, resetsIds, byLibC: true, asynchronous: false), ours);
                    failed += ours.StartsWith("errno", StringComparison.Ordinal) ? 1 : 0;
                }
            )
        );

        // Both kinds came up, or the property says little.
        Assert.InRange(failed, 40, 360);
    }

    private string Outcome(PosixAct[] acts, bool resetsIds, bool byLibC, bool asynchronous)
    {
        // Relative paths mean the same in both: the first action leads there.
        var actions = new SpawnFileActions().AddChDir(_directory.Path);
        foreach (var act in acts)
        {
            act.AddTo(actions);
        }

        try
        {
            var attributes = new SpawnAttributes { Flags = resetsIds ? SpawnFlags.ResetIds : SpawnFlags.None };
            var command = Posix.Of("/bin/sleep", search: false, actions, attributes, ["sleep", "1000"], null);
            if (resetsIds)
            {
                command = ResettingIds.Forced(command);
            }

            using var child =
                byLibC ? PosixByLibC.Start(command.Options, command.Handles)
                : asynchronous ? command.StartAsync().AsTask().GetAwaiter().GetResult()
                : command.Start();
            try
            {
                Waiting.For(() => OtherProcess.IsIn(child.Id, OtherProcess.ClockNanosleep), "sleep to sleep");
                return $"cwd {new FileInfo($"/proc/{child.Id}/cwd").LinkTarget}\n{Numbered.Describe(child.Id)}";
            }
            finally
            {
                child.Kill();
                child.Wait();
            }
        }
        catch (SpawnException e)
        {
            return $"errno {e.Errno.Name}";
        }
    }
}
