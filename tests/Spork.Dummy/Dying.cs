namespace Spork.Dummy;

// Parents that end in all kinds of ways, and leave it to the kernel what becomes of their children.
internal static class Dying
{
    public static int StartAndExit(Command command)
    {
        using var child = command.Start();
        return 0;
    }

    public static int AfterStartAsync(Command command)
    {
        using var child = command.StartAsync().AsTask().GetAwaiter().GetResult();
        return SporkCommands.Die();
    }

    // The pool's thread that started it has something else to do, or has gone, when the parent dies.
    public static int AfterStartOnPool(Command command)
    {
        using var child = Task.Run(() => command.Start()).GetAwaiter().GetResult();
        return SporkCommands.Die();
    }

    public static int InScope(Command command)
    {
        using var scope = new ProcessScope();
        scope.Start(command);
        return SporkCommands.Die();
    }

    public static int InScopeAsync(Command command)
    {
        using var scope = new ProcessScope();
        _ = scope.StartAsync(command).AsTask().GetAwaiter().GetResult();
        return SporkCommands.Die();
    }

    public static int AfterDetaching(Command command)
    {
        using var child = command.StartDetached();
        Console.WriteLine(child.Id);
        return SporkCommands.Die();
    }
}
