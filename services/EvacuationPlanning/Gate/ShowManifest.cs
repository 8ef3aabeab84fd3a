using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrisisCoordination.EvacuationPlanning.Gate;

internal sealed record ManifestLine(Guid PersonId, Guid GroupId, Mobility Space, bool Infant, SpaceState State);

internal static class ShowManifestFeature
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/transports/{transportId:guid}/manifest", async (Guid transportId, HttpContext http, TimelineStore store) =>
        {
            var (transport, version) = await store.LoadAsync<Transport>(transportId, ct: http.RequestAborted);
            if (transport.Schedule is not { } s) return Transport.Unknown.ToProblem();
            http.Response.Headers.ETag = $"\"{version}\"";
            return (IResult)TypedResults.Ok(new
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
                transport.Departed,
                transport.Arrived,
                Offered = transport.Offered,
                Free = transport.Free,
                People = transport.Lines.Select(space => new ManifestLine(space.PersonId, space.GroupId, space.Kind, space.OnLap, space.State)),
            });
        }).LogsRead("manifest").Allow(Roles.Coordinator, Roles.Auditor);
}
