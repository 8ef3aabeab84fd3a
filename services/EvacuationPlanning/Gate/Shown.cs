using System.Collections.Immutable;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.Mrz;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.EvacuationPlanning.Gate;

/// <summary>
/// Who shows this token or this document. Nobody keeps an index of document numbers: the timelines of those who are on the
/// manifest are read, then of those who leave from the same point on the same day, so that a wrong gate can be told from a stranger.
/// </summary>
internal sealed record Shown(Guid Id) : IFold<Shown>
{
    private const int LongestShown = 200, PeopleAtOnce = 200;

    // All registrations, with the reference that a token leads to where people made them themselves.
    private ImmutableDictionary<Guid, string?> Registrations { get; init; } = ImmutableDictionary<Guid, string?>.Empty;

    // By the registration or application that told it, and the record that brought it.
    private ImmutableList<(Guid From, Guid? MergedFrom, string Number)> Numbers { get; init; } = [];

    public static Shown Start(Guid id) => new(id);

    public Shown Apply(Event @event) => @event switch
    {
        PersonRegistered e => Told(e.RegistrationId, e.Sender, e.Reference).With(e.RegistrationId, e.Form?.Document?.Number),
        RegistrationRepeated e => Told(e.RegistrationId, e.Sender, e.Reference).With(e.RegistrationId, e.Form?.Document?.Number),
        RegistrationCorrected e => With(e.RegistrationId, e.Form?.Document?.Number),
        RegistrationSeparated e => this with { Registrations = Registrations.Remove(e.RegistrationId), Numbers = Numbers.RemoveAll(number => number.From == e.RegistrationId) },
        DuplicateUnmerged e => this with
        {
            Registrations = Registrations.RemoveRange(e.Registrations),
            Numbers = Numbers.RemoveAll(number => e.Registrations.Contains(number.From) || number.MergedFrom == e.DuplicateId),
        },
        TravelDocumentIssued e => With(e.ApplicationId, e.Number, e.MergedFrom),
        TravelDocumentRevoked e => this with { Numbers = Numbers.RemoveAll(number => number.From == e.ApplicationId) },
        _ => this,
    };

    /// <summary>
    /// Whether a token's reference or a number, however it is typed, is theirs. A token speaks for its own registration only: once
    /// that stands beside another, whoever typed somebody's name on the public page would be let in as them.
    /// </summary>
    public bool Has(string shown) => (Registrations.Count == 1 && Registrations.ContainsValue(shown)) || Numbers.Exists(number => number.Number == Letters.Joined(shown));

    /// <summary>Exactly one of the three says who it is.</summary>
    public static async Task<(Guid? Person, Refusal? Refusal)> FindAsync(TimelineStore store, Guid transportId, Guid? person, string? token, string? document, CancellationToken ct)
    {
        var (transport, _) = await store.LoadAsync<Transport>(transportId, ct: ct);
        if (transport.Schedule is null) return (null, Transport.Unknown);
        Func<Shown, bool> fits;
        switch ((person, token, document))
        {
            case ({ } id, null, null): return (id, null);
            case (null, { } shown, null):
                if (SelfRegistration.Reference(shown) is not { } reference)
                    return (null, Refusal.Invalid("check-in/token", "This is no tracking token: it has 22 letters, digits, - and _. Ask for a document, or look for the name on the manifest.", "token"));
                fits = one => one.Has(reference);
                break;
            case (null, null, { } shown):
                if (Number(shown, out var number) is { } unreadable) return (null, unreadable);
                fits = one => one.Has(number);
                break;
            default:
                return (null, Refusal.Invalid("check-in/who", "Say who it is by one of personId, token or document.", "personId"));
        }
        // Whoever is meant to be here first: the usual case reads one manifest.
        var here = transport.Lines.Select(space => space.PersonId).ToArray();
        if (await FindAsync(store, here, fits, ct) is { Count: > 0 } these) return One(these);
        var elsewhere = new HashSet<Guid>();
        foreach (var other in await store.ReadAsync(await SameDayAsync(store, transport, ct), ct)) elsewhere.UnionWith(other.Fold<Transport>().People);
        return One(await FindAsync(store, [.. elsewhere.Except(here)], fits, ct));
    }

    private static (Guid?, Refusal?) One(IReadOnlyList<Guid> found) => found switch
    {
        [var one] => (one, null),
        [] => (null, Refusal.NotFound("check-in/nobody-found", "Nobody on this manifest, or on another that leaves from here today, has this token or document. Look for the name, and register them if they are new.")),
        _ => (null, Refusal.Conflict("check-in/several-found", $"More than one person has this document: {string.Join(", ", found)}. Compare the names, and check in by personId.")),
    };

    private static async Task<List<Guid>> FindAsync(TimelineStore store, IReadOnlyCollection<Guid> people, Func<Shown, bool> fits, CancellationToken ct)
    {
        var found = new List<Guid>();
        foreach (var page in people.Chunk(PeopleAtOnce))
            found.AddRange((await store.ReadAsync(page, ct)).Where(timeline => fits(timeline.Fold<Shown>())).Select(timeline => timeline.Id));
        return found;
    }

    private static async Task<IReadOnlyList<Guid>> SameDayAsync(TimelineStore store, Transport transport, CancellationToken ct)
    {
        await using var command = store.Database.CreateCommand("""
            select stream_id from evacuation_planning.transport
            where from_point = $1 and stream_id <> $2 and departs_at between $3 - interval '1 day' and $3 + interval '1 day'
            """);
        command.Parameters.Add(new() { Value = transport.Schedule!.From });
        command.Parameters.Add(new() { Value = transport.Id });
        command.Parameters.Add(new() { Value = transport.Schedule.DepartsAt.ToUniversalTime() });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var ids = new List<Guid>();
        while (await reader.ReadAsync(ct)) ids.Add(reader.GetGuid(0));
        return ids;
    }

    // A zone is believed only where its check digit agrees: a misread number may be somebody else's.
    private static Refusal? Number(string shown, out string number)
    {
        number = "";
        if (shown.Length > LongestShown) return NoNumber;
        if (MrzLayout.Read(shown) is not { } zone)
        {
            number = Letters.Joined(shown);
            return number.Length > 0 ? null : NoNumber;
        }
        number = Letters.Joined(zone.Document.Number);
        return number.Length > 0 && zone.Verdicts.Single(verdict => verdict.Over == MrzField.Number).Holds ? null
            : Refusal.Invalid("check-in/zone-misread", "The number in this zone was misread: its check digit does not agree. Read it again, or type the number.", "document");
    }

    private static Refusal NoNumber => Refusal.Invalid("check-in/document", "This is neither a document's number nor its machine readable zone.", "document");

    private Shown Told(Guid registration, string sender, string reference) =>
        this with { Registrations = Registrations.SetItem(registration, sender == SelfRegistration.Sender ? reference : null) };

    private Shown With(Guid from, string? number, Guid? mergedFrom = null)
    {
        var others = Numbers.RemoveAll(known => known.From == from);
        return this with { Numbers = Letters.Joined(number) is { Length: > 0 } plain ? others.Add((from, mergedFrom, plain)) : others };
    }
}
