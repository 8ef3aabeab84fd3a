using System.Collections.Immutable;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Places;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.EvacuationPlanning.Plans;
using CrisisCoordination.PersonRecord;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.EvacuationPlanning.Travel;

/// <summary>
/// The people and transports that one decision looks at, as they stand after what it has decided so far. Everything it
/// decides is stored together; once one of them refuses, nothing more is decided.
/// </summary>
internal sealed record Scene(ImmutableDictionary<Guid, Passenger> People, ImmutableDictionary<Guid, Transport> Transports)
{
    public ImmutableList<(Guid Stream, Event Event)> Decided { get; private init; } = [];

    public Refusal? Refusal { get; private init; }

    /// <summary>Where the transports go, as the timelines of points and crises tell.</summary>
    public Atlas Atlas { get; init; } = Atlas.Empty;

    public static Scene Of(IEnumerable<Passenger> people, IEnumerable<Transport> transports) =>
        new(people.ToImmutableDictionary(person => person.Id), transports.ToImmutableDictionary(transport => transport.Id));

    public static async Task<Scene> LoadAsync(Work work, IReadOnlyCollection<Guid> people, IReadOnlyCollection<Guid> transports) =>
        await (await ReadAsync(work, people, transports)).KnowingAsync(work);

    // To see who and what else belongs to it; nothing is decided on it.
    private static async Task<Scene> ReadAsync(Work work, IReadOnlyCollection<Guid> people, IReadOnlyCollection<Guid> transports)
    {
        await work.ReadAsync(people.Concat(transports));
        var (persons, runs) = (new List<Passenger>(people.Count), new List<Transport>(transports.Count));
        foreach (var id in people.Distinct()) persons.Add(await work.LoadAsync<Passenger>(id));
        foreach (var id in transports.Distinct()) runs.Add(await work.LoadAsync<Transport>(id));
        return Of(persons, runs);
    }

    /// <summary>The same with where its transports go, and other points beside them.</summary>
    public Task<Scene> KnowingAsync(Work work, params IEnumerable<string> points) =>
        // Of whoever fears a state it counts where they are.
        KnowingAsync(work, points, People.Values.Any(person => !person.Fears.Now.IsEmpty));

    /// <summary>The same where somebody is about to say that they fear a state.</summary>
    public Task<Scene> KnowingWhereTheyAreAsync(Work work) => KnowingAsync(work, [], whereTheyAre: true);

    private async Task<Scene> KnowingAsync(Work work, IEnumerable<string> points, bool whereTheyAre)
    {
        var runs = Transports;
        foreach (var came in !whereTheyAre ? [] : People.Values.SelectMany(CameBy).Where(id => !runs.ContainsKey(id)).Distinct())
            runs = runs.SetItem(came, await work.LoadAsync<Transport>(came));
        var atlas = await Atlas.LoadAsync(
            work, runs.Values.Select(run => run.Schedule).OfType<TransportScheduled>().SelectMany(run => run.Codes()).Concat(points),
            People.Values.SelectMany(person => person.Crises));
        return this with
        {
            Transports = runs,
            Atlas = !whereTheyAre ? atlas : atlas with { Around = (await Neighbourhood.LoadAsync(work.Database, work.Stopping)).Around },
        };
    }

    /// <summary>The person, those they travel with, and every transport that any of them has a seat on.</summary>
    public static async Task<Scene> AroundAsync(Work work, Guid person)
    {
        var seats = (await ReadAsync(work, [person], [])).People[person].OpenSeats;
        var runs = (await ReadAsync(work, [], [.. seats.Select(seat => seat.TransportId)])).Transports.Values;
        var party = (await ReadAsync(work, [person, .. runs.SelectMany(run => run.PartyOf(person))], [])).People;
        return await LoadAsync(work, [.. party.Keys], [.. party.Values.SelectMany(member => member.Seats).Select(seat => seat.TransportId)]);
    }

    public Scene Ask(Guid person, Func<Passenger, Decision> decide)
    {
        if (Refusal is not null) return this;
        var decision = decide(People[person]);
        return decision.Refusal is { } refusal ? this with { Refusal = refusal } : Hear(person, decision.Events);
    }

    public Scene AskTransport(Guid transport, Func<Transport, Decision> decide)
    {
        if (Refusal is not null) return this;
        var decision = decide(Transports.GetValueOrDefault(transport) ?? new Transport(transport));
        return decision.Refusal is { } refusal ? this with { Refusal = refusal } : Hear(transport, decision.Events);
    }

    public Scene Refuse(Refusal refusal) => Refusal is null ? this with { Refusal = refusal } : this;

    /// <summary>The next step, unless something refused.</summary>
    public Scene Then(Func<Scene, Scene> next) => Refusal is null ? next(this) : this;

    public async Task<Scene> WithAsync(Work work, Guid transport) => Transports.ContainsKey(transport) ? this
        : await (this with { Transports = Transports.SetItem(transport, await work.LoadAsync<Transport>(transport)) }).KnowingAsync(work);

    /// <summary>Notes it all for one append.</summary>
    public Refusal? Into(Work work)
    {
        if (Refusal is not null) return Refusal;
        foreach (var stream in Decided.GroupBy(decided => decided.Stream))
            work.Append(stream.Key, Decision.Of(stream.Select(decided => decided.Event)));
        return null;
    }

    /// <summary>The leg as this person takes it. Their seats tell from where and where to only while the points do not.</summary>
    public Leg LegOf(Passenger person, Seat seat) => Atlas.For(person.Crises).LegOf(
        Transports[seat.TransportId].AsDeparture(), person.Seats.FirstOrDefault(before => before.Leg == seat.Leg - 1)?.Country, seat.Country);

