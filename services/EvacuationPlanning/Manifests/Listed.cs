using System.Collections.Immutable;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.Mrz;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.EvacuationPlanning.Manifests;

/// <summary>A person as a carrier and a border post need them: who they are, which document, and what help on board.</summary>
internal sealed record Listed(Guid Id) : IFold<Listed>
{
    private ImmutableList<(Guid Id, Registration Form, DateTimeOffset At)> Forms { get; init; } = [];
    private ImmutableList<TravelDocumentIssued> Issued { get; init; } = [];
    public Passenger Passenger { get; private init; } = Passenger.Start(Id);

    /// <summary>What was told last; null once the person is erased.</summary>
    public Registration? Form => Passenger.Erased || Forms.IsEmpty ? null : Forms[^1].Form;

    /// <summary>
    /// The name in the letters of carriers and borders: as the emergency document shows it, else as it was told last in letters that can
    /// be written so. Null where there is none.
    /// </summary>
    public MrzName? NameAtBorder => Form is null ? null
        : (Issued is [.., { Mrz: { } zone }] ? MrzLayout.Read(zone)?.Document.Name : null)
            ?? Told(form => BorderLetters.Name(form.FamilyName, form.GivenNames))
            ?? Told(form => BorderLetters.Name(form.NameInOriginalScript, null));

    /// <summary>They have a name, and nobody can write it for a border: they are asked how it is spelled in Latin letters.</summary>
    public bool LacksBorderName =>
        NameAtBorder is null && Form is not null && Told(form => form.FamilyName ?? form.GivenNames ?? form.NameInOriginalScript) is not null;

    /// <summary>The emergency travel document where there is one, else the valid one of their own.</summary>
    public (string? Number, DateOnly? Expiry, string? Issuer) Document(DateOnly day) =>
        Issued is [.., { } issued] ? (issued.Number, issued.ValidUntil, null)
        : Forms.Select(told => told.Form.Document).LastOrDefault(held => held?.UsableOn(day) == true) is { } own ? (own.Number, own.Expiry, Form?.Nationality)
        : (null, null, null);

    /// <summary>IATA codes of special service requests; in doubt the one that asks for more help.</summary>
    public ImmutableArray<string> Assistance(Space space, DateOnly day) =>
    [
        .. space.OnLap ? ["INFT"] : Array.Empty<string>(),
        .. space.Kind switch { Mobility.Wheelchair => ["WCHC"], Mobility.Stretcher => ["STCR"], _ => Array.Empty<string>() },
        .. Forms.Any(told => told.Form.SpecificNeeds.Contains("SM")) ? ["MEDA"] : Array.Empty<string>(),
        .. Passenger.NeedsOxygen ? ["OXYG"] : Array.Empty<string>(),
        .. Passenger.AsTraveller(day) is { IsUnaccompanied: true, IsMinor: true } ? ["UMNR"] : Array.Empty<string>(),
    ];

    public static Listed Start(Guid id) => new(id);

    public Listed Apply(Event @event) => (this with { Passenger = Passenger.Apply(@event) }).Told(@event);

    private T? Told<T>(Func<Registration, T?> what) where T : class =>
        Forms.Reverse().Select(told => what(told.Form)).FirstOrDefault(said => said is not null);

    private Listed Told(Event @event) => @event switch
    {
        PersonRegistered { Form: { } form } e => With(e.RegistrationId, form, e.At),
        RegistrationRepeated { Form: { } form } e => With(e.RegistrationId, form, e.At),
        RegistrationCorrected { Form: { } form } e when Forms.Find(told => told.Id == e.RegistrationId) is { Form: not null } told => With(e.RegistrationId, form, told.At),
        RegistrationSeparated e => this with { Forms = Forms.RemoveAll(told => told.Id == e.RegistrationId) },
        DuplicateUnmerged e => this with
        {
            Forms = Forms.RemoveAll(told => e.Registrations.Contains(told.Id)),
            Issued = Issued.RemoveAll(document => document.MergedFrom == e.DuplicateId),
        },
        TravelDocumentIssued e => this with { Issued = Issued.Add(e) },
        TravelDocumentRevoked e => this with { Issued = Issued.RemoveAll(document => document.ApplicationId == e.ApplicationId) },
        _ => this,
    };

    // In the order in which they were told: a merge can bring forms that are older than what is known.
    private Listed With(Guid id, Registration form, DateTimeOffset at)
    {
        var others = Forms.RemoveAll(told => told.Id == id);
        return this with { Forms = others.Insert(others.Count(told => told.At <= at), (id, form, at)) };
    }
}

/// <summary>One line, ready to be written in any format.</summary>
internal sealed record ManifestLine(int Number, int Group, Space Space, Listed Person, ImmutableArray<string> Assistance)
{
    public string State => Space.State switch { SpaceState.CheckedIn => "checked-in", SpaceState.NoShow => "no-show", var state => state.ToString().ToLowerInvariant() };
}

/// <summary>A transport with those who hold a space on it, families together.</summary>
internal sealed record Manifest(Transport Transport, long Version, ImmutableArray<ManifestLine> Lines)
{
    /// <summary>Who stands by at its gate, in the order of their turn.</summary>
    public ImmutableArray<Listed> Standby { get; init; } = [];

    public TransportScheduled Schedule { get => field ?? Transport.Schedule!; init; }

    /// <summary>Every country where it lands or may be made to, as the points tell; null: not known.</summary>
    public ImmutableArray<string?> Lands { get; init; } = [];

    /// <summary>Whether they must not be named to whoever reads the list where it lands (rule N).</summary>
    public bool IsKeptFrom(Listed person) => person.Passenger.Fears.BarsAny(Lands);

    public DateOnly Day => DateOnly.FromDateTime(Schedule.DepartsAt.UtcDateTime);

    public static Manifest Of(Transport transport, long version, IReadOnlyDictionary<Guid, Listed> people)
    {
        var day = DateOnly.FromDateTime(transport.Schedule!.DepartsAt.UtcDateTime);
        var groups = transport.Lines.Where(space => space.IsTaken).GroupBy(space => space.GroupId)
            .OrderBy(group => group.Min(space => people[space.PersonId].Form?.FamilyName ?? ""), StringComparer.OrdinalIgnoreCase).ThenBy(group => group.Key);
        return new(transport, version, [.. groups
            .SelectMany((group, i) => group.OrderBy(space => people[space.PersonId].Form?.BirthDate?.Earliest ?? DateOnly.MaxValue).ThenBy(space => space.PersonId).Select(space => (Group: i + 1, Space: space)))
            .Select((line, i) => new ManifestLine(i + 1, line.Group, line.Space, people[line.Space.PersonId], people[line.Space.PersonId].Assistance(line.Space, day)))]);
    }
}
