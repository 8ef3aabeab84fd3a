using System.Collections.Immutable;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.TravelDocuments;

/// <summary>What is decided on when a person needs a travel document: who they are, what they hold, what they fear, what was applied for.</summary>
internal sealed record TravelDocumentFile(Guid PersonId) : IFold<TravelDocumentFile>
{
    public RecordStatus Record { get; private init; } = RecordStatus.Unknown;
    public bool Erased => Record.Erased;

    /// <summary>They are in an exercise, not in an actual crisis.</summary>
    public bool Exercise { get; private init; }

    /// <summary>The record that stands for this one: nothing is issued here, and what was issued stands.</summary>
    public Guid? MergedInto => Record.MergedInto;

    /// <summary>The records that this one stands for.</summary>
    public ImmutableHashSet<Guid> Duplicates { get; private init; } = [];

    /// <summary>How many registrations and corrections there were. Each opens one application at most.</summary>
    public int Told { get; private init; }

    /// <summary>When the last registration or correction was told.</summary>
    public DateTimeOffset ToldAt { get; private init; }

    /// <summary>When they first registered.</summary>
    public DateTimeOffset RegisteredAt => Forms.IsEmpty ? DateTimeOffset.MinValue : Forms.Min(form => form.At);

    /// <summary>When a country was last added to them.</summary>
    public DateTimeOffset FearedSince { get; private init; }

    public FearedCountries Fears { get; private init; } = FearedCountries.None;

    /// <summary>Who is a child, who answers for them, what those agreed to, and what was decided of a child who is alone (rule C).</summary>
    public Childhood Childhood { get; private init; } = Childhood.Unknown;
    public Ties Ties { get; private init; } = Ties.None;
    public Consents Consents { get; private init; } = Consents.None;
    public ChildAlone Alone { get; private init; } = ChildAlone.Unknown;

    public ImmutableArray<Application> Applications { get; private init; } = [];
    private ImmutableArray<Form> Forms { get; init; } = [];

    public static TravelDocumentFile Start(Guid id) => new(id);

    public TravelDocumentFile Apply(Event @event)
    {
        var fears = Fears.After(@event);
        var state = this with
        {
            Record = Record.After(@event),
            Fears = fears,
            FearedSince = fears.IsWithin(Fears) ? FearedSince : @event.At,
            Childhood = Childhood.After(@event),
            Ties = Ties.After(@event),
            Consents = Consents.After(@event),
            Alone = Alone.After(@event),
        };
        return @event switch
        {
            PersonRegistered e => state with { Exercise = Exercise || e.Exercise, Forms = Forms.Add(new(e.RegistrationId, e.Form, e.At)), Told = Told + 1, ToldAt = Later(e.At) },
            RegistrationRepeated e => state with { Exercise = Exercise || e.Exercise, Forms = Forms.Insert(Forms.Count(form => e.MergedFrom is null || form.At <= e.At), new(e.RegistrationId, e.Form, e.At)), Told = Told + 1, ToldAt = Later(e.At) },
            RegistrationCorrected e => state with { Forms = [.. Forms.Select(form => form.Id == e.RegistrationId ? form with { Filled = e.Form } : form)], Told = Told + 1, ToldAt = Later(e.At) },
            RegistrationSeparated e => state.Without([e.RegistrationId], e.At),
            DuplicateMerged e => state with { Duplicates = Duplicates.Add(e.DuplicateId) },
            // A document goes back with the record under which it was issued.
            DuplicateUnmerged e => state.Without(e.Registrations, e.At) with
            {
                Duplicates = Duplicates.Remove(e.DuplicateId),
                Applications = Applications.RemoveAll(application => application.MergedFrom == e.DuplicateId),
            },
            UnmergedFrom e => state with { Told = Told + 1, ToldAt = Later(e.At) },
            TravelDocumentApplicationOpened e => state with
            {
                Applications = Applications.Add(new(e.ApplicationId, e.Why, e.At) { MergedFrom = e.MergedFrom }),
            },
            IdentityVerified e => state.With(e.ApplicationId, application => application with
            {
                VerifiedBy = e.Officer,
                VerifiedAs = Holder,
                DoneAt = e.At,
                ApprovedBy = null,
            }),
            TravelDocumentApproved e => state.With(e.ApplicationId, application => application with
            {
                ApprovedBy = e.Officer,
                DoneAt = e.At,
                Destination = e.Destination,
                Transits = [.. e.Transits],
            }),
            TravelDocumentIssued e => state.With(e.ApplicationId, application => application with
            {
                IssuedBy = e.Officer,
                IssuedAt = e.At,
                DoneAt = e.At,
                Destination = e.Destination,
                Transits = [.. e.Transits],
                ValidUntil = e.ValidUntil,
                Number = e.Number,
                Mrz = e.Mrz,
            }),
            TravelDocumentRevoked e => state.With(e.ApplicationId, application => application with { RevokedWhy = e.Why }),
            // A single journey: whoever arrived where it leads has used it.
            Arrived { JourneyEnded: true, Country: { } country } e => state with
            {
                Applications = [.. Applications.Select(one => one.LeadsTo(country) ? one with { UsedAt = e.At } : one)],
            },
            _ => state,
        };
    }

