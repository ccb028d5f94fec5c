using System.Runtime.InteropServices;

namespace Spork.Spawning;

/// <summary>A namespace to enter: by its own descriptor (kinds: none, or what it must be) or by a pidfd (kinds of which).</summary>
internal readonly record struct JoinedNamespace(SafeHandle Handle, Namespaces Kinds);
