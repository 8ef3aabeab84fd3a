using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.EvacuationPlanning.Places;

/// <summary>A transport names points, and tells nothing about where they lie: what it says of that must agree with them.</summary>
internal static class PlacesOfTransports
{
    /// <summary>The points that the transport names.</summary>
    public static IEnumerable<string> Codes(this TransportScheduled transport) => [transport.From, transport.To, .. transport.Alternates ?? []];

    /// <summary>Why the transport cannot run between these points; null when it can.</summary>
    public static Refusal? Check(this Atlas atlas, TransportScheduled transport)
    {
        (string Field, string Code)[] named = [("from", transport.From), ("to", transport.To), .. (transport.Alternates ?? []).Select(code => ("alternates", code))];
        foreach (var (field, code) in named)
            if (atlas.Find(code) is null)
                return Refusal.Invalid("transport/point-unknown", $"There is no assembly point {code}. Enter it first, with its country, or correct the code.", field);
        return transport.DestinationCountry is { } told && atlas.Find(transport.To)!.Country is { } stands && stands.Country != told
            ? Contradicted($"{transport.To} lies in {stands.Country}, as {stands.Source}", told)
            : null;
    }

    /// <param name="known">Where the point lies, and who told it.</param>
    /// <param name="told">What the transport says.</param>
    public static Refusal Contradicted(string known, string told) => Refusal.Conflict("transport/country-contradicts",
        $"{known}; this transport says {told}. Leave the country out, or name the point that is meant. "
        + "If the point's country is wrong, propose another for the point; a second officer confirms it.") with
    { Field = "destinationCountry" };
}