    public Application? Application(Guid id) => Applications.FirstOrDefault(application => application.Id == id);

    /// <summary>The other records on which this application stands since a merge.</summary>
    public IEnumerable<Guid> AlsoUnder(Guid id) => new[] { Application(id)?.MergedFrom, MergedInto }.OfType<Guid>();

    /// <summary>The application that is being worked on; a person has one at most.</summary>
    public Application? Open => Applications.FirstOrDefault(application => application.IsOpen);

    /// <summary>Who an emergency document would name: of each field what was said last.</summary>
    public Holder Holder
    {
        get
        {
            var forms = Forms.Reverse().Select(form => form.Filled).OfType<Registration>().ToArray();
            var named = Array.Find(forms, form => form.FamilyName is not null || form.GivenNames is not null);
            return new(
                named?.FamilyName, named?.GivenNames, forms.Select(form => form.NameInOriginalScript).FirstOrDefault(name => name is not null),
                forms.Select(form => form.Nationality).FirstOrDefault(code => code is not null), forms.Select(form => form.BirthDate).FirstOrDefault(birth => birth is not null),
                forms.Select(form => form.Sex).FirstOrDefault(sex => sex != Sex.NotKnown));
        }
    }

    /// <summary>
    /// Why no document that the person told of could be used when they last registered, or null when one could. Nothing is
    /// known of an erased person's.
    /// </summary>
    public string? NoUsableDocument
    {
        get
        {
            if (Erased || MergedInto is not null || Forms.All(form => form.Filled is null)) return null;
            var day = DateOnly.FromDateTime(Forms.Max(form => form.At).UtcDateTime);
            var held = Held();
            if (held.Any(document => document.UsableOn(day.AddDays(DaysLeft)))) return null;
            return held.Count == 0 ? "none" : held[^1] switch
            {
                { Status: DocumentStatus.Lost } => "lost",
                { Status: DocumentStatus.WithheldByEmployer } => "withheld-by-employer",
                { Status: DocumentStatus.Valid, Expiry: null } => "expiry-unknown",
                { Status: DocumentStatus.Valid, Expiry: { } expiry } when expiry >= day => "expiring",
                _ => "expired",
            };
        }
    }

    // A journey that begins a month later must not end at a border with a document that has run out on the way.
    private const int DaysLeft = 30;

    // What was said last of each document. A document without a number is taken for the one of its type: whoever lost a
    // passport rarely knows its number. "None" said later says nothing about a document told before.
    private List<HeldDocument> Held()
    {
        var held = new List<HeldDocument>();
        foreach (var said in Forms.Select(form => form.Filled?.Document).OfType<HeldDocument>().Where(document => document.Status != DocumentStatus.None))
        {
            held.RemoveAll(before => said.Number is null || before.Number is null
                ? string.Equals(before.Type, said.Type, StringComparison.OrdinalIgnoreCase)
                : string.Equals(before.Number, said.Number, StringComparison.OrdinalIgnoreCase));
            held.Add(said);
        }
        return held;
    }

    private TravelDocumentFile Without(IReadOnlyList<Guid> registrations, DateTimeOffset at) =>
        this with { Forms = Forms.RemoveAll(form => registrations.Contains(form.Id)), Told = Told + 1, ToldAt = Later(at) };

    private TravelDocumentFile With(Guid id, Func<Application, Application> change) =>
        this with { Applications = [.. Applications.Select(application => application.Id == id ? change(application) : application)] };

    private DateTimeOffset Later(DateTimeOffset at) => at > ToldAt ? at : ToldAt;

    private sealed record Form(Guid Id, Registration? Filled, DateTimeOffset At);
}

/// <summary>One application, from opened to issued and revoked.</summary>
internal sealed record Application(Guid Id, string Why, DateTimeOffset OpenedAt)
{
    public string? VerifiedBy { get; init; }

    /// <summary>The identity that was verified. What a later registration says about the person was not.</summary>
    public Holder? VerifiedAs { get; init; }

