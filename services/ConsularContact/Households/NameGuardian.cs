using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Households;

/// <summary>
/// An adult answers for a child. With grounds the officer saw both and the tie is confirmed; without it counts for planning only.
/// Of a child who is alone two protection officers say so: a person who wants to take a child away says that they are the uncle.
/// </summary>
/// <param name="Grounds">What the officer looked at; null where they did not see both.</param>
/// <param name="ByProtection">A protection officer says it.</param>
internal sealed record NameGuardian(string? Basis, string? Grounds, bool ByProtection, string Officer, DateTimeOffset At, DateTimeOffset Now)
{
    private static readonly string[] Bases = ["parent", "legal", "customary"];

    private sealed record Body(Guid GuardianId, string Basis, string? Grounds = null, DateTimeOffset? At = null);

    private sealed record End(string Reason, DateTimeOffset? At = null);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/people/{personId:guid}/guardians", async Task<IResult> (Guid personId, Body body, HttpContext http, TimelineStore store, CancellationToken ct) =>
        {
            if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
            var command = new NameGuardian(body.Basis, body.Grounds, http.User.IsInRole(Roles.ProtectionOfficer), http.User.Identity!.Name!, at, store.Time.GetUtcNow());
            Tie? tie = null;
            var outcome = await store.AttemptAsync(async work =>
            {
                var (child, guardian) = (await work.LoadAsync<Person>(personId), await work.LoadAsync<Person>(body.GuardianId));
                guardian = guardian with { Record = await work.AlsoKnownAsAsync(guardian.Id, guardian.Record, child.Family.Guardians) };
                var decision = Decide(child, guardian, command);
                tie = decision.Events.Aggregate(child, (state, e) => state.Apply(e)).Family.TieTo(guardian);
                return work.Append(personId, decision);
            }, new By(command.Officer), ct);
            return outcome.ToResult(http, () => TypedResults.Ok(new { personId, body.GuardianId, tie!.Basis, tie.Standing }));
        }).Allow(Roles.Officer, Roles.ProtectionOfficer).WithSummary("Record who answers for a child")
          .WithDescription($"""
            basis: parent, legal or customary. grounds: {string.Join(", ", GuardianRefusals.AllGrounds)}, where you saw the child and the adult together; the tie is confirmed then, and counts for
            consent, boarding and handover. Without grounds it is declared and counts for planning. For a child who is alone one protection officer proposes (the answer says `proposed`) and another one sends the same.
            """);

        api.MapPost("/people/{personId:guid}/guardians/{guardianId:guid}/end", async Task<IResult> (Guid personId, Guid guardianId, End body, HttpContext http, TimelineStore store, CancellationToken ct) =>
        {
            if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
            var officer = http.User.Identity!.Name!;
            var outcome = await store.AttemptAsync(async work =>
            {
                await work.ReadAsync([personId, guardianId]);
                var (child, guardian) = (await work.LoadAsync<Person>(personId), await work.LoadAsync<Person>(guardianId));
                if (guardian.Matches.MergedInto is { } stays) guardian = await work.LoadAsync<Person>(stays);
                return work.Append(personId, Finish(child, [guardianId, guardian.Id, .. guardian.Record.Duplicates], RegistrationRules.Text(body.Reason), officer, at));
            }, new By(officer), ct);
            return outcome.ToResult(http, () => TypedResults.NoContent());
        }).Allow(Roles.ProtectionOfficer).WithSummary("Record that somebody no longer answers for a child");
    }

    internal static Decision Decide(Person child, Person guardian, NameGuardian command) =>
        !Bases.Contains(command.Basis) ? Refusal.Invalid("guardian/basis-unknown", $"Say on what it rests: {string.Join(", ", Bases)}.", "basis")
        : command.Grounds is not null && !GuardianRefusals.AllGrounds.Contains(command.Grounds) ? GuardianRefusals.GroundsUnknown
        : child.Unavailable is { } gone ? gone
        : !child.IsChildOn(command.Now) ? GuardianRefusals.NotAChild
        : guardian.Id == child.Id ? Refusal.Invalid("guardian/the-child", "The child cannot be their own guardian. Name an adult.", "guardianId")
        : guardian.Matches.MergedInto is { } into ? Refusal.Invalid("guardian/merged", $"The guardian's record was merged into another of the same person. Name that one: {into}.", "guardianId")
        : !guardian.Exists ? Refusal.Invalid("guardian/unknown", "The guardian is not registered. Register them first.", "guardianId")
        : guardian.IsChildOn(command.Now) ? GuardianRefusals.AChild with { Field = "guardianId" }
        : !guardian.Childhood.IsAdultOn(command.Now) ? GuardianRefusals.AgeUnknown with { Field = "guardianId" }
        : child.Family.Guardians.EndedSince(guardian.Id, command.At) is { } ended ? OrderOfFacts.DecidedSince("guardian/ended-since", ended)
        : child.IsAlone || child.Family.Guardians.TakesTwo(guardian.Id, guardian.Record) ? OfAlone(child, guardian, command)
        : child.Family.TieTo(guardian) is { } tie && tie.Basis == command.Basis && tie.Standing >= (command.Grounds is null ? TieStanding.Declared : TieStanding.Confirmed) ? Decision.Nothing
        : new GuardianNamed(guardian.Id, command.Basis!, command.Officer, command.At)
        {
            Standing = command.Grounds is null ? Ties.Declared : Ties.Confirmed,
            Grounds = command.Grounds,
            SeenAs = command.Grounds is null ? null : SeenAs(guardian),
        };

    // In a best-interests case nobody decides alone.
    private static Decision OfAlone(Person child, Person guardian, NameGuardian command) => child.Family.Guardians.All.GetValueOrDefault(guardian.Id)?.Proposed switch
    {
        _ when !command.ByProtection => GuardianRefusals.ProtectionOfficerNeeded,
        _ when child.Family.TieTo(guardian) is { Standing: TieStanding.Confirmed } tie && tie.Basis == command.Basis => Decision.Nothing,
        { } proposed when SameAccount(proposed.Officer, command.Officer) => proposed.Basis == command.Basis ? Decision.Nothing
            : Refusal.Conflict("guardian/second-officer-needed", "You proposed this guardian. Another protection officer must agree before the child has them."),
        { } proposed => new GuardianNamed(guardian.Id, command.Basis!, command.Officer, command.At)
        { Standing = Ties.Confirmed, Grounds = command.Grounds ?? "decision", ProposedBy = proposed.Officer, SeenAs = SeenAs(guardian) },
        _ => new TieProposed(guardian.Id, command.Basis!, command.Officer, command.At),
    };

    private static IReadOnlyList<Guid> SeenAs(Person guardian) => [.. guardian.Record.Duplicates.Order()];

    internal static bool SameAccount(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    internal static Refusal NotTheirGuardian => Refusal.NotFound("guardian/none-such", "That person is not a guardian of this child. Look at who is: GET /people/{personId}/household.");

    /// <param name="records">All records of the guardian: the child may know them by more than one.</param>
    internal static Decision Finish(Person child, IReadOnlyList<Guid> records, string? reason, string officer, DateTimeOffset at) =>
        reason is not { Length: <= 2000 } ? Refusal.Invalid("guardian/reason-missing", "Say in at most 2,000 characters why the adult no longer answers for the child.", "reason")
        : child.Unavailable is { } gone ? gone
        : records.Distinct().Select(id => child.Family.Guardians.All.GetValueOrDefault(id)).OfType<Tie>().ToList() is not { Count: > 0 } ties ? NotTheirGuardian
        : ties.Exists(tie => at < tie.At) ? Refusal.Conflict("guardian/named-since", "The adult was named after that time. If they no longer answer for the child, leave `at` out.")
        : Decision.Of(ties.Select(tie => new GuardianshipEnded(tie.AdultId, reason, officer, at)));
}
