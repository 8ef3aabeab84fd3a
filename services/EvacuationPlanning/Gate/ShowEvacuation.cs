using System.Collections.Immutable;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrisisCoordination.EvacuationPlanning.Gate;

internal static class ShowEvacuationFeature
{
    internal sealed record Why(string Code, string Detail, Guid? TransportId, DateTimeOffset At);

    /// <summary>Why the person is where they are: what was given up and why they were left, newest last.</summary>
    internal sealed record Evacuation(Passenger Passenger) : IFold<Evacuation>
    {
        private const int Newest = 20;

        public ImmutableList<Why> Reasons { get; private init; } = [];

        public static Evacuation Start(Guid id) => new(Passenger.Start(id));

        public Evacuation Apply(Event @event) => this with
        {
            Passenger = Passenger.Apply(@event),
            Reasons = @event switch
            {
                Contracts.LeftBehind e => Add(new(e.Reason, e.Detail ?? Words.Say(e.Reason), null, e.At)),
                SeatReleased e => Add(new(e.Reason, Words.Say(e.Reason), e.TransportId, e.At)),
                CarriedWhereBarred e => Add(new(e.Reason, Words.Say(e.Reason), e.TransportId, e.At)),
                NoShow e => Add(new(Transport.NoShowReason, Words.Say(Transport.NoShowReason), e.TransportId, e.At)),
                _ => Reasons,
            },
        };

        private ImmutableList<Why> Add(Why why) => Reasons.Add(why) is { Count: > Newest } many ? many.RemoveAt(0) : Reasons.Add(why);
    }

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/people/{personId:guid}/evacuation", async (Guid personId, HttpContext http, TimelineStore store) =>
        {
            var (evacuation, version) = await store.LoadAsync<Evacuation>(personId, ct: http.RequestAborted);
            var person = evacuation.Passenger;
            if (person is not { IsKnown: true, Erased: false }) return Refusal.NotFound("person/unknown", "There is no such person. Search for them by name, or register them first.").ToProblem();
            http.Response.Headers.ETag = $"\"{version}\"";
            return (IResult)TypedResults.Ok(new
            {
                PersonId = personId,
                person.Tier,
                person.Score,
                person.Consent,
                State = person.State,
                person.MergedInto,
                Seats = person.Seats.Select(seat => new { seat.TransportId, TransportCode = seat.Code, seat.PlanId, seat.Space, seat.Leg, seat.Legs, DestinationCountry = seat.Country, seat.DepartsAt, seat.State }),
                evacuation.Reasons,
            });
        }).LogsRead("evacuation").Allow(Roles.Coordinator, Roles.Officer, Roles.ProtectionOfficer, Roles.Auditor);
}
