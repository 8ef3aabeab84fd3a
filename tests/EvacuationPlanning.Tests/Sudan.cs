using System.Collections.Immutable;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Places;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.EvacuationPlanning.Plans;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.Timeline;
using Xunit;
using Position = CrisisCoordination.Contracts.Position;

namespace CrisisCoordination.EvacuationPlanning.Tests;

/// <summary>A convoy to the port, a ship to SAU and a flight from there to IND; everybody is Indian and may enter both.</summary>
internal static class Sudan
{
    public static readonly DateTimeOffset Noon = new(2023, 4, 20, 12, 0, 0, TimeSpan.Zero);
    public static readonly Guid PlanId = Id(900), Family = Id(800), Crisis = Id(700);

    public static Guid Id(int number) => new(number, 1, 0, new byte[8]);

    public static Transport Convoy(int seats = 9, int wheelchairs = 1, int stretchers = 1) => Run(101, "Capital", "Port", null, 1, seats, wheelchairs, stretchers);

    public static Transport Ship(int seats = 9) => Run(102, "Port", "Jeddah", "SAU", 20, seats, 1, 1);

    public static Transport Flight(int seats = 9) => Run(103, "Jeddah", "Delhi", "IND", 40, seats, 1, 1);

    public static Passenger Adult(int id, params Event[] then) => Person(id, "1985-01-30", "head", [], then);

    public static Passenger Child(int id, params Event[] then) => Person(id, "2012-05-01", "child", [], [.. SeenWithAdults, .. then]);

    public static Passenger Infant(int id, params Event[] then) => Person(id, "2022-09-01", "child", [], [.. SeenWithAdults, .. then]);

    /// <summary>An adult agrees for a child.</summary>
    public static EvacuationConsentGiven Agrees(int adult) => new(Id(adult), "officer", Noon);

    /// <summary>Whoever is adult among the first ten answers for the children here, and the tenth agreed for them.</summary>
    private static Event[] SeenWithAdults =>
        [.. Enumerable.Range(1, 10).Select(adult => new GuardianNamed(Id(adult), "parent", "officer", Noon) { Standing = "confirmed" }), Agrees(10)];

    /// <summary>A parent who is far away agreed for them.</summary>
    public static Passenger LoneChild(int id, params Event[] then) =>
        Person(id, "2010", "child", ["SC"], [new TieConfirmed(Id(99), "papers", "officer", Noon), Agrees(99), .. then]);

    public static Passenger Person(int id, string? born, string? role, string[] needs, params Event[] then) => Told(id, new()
    {
        BirthDate = BirthDate.TryParse(born, out var date) ? date : null,
        HouseholdRole = role,
        Nationality = "IND",
        SpecificNeeds = needs,
        Document = new("passport", "X", new(2030, 1, 1), DocumentStatus.Valid),
        Position = new Position(15.6, 32.5),
    }, then);

    public static Passenger Told(int id, Registration form, params Event[] then) => Passenger.Start(Id(id)).After([
        new PersonRegistered(Id(id + 10_000), Crisis, $"R{id}", Channel.Self, true, form, Noon), new EvacuationConsentGiven(Id(id), "officer", Noon), .. then]);

    public static EvacuationConsentWithdrawn NoConsent => new("officer", Noon);

    public static FearOfReturnStated Fears(params string[] countries) => new(countries, "officer", Noon);

    public static BestInterestsDecided MayGoWith(int escort) => new(true, Id(escort), "protection", null, Noon);

    public static T After<T>(this T state, params IEnumerable<Event> events) where T : IFold<T> => events.Aggregate(state, (next, e) => (T)next.Apply(e));

    /// <summary>Where the points lie, and that the crisis is in SDN.</summary>
    public static readonly Atlas Map = Atlas.Of(
        [Lies("Capital", "SDN"), Lies("Port", "SDN"), Lies("Jeddah", "SAU"), Lies("Delhi", "IND"),
            Lies("Quay", "SDN"), Lies("South port", "SDN"), Lies("Elsewhere", "SAU"), Lies("Suez", "EGY"), Lies("Lahore", "PAK")],
        new CrisisCountries(Crisis).After(new CrisisOpened("A-1", "test", "Exercise", "Fighting", [], Noon), new CrisisCountriesSet(["SDN"], "officer", Noon)));

    /// <summary>The same as a plan reads it.</summary>
    public static readonly AssemblyPoint[] Points = [.. Map.Points.Values.Select(point => new AssemblyPoint(point.Opened!.Code, point.Opened.Name, new(10, 30), point.Country!.Country))];

    public static Point Lies(string code, string? country) => country is null ? ToldByOne(code, null) : ToldByOne(code, country).After(new PointCountryConfirmed(country, "second", Noon));

    public static Point ToldByOne(string code, string? country) =>
        Point.Start(StreamId.AssemblyPoint(code)).After(new AssemblyPointOpened(code, code, new(10, 30), Noon) { Country = country, Officer = "officer" });

    public static Scene SceneOf(IEnumerable<Passenger> people, IEnumerable<Transport> transports) => Scene.Of(people, transports) with { Atlas = Map };

    public static Scene Together(this IEnumerable<Transport> journey, params Passenger[] people) =>
        SceneOf(people, journey).Seat(PlanId, Seats(journey, people), new(2023, 4, 23), Noon).Settled();

    public static Seating Seats(IEnumerable<Transport> journey, params Passenger[] people)
    {
        ImmutableArray<Guid> ids = [.. people.Select(person => person.Id)];
        return new(Family, ids, ids, [.. journey.Select(run => Map.For([Crisis]).LegOf(run.AsDeparture()))]);
    }

    public static Transport Sealed(this Transport run) => run.After(run.SealManifest("officer", Noon).Events);

    /// <summary>As it is once stored.</summary>
    public static Scene Settled(this Scene scene)
    {
        Assert.Null(scene.Refusal);
        return new(scene.People, scene.Transports) { Atlas = scene.Atlas };
    }

    public static Scene Telling(this Scene scene, int person, params Event[] events) =>
        new(scene.People.SetItem(Id(person), scene.People[Id(person)].After(events)), scene.Transports) { Atlas = scene.Atlas };

    public static string[] Codes(this Scene scene, int person) => [.. scene.People[Id(person)].Seats.Select(seat => seat.Code)];

    public static string[] Freed(this Scene scene) =>
        [.. scene.Decided.Select(d => d.Event).OfType<SpaceFreed>().Select(freed => $"{Number(freed.PersonId)} {freed.Reason}").Distinct()];

    public static void RefusedAs(this Decision decision, string code) => Assert.Equal(code, decision.Refusal?.Code);

    public static void RefusedAs(this Scene scene, string code) => Assert.Equal(code, scene.Refusal?.Code);

    private static int Number(Guid id) => BitConverter.ToInt32(id.ToByteArray());

    public static Transport Run(int id, string from, string to, string? country, int departs, int seats, int wheelchairs, int stretchers) =>
        Transport.Start(Id(id)).After(new TransportScheduled(
            $"{from}-{to}", "ship", from, to, country, Noon.AddDays(3).AddHours(departs), Noon.AddDays(3).AddHours(departs + 8), seats, wheelchairs, stretchers, "operator", Noon));
}
