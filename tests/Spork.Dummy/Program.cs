// The child that tests start. It is a .NET program, so the runtime has already installed signal handlers, opened
// descriptors of its own and raised the soft RLIMIT_NOFILE before Main runs. Where a test must see exactly what the
// child was given, it starts coreutils instead: `cat /proc/self/status`, `ls -l /proc/self/fd`.

using Spork.Dummy;

if (args.Length == 0)
{
    return Commands.Usage("no command");
}

var rest = args.AsSpan(1);
return args[0] switch
{
    "echo" => Commands.Echo(rest, '\n'),
    "echo0" => Commands.Echo(rest, '\0'),
    "env" => ProcCommands.Environment(),
    "fds" => ProcCommands.Descriptors(),
    "status" => ProcCommands.Status(),
    "limits" => ProcCommands.Limits(),
    "cwd" => ProcCommands.WorkingDirectory(),
    "pgrp" => ProcCommands.Identity(),
    "exit" => Commands.Exit(rest),
    "kill" => Commands.Kill(rest),
    "sleep" => Commands.Sleep(rest),
    "cat" => Commands.Cat(),
    "spork" => SporkCommands.Run(rest),
    _ => Commands.Usage($"unknown command '{args[0]}'"),
};
