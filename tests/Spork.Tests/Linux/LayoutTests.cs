using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Spork.Tests.Support;

namespace Spork.Tests.Linux;

/// <summary>Sizes and offsets of every struct the kernel sees, against the kernel's headers.</summary>
public class LayoutTests
{
    [Fact]
    public void Every_struct_of_the_ground_floor_names_the_C_struct_it_mirrors()
    {
        Assert.NotEmpty(LinuxTypes.Structs);
        Assert.Equal(
            LinuxTypes.Structs.Select(type => type.Name).Order(StringComparer.Ordinal),
            CStruct.All.Select(entry => entry.Type.Name).Order(StringComparer.Ordinal)
        );
        foreach (var entry in CStruct.All)
        {
            Assert.Equal(
                LinuxTypes
                    .Fields(entry.Type)
                    .Select(field => $"{entry.Type.Name}.{field.Name}")
                    .Order(StringComparer.Ordinal),
                entry.Offsets.Select(pair => $"{entry.Type.Name}.{pair.Field}").Order(StringComparer.Ordinal)
            );
        }
    }

    [Fact]
    public void Every_struct_has_the_size_and_the_offsets_of_the_kernel_headers()
    {
        var headers = CProbe.Run(
            KernelHeaders.All,
            CStruct.All.SelectMany(entry => entry.Offsets.Select(pair => pair.Offset).Append(entry.Size)),
            "struct layouts against the kernel headers"
        );
        var wrong = new List<string>();
        foreach (var entry in CStruct.All)
        {
            if (headers.ContainsKey(entry.Offsets[0].Offset.Expression))
            {
                var size = entry.Size.Expression;
                Compare(wrong, $"{entry.Type.Name} ~ {size}", headers.GetValueOrDefault(size, -1), SizeOf(entry.Type));
                foreach (var (field, offset) in entry.Offsets)
                {
                    Compare(
                        wrong,
                        $"{entry.Type.Name}.{field} ~ {offset.Expression}",
                        headers[offset.Expression],
                        OffsetOf(entry.Type, field)
                    );
                }
            }
            else
            {
                Assert.True(entry.Guard is not null, $"{entry.Name}: not in the result although it has no guard");
                TestContext.Current.AddWarning($"NOT TESTED: {entry.Name}: newer than these headers.");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static void Compare(List<string> wrong, string what, long header, long ours)
    {
        if (header != ours)
        {
            wrong.Add($"{what}: the headers say {header}, ours is {ours}");
        }
    }

    // The layout that unmanaged code sees through a pointer, not the one a marshaller would make.
    private static int SizeOf(Type type) =>
        (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;

    // All of them are blittable, and for those Marshal answers with the managed offset.
    private static long OffsetOf(Type type, string field) => (long)Marshal.OffsetOf(type, field);
}
