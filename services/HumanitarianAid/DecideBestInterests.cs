using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Npgsql;

namespace CrisisCoordination.HumanitarianAid;

/// <summary>
/// Decides whether leaving is in a child's best interests, and who travels with them (rule C: CRC Art. 3). Planning seats
/// no unaccompanied or separated child without it.
/// </summary>
internal sealed record DecideBestInterests(bool MayDepart, string Grounds, string ProtectionOfficer, DateTimeOffset At, DateTimeOffset Now)
{
    private const int LongestGrounds = 4000;

    public const string Unassessed = "best-interests-unassessed";

    /// <summary>The children who are alone, and whether it was decided for them.</summary>
    public static IProjection ReadModel { get; } = new Projection<PersonInNeed>("humanitarian_aid.child", 6,
        [("awaiting", "text not null"), ("may_depart", "boolean null"), ("escort_id", "uuid null"), ("seen", "boolean not null"), ("sort", "text collate \"C\" not null")],
        person => !person.IsAloneAsAChild ? [] :
            [[person.BestInterests is null ? "best-interests" : "", person.BestInterests?.MayDepart, person.BestInterests?.EscortId, person.Seen.Yes, $"{person.Id:N}"]],
        [typeof(PersonRegistered), typeof(RegistrationRepeated), typeof(RegistrationCorrected), typeof(HouseholdJoined), typeof(HouseholdLeft), typeof(ChildSeparationReported), typeof(ChildSeparationEnded), typeof(BestInterestsDecided), typeof(PersonErased),
            typeof(DuplicateMerged), typeof(MergedInto), typeof(UnmergedFrom), typeof(DuplicateUnmerged), typeof(RegistrationSeparated),
            typeof(GuardianNamed), typeof(TieConfirmed), typeof(TieRefused), typeof(GuardianshipEnded), .. SeenByUs.Matters],
        "create index on {table} (awaiting, sort)");

    /// <param name="child">The child.</param>
    /// <param name="escort">The person named as escort; null when none was named.</param>
    /// <param name="command">What the protection officer decided.</param>
    public static Decision Decide(PersonInNeed child, PersonInNeed? escort, DecideBestInterests command) =>
        child.Record.Refuse() is { } refusal ? refusal
        // Of somebody who came of age since it is taken too: it lets nobody go who is an adult, and no adult needs it.
        : !child.IsChildOn(command.Now) && !child.IsChildOn(command.At)
            ? Refusal.Conflict("best-interests/not-a-child", "By their birth date this person is no child. If the birth date is wrong, have the registration corrected first.")
        : string.IsNullOrWhiteSpace(command.Grounds) || command.Grounds.Length > LongestGrounds || command.Grounds.Contains('\0')
            ? Refusal.Invalid("best-interests/grounds-missing", $"Say in at most {LongestGrounds} characters what the decision rests on: whoever reviews it must understand it.", "grounds")
        // Who answers for a child goes with them; a decision for the escort must not put somebody else in that place.
        : (command.MayDepart || escort is not null) && !child.Alone.IsAlone(child.Ties)
            ? NotAlone
        : command.MayDepart && escort is null
            ? Refusal.Invalid("best-interests/escort-missing", "A child does not leave alone. Name the registered adult who travels with them.", "escortId")
        : escort is not null && Unfit(child, escort, command.Now) is { } unfit ? unfit
        : child.BestInterests is { } before && before.MayDepart == command.MayDepart && before.EscortId == escort?.Id
            && before.Grounds == command.Grounds && IsSeenAs(before, escort)
            ? Decision.Nothing
        : child.BestInterests is { } later && command.At < later.At ? OrderOfFacts.DecidedSince("best-interests/decided-since", later.At)
        : new BestInterestsDecided(command.MayDepart, escort?.Id, command.ProtectionOfficer, command.Grounds, command.At)
        { EscortSeenAs = escort is null ? null : [.. escort.Duplicates.Order()] };

    private static bool IsSeenAs(BestInterestsDecided before, PersonInNeed? escort) =>
        escort is null || escort.Duplicates.SetEquals(before.EscortSeenAs ?? []);

    private static Refusal NotAlone => Refusal.Conflict("best-interests/not-alone",
        "An adult answers for this child, so the child goes with them and needs no escort. If the child is alone after all, report it first: "
        + "POST /people/{personId}/separation. If the adult does not answer for the child, record that: "
        + "POST /people/{personId}/guardians/{guardianId}/refusal, or /end for a confirmed one.");

