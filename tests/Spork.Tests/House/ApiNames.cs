namespace Spork.Tests.House;

/// <summary>Type names as C# writes them.</summary>
internal static class ApiNames
{
    private static readonly Dictionary<Type, string> s_keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(nint)] = "nint",
        [typeof(nuint)] = "nuint",
        [typeof(double)] = "double",
        [typeof(char)] = "char",
        [typeof(string)] = "string",
        [typeof(object)] = "object",
    };

    public static string Of(Type type)
    {
        if (s_keywords.TryGetValue(type, out var keyword))
        {
            return keyword;
        }

        if (type.IsByRef || type.IsArray || type.IsPointer)
        {
            return Of(type.GetElementType()!)
                + (
                    type.IsArray ? "[]"
                    : type.IsPointer ? "*"
                    : ""
                );
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Of(underlying) + "?";
        }

        // A generic parameter has a declaring type too, and is written without it.
        var outer = type is { IsNested: true, IsGenericParameter: false } ? Of(type.DeclaringType!) + "." : "";
        var name = type.Name.Split('`')[0];
        return type.IsGenericType
            ? $"{outer}{name}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>"
            : outer + name;
    }
}
