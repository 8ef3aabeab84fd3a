using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Npgsql;

namespace CrisisCoordination.HumanitarianAid;

/// <summary>
/// Refers a person to each agency that takes what they need and that they let know of it (rule Q), once per agency and
/// concern. An agency of a state that they fear is told nothing, and what it was asked before is taken back (rule N). One that
/// does not answer in time is seen (rule K).
/// </summary>
internal static class OfferReferrals
{
    public const string Unanswered = "referral-unanswered";

    private static readonly TimeSpan Patience = TimeSpan.FromHours(48), LongestLag = TimeSpan.FromSeconds(30), Look = TimeSpan.FromMilliseconds(20);
    private static readonly string[] States = ["offered", "accepted", "declined", "overdue", "withdrawn"];

    /// <summary>What changes a person's referrals.</summary>
    public static Type[] Matters { get; } =
    [
        typeof(ReferralOffered), typeof(ReferralAccepted), typeof(ReferralDeclined), typeof(ReferralOverdue), typeof(ReferralWithdrawn),
        typeof(SharingConsentGiven), typeof(SharingConsentWithdrawn), typeof(PersonErased),
    ];

    /// <summary>The agencies that people with any concern let know: whom to look at again when an agency joins. Not which concern.</summary>
    public static IProjection OpenConcerns { get; } = new Projection<PersonInNeed>("humanitarian_aid.open_concern", 2,
        [("agency", "text not null")],
        person => person.Concerns.Any() ? person.SharesWith.Select(agency => new object?[] { agency.ToUpperInvariant() }) : [],
        [
            typeof(PersonRegistered), typeof(RegistrationRepeated), typeof(RegistrationCorrected), typeof(HouseholdJoined), typeof(FearOfReturnStated),
            typeof(FearOfReturnWithdrawn), typeof(ChildSeparationReported), typeof(ChildSeparationEnded), typeof(SharingConsentGiven), typeof(SharingConsentWithdrawn), typeof(PersonErased),
            typeof(MergedInto), typeof(UnmergedFrom), typeof(DuplicateUnmerged), typeof(RegistrationSeparated),
            typeof(GuardianNamed), typeof(TieConfirmed), typeof(TieRefused), typeof(GuardianshipEnded),
        ],
        "create index on {table} (agency)");

    public static IProjection ReadModel { get; } = new Projection<PersonInNeed>("humanitarian_aid.referral", 1,
        [("referral_id", "uuid not null"), ("agency", "text not null"), ("state", "text not null"), ("due_at", "timestamptz not null"), ("offered_at", "timestamptz not null"), ("sort", "text collate \"C\" not null")],
        person => person.Erased ? [] : person.Referrals.Select(referral => new object?[]
        {
            referral.Id, referral.Agency, StateOf(person, referral), referral.DueAt.ToUniversalTime(), referral.OfferedAt.ToUniversalTime(), $"{referral.DueAt.UtcTicks:D19}{referral.Id:N}",
        }),
        Matters,
        "create unique index on {table} (sort)", "create index on {table} (state, sort)");

    public static Decision Decide(PersonInNeed person, IEnumerable<Agency> agencies, DateTimeOffset now) =>
        Decision.Of([.. Offers(person, agencies, now), .. TakenBack(person, agencies, now)]);

    private static IEnumerable<Event> Offers(PersonInNeed person, IEnumerable<Agency> agencies, DateTimeOffset now) =>
            from due in (
                from agency in agencies
                where agency.Code is not null && person.SharesWith.Contains(agency.Code) && !agency.State.Bars(person.Fears)
                from concern in person.Concerns
                where agency.Receives.Contains(concern)
                select (Agency: agency.Code, Concern: concern))
                .Distinct()
                .Where(due => !person.Referrals.Any(referral => referral.State != ReferralState.Withdrawn && Same(referral.Agency, due.Agency) && referral.Concern == due.Concern))
                .Select((due, i) => (due.Agency, due.Concern, Ordinal: person.Referrals.Length + i))
            select new ReferralOffered(Ids.Of(person.Id, "referral", due.Ordinal), due.Agency, due.Concern, now + Patience, now);

    private static IEnumerable<Event> TakenBack(PersonInNeed person, IEnumerable<Agency> agencies, DateTimeOffset now) =>
        person.Referrals.Where(referral => referral.Unanswered && agencies.Any(agency => agency.Code is { } code && Same(code, referral.Agency) && agency.State.Bars(person.Heard)))
            .Select(referral => new ReferralWithdrawn(referral.Id, referral.Agency, now));

