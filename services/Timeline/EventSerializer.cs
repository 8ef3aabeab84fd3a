using System.Buffers;
using System.Buffers.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.Timeline;

/// <summary>
/// Events to the JSON of <c>mt_events.data</c> and back. Members marked <see cref="PersonalAttribute"/> stand in one
/// member <c>"$personal"</c>: base64 of AES-GCM over the JSON object that holds just them, bound to the stream and the type.
/// </summary>
internal sealed class EventSerializer
{
    /// <summary>The house's JSON: camel case, enums as camel-case strings, nulls left out. A Marten store gets the same.</summary>
    public static JsonSerializerOptions Json { get; } = Options(null);

    private static readonly JsonSerializerOptions Open = Options(personal => !personal), Secret = Options(personal => personal);
    private static readonly JsonEncodedText PersonalMember = JsonEncodedText.Encode("$personal");

    private readonly Dictionary<Type, (JsonTypeInfo Whole, JsonTypeInfo Open, JsonTypeInfo? Secret)> types;

    public EventSerializer(EventTypes events) =>
        types = events.All.ToDictionary(type => type.Clr, type =>
            (Json.GetTypeInfo(type.Clr), Open.GetTypeInfo(type.Clr), type.Personal.Count > 0 ? Secret.GetTypeInfo(type.Clr) : null));

    /// <summary>Whether writing the event needs a key: it has personal members and one of them says something.</summary>
    public static bool HasPersonalData(EventType type, Event @event)
    {
        foreach (var member in type.Personal)
            if (member.GetValue(@event) is not null) return true;
        return false;
    }

    public byte[] Write(EventType type, Event @event, PersonKey? key, Guid streamId)
    {
        var (_, open, secret) = types[type.Clr];
        if (secret is null || key is null) return JsonSerializer.SerializeToUtf8Bytes(@event, open);
        var box = key.Seal(JsonSerializer.SerializeToUtf8Bytes(@event, secret), Context(type, streamId));
        var plain = JsonSerializer.SerializeToUtf8Bytes(@event, open);
        var buffer = new ArrayBufferWriter<byte>(plain.Length + box.Length * 4 / 3 + 24);
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteBase64String(PersonalMember, box);
        writer.Flush();
        // The open object always has a member (its time), so a comma and the rest of it follow.
        buffer.Write(","u8);
        buffer.Write(plain.AsSpan(1));
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Without a key the personal members come back as null: erased, or not for the reader.</summary>
    public Event Read(EventType type, ReadOnlySpan<byte> data, PersonKey? key, Guid streamId)
    {
        var (whole, _, secret) = types[type.Clr];
        if (secret is null || key is null || !TryFindPersonal(data, out var base64))
            return (Event)JsonSerializer.Deserialize(data, whole)!;
        var box = ArrayPool<byte>.Shared.Rent(Base64.GetMaxDecodedFromUtf8Length(base64.Length));
        var joined = ArrayPool<byte>.Shared.Rent(box.Length + data.Length);
        try
        {
            Base64.DecodeFromUtf8(base64, box, out _, out var boxed);
            var length = boxed - Keyring.NonceSize - Keyring.TagSize;
            key.Open(box.AsSpan(0, boxed), joined.AsSpan(0, length), Context(type, streamId));
            // {personal…} and {open…} become one object, so that the record is built in one go.
            var start = length;
            if (length > 2) joined[length - 1] = (byte)','; else start = 1;
            data[(data.IndexOf((byte)'{') + 1)..].CopyTo(joined.AsSpan(start));
            return (Event)JsonSerializer.Deserialize(joined.AsSpan(0, start + data.Length - data.IndexOf((byte)'{') - 1), whole)!;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(joined, clearArray: true);
            ArrayPool<byte>.Shared.Return(box);
        }
    }

    private static byte[] Context(EventType type, Guid streamId)
    {
        var context = new byte[16 + type.Alias.Length];
        streamId.TryWriteBytes(context);
        System.Text.Encoding.ASCII.GetBytes(type.Alias, context.AsSpan(16));
        return context;
    }

    private static bool TryFindPersonal(ReadOnlySpan<byte> data, out ReadOnlySpan<byte> base64)
    {
        base64 = default;
        var reader = new Utf8JsonReader(data);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(PersonalMember.EncodedUtf8Bytes);
            reader.Read();
            if (found)
            {
                base64 = reader.ValueSpan;
                return true;
            }
            reader.Skip();
        }
        return false;
    }

    private static JsonSerializerOptions Options(Func<bool, bool>? keep)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            // Stored, not shown in a page: names stay legible in the database of a Marten user.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            PropertyNameCaseInsensitive = false,
            NumberHandling = JsonNumberHandling.Strict,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        };
        if (keep is not null)
            options.TypeInfoResolver = options.TypeInfoResolver.WithAddedModifier(type =>
            {
                if (type.Type.IsSubclassOf(typeof(Event)))
                    foreach (var member in type.Properties)
                        if (!keep(member.AttributeProvider?.IsDefined(typeof(PersonalAttribute), inherit: false) == true))
                            member.ShouldSerialize = static (_, _) => false;
            });
        options.MakeReadOnly();
        return options;
    }
}
