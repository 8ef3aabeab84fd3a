using System.Text.Json;

namespace CrisisCoordination.PartnerGateway.PartnerFeed;

/// <summary>A CloudEvents 1.0 event in its JSON format. Context attributes may be logged on the way, so they name nobody.</summary>
/// <param name="Source">A URI-reference; with <paramref name="Id"/> it is unique.</param>
/// <param name="Subject">The person's random id.</param>
internal sealed record CloudEvent(
    string Specversion, string Id, string Source, string Type, string Subject, DateTimeOffset Time, string Datacontenttype, JsonElement Data)
{
    /// <summary>An extension attribute: true for what belongs to an exercise, and left out otherwise.</summary>
    public bool? Exercise { get; init; }

    public const string Batch = "application/cloudevents-batch+json";

    public static CloudEvent Of(Entry entry) => new(
        "1.0", entry.EventId.ToString(), $"/partner-gateway/{entry.Agency}", $"org.crisiscoordination.{entry.Kind}.v1",
        entry.PersonId.ToString(), entry.At.ToUniversalTime(), "application/json", JsonElement.Parse(entry.Data))
    { Exercise = entry.Exercise ? true : null };
}
