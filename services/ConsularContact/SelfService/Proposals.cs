using System.Collections.Immutable;
using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.SelfService;

/// <summary>
/// What holders of tracking tokens told of a record that their registration was merged into. A capability ends with what it was
/// given for: the token speaks for its own registration, and once that is one of several of a person, it proposes.
/// </summary>
internal sealed record Proposals(Guid Id) : IFold<Proposals>
{
    public const string Unanswered = "proposal-unanswered";
    public const string Registration = "registration", CheckIn = "check-in", Withdrawal = "evacuation-consent-withdrawal";

    private static readonly TimeSpan Urgent = TimeSpan.FromHours(1), Usual = TimeSpan.FromHours(24);

    private ImmutableDictionary<Guid, ChangeProposed> All { get; init; } = ImmutableDictionary<Guid, ChangeProposed>.Empty;
    private ImmutableHashSet<Guid> Late { get; init; } = [];
    private ImmutableDictionary<Guid, bool> Answers { get; init; } = ImmutableDictionary<Guid, bool>.Empty;
    private ImmutableHashSet<Guid> Replaced { get; init; } = [];
    private bool Ended { get; init; }

    /// <summary>Those that wait for an officer, the first told first.</summary>
    public IEnumerable<ChangeProposed> Open => Ended ? [] : All.Values
        .Where(told => !Answers.ContainsKey(told.ProposalId) && !Replaced.Contains(told.ProposalId))
        .OrderBy(told => told.At).ThenBy(told => told.ProposalId);

    public IEnumerable<Deadline> Due =>
        Open.Where(told => !IsLate(told)).Select(told => new Deadline(Unanswered, told.ProposalId, told.DueAt));

    public bool IsLate(ChangeProposed told) => Late.Contains(told.ProposalId);

    /// <summary>A word that may be about danger, or that gives up a seat, is answered within the hour.</summary>
    public static bool IsUrgent(ChangeProposed told) => told.What == Withdrawal || told.State == Whereabouts.LastKnown.NeedsHelp;

    /// <summary>Whether the token of that registration speaks for the person: there is no other registration beside it.</summary>
    public static bool SpeaksFor(Person person, Guid registrationId) =>
        person.Registrations is [var only] && only.Id == registrationId && person.Matches is { MergedInto: null, Duplicates.IsEmpty: true };

    /// <summary>
    /// Whether the token may say this at once: it speaks for the person, and does not make them somebody else than whom an
    /// officer, gate or team has met. Who had met a mother of two would find a stranger under her seat.
    /// </summary>
    public static bool MaySay(Person person, ChangeProposed told) =>
        SpeaksFor(person, told.RegistrationId)
        && !(person.Seen.Ever && told.Form is { } form && person.Registrations[0].Form is { } known && Who(known) != Who(form));

    // What else a form holds says how they are and what they need.
    private static Contracts.Registration Who(Contracts.Registration form) => Nobody with
    {
        FamilyName = form.FamilyName,
        GivenNames = form.GivenNames,
        NameInOriginalScript = form.NameInOriginalScript,
        BirthDate = form.BirthDate,
        Sex = form.Sex,
        Nationality = form.Nationality,
        SecondNationality = form.SecondNationality,
        Document = form.Document,
        HouseholdRole = form.HouseholdRole,
    };

    // One, because records compare their lists by reference.
    private static readonly Contracts.Registration Nobody = new();

    /// <summary>What would be done at once on a record of their own, as a proposal. A fear that it tells holds at once (rule N).</summary>
    public static Decision Propose(Proposals before, Decision own, ChangeProposed told)
    {
        if (own.Refusal is not null || own.Events.Count == 0) return own;
        var due = told.At + (IsUrgent(told) ? Urgent : Usual);
        var replaced = before.Open.FirstOrDefault(open => IsOfOneKind(open, told));
        return Decision.Of(
        [
            told with { DueAt = replaced is { } first && first.DueAt < due ? first.DueAt : due },
            .. own.Events.OfType<FearOfReturnStated>().Select(fear => fear with { ToldBy = TrackingToken.Sender, Relayed = true }),
        ]);
    }

    /// <summary>The proposal that an officer answers, or why it cannot be answered.</summary>
    public Refusal? Find(Guid proposalId, bool accepts, out ChangeProposed? told)
    {
        told = All.GetValueOrDefault(proposalId);
        if (told is null || Ended)
            return Refusal.NotFound("proposal/unknown", "This record has no such proposal. Load the proposals again and choose one.");
        if (Replaced.Contains(proposalId))
            return Refusal.Conflict("proposal/replaced", "They told something newer since. Load the proposals again and look at that one.");
        return Answers.TryGetValue(proposalId, out var accepted) && accepted != accepts
            ? Refusal.Conflict("proposal/answered", "An officer has answered this otherwise. If that was wrong, correct the record itself.")
            : null;
    }

    public bool IsAnswered(Guid proposalId) => Answers.ContainsKey(proposalId);

    public static Decision Escalate(Proposals person, DateTimeOffset now) => Decision.Of(
        person.Open.Where(told => told.DueAt <= now && !person.IsLate(told))
            .Select(told => new ProposalOverdue(told.ProposalId, told.DueAt, now)));

    public static Proposals Start(Guid id) => new(id);

    public Proposals Apply(Event @event) => @event switch
    {
        ChangeProposed e => this with
        {
            All = All.SetItem(e.ProposalId, e),
            Replaced = Replaced.Union(Open.Where(open => IsOfOneKind(open, e)).Select(open => open.ProposalId)),
        },
        ProposalAccepted e => this with { Answers = Answers.SetItem(e.ProposalId, true) },
        ProposalDeclined e => this with { Answers = Answers.SetItem(e.ProposalId, false) },
        ProposalOverdue e => this with { Late = Late.Add(e.ProposalId) },
        // What was told of a registration goes with it; on its own record the token speaks again.
        RegistrationSeparated e => Without([e.RegistrationId]),
        DuplicateUnmerged e => Without(e.Registrations),
        PersonErased => this with { Ended = true },
        _ => this,
    };

    private static bool IsOfOneKind(ChangeProposed one, ChangeProposed other) =>
        (one.RegistrationId, one.What) == (other.RegistrationId, other.What) && one.ProposalId != other.ProposalId;

    private Proposals Without(IReadOnlyList<Guid> registrations) => this with
    {
        All = All.RemoveRange(All.Values.Where(told => registrations.Contains(told.RegistrationId)).Select(told => told.ProposalId)),
    };
}
