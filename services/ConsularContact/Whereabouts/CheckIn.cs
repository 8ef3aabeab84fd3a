using CrisisCoordination.Contracts;
using CrisisCoordination.PersonRecord;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Whereabouts;

/// <summary>A person says how they are, or somebody says it for them.</summary>
internal sealed record CheckIn(Guid CheckInId, string State, string Source, Spot Spot, DateTimeOffset At)
{
    /// <summary>An account of neither an officer nor the person writes it down; coordinators gain by where somebody is.</summary>
    public bool Relayed { get; init; }

    private sealed record Body(string State, string? Place = null, Position? Position = null, DateTimeOffset? At = null, string? Source = null);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/people/{personId:guid}/check-ins", async Task<IResult> (Guid personId, Body body, HttpContext http, TimelineStore store, CancellationToken ct) =>
        {
            if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
            if (Spots.Read(body.Place, body.Position, out var spot) is { } nowhere) return nowhere.ToProblem();
            var (id, officer) = (http.Ids().Next(), http.User.Identity!.Name!);
            var outcome = await store.DecideAsync<LastKnown>(personId, person => Decide(person, new(id, body.State, body.Source ?? "officer", spot, at)
            {
                Relayed = !http.User.IsInRole(Roles.Officer) && !http.User.IsInRole(Roles.ProtectionOfficer),
            }), new By(officer), ct);
            return outcome.ToResult(http, () => TypedResults.Created($"/people/{personId}/whereabouts", new { personId, checkInId = id }));
        }).Allow(Roles.Officer, Roles.Coordinator, Roles.AidWorker, Roles.ProtectionOfficer).WithSummary("Record how a person is")
          .WithDescription("state: safe, needs-help, moving or left. source: self, family, officer, partner or message; officer when left out.");

    internal static Decision Decide(LastKnown person, CheckIn command) =>
        !LastKnown.States.Contains(command.State) ? LastKnown.StateUnknown
        : !LastKnown.Sources.Contains(command.Source) ? Refusal.Invalid("whereabouts/source-unknown", $"Say who told it: {string.Join(", ", LastKnown.Sources)}.", "source")
        : person.File.Missing is { } missing ? missing
        : new CheckedIn(command.CheckInId, command.State, command.Source, command.Spot.Place, command.Spot.Position, command.At) { Relayed = command.Relayed };
}
