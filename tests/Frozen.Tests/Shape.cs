using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.Frozen.Tests;

/// <summary>How a type looks as JSON: its members, and those of all types that stand in them.</summary>
internal static class Shape
{
    private static readonly NullabilityInfoContext Nullability = new();

    /// <summary>Every type of ours that is reached from these, themselves included.</summary>
    public static IReadOnlyCollection<Type> Reached(params IEnumerable<Type> roots)
    {
        var (reached, left) = (new HashSet<Type>(), new Stack<Type>(roots));
        while (left.TryPop(out var type))
            if (type.IsArray) left.Push(type.GetElementType()!);
            else if (type.IsGenericType && !IsOurs(type)) foreach (var argument in type.GetGenericArguments()) left.Push(argument);
            else if (IsOurs(type) && reached.Add(type)) foreach (var member in Members(type)) left.Push(member.PropertyType);
        return reached;
    }

    /// <summary>A line for each member: its name in JSON, its type, and whether it is sealed.</summary>
    public static IEnumerable<string> Lines(string name, Type type) => Members(type).Select(member =>
        $"{name}.{JsonNamingPolicy.CamelCase.ConvertName(member.Name)}: {Describe(member)}{(member.IsDefined(typeof(PersonalAttribute)) ? " [Personal]" : "")}");

    /// <summary>A line for each member of an enumeration, as it is written.</summary>
    public static IEnumerable<string> Words(Type type) =>
        Enum.GetNames(type).Select(word => $"{type.FullName!["CrisisCoordination.".Length..].Replace('+', '.')}.{word}: {JsonNamingPolicy.CamelCase.ConvertName(word)}");

    private static bool IsOurs(Type type) => type.Namespace?.StartsWith("CrisisCoordination", StringComparison.Ordinal) == true;

    // What is written by a converter of its own has no members.
    private static IEnumerable<PropertyInfo> Members(Type type) => type.IsEnum || type.IsDefined(typeof(JsonConverterAttribute)) ? []
        : type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(member => member.GetMethod is { } && member.GetIndexParameters().Length == 0 && !member.IsDefined(typeof(JsonIgnoreAttribute)) && member.CanWrite);

    private static string Describe(PropertyInfo member) =>
        Name(member.PropertyType) + (!member.PropertyType.IsValueType && Nullability.Create(member).ReadState == NullabilityState.Nullable ? "?" : "");

    private static string Name(Type type) =>
        Nullable.GetUnderlyingType(type) is { } value ? Name(value) + "?"
        : type.IsArray ? $"[{Name(type.GetElementType()!)}]"
        : !type.IsGenericType ? type.Name
        : typeof(IEnumerable).IsAssignableFrom(type) ? $"[{string.Join(": ", type.GetGenericArguments().Select(Name))}]"
        : $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
}
