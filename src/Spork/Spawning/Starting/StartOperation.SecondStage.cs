namespace Spork.Spawning;

/// <summary>
/// A start with a second stage: its outcome is in the stage's report, and its event the end of the stage's pipe, on the
/// caller's thread or in the reactor. <see cref="StartWaiter"/> has no part in it: that the first stage let go of our
/// memory is not the outcome.
/// </summary>
internal sealed unsafe partial class StartOperation
{
    private SecondStage AddSecondStage()
    {
        _stage = SecondStage.Create(_compiled);
        _stage.HandOverTo(_arena);
        _stage.Ended = OnStageEnded;
        return _stage;
    }

    // Right after the birth: nobody else knows of the child yet.
    private void GoOnWithSecondStage(Reactor reactor)
    {
        _stage!.CloseChildsEnds();
        if (_options.Isolation.HasNewUser && IdMaps.Write(Child.Id, _options.Isolation) is { } refused)
        {
            // A child that failed before has the better reason, and will tell.
            if (!Reaper.HasExited(Child.PidFd))
            {
                End();
                throw MapRefused(refused.Step, refused.Subject, refused.Errno);
            }
        }

        if (!_compiled.Mode.Gated)
        {
            OpenGate();
        }

        if (!_compiled.Mode.Asynchronous)
        {
            return;
        }

        _stage.LookNowAndThen();
        var errno = reactor.TryAdd(_stage);
        if (errno != default)
        {
            if (End())
            {
                throw new SystemCallException("epoll_ctl", "the reactor", errno);
            }

            return;
        }

        WatchOrEnd(reactor);
    }

    // On the reactor's thread: the stage became the program, or is going. False: in the middle of either. Or on a thread
    // of the pool, now and then: it may be anywhere.
    private bool OnStageEnded()
    {
        lock (_lock)
        {
            if (_concluded || _cancelled || !_stage!.ReachedExec)
            {
                // It failed, or was killed: OnExited will hear of it, and reap it.
                return true;
            }

            if (!_stage.IsProgram(Child))
            {
                return Reaper.HasExited(Child.PidFd);
            }

            _concluded = true;
        }

        Succeed();
        return true;
    }

    private SpawnException MapRefused(string step, string subject, Errno errno) =>
        new(
            new SpawnFailure(_options.Program, step, subject, SpawnLadder.Name(_compiled.Mode.Rung))
            {
                StepCount = _compiled.Program.StepCount,
                Errno = errno,
                Hint =
                    subject == IdMaps.NoProc
                        ? "mount it (mount -t proc proc /proc): what there is shows no processes, or another namespace's"
                    : errno == Errno.EPERM
                        ? "a plain user may map itself only, one user and one group: use WithOwnIdentityAs, or newuidmap(1) on a gated start"
                    : errno == Errno.EINVAL ? "the ranges overlap, or there are more than 340"
                    : null,
            }
        );
}
