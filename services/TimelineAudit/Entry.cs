using System.Text.Json;

namespace CrisisCoordination.TimelineAudit;

/// <summary>
/// An event as the export tells it. Everything is read as a stranger would, from the text, with no type of the services: a
/// mistake made there is not made here a second time.
/// </summary>
/// <param name="At">When it is said to have happened.</param>
/// <param name="RecordedAt">When the house learned it.</param>
/// <param name="Order">Its place among all events, in the order in which they were recorded.</param>
/// <param name="Append">What was stored together with it has the same.</param>
internal sealed record Entry(
    Guid Stream, long Version, string Type, DateTimeOffset At, DateTimeOffset RecordedAt, long Order, ulong Append, string? User,
        JsonElement Data)
{
    public DateOnly RecordedOn => DateOnly.FromDateTime(RecordedAt.UtcDateTime);

    /// <summary>What came with a record that was merged into this one; it counts where it was told first.</summary>
    public Guid? MergedFrom => IdOrNone("mergedFrom");

    /// <summary>All lines of an export, in any order, to events in the order in which they were recorded.</summary>
    public static IReadOnlyList<Entry> ReadAll(IEnumerable<string> lines)
    {
        var read = new List<(Entry Entry, long Sequence)>();
        foreach (var line in lines)
        {
            var root = JsonDocument.Parse(line).RootElement;
            var stream = (root.TryGetProperty("personId", out var person) ? person : root.GetProperty("timelineId")).GetGuid();
            foreach (var e in root.GetProperty("events").EnumerateArray())
            {
                var data = e.GetProperty("data");
                read.Add((new(stream, e.GetProperty("version").GetInt64(), e.GetProperty("type").GetString()!,
                    (e.TryGetProperty("at", out var at) ? at : data.GetProperty("at")).GetDateTimeOffset(),
                    e.TryGetProperty("recordedAt", out var recorded) ? recorded.GetDateTimeOffset() : DateTimeOffset.UnixEpoch, 0,
                    e.TryGetProperty("append", out var append) ? append.GetUInt64() : 0, TextOf(e, "user"), data),
                    e.TryGetProperty("sequence", out var sequence) ? sequence.GetInt64() : 0));
            }
        }
        return [.. read.OrderBy(one => one.Entry.Append).ThenBy(one => one.Sequence).ThenBy(one => one.Entry.RecordedAt).Select((one, i) =>
            one.Entry with { Order = i + 1 })];
    }

    public string? Text(string member) => TextOf(Data, member);

    public IReadOnlyList<string> Texts(string member) => TextsOf(Data, member);

    public Guid Id(string member) => Data.GetProperty(member).GetGuid();

    public Guid? IdOrNone(string member) => Guid.TryParse(Text(member), out var id) ? id : null;

    public IReadOnlyList<Guid> Ids(string member) => [.. Texts(member).Select(Guid.Parse)];

    public int Number(string member) =>
        Data.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : 0;

    public bool Is(string member) => Data.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.True;

    public bool IsNot(string member) => Data.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.False;

    public static string? TextOf(JsonElement data, string member) =>
        data.ValueKind == JsonValueKind.Object && data.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() : null;

    public static IReadOnlyList<string> TextsOf(JsonElement data, string member) =>
        data.ValueKind == JsonValueKind.Object && data.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)] : [];
}
