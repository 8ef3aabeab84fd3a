namespace CrisisCoordination.Contracts;

/// <summary>A person's first registration; their timeline begins.</summary>
/// <param name="RegistrationId">This registration.</param>
/// <param name="CrisisId">The crisis it belongs to.</param>
/// <param name="Reference">The sender's own reference of the registration.</param>
/// <param name="Channel">How it came in.</param>
/// <param name="InAffectedArea">Whether the position told lies inside an area of the crisis's alert.</param>
/// <param name="Form">What the person told.</param>
/// <param name="At">When they registered.</param>
[Stored("person_registered")]
[AppendedBy(Service.ConsularContact)]
public sealed record PersonRegistered(
    Guid RegistrationId, Guid CrisisId, string Reference, Channel Channel, bool InAffectedArea,
    [property: Personal] Registration? Form, DateTimeOffset At) : Event(At)
{
    /// <summary>Who sent it; a reference is unique for its sender.</summary>
    public string Sender { get; init; } = "";

    /// <summary>The post of the account that took it in, where it has one.</summary>
    public string? Post { get; init; }

    /// <summary>The crisis is not actual: an exercise, a test, a system message or a draft. Nobody is in one of these and in an actual crisis.</summary>
    public bool Exercise { get; init; }

    /// <summary>
    /// When it came to us, where a post did not take it in: the sender says when they registered, and could make them wait since
    /// before the crisis. How long they wait counts from here. Null: from <see cref="Event.At"/>.
    /// </summary>
    public DateTimeOffset? ReceivedAt { get; init; }

    /// <summary>
    /// The record that it was taken off is of a child who is alone by what a form says: nobody knows which of the two it is about (rule C).
    /// </summary>
    public bool ChildAlone { get; init; }

    /// <summary>
    /// The child of the record that it was taken off was reported alone once: two protection officers say who answers for them.
    /// </summary>
    public bool ChildReported { get; init; }

    /// <summary>Records that are or may be of the person whom it was taken off. Null where it was taken off nobody.</summary>
    public IReadOnlyList<Guid>? MayAlsoBe { get; init; }
}

/// <summary>
/// The same person registered again. The registration stands on the timeline it was matched to, and can be taken off it.
/// </summary>
/// <param name="Score">Log2 odds that both are the same person (rule M).</param>
/// <param name="Evidence">What agreed and what did not, per field, in codes.</param>
[Stored("registration_repeated")]
[AppendedBy(Service.ConsularContact)]
public sealed record RegistrationRepeated(
    Guid RegistrationId, Guid CrisisId, string Reference, Channel Channel, bool InAffectedArea, double Score,
    IReadOnlyList<string> Evidence, [property: Personal] Registration? Form, DateTimeOffset At) : Event(At)
{
    /// <summary>Who sent it; a reference is unique for its sender.</summary>
    public string Sender { get; init; } = "";

    /// <summary>The post of the account that took it in, where it has one.</summary>
    public string? Post { get; init; }

    /// <summary>The crisis is not actual: an exercise, a test, a system message or a draft. Nobody is in one of these and in an actual crisis.</summary>
    public bool Exercise { get; init; }

    /// <summary>
    /// When it came to us, where a post did not take it in: the sender says when they registered, and could make them wait since
    /// before the crisis. How long they wait counts from here. Null: from <see cref="Event.At"/>.
    /// </summary>
    public DateTimeOffset? ReceivedAt { get; init; }
}

/// <summary>An officer corrected a registration; <paramref name="Form"/> is the whole form as it now stands.</summary>
[Stored("registration_corrected")]
[AppendedBy(Service.ConsularContact)]
public sealed record RegistrationCorrected(
    Guid RegistrationId, string Officer, [property: Personal] Registration? Form, [property: Personal] string? Reason,
    DateTimeOffset At) : Event(At)
{
    /// <summary>The second officer, where the correction decides until when somebody is a child.</summary>
    public string? AgreedBy { get; init; }
}

/// <summary>
/// A correction would move the day on which a child comes of age, or make a child of an adult (rule C): it changes nothing until a
/// second officer agrees.
/// </summary>
/// <param name="Form">The whole form as it would stand.</param>
[Stored("age_change_proposed")]
[AppendedBy(Service.ConsularContact)]
public sealed record AgeChangeProposed(
    Guid ChangeId, Guid RegistrationId, string Officer, [property: Personal] Registration? Form, [property: Personal] string? Reason, DateTimeOffset At) : Event(At);

/// <summary>A second officer looked at it. Where they agreed, the <see cref="RegistrationCorrected"/> stands in the same append.</summary>
[Stored("age_change_settled")]
[AppendedBy(Service.ConsularContact)]
public sealed record AgeChangeSettled(Guid ChangeId, bool Agreed, string Officer, DateTimeOffset At) : Event(At);

/// <summary>The person belongs to a household; its members travel together unless an adult asks otherwise (rule F).</summary>
[Stored("household_joined")]
[AppendedBy(Service.ConsularContact)]
public sealed record HouseholdJoined(Guid HouseholdId, string? Role, DateTimeOffset At) : Event(At)
{
    /// <summary>Who said so: the post or sender of the registration, or the account of the officer. Null in events from before it was recorded.</summary>
    public string? Source { get; init; }

