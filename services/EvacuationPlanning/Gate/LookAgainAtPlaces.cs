using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Fleet;
using CrisisCoordination.EvacuationPlanning.Places;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;

namespace CrisisCoordination.EvacuationPlanning.Gate;

/// <summary>
/// When it is told otherwise where a point lies, or in which countries a crisis is, everybody who holds a seat there is asked
/// about again. Heard twice, nothing new is decided.
/// </summary>
internal static class LookAgainAtPlacesReaction
{
    public static void Add(Reactions reactions) => reactions
        .On(async woken => await LookAgainAsync(woken, (await woken.Timeline.LoadAsync<Point>(woken.StreamId, ct: woken.Stopping)).State.Opened?.Code),
            typeof(PointCountrySet), typeof(PointCountryConfirmed), typeof(PointCountryChangeProposed), typeof(PointCountryChangeConfirmed))
        .On(woken => LookAgainAsync(woken, point: null), typeof(CrisisCountriesSet), typeof(CrisisCountriesChangeConfirmed));

    private static async Task LookAgainAsync(Woken woken, string? point)
    {
        foreach (var run in await RunsAsync(woken, point))
        {
            await woken.Timeline.AttemptAsync(async work =>
            {
                var scene = await ChangeTransportFeature.WithHoldersAsync(work, run);
                return scene.LookAgain(run, woken.Now, person => scene.People[person].NoticedBar(run)).Into(work);
            }, woken.By, woken.Stopping);
            await Standby.FillAsync(woken.Timeline, run, woken.By, woken.Now, woken.Stopping);
        }
    }

    private static async Task<IReadOnlyList<Guid>> RunsAsync(Woken woken, string? point)
    {
        await using var command = woken.Timeline.Database.CreateCommand("""
            select stream_id from evacuation_planning.transport
            where state in ('scheduled', 'sealed', 'departed') and ($1::text is null or from_point = $1 or to_point = $1 or $1 = any(alternates)) order by key
            """);
        command.Parameters.Add(new() { Value = (object?)point ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(woken.Stopping);
        var runs = new List<Guid>();
        while (await reader.ReadAsync(woken.Stopping)) runs.Add(reader.GetGuid(0));
        return runs;
    }
}
