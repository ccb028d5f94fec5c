// A process of its own for what cannot be tried inside the test runner: to be traced from the first instruction, to
// have system calls refused, to be pid 1, to become another program. Prints JSON for the test to judge; it asserts
// nothing itself.

using Spork.Driver;

if (args.Length == 0)
{
    Console.Error.WriteLine(
        "driver: trace KIND DIRECTORY | basics DIRECTORY [REFUSAL…] | fault REFUSAL KIND | each-step KIND | filtered REFUSAL PROGRAM [ARGUMENT…] | beside COUNT | own COUNT | alone COUNT | rogue COUNT | refusals | inspect [without-proc] [REFUSAL…] | sigchld-of-process alone|beside | broken-pipe COUNT | hold PID | hold-and-look PID | cgroup-in-place DIRECTORY | shortage HOW [cgroup|left-cgroup|group] | cancelled-run cancel|timeout | last-look [cgroup|nested] | reuse before-opening|parent|root | ignoring-sigchld PROGRAM [ARGUMENT…] | posix-reset-ids DIRECTORY FILE [CREDENTIALS] | posix-foreground FILE | shell-many COUNT SCRIPT | shell-at-terminal WAY SCRIPT | shell-let-go THREADS COUNT | hostile-everyday REPORT | hostile-names REPORT NAME | hostile-full REPORT"
    );
    return 64;
}

return args[0] switch
{
    "trace" => TraceCommand.Run(args[1], args[2]),
    "basics" => BasicsCommand.Run(args[1], args[2..]),
    "beside" => BesideCommand.Run(int.Parse(args[1]), rogue: false),
    "own" => BesideCommand.Run(int.Parse(args[1]), rogue: false, ownOnly: true),
    "alone" => BesideCommand.Run(int.Parse(args[1]), rogue: false, ownOnly: true, alone: true),
    "rogue" => BesideCommand.Run(int.Parse(args[1]), rogue: true),
    "fault" => FaultCommand.Run(args[1], args[2]),
    "each-step" => EachStepCommand.Run(args[1]),
    "filtered" => FilteredCommand.Run(args[1], args[2..]),
    "refusals" => RefusalsCommand.Run(),
    "inspect" => InspectCommand.Run(args[1..]),
    "sigchld-of-process" => ProcessUnderIgnoredSigChild.Run(besideSpork: args[1] == "beside"),
    "broken-pipe" => BrokenPipeCommand.Run(int.Parse(args[1])),
    "shortage" => ShortageCommand.Run(args[1], args.Length > 2 ? args[2] : ""),
    "cancelled-run" => ShortageCommand.CancelledRun(args[1]),
    "last-look" => ShortageCommand.LastLook(args.Length > 1 ? args[1] : ""),
    "reuse" => ReuseCommand.Run(args[1]),
    "hold" => HoldCommand.Run(int.Parse(args[1]), looks: false),
    "hold-and-look" => HoldCommand.Run(int.Parse(args[1]), looks: true),
    "cgroup-in-place" => CgroupInPlaceCommand.Run(args[1]),
    "ignoring-sigchld" => IgnoringCommand.Run(args[1..]),
    "posix-reset-ids" => ResetIdsCommand.Run(args[1], args[2], args.Length > 3 ? args[3] : ""),
    "posix-foreground" => PosixCommands.Foreground(args[1]),
    "shell-many" => ShellCommands.Many(int.Parse(args[1]), args[2]),
    "shell-at-terminal" => ShellCommands.AtTerminal(args[1], args[2]),
    "shell-let-go" => ShellCommands.LetGo(int.Parse(args[1]), int.Parse(args[2])),
    "hostile-everyday" => HostileCommand.Everyday(args[1]),
    "hostile-names" => HostileCommand.Names(args[1], args[2]),
    "hostile-full" => HostileCommand.FullDisk(args[1]),
    _ => 64,
};
