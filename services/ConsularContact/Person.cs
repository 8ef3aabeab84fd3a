using System.Collections.Immutable;
using CrisisCoordination.ConsularContact.Households;
using CrisisCoordination.ConsularContact.Matching;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact;

/// <summary>One registration on a person's timeline; the form is null once the person is erased.</summary>
internal sealed record TakenRegistration(Guid Id, Guid CrisisId, string Sender, string Reference, DateTimeOffset At, Registration? Form)
{
    public string? Post { get; init; }
    public Channel Channel { get; init; }
    public bool InAffectedArea { get; init; }
    public bool Exercise { get; init; }

    /// <summary>When it came to us, where nobody of ours took the time.</summary>
    public DateTimeOffset? ReceivedAt { get; init; }

    /// <summary>Who corrected it last.</summary>
    public string? CorrectedBy { get; init; }

    /// <summary>The second officer who agreed to what it says of their age.</summary>
    public string? AgeAgreedBy { get; init; }

    /// <summary>How it was matched to the person; null for the first.</summary>
    public RegistrationRepeated? Repeated { get; init; }

    /// <summary>What others are compared with; null once the person is erased.</summary>
    public Identity? Identity => Form is null ? null : Identity.From(Form) with { Exercise = Exercise, ToldByAnyone = !Senders.IsPost(Sender) };
}

/// <summary>A person as the consular service knows them.</summary>
internal sealed record Person(Guid Id) : IFold<Person>
{
    public ImmutableList<TakenRegistration> Registrations { get; init; } = [];
    public ImmutableHashSet<Guid> Households { get; init; } = [];
    public FearedCountries Fears { get; init; } = FearedCountries.None;
    public Consents Consents { get; private init; } = Consents.None;
    public RecordStatus Record { get; init; } = RecordStatus.Unknown;
    public Childhood Childhood { get; init; } = Childhood.Unknown;
    public KnownMatches Matches { get; init; } = KnownMatches.None;
    public FamilyTies Family { get; init; } = FamilyTies.None;

    /// <summary>Whether this child is alone, and who was named to travel with them.</summary>
    public ChildAlone Alone { get; private init; } = ChildAlone.Unknown;

    public EmergencyDocuments Papers { get; init; } = EmergencyDocuments.None;

    /// <summary>Whether anybody has met or spoken to them.</summary>
    public SeenByUs Seen { get; init; } = SeenByUs.NotYet;

    /// <summary>
    /// How much stands behind the record: a post took it in (2), somebody met them since (1), or only a form that anyone can send (0).
    /// </summary>
    public int Standing => Registrations.Exists(r => Senders.IsPost(r.Sender)) ? 2 : Seen.Ever ? 1 : 0;

    /// <summary>What they are to be asked about, because others told it.</summary>
    public FearsToldByOthers ToldByOthers { get; init; } = FearsToldByOthers.None;

    public static Person Start(Guid id) => new(id);

    /// <summary>The agencies that may know of the person (rule Q).</summary>
    public ImmutableHashSet<string> SharesWith => Consents.SharesWith;

    public bool Erased => Record.Erased;

    public bool Exists => Registrations.Count > 0 && !Erased;

    /// <summary>They are in crises that are not actual, and in no other.</summary>
    public bool IsExercise => Registrations.Exists(r => r.Exercise);

    /// <summary>What the person told last.</summary>
    public Registration? Latest => Registrations.Where(r => r.Form is not null).OrderBy(r => r.At).LastOrDefault()?.Form;

    public IEnumerable<Identity> Identities => Matches.MergedInto is not null ? [] : Registrations.Select(r => r.Identity).OfType<Identity>();

    /// <inheritdoc cref="Childhood.IsChildOn(DateOnly)"/>
    public bool IsChildOn(DateTimeOffset time) => Childhood.IsChildOn(time);

