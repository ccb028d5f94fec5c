using System.Reflection;

namespace Spork.Tests.House;

/// <summary>Prints what an assembly offers to others: types and their members, sorted, one line each.</summary>
internal static class PublicApi
{
    private const BindingFlags Declared =
        BindingFlags.Public
        | BindingFlags.NonPublic
        | BindingFlags.Instance
        | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    public static IReadOnlyList<string> Describe(Assembly assembly)
    {
        var lines = new List<string>();
        foreach (var type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            if (lines.Count > 0)
            {
                lines.Add("");
            }

            lines.Add(ApiSyntax.Type(type));
            lines.AddRange(Members(type).Order(StringComparer.Ordinal).Distinct().Select(member => "    " + member));
        }

        return lines;
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            return [ApiSyntax.Method(type.GetMethod("Invoke")!)];
        }

        if (type.IsEnum)
        {
            return type.GetEnumNames().Select(name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name))}");
        }

        // Accessors are part of their property or event; operators (also special names) are members of their own.
        return
        [
            .. type.GetConstructors(Declared).Where(IsVisible).Select(ApiSyntax.Constructor),
            .. type.GetFields(Declared)
                .Where(f => f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly)
                .Select(ApiSyntax.Field),
            .. type.GetProperties(Declared).Where(p => p.GetAccessors(true).Any(IsVisible)).Select(ApiSyntax.Property),
            .. type.GetEvents(Declared).Where(e => IsVisible(e.AddMethod!)).Select(ApiSyntax.Event),
            .. type.GetMethods(Declared).Where(m => IsVisible(m) && !IsAccessor(m)).Select(ApiSyntax.Method),
        ];
    }

    // The compiler's own members, such as a record's <Clone>$, cannot be named in C#.
    internal static bool IsVisible(MethodBase method) =>
        method.Name[0] != '<' && (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly);

    private static bool IsAccessor(MethodInfo method) =>
        method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal);
}