    /// <summary>The leg for somebody who holds no seat on it.</summary>
    public Leg LegOf(Passenger person, Guid transport) => Atlas.For(person.Crises).LegOf(Transports[transport].AsDeparture());

    /// <summary>Those who travel with the person on the transport, as the rules see them on the day it departs.</summary>
    /// <param name="transport">That they travel on.</param>
    /// <param name="person">One of them.</param>
    /// <param name="counting">Which of them; null: all.</param>
    /// <param name="atGate">They stand at its gate now.</param>
    public Group PartyOn(Guid transport, Guid person, Func<Space, bool>? counting = null, bool atGate = false)
    {
        var run = Transports[transport];
        var members = run.PartyOf(person).Where(id => counting?.Invoke(run.Manifest[id]) ?? true).Append(person).Distinct();
        var party = Party(run.Manifest.GetValueOrDefault(person)?.GroupId ?? person, members.Select(id => People[id]), DayOf(run));
        return Located(party, transport, atGate);
    }

    /// <summary>The same with where those of them are who fear a state, when they come to take the transport.</summary>
    /// <param name="party">Of people of this scene.</param>
    /// <param name="transport">That they are to take.</param>
    /// <param name="atGate">They stand at its gate, whatever was last said of where they are.</param>
    /// <param name="walkUp">Somebody says that they stand there: a word of where they are for whom no other counts.</param>
    public Group Located(Group party, Guid transport, bool atGate = false, bool walkUp = false)
    {
        return !party.Travellers.Any(one => one.FearsAny) ? party : party with { Travellers = [.. party.Travellers.Select(Locate)] };

        Traveller Locate(Traveller one) => one.FearsAny && WhereIs(People[one.PersonId], party, transport, atGate, walkUp) is var (country, point)
            ? one with { IsIn = country, IsAt = point } : one;
    }

    // A point where they only say themselves to stand, or somebody says it for them, is told by its country alone.
    private (string? Country, string? Point) WhereIs(Passenger person, Group party, Guid transport, bool atGate, bool walkUp)
    {
        var (run, own) = (Transports[transport].Schedule, person.Seats.Find(seat => seat.TransportId == transport));
        if (atGate || own is { State: SeatState.CheckedIn or SeatState.Boarded or SeatState.Arrived }) return At(run?.From);
        // Who is on board is where it takes them, when they come to take the next.
        if (person.Seats.FindLast(seat => seat.State is SeatState.Boarded && (own is null || seat.Leg < own.Leg)) is { } aboard)
            return At(Transports.GetValueOrDefault(aboard.TransportId)?.Schedule?.To);
        (string? Country, string? Point) here = (CountryOf(run?.From), null);
        var words = Household.WordsOf(person, party.Travellers.Select(one => People[one.PersonId])).Select(Told);
        if (walkUp && person.Places.Latest.IsEmpty) words = words.Concat(person.Places.Doubts.Select(Told)).Append(here);
        // Whoever is told to be on both sides of a border may be on either.
        var places = words.ToList();
        return (places.Select(word => word.Country).Distinct().ToList() is [var one] ? one : null, places is [{ Point: { } point }] ? point : null);

        (string? Country, string? Point) Told(Seen seen) =>
            seen.Spot.Position is { } place ? (Atlas.Around.CountryAt(new(place.Latitude, place.Longitude)), null)
            : Transports.GetValueOrDefault(seen.Id ?? default)?.Schedule is { } carried ? At(seen.Source == Seen.Gate ? carried.From : carried.To) : default;

        (string? Country, string? Point) At(string? point) => (CountryOf(point), point);

        string? CountryOf(string? point) => point is null ? null : Atlas.Find(point)?.Country?.Country;
    }

    private static IEnumerable<Guid> CameBy(Passenger person) =>
        person.Places.Latest.Concat(person.Places.Doubts).Where(seen => seen.Source is Seen.Gate or Seen.Transport).Select(seen => seen.Id!.Value);

    /// <summary>The bar of a fear to whoever came with a transport on which they hold no seat; null where they may be there.</summary>
    public Bar? WhyFeared(Passenger person, Guid transport)
    {
        var alone = Located(Party(person.Id, [person], DayOf(Transports[transport])), transport);
        return WhoMayGo.BarredFrom(alone, LegOf(person, transport)) is { Code: "fears-destination" } bar ? new(bar.Code, bar.Country) : null;
    }

    /// <summary>The rule that keeps the person from the leg of their seat in whatever company; null when there is none.</summary>
    public Reason? WhyBarredFrom(Passenger person, Seat seat)
    {
        var party = PartyOn(seat.TransportId, person.Id);
        return WhoMayGo.BarredFrom(party with { Travellers = [party.Travellers.Single(one => one.PersonId == person.Id)] }, LegOf(person, seat));
    }

    public static Group Party(Guid id, IEnumerable<Passenger> members, DateOnly day) =>
        new(id, [.. members.Select(member => member.AsTraveller(day))], Tier: 5, Score: 0, default, Start: null);

    public static DateOnly DayOf(Transport transport) => DateOnly.FromDateTime(transport.Schedule!.DepartsAt.UtcDateTime);

    private Scene Hear(Guid stream, IReadOnlyList<Event> events)
    {
        var scene = this;
        foreach (var @event in events)
            scene = scene with
            {
                Decided = scene.Decided.Add((stream, @event)),
                People = scene.People.TryGetValue(stream, out var person) ? scene.People.SetItem(stream, person.Apply(@event)) : scene.People,
                Transports = scene.Transports.TryGetValue(stream, out var transport) ? scene.Transports.SetItem(stream, transport.Apply(@event)) : scene.Transports,
            };
        return scene;
    }
}
