using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.Timeline;
using Npgsql;

namespace CrisisCoordination.EvacuationPlanning.Plans;

/// <summary>
/// Whom a plan of a crisis is about. Coarse facts only: nationality, fears and documents are read from the timelines when
/// they are needed and stay nowhere else.
/// </summary>
internal static class TravellersOfCrisis
{
    public static IProjection Table => new Projection<Passenger>("evacuation_planning.traveller", 3,
        [("crisis_id", "uuid not null"), ("household_id", "uuid"), ("merged_households", "uuid[] not null"), ("tier", "integer not null"), ("score", "integer not null"), ("state", "text not null"), ("registered_at", "timestamptz not null"), ("escort_id", "uuid")],
        person => person.IsKnown
            ? person.Crises.Order().Select(crisis => new object?[] { crisis, person.HouseholdId, person.HouseholdsMerged.ToArray(), person.Tier, person.Score, person.State.ToString(), person.RegisteredAt!.Value.ToUniversalTime(), person.Alone.Escort?.AdultId })
            : [],
        [
            typeof(PersonRegistered), typeof(RegistrationRepeated), typeof(HouseholdJoined), typeof(HouseholdLeft), typeof(NeedsAssessed), typeof(PersonErased),
            typeof(SeatHeld), typeof(SeatReleased), typeof(Boarded), typeof(NoShow), typeof(Arrived),
            typeof(CheckedInAtGate), typeof(MissingAtArrival), typeof(FoundAfterArrival),
            typeof(MergedInto), typeof(UnmergedFrom), typeof(DuplicateMerged), typeof(DuplicateUnmerged), typeof(RegistrationSeparated),
            typeof(BestInterestsDecided), typeof(ChildSeparationReported),
        ],
        "create index on {table} (crisis_id, state)", "create index on {table} (household_id)", "create index on {table} using gin (merged_households)", "create index on {table} (escort_id) where escort_id is not null");

    public static async Task<IReadOnlyList<Guid>> ToPlanAsync(TimelineStore store, Guid crisis, CancellationToken ct)
    {
        await using var command = store.Database.CreateCommand("select distinct stream_id from evacuation_planning.traveller where crisis_id = $1 and state in ('Waiting', 'Held') order by 1");
        command.Parameters.Add(new() { Value = crisis });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var ids = new List<Guid>();
        while (await reader.ReadAsync(ct)) ids.Add(reader.GetGuid(0));
        return ids;
    }

    /// <summary>Everybody on the list who is of one of these households.</summary>
    public static async Task<IReadOnlyList<Guid>> OfHouseholdsAsync(NpgsqlDataSource database, Guid[] households, CancellationToken ct = default)
    {
        await using var command = database.CreateCommand("select distinct stream_id from evacuation_planning.traveller where household_id = any($1) or merged_households && $1");
        command.Parameters.Add(new() { Value = households });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var ids = new List<Guid>();
        while (await reader.ReadAsync(ct)) ids.Add(reader.GetGuid(0));
        return ids;
    }

    /// <summary>Waits until the list has everybody who stands before the present end of the feed, and says where that is; null when that takes too long.</summary>
    public static async Task<FeedPosition?> ListedUptoAsync(Feed feed, TimeProvider clock, CancellationToken ct)
    {
        var end = await feed.EndAsync(ct);
        for (var waited = 0; waited < 300; waited++)
        {
            if (await feed.PositionAsync("evacuation_planning/projections", ct) >= end) return end;
            await Task.Delay(TimeSpan.FromMilliseconds(100), clock, ct);
        }
        return null;
    }
}
