using CrisisCoordination.PartnerGateway.Agencies;
using CrisisCoordination.PartnerGateway.PartnerFeed;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Npgsql;

namespace CrisisCoordination.PartnerGateway.Referrals;

/// <summary>An agency's open referrals, with the concern: it is addressed to the agency, and the person agreed.</summary>
internal static class ListReferralsFeature
{
    private sealed record Item(Guid PersonId, Guid ReferralId, string? Concern, DateTimeOffset OfferedAt, DateTimeOffset DueAt, bool Overdue);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/referrals", ListAsync).Allow(Roles.Partner).LogsRead("referrals to the agency");

    private static async Task<IResult> ListAsync(TimelineStore store, Disclosures disclosures, HttpContext http, Guid? cursor = null, int limit = 100)
    {
        var (agency, refusal) = await Agency.OfCallerAsync(http, store);
        if (refusal is not null) return refusal.ToProblem();
        limit = Math.Clamp(limit, 1, 500);
        await using var command = store.Database.CreateCommand("select stream_id, referral_id from partner_gateway.open_referral where agency = $1 and referral_id > $2 order by referral_id limit $3");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = agency });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = cursor ?? Guid.Empty });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        var found = new List<(Guid Person, Guid Referral)>();
        await using (var reader = await command.ExecuteReaderAsync(http.RequestAborted))
            while (await reader.ReadAsync(http.RequestAborted)) found.Add((reader.GetGuid(0), reader.GetGuid(1)));

        var people = await store.OfAsync(found.Select(row => row.Person), http.RequestAborted);
        var items = found.Where(row => people[row.Person].MayKnow(agency))
            .SelectMany(row => people[row.Person].OpenReferrals.Where(referral => referral.Id == row.Referral && referral.IsTo(agency))
                .Select(referral => new Item(row.Person, referral.Id, referral.Concern, referral.OfferedAt, referral.DueAt, referral.Overdue))).ToArray();
        await disclosures.NoteAsync(agency, [.. items.Select(item => (item.PersonId, (long?)null))], "referrals", http.User.Identity!.Name, http.RequestAborted);
        return TypedResults.Ok(new { items, next = found.Count == limit ? found[^1].Referral : (Guid?)null });
    }
}
