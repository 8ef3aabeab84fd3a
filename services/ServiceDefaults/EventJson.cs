using System.Text.Json;
using System.Text.Json.Serialization;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.ServiceDefaults;

/// <summary>The JSON of the house at its edges: the same as in the store (camel case, enums as camel-case strings, no nulls).</summary>
public static class EventJson
{
    /// <summary>For reading and writing outside of a request.</summary>
    public static JsonSerializerOptions Options { get; } = Apply(new(JsonSerializerDefaults.Web));

    internal static JsonSerializerOptions Apply(JsonSerializerOptions options)
    {
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.Converters.Add(new MomentConverter());
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        return options;
    }
}

/// <summary>A moment of ISO 8601. Without its offset it would be another one wherever the server stands.</summary>
internal sealed class MomentConverter : JsonConverter<DateTimeOffset>
{
    public const string HowToWrite = "A time is written with its offset from UTC: 2026-05-04T08:00:00Z, or 2026-05-04T11:00:00+03:00 by a clock three hours ahead.";

    /// <summary>Whether a time is written with it.</summary>
    public static bool HasOffset(string text) => text.IndexOf('T') is > 0 and var clock && text.AsSpan(clock).IndexOfAny('Z', '+', '-') > 0;

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString() is { } text && HasOffset(text) && reader.TryGetDateTimeOffset(out var moment) ? moment : throw new UnreadableException(HowToWrite);

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
