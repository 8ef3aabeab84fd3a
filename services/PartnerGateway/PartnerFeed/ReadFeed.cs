using System.Globalization;
using CrisisCoordination.PartnerGateway.Agencies;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.PartnerGateway.PartnerFeed;

/// <summary>
/// An agency reads what it may know, from any place on. What somebody no longer shares is passed over, also when it was put
/// in while they did (rule Q), so a page can be empty and still lead on: the end is where the next cursor is the one sent.
/// </summary>
internal static class ReadFeedFeature
{
    private const int LongestPage = 500;

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/feed", ReadAsync).Allow(Roles.Partner);

    private static async Task<IResult> ReadAsync(TimelineStore store, Deliveries deliveries, Disclosures disclosures, HttpContext http, string? after = null, int limit = 100)
    {
        var (agency, refusal) = await Agency.OfCallerAsync(http, store);
        if (refusal is not null) return refusal.ToProblem();
        var from = 0L;
        if (!string.IsNullOrEmpty(after) && !long.TryParse(after, NumberStyles.None, null, out from))
            return Refusal.Invalid("feed/cursor", "This cursor is not one that the feed gave. Start without one.", "after").ToProblem();
        limit = Math.Clamp(limit, 1, LongestPage);

        var page = await deliveries.PageAsync(agency, from, limit, http.RequestAborted);
        var people = await store.OfAsync(page.Where(row => row.Entry.Kind != Entry.Tombstone).Select(row => row.Entry.PersonId), http.RequestAborted);
        var sent = page.Where(row => row.Entry.Kind == Entry.Tombstone || row.Entry.MayBeSent(people[row.Entry.PersonId])).ToArray();
        await disclosures.NoteAsync(agency, [.. sent.Select(row => (row.Entry.PersonId, (long?)row.N))], "feed", http.User.Identity!.Name, http.RequestAborted);

        var next = page.Count > 0 ? page[^1].N : from;
        http.Response.Headers["Feed-Next"] = next.ToString();
        http.Response.Headers.Link = $"</feed?after={next}&limit={limit}>; rel=\"next\"";
        return TypedResults.Json(sent.Select(row => CloudEvent.Of(row.Entry)), EventJson.Options, CloudEvent.Batch);
    }
}
