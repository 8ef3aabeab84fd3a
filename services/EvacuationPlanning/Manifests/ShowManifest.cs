using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Gate;
using CrisisCoordination.EvacuationPlanning.Places;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrisisCoordination.EvacuationPlanning.Manifests;

internal static class ShowManifestFeature
{
    private const int PeopleAtOnce = 200;

    // How many people the border list does not name.
    private const string LeftOut = "Passengers-Left-Out";

    internal sealed record Line(Guid PersonId, Guid GroupId, Mobility Space, bool Infant, SpaceState State);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/transports/{transportId:guid}/manifest", async Task<IResult> (Guid transportId, HttpContext http, TimelineStore store, string? format = null) =>
        {
            if (format is not (null or "json" or "csv" or "paxlst" or "page")) return Refusal.Invalid("manifest/format", "A manifest comes as json, csv, paxlst or page.", "format").ToProblem();
            var (transport, version) = await store.LoadAsync<Transport>(transportId, ct: http.RequestAborted);
            if (transport.Schedule is not { } s) return Transport.Unknown.ToProblem();
            http.Response.Headers.ETag = $"\"{version}\"";
            // Who is told of the people on board goes by where the point lies, not by what the transport said.
            var points = await store.ReadAsync([.. s.Codes().Distinct().Select(StreamId.AssemblyPoint)], http.RequestAborted);
            var atlas = Atlas.Of(points.Select(point => point.Fold<Point>()));
            s = s with { DestinationCountry = atlas.DestinationOf(s.From, s.To, s.DestinationCountry) };
            if (format is null or "json")
                return TypedResults.Ok(new
                {
                    TransportId = transportId,
                    s.Code,
                    s.Kind,
                    s.From,
                    s.To,
                    s.DestinationCountry,
                    s.DepartsAt,
                    s.ArrivesAt,
                    s.Operator,
                    transport.State,
                    Seal = SealNow.Of(transport),
                    transport.Departed,
                    transport.Arrived,
                    Offered = transport.Offered,
                    Free = transport.Free,
                    People = transport.Lines.Select(space => new Line(space.PersonId, space.GroupId, space.Kind, space.OnLap, space.State)),
                });

            var (people, waiting) = (new Dictionary<Guid, Listed>(), await WaitingAsync(store, transport, http.RequestAborted));
            foreach (var page in transport.Lines.Where(space => space.IsTaken).Select(space => space.PersonId).Concat(waiting).Chunk(PeopleAtOnce))
                foreach (var timeline in await store.ReadAsync(page, http.RequestAborted)) people[timeline.Id] = timeline.Fold<Listed>();
            // The formats with names: whoever is on them can be told who read theirs.
            await http.LogReadAsync("manifest", people.Keys.Select(id => (Guid?)id));
            var manifest = Manifest.Of(transport, version, people) with
            {
                Schedule = s,
                Lands = [.. atlas.For([]).LandingsOf(transport.AsDeparture()).Select(place => place.Country)],
            };
            // Who may not go there gets no space on it, so nobody needs to read their name here.
            manifest = manifest with { Standby = [.. waiting.Select(id => people[id]).Where(person => !manifest.IsKeptFrom(person))] };
            var now = store.Time.GetUtcNow();
            http.Response.Headers.CacheControl = "no-store";
            switch (format)
            {
                case "csv": return TypedResults.File(ManifestTable.Write(manifest), "text/csv; charset=utf-8", $"manifest-{transportId}.csv");
                case "paxlst":
                    http.Response.Headers[LeftOut] = $"{manifest.Lines.Count(line => manifest.IsKeptFrom(line.Person))}";
                    return TypedResults.Text(Paxlst.Write(manifest, now), "application/edifact");
                default:
                    http.Response.Headers.ContentSecurityPolicy = ManifestPage.ContentSecurityPolicy;
                    return TypedResults.Text(ManifestPage.Write(manifest, now), "text/html; charset=utf-8");
            }
        }).LogsRead("manifest").Allow(Roles.Coordinator, Roles.Auditor).WithSummary("Who is on a transport")
          .WithDescription("format: json; csv for a spreadsheet; paxlst (UN/EDIFACT D.15B) for carriers and borders, which names nobody to a state that they fear "
            + "(the header Passengers-Left-Out counts them, csv and page mark them); page to print, in large type.");

    private static async Task<IReadOnlyList<Guid>> WaitingAsync(TimelineStore store, Transport transport, CancellationToken ct)
    {
        if (transport.Standby.IsEmpty) return [];
        IReadOnlyList<Guid> waiting = [];
        await store.AttemptAsync(async work =>
        {
            var scene = await Standby.LoadAsync(work, store.Database, transport.Id);
            waiting = [.. scene.Waiting(transport.Id).SelectMany(group => group.Household.Members).Where(member => !scene.IsOn(member, transport.Id)).Select(member => member.Id)];
            return null;
        }, ct: ct);
        return waiting;
    }
}
