using System.Reflection;
using System.Runtime.CompilerServices;

namespace Spork.Tests.Linux;

/// <summary>What the ground floor declares about the kernel, by reflection so that nothing is forgotten.</summary>
internal static class LinuxTypes
{
    private static IEnumerable<Type> All =>
        typeof(Errno)
            .Assembly.GetTypes()
            .Where(type =>
                type.Namespace == "Spork.Linux" && !type.IsDefined(typeof(CompilerGeneratedAttribute), false)
            );

    /// <summary>Every struct that the kernel reads or writes.</summary>
    public static IReadOnlyList<Type> Structs =>
        [
            .. All.Where(type =>
                type is { IsValueType: true, IsEnum: false, IsPrimitive: false } && Fields(type).Length > 0
            ),
        ];

    public static FieldInfo[] Fields(Type type) =>
        type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);

    /// <summary>
    /// Every constant with a name of C's, which is in capitals (CLONE_VM, WNOHANG, __WALL); a constant of our own
    /// is written as C# writes it (PageSize).
    /// </summary>
    public static IReadOnlyList<(string Name, long Value)> Constants =>
        [
            .. All.Where(type => !type.IsEnum)
                .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
                .Where(constant =>
                    constant.IsLiteral
                    && constant.Name.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_')
                )
                .Select(constant => (constant.Name, ToLong(constant.GetRawConstantValue()!))),
        ];

    // Headers print as signed 64 bit; a ulong constant is compared bit by bit.
    private static long ToLong(object value) =>
        value is ulong unsigned ? unchecked((long)unsigned) : Convert.ToInt64(value);
}