    public Person Apply(Event @event) => (this with
    {
        Record = Record.After(@event),
        Childhood = Childhood.After(@event),
        Fears = Fears.After(@event),
        Consents = Consents.After(@event),
        Matches = Matches.After(@event),
        Family = Family.After(@event, Alone.IsSaidAnew(@event)),
        Alone = Alone.After(@event),
        Seen = Seen.After(@event),
        ToldByOthers = ToldByOthers.After(@event),
        Papers = Papers.After(@event),
    }).Told(@event);

    private Person Told(Event @event) => @event switch
    {
        PersonRegistered e => With(new(e.RegistrationId, e.CrisisId, e.Sender, e.Reference, e.At, e.Form) { Post = e.Post, Channel = e.Channel, InAffectedArea = e.InAffectedArea, Exercise = e.Exercise, ReceivedAt = e.ReceivedAt }),
        RegistrationRepeated e => With(new(e.RegistrationId, e.CrisisId, e.Sender, e.Reference, e.At, e.Form) { Post = e.Post, Channel = e.Channel, InAffectedArea = e.InAffectedArea, Exercise = e.Exercise, ReceivedAt = e.ReceivedAt, Repeated = e with { Form = null } }),
        RegistrationSeparated e => this with { Registrations = Registrations.RemoveAll(r => r.Id == e.RegistrationId) },
        DuplicateMerged e => this with { Households = Households.Union(e.Households) },
        DuplicateUnmerged e => this with { Registrations = Registrations.RemoveAll(r => e.Registrations.Contains(r.Id)), Households = Households.Except(e.Households) },
        RegistrationCorrected e => Registrations.FindIndex(r => r.Id == e.RegistrationId) is var i and >= 0
            ? this with
            {
                Registrations = Registrations.SetItem(i, Registrations[i] with { Form = e.Form, CorrectedBy = e.Officer, AgeAgreedBy = e.AgreedBy ?? Registrations[i].AgeAgreedBy }),
                AgeChanges = AgeChanges.RemoveRange(AgeChanges.Values.Where(change => change.RegistrationId == e.RegistrationId).Select(change => change.ChangeId)),
            } : this,
        AgeChangeProposed e => this with { AgeChanges = AgeChanges.SetItem(e.ChangeId, e) },
        AgeChangeSettled e => this with { AgeChanges = AgeChanges.Remove(e.ChangeId) },
        HouseholdJoined e => this with { Households = Households.Add(e.HouseholdId) },
        HouseholdLeft e => this with { Households = Households.Remove(e.HouseholdId) },
        _ => this,
    };

    private Person With(TakenRegistration registration) => this with { Registrations = Registrations.Add(registration) };

    /// <summary>A child with nobody: reported or coded so, in no household, or with no adult who is more than proposed.</summary>
    public bool IsAlone => Households.IsEmpty || Alone.IsAlone(Family.Guardians);

    /// <summary>Corrections that decide until when they are a child and wait for a second officer, by their id.</summary>
    public ImmutableDictionary<Guid, AgeChangeProposed> AgeChanges { get; init; } = ImmutableDictionary<Guid, AgeChangeProposed>.Empty;

    /// <summary>The adult answers for this child in what cannot be taken back: confirmed, and of a child who is alone the escort whom a protection officer named.</summary>
    public bool AnsweredBy(Person adult) =>
        IsEscortedBy(adult) || !Alone.IsReported && Family.IsGuardian(adult, TieStanding.Confirmed);

    private bool IsEscortedBy(Person adult) => Alone.EscortFor(Family.Guardians)?.Is(adult.Id, adult.Record.Duplicates) == true
        && !Family.Guardians.Denies(adult.Id, adult.Record);

    /// <summary>The record by which this child's tie, or the decision about them, names that adult.</summary>
    public Guid? NamedAs(Person adult) => IsEscortedBy(adult) ? adult.Id : Family.TieTo(adult)?.AdultId;

    /// <summary>A consent to leave counts at that time (rules V and C).</summary>
    public bool MayLeaveAt(DateTimeOffset now) =>
        Consents.MayLeaveOn(DateOnly.FromDateTime(now.UtcDateTime), Id, Childhood, Family.Guardians, Alone);