    /// <summary>Whoever withdrew their consent has ended the referral: there is nothing left to answer.</summary>
    public static IEnumerable<Deadline> Due(PersonInNeed person) =>
        person.Erased ? [] : person.Referrals.Where(referral => StateOf(person, referral) == "offered").Select(referral => new Deadline(Unanswered, referral.Id, referral.DueAt));

    public static Decision Escalate(PersonInNeed person, DateTimeOffset now) =>
        Decision.Of(person.Referrals
            .Where(referral => referral.DueAt <= now && !person.Erased && StateOf(person, referral) == "offered")
            .Select(referral => new ReferralOverdue(referral.Id, referral.Agency, now)));

    public static async Task ToThisPerson(Woken woken)
    {
        var timeline = await woken.Timeline.ReadAsync(woken.StreamId, woken.Stopping);
        if (timeline.Fold<PersonInNeed>() is var person && (person.SharesWith.Count == 0 || !person.Concerns.Any())) return;
        await ReadModelsReach(timeline, woken);
        var agencies = await Agencies.AllAsync(woken.Timeline.Database, woken.Stopping);
        await woken.Timeline.DecideAsync<PersonInNeed>(woken.StreamId, person => Decide(person, agencies, woken.Now), woken.By, woken.Stopping);
    }

    public static async Task ToThisAgency(Woken woken)
    {
        var timeline = await woken.Timeline.ReadAsync(woken.StreamId, woken.Stopping);
        var agency = timeline.Fold<Agency>();
        if (agency.Code is null) return;
        await ReadModelsReach(timeline, woken);
        foreach (var person in await SharersAsync(woken.Timeline.Database, agency.Code, woken.Stopping))
            await woken.Timeline.DecideAsync<PersonInNeed>(person, person => Decide(person, [agency], woken.Now), woken.By, woken.Stopping);
    }

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/referrals", async Task<IResult> (string? state, string? cursor, int? limit, NpgsqlDataSource database, CancellationToken ct) =>
            state is not null && !States.Contains(state)
                ? Refusal.Invalid("referral/state-unknown", $"Referrals are {string.Join(", ", States)}. Ask for one of these, or leave `state` out.", "state").ToProblem()
                : TypedResults.Ok(await database.PageAsync(
                    "select sort, stream_id, referral_id, agency, state, due_at, offered_at from humanitarian_aid.referral where ($1 = '' or state = $1)", "sort", cursor, limit,
                    row => new
                    {
                        personId = row.GetGuid(1),
                        referralId = row.GetGuid(2),
                        agency = row.GetString(3),
                        state = row.GetString(4),
                        dueAt = row.GetFieldValue<DateTimeOffset>(5),
                        offeredAt = row.GetFieldValue<DateTimeOffset>(6),
                    }, [state ?? ""], ct)))
            .Allow(Roles.ProtectionOfficer);

    private static string StateOf(PersonInNeed person, Referral referral) =>
        referral.Unanswered && !person.SharesWith.Contains(referral.Agency) ? "withdrawn" : referral.State.ToString().ToLowerInvariant();

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    // A consent and an agency may come at the same moment. Both wakes first wait until their own event stands in the read
    // models, and look for the other then: whichever came second sees the first.
    private static async Task ReadModelsReach(Timeline.Timeline timeline, Woken woken)
    {
        var feed = woken.Services.GetRequiredService<Feed>();
        var patience = woken.Timeline.Time.GetUtcNow() + LongestLag;
        while (await feed.PositionAsync("humanitarian_aid/projections", woken.Stopping) < timeline.Events[^1].Position)
        {
            if (woken.Timeline.Time.GetUtcNow() > patience) throw new TimeoutException("The read models of HumanitarianAid do not keep up.");
            await Task.Delay(Look, woken.Timeline.Time, woken.Stopping);
        }
    }

    private static async Task<List<Guid>> SharersAsync(NpgsqlDataSource database, string agency, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select distinct stream_id from humanitarian_aid.open_concern where agency = $1 order by stream_id");
        command.Parameters.Add(new() { Value = agency.ToUpperInvariant() });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var all = new List<Guid>();
        while (await reader.ReadAsync(ct)) all.Add(reader.GetGuid(0));
        return all;
    }
}
