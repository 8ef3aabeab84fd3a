using System.Text.Json;
using System.Text.Json.Serialization;

namespace CrisisCoordination.ServiceDefaults;

/// <summary>The JSON of the house at its edges: the same as in the store (camel case, enums as camel-case strings, no nulls).</summary>
public static class EventJson
{
    /// <summary>For reading and writing outside of a request.</summary>
    public static JsonSerializerOptions Options { get; } = Apply(new(JsonSerializerDefaults.Web));

    internal static JsonSerializerOptions Apply(JsonSerializerOptions options)
    {
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        return options;
    }
}
