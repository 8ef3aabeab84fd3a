using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Whereabouts;

/// <summary>Where a person was last known to be, how long ago, from whom, and how they are.</summary>
internal static class ShowWhereabouts
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/people/{personId:guid}/whereabouts", async Task<IResult> (
            Guid personId, TimelineStore store, CancellationToken ct, DateTimeOffset? asOf = null, DateTimeOffset? knownAt = null) =>
        {
            var timeline = await store.ReadAsync(personId, ct);
            if (timeline.Fold<LastKnown>().File.Missing is { } unknown) return unknown.ToProblem();
            var person = timeline.Fold<LastKnown>(new Moment(asOf, knownAt));
            var now = asOf ?? store.Time.GetUtcNow();
            return TypedResults.Ok(new
            {
                personId,
                state = person.Condition is { } condition ? new { condition.State, condition.Source, condition.At, ageMinutes = Age(condition.At), recordedAt = RecordedAt(condition.Id) } : null,
                lastKnown = person.Last is { } last ? new { last.Spot.Place, last.Spot.Position, last.Source, last.At, ageMinutes = Age(last.At), recordedAt = RecordedAt(last.Id) } : null,
            });

            long Age(DateTimeOffset at) => (long)(now - at).TotalMinutes;

            DateTimeOffset? RecordedAt(Guid? id) => timeline.Events.FirstOrDefault(e => id is not null && TellingOf(e.Event) == id)?.RecordedAt;
        }).Allow(Roles.Officer, Roles.Coordinator, Roles.ProtectionOfficer, Roles.Auditor).LogsRead("whereabouts").WithSummary("Where a person was last known to be, and how they are")
          .WithDescription("asOf: what had happened by then. knownAt: what had been recorded by then. ageMinutes counts up to asOf, or to now.");

    private static Guid? TellingOf(Event @event) => @event switch
    {
        CheckedIn e => e.CheckInId,
        Sighted e => e.SightingId,
        PersonRegistered e => e.RegistrationId,
        RegistrationRepeated e => e.RegistrationId,
        _ => null,
    };
}
