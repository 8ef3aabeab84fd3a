using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.ExitBarriers;

/// <summary>Something keeps a person from leaving, and somebody sees to it by a day.</summary>
internal sealed record RaiseExitBarrier(Guid BarrierId, string Kind, string? State, string Owner, DateTimeOffset DueAt, string? Note, DateTimeOffset At)
{
    private sealed record Body(string Kind, string? State = null, string? Note = null, string? Owner = null, DateTimeOffset? DueAt = null, DateTimeOffset? At = null);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/people/{personId:guid}/exit-barriers", async Task<IResult> (Guid personId, Body body, HttpContext http, TimelineStore store, CancellationToken ct) =>
        {
            if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
            var (id, officer, state) = (http.Ids().Next(), http.User.Identity!.Name!, (string?)null);
            if (Colleague.Read(body.Owner, officer, "owner", out var owner) is { } nobody) return nobody.ToProblem();
            if (body.State is not null && CountryField.ReadPlace(body.State, "state", out state) is { } nowhere) return nowhere.ToProblem();
            var command = new RaiseExitBarrier(id, body.Kind, state, owner, body.DueAt ?? at + Barriers.Patience, RegistrationRules.Text(body.Note), at);
            var outcome = await store.DecideAsync<Barriers>(personId, person => Decide(person, command), new By(officer), ct);
            return outcome.ToResult(http, () => TypedResults.Created($"/people/{personId}/exit-barriers", new { personId, barrierId = id, owner, command.DueAt }));
        }).Allow(Roles.Officer, Roles.Coordinator, Roles.ProtectionOfficer).WithSummary("Record what keeps a person from leaving")
          .WithDescription("kind: withheld-passport, exit-permit, employer, debt or checkpoint. owner: the account that sees to it, yours when left out. dueAt: three days later when left out. state: for an exit permit, whose.");

        api.MapGet("/people/{personId:guid}/exit-barriers", async Task<IResult> (Guid personId, TimelineStore store, CancellationToken ct) =>
        {
            var (person, _) = await store.LoadAsync<Barriers>(personId, ct: ct);
            return person.File.Missing is { } missing ? missing.ToProblem() : TypedResults.Ok(new
            {
                personId,
                items = person.All.Select(b => new { barrierId = b.Id, b.Kind, b.State, b.Owner, b.DueAt, b.Overdue, b.Note, b.RaisedAt, b.ResolvedAt }),
            });
        }).Allow(Roles.Officer, Roles.Coordinator, Roles.ProtectionOfficer).LogsRead("exit barriers").WithSummary("What keeps or kept a person from leaving");
    }

    internal static Decision Decide(Barriers person, RaiseExitBarrier command) =>
        !Barriers.Kinds.Contains(command.Kind) ? Refusal.Invalid("exit-barrier/kind-unknown", $"Say what keeps the person: {string.Join(", ", Barriers.Kinds)}.", "kind")
        : command.State is not null && command.Kind != Barriers.ExitPermit ? Refusal.Invalid("exit-barrier/state-needless", "A state is named for an exit permit only. Leave it out.", "state")
        : command.DueAt <= command.At ? Refusal.Invalid("exit-barrier/due-before", "The barrier would be due before it was met. Give a later time, or leave dueAt out.", "dueAt")
        : command.Note?.Length > 2000 ? Refusal.Invalid("exit-barrier/note-too-long", "The note takes at most 2,000 characters.", "note")
        : person.File.Missing is { } missing ? missing
        : person.Open.Any(barrier => (barrier.Kind, barrier.State) == (command.Kind, command.State))
            ? Refusal.Conflict("exit-barrier/already-open", "Such a barrier is open for this person already. Go on with that one, or resolve it first.")
        : new ExitBarrierRaised(command.BarrierId, command.Kind, command.State, command.Owner, command.DueAt, command.Note, command.At);
}
