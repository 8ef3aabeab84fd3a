using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace CrisisCoordination.EvacuationPlanning.Aftermath;

/// <param name="VitalInterest">They cannot be asked, and the receiver must know to keep them alive.</param>
/// <param name="ByProtection">A protection officer records it.</param>
internal sealed record HandOver(
    string To, string? Receiver, Guid? GuardianId, string ReceivedBy, IReadOnlyList<string> Care, bool VitalInterest, string? Place, bool ByProtection, string Officer, DateTimeOffset At, DateTimeOffset Now);

/// <summary>
/// Hands a person who arrived over to whoever receives them. A child goes to a child-protection authority or to a guardian,
/// to nobody else, and one who was reported alone to a guardian only by a protection officer; nobody is handed to a state that they fear (rule N), and with signs of trafficking to none but by a
/// protection officer (rule T). The receiver learns what the person agreed to (rule Q).
/// </summary>
internal static class HandOverFeature
{
    private const string State = "state", Agency = "agency", ChildProtection = "child-protection", Guardian = "guardian", Self = "self", Medical = "medical";
    private const int LongestPlace = 200;

    private static readonly string[] To = [State, Agency, ChildProtection, Guardian, Self];
    private static readonly string[] Care = [Medical, "mobility", "child", "interpreter", "psychosocial"];
    private const string OwnGuardian = "guardian", Nobody = "none";

    // A state's officers receive for a state, which is asked about by its code; nobody receives for it under another name.
    private static readonly string[] StateOfficers = ["border-officer", "immigration-officer", "consular-officer", "child-protection-officer"];
    private static readonly string[] Carers = ["social-worker", "health-worker"];
    private static readonly string[] Receivers = [.. StateOfficers, .. Carers, "agency-staff", OwnGuardian, Nobody];
    private static readonly Dictionary<string, string[]> ReceiversOf = new()
    {
        [State] = [.. StateOfficers, .. Carers],
        [Agency] = [.. Carers, "agency-staff"],
        // Of a state; an agency's own people receive for an agency.
        [ChildProtection] = ["child-protection-officer", .. Carers],
        [Guardian] = [OwnGuardian],
        [Self] = [Nobody],
    };

    public static IProjection Table => new Projection<Newcomer>("evacuation_planning.handover", 2,
        [("handover_id", "uuid not null"), ("country", "text"), ("at_home", "boolean not null"), ("state", "text not null"), ("due_at", "timestamptz not null"), ("child", "boolean not null"), ("key", "text not null")],
        person => person is { IsHere: true, Handover: { } open }
            ? [[open.HandoverId, open.Country, open.AtHome, person.StateOfHandover, open.DueAt.ToUniversalTime(), person.Person.IsMinorOn(DateOnly.FromDateTime(open.At.UtcDateTime)), $"{open.DueAt.UtcTicks:D19}{person.Id:N}"]]
            : [],
        Newcomer.Matters, "create index on {table} (state, key)");