    /// <summary>When the last step was done.</summary>
    public DateTimeOffset DoneAt { get; init; } = OpenedAt;

    /// <summary>The record that it came with, where two were merged; it stands on both.</summary>
    public Guid? MergedFrom { get; init; }

    public string? ApprovedBy { get; init; }
    public string? Destination { get; init; }
    public ImmutableArray<string> Transits { get; init; } = [];
    public string? IssuedBy { get; init; }
    public DateTimeOffset IssuedAt { get; init; }
    public DateOnly? ValidUntil { get; init; }
    public string? Number { get; init; }
    public string? Mrz { get; init; }
    public string? RevokedWhy { get; init; }

    /// <summary>When its holder arrived where it leads.</summary>
    public DateTimeOffset? UsedAt { get; init; }

    public bool IsOpen => IssuedBy is null && RevokedWhy is null;

    /// <summary>Issued and not void.</summary>
    public bool Stands => IssuedBy is not null && RevokedWhy is null;

    /// <summary>Issued, not void, and its last day is not over.</summary>
    public bool IsValidOn(DateOnly day) => Stands && ValidUntil >= day;

    public bool LeadsTo(string country) => Stands && string.Equals(Destination, country, StringComparison.OrdinalIgnoreCase);

    public bool VerifiedFor(Holder holder) => VerifiedBy is not null && VerifiedAs == holder;

    public string State(Holder holder) =>
        RevokedWhy is not null ? "revoked" : IssuedBy is not null ? "issued" : !VerifiedFor(holder) ? "opened" : ApprovedBy is not null ? "approved" : "verified";

    public static bool SameOfficer(string? one, string? other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}

/// <summary>The refusals that every feature about a file shares.</summary>
internal static class FileRefusals
{
    public static Refusal UnknownApplication =>
        Refusal.NotFound("travel-document/application-unknown", "The person has no such application. Load their travel documents again and choose from them.");

    /// <summary>A step is not done before the one that it rests on.</summary>
    public static Refusal TooEarly(string what, DateTimeOffset at) => Refusal.Invalid("travel-document/too-early",
        $"{what} at {at.UtcDateTime:yyyy-MM-dd HH:mm} UTC. Leave `at` out for \"now\", or give a later time.", "at");

    /// <summary>Why the application cannot be worked on, or null.</summary>
    public static Refusal? Closed(this TravelDocumentFile file, Guid applicationId) =>
        file.Record.Refuse() ?? file.Application(applicationId) switch
        {
            null => UnknownApplication,
            { RevokedWhy: not null } => Refusal.Conflict("travel-document/revoked", "This document is void. Open a new application if the person still needs one."),
            { IssuedBy: not null } => Refusal.Conflict("travel-document/already-issued", "This document was issued already. Open a new application to replace it."),
            _ => null,
        };

    /// <summary>
    /// Rules C and V: no child is sent anywhere on the word of officers alone. Who is confirmed to answer for them agreed that they leave;
    /// of a child who is alone it was decided that it is in their best interests.
    /// </summary>
    /// <param name="now">Who is a child is asked with the clock.</param>
    public static Refusal? NobodyAgreed(this TravelDocumentFile file, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        if (!file.Childhood.IsChildOn(today)) return null;
        if (file.Alone.IsAlone(file.Ties)) return file.Alone.MayDepart ? null : BestInterestsNeeded;
        return !file.Ties.ByHousehold && file.Consents.MayLeaveOn(today, file.PersonId, file.Childhood, file.Ties, file.Alone) ? null
            : GuardianNeeded;
    }

    private static Refusal BestInterestsNeeded => Refusal.Conflict("travel-document/best-interests-needed",
        "This child is alone. A protection officer decides first whether leaving is in the child's best interests: POST /people/{personId}/best-interests. "
        + "If an adult is with the child, have an officer record who answers for them: POST /people/{personId}/guardians.");

    private static Refusal GuardianNeeded => Refusal.Conflict("travel-document/guardian-consent-needed",
        "No adult who is confirmed to answer for this child has agreed that the child leaves. Have an officer see both together and confirm the family "
        + "(POST /households/{householdId}/confirmation), ask the adult, and record the consent (POST /people/{personId}/evacuation-consent).");

    /// <summary>
    /// Rule N. It has no override: only the person takes the claim back, to a protection officer.
    /// </summary>
    public static Refusal? Refoulement(this TravelDocumentFile file, string destination, IEnumerable<string> transits) =>
        file.Fears.BarsAny([destination, .. transits])
            ? Refusal.Conflict("travel-document/non-refoulement", "The person fears serious harm in the destination or in a transit country. Choose another journey, and tell a protection officer.")
            : null;
}
