using System.Text;

namespace Spork.Testing;

// What a test asks at its end.
public sealed partial class CommandDouble
{
    /// <summary>
    /// That every rule was used, one with <see cref="CommandRule.Times"/> as often as it says, that no command went without
    /// a rule, though its exception may have been caught, and that no body threw.
    /// </summary>
    /// <exception cref="CommandDoubleException">Not so; says what.</exception>
    public void Verify()
    {
        ThrowBodyFailure();
        var wrong = new StringBuilder();
        lock (_lock)
        {
            foreach (var command in _unmatched)
            {
                wrong.Append($"\n  no rule covered: {command}");
            }

            foreach (var rule in _rules.Where(r => !r.IsSatisfied))
            {
                wrong.Append($"\n  {rule}");
            }
        }

        if (wrong.Length > 0)
        {
            throw new CommandDoubleException($"Not the commands that were expected:{wrong}{AllCalls()}");
        }
    }

    /// <summary>That there were calls of these rules in this order; others may lie between.</summary>
    /// <exception cref="CommandDoubleException">Not so; says which calls there were.</exception>
    public void VerifyOrder(params CommandRule[] rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        var next = 0;
        foreach (var call in Calls)
        {
            next += next < rules.Length && rules[next].Calls.Contains(call) ? 1 : 0;
        }

        if (next < rules.Length)
        {
            throw new CommandDoubleException($"Not in the order that was expected: {rules[next]}{AllCalls()}");
        }
    }

    private CommandDoubleException Unmatched(Command command)
    {
        var text = new StringBuilder($"No rule of the CommandDouble covers this command: {command}");
        foreach (var rule in _rules)
        {
            text.Append($"\n  {rule}");
        }

        return new(text.Append(_rules.Count == 0 ? "\nIt has no rules." : "").ToString());
    }

    private string AllCalls()
    {
        var calls = Calls;
        return calls.Count == 0 ? "\nNo calls." : $"\nCalls:\n  {string.Join("\n  ", calls.Select(c => c.Command))}";
    }

    private void ThrowBodyFailure()
    {
        Exception? failure;
        lock (_lock)
        {
            (failure, _bodyFailure) = (_bodyFailure, null);
        }

        if (failure is not null)
        {
            throw new CommandDoubleException($"A rule's body threw: {failure.Message}", failure);
        }
    }
}