    /// <param name="guardian">The one named; null where none was.</param>
    /// <param name="agency">The agency with the code named; null where there is none.</param>
    public static Decision Decide(Newcomer person, Newcomer? guardian, Receiver? agency, HandOver command)
    {
        if (Barred(person) is { } barred) return barred;
        var child = person.Person.IsMinorOn(Day(command.Now));
        var state = StateOf(command.To, command.Receiver);
        if (state is not null) command = command with { Receiver = state };
        var kind = command.To == ChildProtection && state is null ? Agency : command.To;
        return command switch
        {
            _ when !To.Contains(command.To) => Refusal.Invalid("handover/to-unknown", $"Say who takes over: {string.Join(", ", To)}.", "to"),
            _ when !Receivers.Contains(command.ReceivedBy) => Refusal.Invalid("handover/received-by-unknown", $"Name the role of who receives them, and nobody's name: {string.Join(", ", Receivers)}.", "receivedBy"),
            _ when person.Taken is { } told && (told.To, told.Receiver, told.GuardianId, told.ReceivedBy)
                == (command.To, command.Receiver, command.GuardianId, command.ReceivedBy) => Decision.Nothing,
            _ when !ReceiversOf[kind].Contains(command.ReceivedBy) => Refusal.Invalid("handover/received-by-another",
                $"For this handover `receivedBy` is {Either(ReceiversOf[kind])}. If an officer of a state takes them, hand them over to that "
                + $"state: `to` {State}, `receiver` its three-letter code.", "receivedBy"),
            { To: Self or Guardian, Receiver: not null } => Refusal.Invalid("handover/receiver-not-asked",
                $"Where `to` is {command.To}, nobody else takes over. Leave `receiver` out, or say who takes over: {string.Join(", ", To)}.", "receiver"),
            _ when command.Care.Except(Care).Any() => Refusal.Invalid("handover/care-unknown", $"Say what they need on from here: {string.Join(", ", Care)}.", "care"),
            _ when command.Place is { } place && (place.Length > LongestPlace || place.Any(char.IsControl)) => Refusal.Invalid("handover/place", $"Name the place in at most {LongestPlace} characters.", "place"),
            { To: State } when state is null => CountryField.ReadPlace(command.Receiver, "receiver", out _)!,
            { To: Agency } when agency?.Code is null => Refusal.Invalid("handover/agency-unknown", "There is no such agency. GET /agencies lists them.", "receiver"),
            { To: ChildProtection } when state is null && agency?.Receives.Contains("child_protection") is not true =>
                Refusal.Invalid("handover/no-child-protection", "Name the state whose child-protection authority it is by its three-letter code, or an agency that takes child protection cases.", "receiver"),
            { To: Guardian or ChildProtection } when !child => Refusal.Invalid("handover/adult", "An adult has no guardian here. Hand them to a state, to an agency, or let them go on by themselves.", "to"),
            { To: not (Guardian or ChildProtection) } when child => Refusal.Conflict("handover/child-needs-protection",
                "A child is handed over to a child-protection authority or to a guardian on record, and to nobody else. Ask a protection officer whom to call."),
            { To: Guardian } when guardian is null || !MayTake(person, guardian, Day(command.Now)) => Refusal.Invalid("handover/not-the-guardian",
                "Name a confirmed guardian of this child. If nobody has confirmed them, see them together and confirm the family, or call the child-protection authority.", "guardianId"),
            { To: Guardian } when !guardian!.Person.Childhood.IsAdultOn(Day(command.Now)) => GuardianRefusals.AgeUnknown with { Field = "guardianId" },
            _ when state is not null && person.Person.Fears.Bars(state) => Refusal.Conflict("handover/non-refoulement",
                "This person cannot be handed over to that state. Hand them over to an agency, and tell a protection officer."),
            { To: Agency or ChildProtection } when state is null && agency?.State.Bars(person.Person.Fears) == true => Refusal.Conflict("handover/agency-of-feared-state",
                "This agency belongs to a state that the person fears, or nobody has said which state it belongs to. Hand them over to another agency, and tell a protection officer."),
            { To: State or Guardian, ByProtection: false } when person.LooksTrafficked || command.To == Guardian && person.Person.Alone.IsReported => Refusal.Forbidden("handover/protection-officer-needed",
                "A protection officer records this handover. Call one before anybody leaves with this person."),
            _ when person.Taken is { } taken => (taken.To, taken.Receiver, taken.GuardianId) == (command.To, command.Receiver, command.GuardianId) ? Decision.Nothing
                : Refusal.Conflict("handover/done", "Somebody took this person over already. Look at the handover; if it is wrong, tell a protection officer."),
            _ => Taken(person, command),
        };
    }

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/people/{personId:guid}/handover", async Task<IResult> (Guid personId, Body body, HttpContext http, TimelineStore store) =>
        {
            if (http.Happen(body.At, out var at) is { } refusal) return refusal.ToProblem();
            var command = new HandOver(
                body.To?.Trim() ?? "", body.Receiver?.Trim() is { Length: > 0 } receiver ? receiver : null, body.GuardianId, body.ReceivedBy?.Trim() ?? "", [.. (body.Care ?? []).Select(care => care?.Trim() ?? "").Distinct()],
                body.VitalInterest, body.Place?.Trim() is { Length: > 0 } place ? place : null, http.User.IsInRole(Roles.ProtectionOfficer), http.Officer(), at, store.Time.GetUtcNow());
            var agency = await AgencyAsync(store, command.Receiver, http.RequestAborted);
            var person = Newcomer.Start(personId);
            var outcome = await store.AttemptAsync(async work =>
            {
                person = await work.LoadAsync<Newcomer>(personId);
                var decision = Decide(person, command.GuardianId is { } guardian ? await work.LoadAsync<Newcomer>(guardian) : null, agency, command);
                person = decision.Events.Aggregate(person, (state, e) => state.Apply(e));
                return work.Append(personId, decision);
            }, new By(command.Officer), http.RequestAborted);
            return outcome.ToResult(http, () => TypedResults.Ok(Show(person)));
        }).Allow(Roles.Coordinator, Roles.Officer, Roles.ProtectionOfficer).WithSummary("Record who took over a person who arrived")
          .WithDescription($"to: {string.Join(", ", To)}; a child to child-protection or a guardian only. receiver: a state's or agency's code. receivedBy: a role, {string.Join(", ", Receivers)}. Officers of a state receive for {State} and {ChildProtection} only. care: {string.Join(", ", Care)}.");

        api.MapGet("/people/{personId:guid}/handover", async Task<IResult> (Guid personId, HttpContext http, TimelineStore store) =>
            (await store.LoadAsync<Newcomer>(personId, ct: http.RequestAborted)).State is var person && NotOpened(person) is { } refusal ? refusal.ToProblem() : TypedResults.Ok(Show(person)))
            .LogsRead("handover").Allow(Roles.Coordinator, Roles.Officer, Roles.ProtectionOfficer, Roles.Auditor).WithSummary("Who took over a person, and what is planned for them from there");

        api.MapGet("/handovers", (HttpContext http, NpgsqlDataSource database, string? state = null) => state is not (null or "open" or "overdue" or "done" or "withdrawn")
            ? Task.FromResult<IResult>(Refusal.Invalid("handover/list-unknown", "Handovers are open, overdue, done or withdrawn. Ask for one of these, or leave `state` out.", "state").ToProblem())
            : Page.AnswerAsync(http, database, "select key, stream_id, handover_id, country, at_home, state, due_at, child from evacuation_planning.handover where ($1 = '' or state = $1)", row => new
            {
                PersonId = row.GetGuid(1),
                HandoverId = row.GetGuid(2),
                Country = row.IsDBNull(3) ? null : row.GetString(3),
                AtHome = row.GetBoolean(4),
                State = row.GetString(5),
                DueAt = row.GetFieldValue<DateTimeOffset>(6),
                Child = row.GetBoolean(7),
            }, state ?? "")).Allow(Roles.Coordinator, Roles.Officer, Roles.ProtectionOfficer, Roles.Auditor).WithSummary("Who arrived and whom somebody took over, first due first");
    }

    // A child-protection authority is named by a state's code or an agency's, so there only a code is read as a state.
    private static string? StateOf(string to, string? receiver) =>
        (to is State || to is ChildProtection && Jurisdictions.IsPlace(receiver)) && CountryField.ReadPlace(receiver, "receiver", out var state) is null ? state : null;

    private static string Either(string[] roles) => roles is [.. var first, var last] && first.Length > 0 ? $"{string.Join(", ", first)} or {last}" : roles[0];

    private static HandedOver Taken(Newcomer person, HandOver command)
    {
        var (basis, shared) = command switch
        {
            { To: Self } => ("none", []),
            { To: Guardian } => ("guardian", command.Care),
            _ when person.SharesWith.Contains(command.Receiver!) => ("consent", command.Care),
            { VitalInterest: true } when command.Care.Contains(Medical) => ("vital-interest", [Medical]),
            _ => ("none", (IReadOnlyList<string>)[]),
        };
        return new(person.Handover!.HandoverId, command.To, command.Receiver, command.GuardianId, command.ReceivedBy, command.Care, shared, basis, command.Place, command.Officer, command.At)
        { ByProtection = command.ByProtection };
    }

    // Nobody takes a child away whom an officer or a gate has not seen with them.
    private static bool MayTake(Newcomer child, Newcomer adult, DateOnly day) =>
        adult.IsHere && adult.Id != child.Id && !adult.Person.IsMinorOn(day) && child.Person.IsAnsweredBy(adult.Person, TieStanding.Confirmed);

    internal static Refusal? Barred(Newcomer person) => NotOpened(person) ?? (person.IsMissing ? Refusal.Conflict("handover/missing",
        "This person did not arrive with their transport after all, so nobody can take them over. If they are here, settle it first in the reconciliation of that transport.") : null);

    private static Refusal? NotOpened(Newcomer person) => person switch
    {
        _ when person.Person.Record.Refuse() is { } refusal => refusal,
        { Handover: null } => Refusal.Conflict("handover/not-arrived", "This person's journey has not ended. Report the arrival of their transport first."),
        _ => null,
    };

    private static object Show(Newcomer person) => new
    {
        PersonId = person.Id,
        person.Handover!.HandoverId,
        person.Handover.Country,
        person.Handover.AtHome,
        State = person.StateOfHandover,
        person.Handover.DueAt,
        Handover = person.Taken is not { } taken ? null : new
        {
            taken.To,
            taken.Receiver,
            taken.GuardianId,
            taken.ReceivedBy,
            taken.Place,
            taken.Care,
            taken.Shared,
            Withheld = taken.Care.Except(taken.Shared),
            taken.Basis,
            taken.Officer,
            taken.At,
        },
        Onward = person.Onward is not { } onward ? null : PlanOnwardFeature.Show(person, onward),
    };

    private static async Task<Receiver?> AgencyAsync(TimelineStore store, string? code, CancellationToken ct)
    {
        if (code is null || code.Contains('\0')) return null;
        await using var command = store.Database.CreateCommand("select stream_id from evacuation_planning.agency where lower(code) = lower($1)");
        command.Parameters.Add(new() { Value = code });
        return await command.ExecuteScalarAsync(ct) is Guid id ? (await store.LoadAsync<Receiver>(id, ct: ct)).State : null;
    }

    private static DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime);

    internal sealed record Body(
        string To, string ReceivedBy, string? Receiver = null, Guid? GuardianId = null, IReadOnlyList<string>? Care = null, bool VitalInterest = false, string? Place = null, DateTimeOffset? At = null);
}
