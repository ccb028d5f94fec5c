using System.Runtime.InteropServices;

namespace Spork.Spawning;

/// <summary>Keeps the caller's handles from being closed while a child still needs them.</summary>
internal struct HeldHandles
{
    private readonly SafeHandle[] _handles;
    private int _count;

    internal HeldHandles(SafeHandle[] handles)
    {
        _handles = handles;
        try
        {
            foreach (var handle in handles)
            {
                var added = false;
                handle.DangerousAddRef(ref added);
                _count++;
            }
        }
        catch
        {
            Release();
            throw;
        }
    }

    internal void Release()
    {
        while (_count > 0)
        {
            _handles[--_count].DangerousRelease();
        }
    }
}