    /// <summary>A child who was reported alone is assessed in time (rule K).</summary>
    public static IEnumerable<Deadline> Due(PersonInNeed child) =>
        child.AwaitsAssessment is { } alone ? [new(Unassessed, alone.CaseId, alone.AssessmentDueAt)] : [];

    public static Decision Escalate(PersonInNeed child, DateTimeOffset now) =>
        child.AwaitsAssessment is { } alone && alone.AssessmentDueAt <= now ? new BestInterestsOverdue(alone.CaseId, alone.AssessmentDueAt, now) : Decision.Nothing;

    /// <summary>What changes whether a child waits for it.</summary>
    public static Type[] Matters { get; } =
        [typeof(ChildSeparationReported), typeof(ChildSeparationEnded), typeof(BestInterestsDecided), typeof(BestInterestsOverdue), typeof(MergedInto), typeof(UnmergedFrom)];

    private static Refusal? Unfit(PersonInNeed child, PersonInNeed escort, DateTimeOffset now) =>
        escort.Id == child.Id ? Refusal.Invalid("best-interests/escort-is-the-child", "The child cannot be their own escort. Name another person.", "escortId")
        : !escort.Record.Registered ? Refusal.Invalid("best-interests/escort-unknown", "The escort is not registered. Register them first, so that they get a seat on the same transport.", "escortId")
        : escort.Erased ? Refusal.Invalid("best-interests/escort-erased", "The escort's data was erased, so they get no seat. Name another person.", "escortId")
        : escort.MergedInto is { } into ? Refusal.Invalid("best-interests/escort-merged", $"The escort's record was merged into another of the same person. Name that one: {into}.", "escortId")
        : !escort.IsAdultOn(now) ? Refusal.Invalid("best-interests/escort-not-adult", "The escort is under 18, or their birth date is not known. Name an adult, or have the escort's registration corrected.", "escortId")
        : child.Ties.Denies(escort.Id, escort.Record) ? Denied
        : null;

    private static Refusal Denied => Refusal.Conflict("best-interests/escort-denied",
        "An officer denied that this adult answers for the child, so nobody hands them the child alone. Name another escort. If the officer "
        + "was wrong, two protection officers name the adult as guardian first: POST /people/{personId}/guardians.") with
    { Field = "escortId" };

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/people/{personId:guid}/best-interests", async Task<IResult> (Guid personId, Body body, TimelineStore store, HttpContext http) =>
        {
            if (http.Happen(body.At, out var at) is { } refusal) return refusal.ToProblem();
            var by = http.User.Identity!.Name!;
            var outcome = await store.AttemptAsync(async work =>
            {
                var child = await work.LoadAsync<PersonInNeed>(personId);
                var escort = body.EscortId is { } named ? await work.LoadAsync<PersonInNeed>(named) : null;
                if (escort is not null) escort = escort with { Record = await work.AlsoKnownAsAsync(escort.Id, escort.Record, child.Ties) };
                return work.Append(personId, Decide(child, escort, new(body.MayDepart, body.Grounds, by, at, store.Time.GetUtcNow())));
            }, new(by), http.RequestAborted);
            return outcome.ToResult(http, () => TypedResults.Ok(new { personId, body.MayDepart, body.EscortId }));
        }).Allow(Roles.ProtectionOfficer);

        api.MapGet("/children", async Task<IResult> (string? awaiting, string? cursor, int? limit, NpgsqlDataSource database, CancellationToken ct) =>
            awaiting is not (null or "best-interests")
                ? Refusal.Invalid("child/awaiting-unknown", "Children wait for `best-interests` here. Ask for that, or leave `awaiting` out.", "awaiting").ToProblem()
                : TypedResults.Ok(await database.PageAsync(
                    "select sort, stream_id, awaiting, may_depart, escort_id, seen from humanitarian_aid.child where ($1 = '' or awaiting = $1)", "sort", cursor, limit,
                    row => new
                    {
                        personId = row.GetGuid(1),
                        awaiting = row.GetString(2) is { Length: > 0 } what ? what : null,
                        mayDepart = row.IsDBNull(3) ? (bool?)null : row.GetBoolean(3),
                        escortId = row.IsDBNull(4) ? (Guid?)null : row.GetGuid(4),
                        seen = row.GetBoolean(5),
                    }, [awaiting ?? ""], ct)))
            .Allow(Roles.ProtectionOfficer);
    }

    private sealed record Body(bool MayDepart, string Grounds, Guid? EscortId = null, DateTimeOffset? At = null);
}
