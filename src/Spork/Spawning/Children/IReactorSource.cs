using Spork.Linux;

namespace Spork.Spawning;

/// <summary>A descriptor that the <see cref="Reactor"/> watches: a pidfd, our end of a pipe, a terminal's master.</summary>
internal interface IReactorSource
{
    /// <summary>Open for as long as it is watched.</summary>
    Descriptor Watched { get; }

    /// <summary>Which events, and how often (EPOLLONESHOT, EPOLLET).</summary>
    uint Interest { get; }

    /// <summary>The reactor's, under its lock.</summary>
    long ReactorId { get; set; }

    /// <summary>
    /// On the reactor's thread, which serves everybody: short, and throws nothing. False if nothing came of it and the
    /// source is to be looked at again in a moment.
    /// </summary>
    bool OnReady(uint events);

    /// <summary>Where epoll_wait is refused: whether it is worth a call of <see cref="OnReady"/>.</summary>
    bool MayBeReady();
}
