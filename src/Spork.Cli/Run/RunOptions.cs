using System.CommandLine;

namespace Spork.Cli.Run;

/// <summary>The options of <c>spork run</c>, as text; <see cref="RunPlan"/> gives them their meaning.</summary>
internal sealed class RunOptions
{
    public Option<string> Cwd { get; } = Text("--cwd", "DIR", "Start in this directory");
    public Option<string[]> Env { get; } = Texts("--env", "NAME=VALUE", "Set an environment variable (repeatable)");
    public Option<string[]> UnsetEnv { get; } = Texts("--unset-env", "NAME", "Remove a variable (repeatable)");
    public Option<bool> ClearEnv { get; } = Flag("--clear-env", "Start from an empty environment");
    public Option<string> Argv0 { get; } = Text("--argv0", "NAME", "What the program sees as its own name");
    public Option<string> Stdin { get; } = Text("--stdin", "SPEC", "inherit, null, closed or a file to read");
    public Option<string> Stdout { get; } = Text("--stdout", "SPEC", "inherit, null, closed or a file to write");
    public Option<string> StdoutAppend { get; } = Text("--stdout-append", "FILE", "Append standard output to a file");
    public Option<string> Stderr { get; } = Text("--stderr", "SPEC", "inherit, null, closed or a file to write");
    public Option<string> StderrAppend { get; } = Text("--stderr-append", "FILE", "Append standard error to a file");
    public Option<string[]> Fd { get; } =
        Texts("--fd", "N=SPEC", "N=M, N=null, N=closed, 'N<FILE', 'N>FILE' or 'N>>FILE' (repeatable)");
    public Option<string> Umask { get; } = Text("--umask", "OCTAL", "File mode creation mask, such as 022");
    public Option<string> Nice { get; } = Text("--nice", "N", "Niceness, absolute, from -20 to 19");
    public Option<string> Cpus { get; } = Text("--cpus", "LIST", "Processors to run on, such as 0,2-3");
    public Option<string[]> Limit { get; } =
        Texts("--limit", "NAME=SOFT[:HARD]", "Resource limit, such as nofile=1024 or as=1G:unlimited (repeatable)");
    public Option<bool> Session { get; } = Flag("--session", "Lead a new session, without a terminal");
    public Option<bool> Pty { get; } = Flag("--pty", "Run in a pseudo-terminal, our own terminal passed through");
    public Option<string> Size { get; } = Text("--size", "ROWSxCOLUMNS", "With --pty: a fixed size, such as 24x80");
    public Option<string> ProcessGroup { get; } =
        new("--process-group")
        {
            Arity = ArgumentArity.ZeroOrOne,
            HelpName = "PGID",
            Description = "Join this process group (--process-group=PGID); alone: lead a new one",
        };
    public Option<string> ParentDeathSignal { get; } =
        Text("--parent-death-signal", "SIG", "The signal the command gets when spork dies");
    public Option<string> Cgroup { get; } = Text("--cgroup", "DIR", "Be born in this cgroup (v2 directory)");
    public Option<string[]> IgnoreSignal { get; } = Texts("--ignore-signal", "SIG", "Start with this signal ignored");
    public Option<string[]> BlockSignal { get; } = Texts("--block-signal", "SIG", "Start with this signal blocked");
    public Option<string> User { get; } =
        Text("--user", "USER[:GROUP]", "Be this user, by name or number, with its groups");
    public Option<string> Groups { get; } = Text("--groups", "LIST", "Exactly these supplementary groups; '' for none");
    public Option<bool> NoNewPrivs { get; } = Flag("--no-new-privs", "Never gain privileges by executing");
    public Option<string> Cap { get; } =
        Text("--cap", "LIST", "Exactly these capabilities (net_admin,kill), 'none', or -NAME,… to drop some");
    public Option<string> OomScoreAdj { get; } =
        Text("--oom-score-adj", "N", "Out-of-memory score adjustment, -1000 to 1000");
    public Option<string> Chroot { get; } = Text("--chroot", "DIR", "With this root directory");
    public Option<string> Unshare { get; } =
        Text("--unshare", "LIST", "New namespaces: mnt,net,pid,user,uts,ipc,cgroup,time");
    public Option<bool> MapRoot { get; } = Flag("--map-root", "A new user namespace where you are root");
    public Option<string> HostName { get; } = Text("--hostname", "NAME", "This host name, in a namespace of its own");
    public Option<string> IoPrio { get; } = Text("--ioprio", "CLASS[:LEVEL]", "I/O priority: rt, be or idle, 0 to 7");
    public Option<string> Sched { get; } =
        Text("--sched", "POLICY[:PRIORITY]", "Scheduling policy: other, batch, idle, fifo or rr");
    public Option<bool> KeepIgnored { get; } = Flag("--keep-ignored", "Keep ignored what spork inherited as ignored");
    public Option<bool> NoPathSearch { get; } = Flag("--no-path-search", "CMD is a path, even without a slash");
    public Option<string> Timeout { get; } = Text("--timeout", "DURATION", "End the command after 500ms, 1s, 2m, 1.5h");
    public Option<string> StopSignal { get; } =
        new("--stop-signal", "--timeout-signal") { HelpName = "SIG", Description = "How to end it (default TERM)" };
    public Option<string> Grace { get; } =
        new("--grace", "--kill-after")
        {
            HelpName = "DURATION",
            Description = "SIGKILL this long after the stop signal (default 5s)",
        };
    public Option<bool> KillTree { get; } =
        Flag("--kill-tree", "Leave nothing of what the command started, however it ends");
    public Option<bool> KillOnParentExit { get; } = Flag("--kill-on-parent-exit", "SIGKILL the command if spork dies");
    public Option<bool> Detach { get; } =
        Flag("--detach", "Leave it running in a session of its own; print its process number");
    public Option<bool> Exec { get; } = Flag("--exec", "Become the command: same process, no child");
    public Option<bool> Explain { get; } = Flag("--explain", "Print the child program and run nothing");
    public Option<bool> Json { get; } = Flag("--json", "With --explain: as JSON");
    public Option<string> Report { get; } = Text("--report", "FILE", "Write what happened as JSON");

    /// <summary>Whose values may be any bytes.</summary>
    public IEnumerable<Option> TakeBytes =>
        [Cwd, Env, UnsetEnv, Argv0, Stdin, Stdout, StdoutAppend, Stderr, StderrAppend, Fd];

    public IEnumerable<Option> All =>
        [
            Cwd,
            Env,
            UnsetEnv,
            ClearEnv,
            Argv0,
            Stdin,
            Stdout,
            StdoutAppend,
            Stderr,
            StderrAppend,
            Fd,
            Umask,
            Nice,
            Cpus,
            Limit,
            Session,
            Pty,
            Size,
            ProcessGroup,
            ParentDeathSignal,
            Cgroup,
            IgnoreSignal,
            BlockSignal,
            User,
            Groups,
            NoNewPrivs,
            Cap,
            OomScoreAdj,
            Chroot,
            Unshare,
            MapRoot,
            HostName,
            IoPrio,
            Sched,
            KeepIgnored,
            NoPathSearch,
            Timeout,
            StopSignal,
            Grace,
            KillTree,
            KillOnParentExit,
            Detach,
            Exec,
            Explain,
            Json,
            Report,
        ];

    private static Option<string> Text(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description };

    private static Option<string[]> Texts(string name, string value, string description) =>
        new(name)
        {
            HelpName = value,
            Description = description,
            Arity = ArgumentArity.OneOrMore,
        };

    private static Option<bool> Flag(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.Zero };
}