    /// <summary>The file that the registration came with, where it came with one: whoever sent it registered its families together.</summary>
    public Guid? FileId { get; init; }

    /// <summary>The account that recorded it, where <see cref="Source"/> names its post.</summary>
    public string? ToldBy { get; init; }

    /// <summary>They were known before: nobody registered them together with the others there.</summary>
    public bool Late { get; init; }
}

/// <summary>The person agrees to be evacuated; for a child, a guardian does (rule V).</summary>
/// <param name="By">The person themselves, or the guardian.</param>
[Stored("evacuation_consent_given")]
[AppendedBy(Service.ConsularContact)]
public sealed record EvacuationConsentGiven(Guid By, string Officer, DateTimeOffset At) : Event(At)
{
    /// <summary>
    /// The record by which the child's tie, or the decision in their best interests, names the adult, where it is another one than
    /// <c>By</c>. The consent falls with that tie.
    /// </summary>
    public Guid? AnswersAs { get; init; }
}

/// <summary>Consent to be evacuated is withdrawn; every seat held for the person is released (rule V).</summary>
[Stored("evacuation_consent_withdrawn")]
[AppendedBy(Service.ConsularContact, Service.EvacuationPlanning)]
public sealed record EvacuationConsentWithdrawn(string Officer, DateTimeOffset At) : Event(At);

/// <summary>The person lets an agency know what concerns it (rule Q).</summary>
[Stored("sharing_consent_given")]
[AppendedBy(Service.ConsularContact)]
public sealed record SharingConsentGiven(IReadOnlyList<string> Agencies, DateTimeOffset At) : Event(At)
{
    /// <summary>
    /// Set where nobody heard it: it stands in a form that anyone can send, or its token's holder said it. It holds for the record of
    /// that form, and ends when the record becomes one with another.
    /// </summary>
    public string? ToldBy { get; init; }
}

/// <summary>The person no longer lets an agency know; it gets a tombstone (rule Q).</summary>
[Stored("sharing_consent_withdrawn")]
[AppendedBy(Service.ConsularContact)]
public sealed record SharingConsentWithdrawn(IReadOnlyList<string> Agencies, DateTimeOffset At) : Event(At)
{
    /// <summary>The person said nothing: what only a form told ended with a merge. It is no "no" that other records would have to keep.</summary>
    public bool Lapsed { get; init; }
}

/// <summary>
/// The person fears persecution, torture or other serious harm in these countries. From now on no leg, document,
/// handover or message may touch them (rule N: 1951 Convention Art. 33, CAT Art. 3, ICCPR Arts. 6 and 7).
/// </summary>
/// <param name="Countries">Alpha-3 codes. One that names no state asks "which?", and until it is answered their own states are barred.</param>
/// <param name="HeardBy">The account that recorded it.</param>
[Stored("fear_of_return_stated")]
[AppendedBy(Service.ConsularContact, Service.EvacuationPlanning, Service.TravelDocuments, Service.HumanitarianAid)]
public sealed record FearOfReturnStated([property: Personal] IReadOnlyList<string>? Countries, string HeardBy, DateTimeOffset At) : Event(At)
{
    /// <summary>
    /// Repeated from a form or from another record, where nobody heard the person say it. It protects like any other, but it answers
    /// no open "which?": a form that names a harmless state would otherwise open the way to the one that is feared.
    /// </summary>
    public bool Relayed { get; init; }

    /// <summary>
    /// Whether a protection officer recorded it. Only they close an open "which?" by naming a state; everybody else adds to what is
    /// barred. Null: recorded before this was kept, when any officer closed it.
    /// </summary>
    public bool? ByProtection { get; init; }

    /// <summary>
    /// Set where nobody heard it from the person of this record: the sender of a form that surely is about them, or the token's
    /// holder after a merge. It holds all the same; a protection officer asks the person.
    /// </summary>
    public string? ToldBy { get; init; }

    /// <summary>
    /// Repeated from a record of the same person on which no state was known to be theirs when it was told: it bars every state here
    /// too, whatever nationality this record tells, until "which?" is answered.
    /// </summary>
    public bool Everywhere { get; init; }
}

/// <summary>A fear that names no state was not asked about in time; it goes on protecting against the person's own states (rule N).</summary>
[Stored("fear_unnamed_overdue")]
[AppendedBy(Service.ConsularContact)]
public sealed record FearUnnamedOverdue(DateTimeOffset DueAt, DateTimeOffset At) : Event(At);

/// <summary>The person themselves took the claim back, to a protection officer, after counselling (rule N).</summary>
[Stored("fear_of_return_withdrawn")]
[AppendedBy(Service.HumanitarianAid)]
public sealed record FearOfReturnWithdrawn([property: Personal] IReadOnlyList<string>? Countries, string ProtectionOfficer, DateTimeOffset At) : Event(At);

/// <summary>The person's data was erased: their key is gone, the chain of events stays whole.</summary>
[Stored("person_erased")]
[AppendedBy(Service.ConsularContact)]
public sealed record PersonErased(string Officer, string Ground, DateTimeOffset At) : Event(At);
