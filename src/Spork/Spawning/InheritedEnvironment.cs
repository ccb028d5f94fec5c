using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;

namespace Spork.Spawning;

/// <summary>What a child inherits when the command does not say otherwise, without allocating when nothing changed.</summary>
/// <remarks>
/// .NET keeps the environment in two places. Until someone enumerates or sets a variable it is libc's <c>environ</c>;
/// from then on it is a dictionary of the runtime's own, and environ goes stale. Children must see what
/// <see cref="Environment.SetEnvironmentVariable(string, string)"/> said, and there is no notification. Asking the
/// public way, <see cref="Environment.GetEnvironmentVariables()"/>, copies everything into a new Hashtable: 3 to 10 KB a
/// start. So the dictionary is looked at in place, under the lock that the runtime itself takes (its own object), and
/// compared by reference with what was last seen. Where that field is gone, the public way is used. See ADR 0004.
/// </remarks>
internal static unsafe class InheritedEnvironment
{
    private static readonly FieldInfo? RuntimeCopy = FindRuntimeCopy();
    private static readonly nint* EnvironSymbol = FindEnviron();

    private static EnvironmentBlock s_last = new([], null);

    /// <summary>Whether changes are seen without allocating; false costs about 5 KB a start.</summary>
    internal static bool IsDirect => RuntimeCopy is not null && EnvironSymbol is not null;

    internal static EnvironmentBlock Current()
    {
        var last = Volatile.Read(ref s_last);
        EnvironmentBlock current;
        if (!IsDirect)
        {
            current = FromHashtable(last, Environment.GetEnvironmentVariables());
        }
        else if (RuntimeCopy!.GetValue(null) is Dictionary<string, string> variables)
        {
            lock (variables)
            {
                current = Matches(last, variables) ? last : FromDictionary(variables);
            }
        }
        else
        {
            current = FromEnviron(last, (byte**)*EnvironSymbol);
        }

        Volatile.Write(ref s_last, current);
        return current;
    }

    private static bool Matches(EnvironmentBlock last, Dictionary<string, string> variables)
    {
        if (last.Fingerprint is not { } seen || seen.Length != variables.Count * 2)
        {
            return false;
        }

        var i = 0;
        foreach (var (name, value) in variables)
        {
            if (!ReferenceEquals(seen[i++], name) || !ReferenceEquals(seen[i++], value))
            {
                return false;
            }
        }

        return true;
    }

    private static EnvironmentBlock FromDictionary(Dictionary<string, string> variables)
    {
        var fingerprint = new List<object?>();
        var bytes = new List<byte>();
        foreach (var (name, value) in variables)
        {
            fingerprint.Add(name);
            fingerprint.Add(value);
            bytes.AddRange(Encoding.UTF8.GetBytes($"{name}={value}\0"));
        }

        return new EnvironmentBlock([.. bytes], [.. fingerprint]);
    }

    private static EnvironmentBlock FromHashtable(EnvironmentBlock last, IDictionary variables)
    {
        var entries = variables.Cast<DictionaryEntry>().Select(e => $"{e.Key}={e.Value}\0").Order(StringComparer.Ordinal);
        var bytes = Encoding.UTF8.GetBytes(string.Concat(entries));
        return bytes.AsSpan().SequenceEqual(last.Bytes) ? last : new EnvironmentBlock(bytes, null);
    }

    // The bytes as they are: variables that are not UTF-8 reach the child unharmed.
    private static EnvironmentBlock FromEnviron(EnvironmentBlock last, byte** environ)
    {
        var position = 0;
        var same = last.Fingerprint is null;
        var count = 0;
        for (; environ is not null && environ[count] is not null; count++)
        {
            var entry = EntryAt(environ, count);
            same = same && last.Bytes.AsSpan(Math.Min(position, last.Bytes.Length)).StartsWith(entry);
            position += entry.Length;
        }

        if (same && position == last.Bytes.Length)
        {
            return last;
        }

        var bytes = new List<byte>(position);
        for (var i = 0; i < count; i++)
        {
            bytes.AddRange(EntryAt(environ, i));
        }

        return new EnvironmentBlock([.. bytes], null);
    }

    private static ReadOnlySpan<byte> EntryAt(byte** environ, int index)
    {
        var text = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(environ[index]);
        return new ReadOnlySpan<byte>(environ[index], text.Length + 1);
    }

    [DynamicDependency("s_environ", typeof(Environment))]
    private static FieldInfo? FindRuntimeCopy()
    {
        var field = typeof(Environment).GetField("s_environ", BindingFlags.Static | BindingFlags.NonPublic);
        return field?.FieldType == typeof(Dictionary<string, string>) ? field : null;
    }

    private static nint* FindEnviron()
    {
        var libc = NativeLibrary.GetMainProgramHandle();
        return NativeLibrary.TryGetExport(libc, "environ", out var address) ? (nint*)address : null;
    }
}