    /// <summary>Why nothing new is written down under this record; null when it can be.</summary>
    public Refusal? Unavailable => Record.Refuse();

    /// <summary>
    /// Fears that stand on another record of the same person, told again on this one. Who told them goes along where nobody heard
    /// them from the person, and where this record itself may be another's words: an agency that guessed who somebody is would
    /// otherwise read it off what it is told to forget (<see cref="FearOfReturnStated.ToldBy"/>).
    /// </summary>
    /// <param name="known">What need not be told here again: what holds here, or all that was ever told.</param>
    public IEnumerable<FearOfReturnStated> Fearing(Person other, IReadOnlySet<string> known, string heardBy, DateTimeOffset at) =>
        other.Fears.Beyond(Fears, known)
        .GroupBy(country => (Everywhere: other.Fears.IsAskedEverywhere(country),
            ToldBy: Standing < 2 || !other.HasHeard(country) ? other.Registrations.FirstOrDefault()?.Sender ?? "" : null))
        .OrderBy(told => told.Key.ToldBy, StringComparer.Ordinal).ThenBy(told => told.Key.Everywhere)
        .Select(told => new FearOfReturnStated([.. told.Order(StringComparer.Ordinal)], heardBy, at)
        { Relayed = true, ToldBy = told.Key.ToldBy, Everywhere = told.Key.Everywhere });

    private bool HasHeard(string country) =>
        ToldByOthers.Heard.Contains(country) || Standing == 2 && !ToldByOthers.Countries.Contains(country);

    /// <summary>The read models that officers search and the intake matches against.</summary>
    public static IEnumerable<IProjection> ReadModels(string schema)
    {
        Type[] on =
        [
            typeof(PersonRegistered), typeof(RegistrationRepeated), typeof(RegistrationCorrected), typeof(HouseholdJoined), typeof(HouseholdLeft), typeof(PersonErased),
            typeof(DuplicateMerged), typeof(DuplicateUnmerged), typeof(MergedInto), typeof(UnmergedFrom), typeof(RegistrationSeparated),
        ];
        yield return new Projection<Person>($"{schema}.person", 2,
            [("crisis_id", "uuid"), ("reference", "text"), ("family_name", "text"), ("given_names", "text"), ("birth_date", "text"), ("nationality", "text"),
             ("household_ids", "uuid[] not null"), ("registrations", "int not null")],
            p => p.Registrations.Count == 0 ? [] : p.Erased || p.Matches.MergedInto is not null
                ? [[p.Registrations[^1].CrisisId, null, null, null, null, null, p.Households.ToArray(), p.Registrations.Count]]
                : [[p.Registrations[^1].CrisisId, p.Registrations[0].Reference, p.Latest?.FamilyName, p.Latest?.GivenNames, p.Latest?.BirthDate?.ToString(), p.Latest?.Nationality,
                    p.Households.ToArray(), p.Registrations.Count]],
            on, "create index on {table} (crisis_id, stream_id)", "create index on {table} using gin (household_ids)");
        yield return new Projection<Person>($"{schema}.match_key", 5, [("key", "text not null")],
            p => p.Exists ? p.Identities.SelectMany(Blocking.Stored).Distinct().Select(key => new object?[] { key }) : [],
            on, "create index on {table} (key)");
        yield return new Projection<Person>($"{schema}.reference", 2, [("crisis_id", "uuid not null"), ("sender", "text not null"), ("reference", "text not null"), ("registration_id", "uuid not null")],
            p => p.Erased || p.Matches.MergedInto is not null ? [] : p.Registrations.Select(r => new object?[] { r.CrisisId, r.Sender, r.Reference, r.Id }),
            // Deferred, because a registration can change its timeline in one append.
            on, "alter table {table} add unique (crisis_id, sender, reference) deferrable initially deferred");
    }
}
