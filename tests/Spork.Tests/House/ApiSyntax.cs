using System.Reflection;

namespace Spork.Tests.House;

/// <summary>Declarations as C# writes them, without nullability, which reflection tells only roughly.</summary>
internal static class ApiSyntax
{
    public static string Type(Type type)
    {
        var kind = type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            _ when typeof(Delegate).IsAssignableFrom(type) => "delegate",
            { IsValueType: true } => "struct",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };
        var bases = type.GetInterfaces()
            .Where(i => i.IsVisible)
            .Select(ApiNames.Of)
            .Order(StringComparer.Ordinal)
            .ToList();
        if (type.BaseType is { } parent && kind.EndsWith("class", StringComparison.Ordinal) && parent != typeof(object))
        {
            bases.Insert(0, ApiNames.Of(parent));
        }

        var inherits = bases.Count > 0 && kind is not ("enum" or "delegate") ? " : " + string.Join(", ", bases) : "";
        return $"public {kind} {type.Namespace}.{ApiNames.Of(type)}{inherits}";
    }

    public static string Constructor(ConstructorInfo constructor) =>
        $"{Access(constructor)}new({Parameters(constructor.GetParameters())})";

    public static string Field(FieldInfo field)
    {
        var modifier =
            field.IsLiteral ? "const "
            : field.IsStatic ? "static "
            : "";
        var value = field.IsLiteral ? $" = {field.GetRawConstantValue()}" : "";
        return $"{(field.IsPublic ? "" : "protected ")}{modifier}{(field.IsInitOnly ? "readonly " : "")}"
            + $"{ApiNames.Of(field.FieldType)} {field.Name}{value}";
    }

    public static string Property(PropertyInfo property)
    {
        var accessors = property.GetAccessors(true).Where(PublicApi.IsVisible).ToList();
        var isInit =
            property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Any(m => m.Name == "IsExternalInit")
            == true;
        var parts = accessors.Select(a =>
            a == property.GetMethod ? "get; "
            : isInit ? "init; "
            : "set; "
        );
        var index = property.GetIndexParameters() is { Length: > 0 } p ? $"[{Parameters(p)}]" : "";
        return $"{Access(accessors[0])}{Modifiers(accessors[0])}{ApiNames.Of(property.PropertyType)} "
            + $"{property.Name}{index} {{ {string.Concat(parts)}}}";
    }

    public static string Event(EventInfo e) =>
        $"{Access(e.AddMethod!)}{Modifiers(e.AddMethod!)}event {ApiNames.Of(e.EventHandlerType!)} {e.Name}";

    public static string Method(MethodInfo method)
    {
        var generic = method.IsGenericMethodDefinition
            ? $"<{string.Join(", ", method.GetGenericArguments().Select(ApiNames.Of))}>"
            : "";
        return $"{Access(method)}{Modifiers(method)}{ApiNames.Of(method.ReturnType)} {method.Name}{generic}"
            + $"({Parameters(method.GetParameters())})";
    }

    private static string Access(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static string Modifiers(MethodInfo method) =>
        method switch
        {
            { IsStatic: true } => "static ",
            { DeclaringType.IsInterface: true } => "",
            { IsAbstract: true } => "abstract ",
            { IsVirtual: true } when method.GetBaseDefinition() != method => "override ",
            { IsVirtual: true, IsFinal: false } => "virtual ",
            _ => "",
        };

    private static string Parameters(IEnumerable<ParameterInfo> parameters) =>
        string.Join(", ", parameters.Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        var passed = parameter switch
        {
            { IsOut: true } => "out ",
            { IsIn: true } => "in ",
            { ParameterType.IsByRef: true } => "ref ",
            _ when parameter.CustomAttributes.Any(a =>
                    a.AttributeType.Name is "ParamArrayAttribute" or "ParamCollectionAttribute"
                ) => "params ",
            _ => "",
        };
        var fallback = parameter.HasDefaultValue ? $" = {parameter.RawDefaultValue ?? "default"}" : "";
        return $"{passed}{ApiNames.Of(parameter.ParameterType)} {parameter.Name}{fallback}";
    }
}
