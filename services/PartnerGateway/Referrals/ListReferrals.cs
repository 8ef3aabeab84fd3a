using CrisisCoordination.PartnerGateway.Agencies;
using CrisisCoordination.PartnerGateway.PartnerFeed;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Npgsql;

namespace CrisisCoordination.PartnerGateway.Referrals;

/// <summary>An agency's open referrals, with the concern: it is addressed to the agency, and the person agreed.</summary>
internal static class ListReferralsFeature
{
    // Asked for at once: how long a page takes tells nothing of what is not on it.
    private const int Most = 500;

    private sealed record Item(Guid PersonId, Guid ReferralId, string? Concern, DateTimeOffset OfferedAt, DateTimeOffset DueAt, bool Overdue);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/referrals", ListAsync).Allow(Roles.Partner).LogsRead("referrals to the agency");

    private static async Task<IResult> ListAsync(TimelineStore store, Disclosures disclosures, HttpContext http, Guid? cursor = null, int limit = 100)
    {
        var (agency, refusal) = await Agency.OfCallerAsync(http, store);
        if (refusal is not null) return refusal.ToProblem();
        limit = Math.Clamp(limit, 1, 500);
        var items = new List<Item>();
        var (last, more) = (cursor ?? Guid.Empty, true);
        // What the agency may not see is skipped and not left out of a page: the cursor would be the id of a referral that is kept from it.
        while (more && items.Count < limit)
        {
            var found = await FindAsync(store.Database, agency, last, http.RequestAborted);
            more = found.Count == Most;
            if (found.Count > 0) last = found[^1].Referral;
            var people = await store.OfAsync(found.Select(row => row.Person), http.RequestAborted);
            items.AddRange(found.Where(row => people[row.Person].MayAnswer(agency))
                .SelectMany(row => people[row.Person].OpenReferrals.Where(referral => referral.Id == row.Referral && referral.IsTo(agency))
                    .Select(referral => new Item(row.Person, referral.Id, referral.Concern, referral.OfferedAt, referral.DueAt, referral.Overdue))));
        }
        if (items.Count > limit) items.RemoveRange(limit, items.Count - limit);
        await disclosures.NoteAsync(agency, [.. items.Select(item => (item.PersonId, (long?)null))], "referrals", http.User.Identity!.Name, http.RequestAborted);
        return TypedResults.Ok(new { items, next = items.Count == limit ? items[^1].ReferralId : (Guid?)null });
    }

    private static async Task<List<(Guid Person, Guid Referral)>> FindAsync(NpgsqlDataSource database, string agency, Guid after, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select stream_id, referral_id from partner_gateway.open_referral where agency = $1 and referral_id > $2 order by referral_id limit $3");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = agency });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = after });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Most });
        var found = new List<(Guid Person, Guid Referral)>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) found.Add((reader.GetGuid(0), reader.GetGuid(1)));
        return found;
    }
}
