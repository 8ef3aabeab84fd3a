using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Checking;
using CrisisCoordination.EvacuationPlanning.Gate;
using CrisisCoordination.EvacuationPlanning.Places;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.EvacuationPlanning.Plans;
using CrisisCoordination.EvacuationPlanning.Tests.Planning;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.Timeline;
using Xunit;
using static CrisisCoordination.EvacuationPlanning.Tests.Sudan;
using Position = CrisisCoordination.EvacuationPlanning.Planning.Position;

namespace CrisisCoordination.EvacuationPlanning.Tests.Places;

/// <summary>Rule N asks where the points lie, and nobody who plans or enters a transport is asked.</summary>
public sealed class PlaceRuleTests
{
    private static readonly Departure Bus = Convoy().AsDeparture(), Boat = Ship().AsDeparture();

    private static Ground In(params (string Code, PointCountry Where)[] points) => new(["SDN"], code => points.FirstOrDefault(point => point.Code == code).Where);

    private static bool Bars(Leg leg, params string[] feared) => Against(leg, feared)?.Code == "fears-destination";

    private static Reason? Against(Leg leg, params string[] feared) => WhoMayGo.BarredFrom(
        new(Id(1), [new(Id(1), SpaceKind.Seat, Age.Adult) { Consent = true, FearedCountries = [.. feared], IsIn = "SDN", Nationalities = ["SAU"], DocumentValidUntil = new(2030, 1, 1) }], 5, 0, Noon, null), leg);

    [Fact]
    public void A_leg_to_a_point_in_the_feared_country_is_barred_whatever_the_transport_says()
    {
        var ground = In(("Port", new("SDN")), ("Jeddah", new("SAU")));

        foreach (var told in (string?[])[null, "SDN", "EGY"])
            Assert.True(Bars(ground.LegOf(Boat with { DestinationCountry = told }), "SAU"));
        Assert.False(Bars(ground.LegOf(Boat), "ERI"));
    }

    [Fact]
    public void A_leg_to_a_point_of_which_nobody_told_the_country_is_barred_to_whoever_fears_any()
    {
        var leg = In(("Port", new("SDN"))).LegOf(Boat);

        Assert.True(Bars(leg, "ERI"));
        Assert.False(Bars(leg));
    }

    [Fact]
    public void A_leg_that_may_be_diverted_to_the_feared_country_or_to_an_unknown_place_is_barred()
    {
        var ground = In(("Port", new("SDN")), ("Jeddah", new("SAU")), ("Massawa", new("ERI")));

        Assert.True(Bars(ground.LegOf(Boat with { Alternates = ["Massawa"] }), "ERI"));
        Assert.True(Bars(ground.LegOf(Boat with { Alternates = ["Nowhere"] }), "ERI"));
        Assert.False(Bars(ground.LegOf(Boat with { Alternates = ["Massawa"] }), "EGY"));
    }

    [Theory]
    [InlineData("Port")]
    [InlineData("Jeddah")]
    [InlineData("Massawa")]
    public void Who_fears_any_state_is_kept_from_a_way_of_which_one_account_alone_told_a_country(string byOne)
    {
        PointCountry In(string code, string country) => new(country, ByOne: code == byOne);
        var ground = PlaceRuleTests.In(("Port", In("Port", "SDN")), ("Jeddah", In("Jeddah", "SAU")), ("Massawa", In("Massawa", "ERI")));
        var leg = ground.LegOf(Boat with { Alternates = ["Massawa"] });
        Assert.Equal("country-told-by-one", Against(leg, "IRN")?.Code);
        Assert.Null(Against(leg));
        Assert.Equal("fears-destination", Against(leg, "SAU")?.Code);
    }

    // A place in another country is told as one of the crisis, so that the way there looks like a move within it.
    [Fact]
    public void Nobody_is_moved_within_a_country_that_they_fear_on_the_word_of_one_account()
    {
        var ground = In(("Capital", new("SDN")), ("Port", new("SDN", ByOne: true)));
        Assert.Equal("country-told-by-one", Against(ground.LegOf(Bus), "SDN")?.Code);
        Assert.Null(Against(In(("Capital", new("SDN")), ("Port", new("SDN"))).LegOf(Bus), "SDN"));
    }

    [Fact]
    public void While_a_second_officer_has_not_looked_both_countries_count()
    {
        var leg = In(("Port", new("SDN")), ("Jeddah", new("SAU", "ERI"))).LegOf(Boat);

        Assert.True(Bars(leg, "SAU"));
        Assert.True(Bars(leg, "ERI"));
        Assert.Equal("SAU", leg.ToCountry);
    }

    [Fact]
    public void Who_fears_the_country_of_the_crisis_may_be_moved_within_it_to_get_out()
    {
        Assert.False(Bars(In(("Capital", new("SDN")), ("Port", new("SDN"))).LegOf(Bus), "SDN"));
        // Not where it is unknown that they are there, nor from one country of the crisis into another that they fear.
        Assert.True(Bars(In(("Port", new("SDN"))).LegOf(Bus), "SDN"));
        Assert.True(Bars(new Ground(["SDN", "SSD"], code => new(code == "Port" ? "SDN" : "SSD")).LegOf(Bus), "SDN"));
        // Nor inside a feared country that is none of the crisis's.
        Assert.True(Bars(new Ground(["SDN"], _ => new("SAU")).LegOf(Bus), "SAU"));
    }

    [Fact]
    public void Calling_the_feared_country_one_of_the_crisis_carries_nobody_there() =>
        Assert.True(Bars(new Ground(["SDN", "SAU"], code => new(code == "Port" ? "SDN" : "SAU")).LegOf(Boat), "SAU"));

    [Fact]
    public void A_border_between_two_countries_of_the_crisis_takes_a_document() =>
        Assert.True(new Ground(["SDN", "SSD"], code => new(code == "Port" ? "SDN" : "SSD")).LegOf(Bus).CrossesBorder);

    [Fact]
    public void Nobody_is_seated_on_a_leg_of_which_the_country_is_not_known()
    {
        var dark = Scene.Of([Adult(1)], [Ship()]) with { Atlas = Atlas.Of([Lies("Port", "SDN"), Lies("Jeddah", null)], Sudan.Map.Crises.Values) };

        dark.Seat(PlanId, new(Id(1), [Id(1)], [Id(1)], [dark.LegOf(dark.People[Id(1)], Ship().Id)]), new(2023, 4, 23), Noon).RefusedAs("travel/country-unknown");
        WalkUpFeature.Decide(dark, new(Ship().Id, Id(1), null, null, "officer", Noon)).RefusedAs("travel/country-unknown");
    }

    [Fact]
    public void Nobody_is_seated_at_a_gate_while_nobody_told_where_the_crisis_is()
    {
        var scene = Scene.Of([Adult(1)], [Ship()]) with { Atlas = Atlas.Of(Sudan.Map.Points.Values) };

        WalkUpFeature.Decide(scene, new(Ship().Id, Id(1), null, null, "officer", Noon)).RefusedAs("crisis/countries-unknown");
    }

    [Fact]
    public void Boarding_asks_the_point_and_not_the_seat()
    {
        var seated = new[] { Ship() }.Together(Adult(1, Fears("ERI")));
        BoardPersonFeature.Decide(seated, new(Ship().Id, Id(1), "officer", Noon)).Settled();

        foreach (var truth in (string?[])["ERI", null])
            BoardPersonFeature.Decide(seated with { Atlas = Atlas.Of([Lies("Port", "SDN"), Lies("Jeddah", truth)], Sudan.Map.Crises.Values) }, new(Ship().Id, Id(1), "officer", Noon))
                .RefusedAs("travel/protection");
    }

    [Fact]
    public void When_it_is_told_where_a_point_really_lies_the_seats_there_say_so_and_whoever_fears_it_loses_theirs()
    {
        var seated = new[] { Ship() }.Together(Adult(1), Adult(2, Fears("ERI")));
        var apart = seated with { Atlas = Atlas.Of([Lies("Port", "SDN"), Lies("Jeddah", "ERI")], Sudan.Map.Crises.Values) };
        var again = apart.LookAgain(Ship().Id, Noon).Settled();

        Assert.Equal("ERI", Assert.Single(apart.LookAgain(Ship().Id, Noon).Decided.Select(d => d.Event).OfType<SeatChanged>().Select(e => e.DestinationCountry).Distinct()));
        Assert.Empty(again.People[Id(2)].Seats);
        Assert.Empty(again.LookAgain(Ship().Id, Noon).Decided);
    }

    [Fact]
    public void Of_whoever_is_under_way_to_where_a_point_turns_out_to_lie_the_alarm_is_given_once()
    {
        var aboard = BoardPersonFeature.Decide(new[] { Ship() }.Together(Adult(1, Fears("ERI"))), new(Ship().Id, Id(1), "officer", Noon)).Settled();
        var sailed = DepartTransportFeature.Decide(aboard, new(Ship().Id, "officer", Noon)).Settled() with { Atlas = Atlas.Of([Lies("Port", "SDN"), Lies("Jeddah", "ERI")], Sudan.Map.Crises.Values) };
        Scene Again(Scene scene) => scene.LookAgain(Ship().Id, Noon, person => scene.People[person].NoticedBar(Ship().Id));

        Assert.Equal("fears-destination", Assert.Single(Again(sailed).Decided.Select(d => d.Event).OfType<CarriedWhereBarred>()).Reason);
        Assert.Empty(Again(Again(sailed).Settled()).Decided);
    }

    [Fact]
    public void The_checker_finds_who_is_taken_to_a_feared_country_though_all_that_the_plan_was_made_from_lies()
    {
        var traveller = World.Adult(1, "EGY") with { FearedCountries = ["SAU"] };
        var (run, group) = (World.Run("Capital", "Jeddah", 1, 5) with { DestinationCountry = null }, World.Household(1, traveller));
        AssemblyPoint[] lies = [.. World.Points.Select(point => point.Code == "Jeddah" ? point with { Country = "EGY" } : point)];
        var input = new PlanInput(["SDN"], lies, [run], [group], [], new());
        var plan = Planner.Plan(Network.From(["SDN"], lies, [run]), [group], []);

        Assert.Single(plan.Journeys);
        Assert.Contains("taken-to-a-feared-country", Checker.Check(input, World.Places, plan).Faults.Select(fault => fault.Code));
    }

    [Fact]
    public void The_checker_asks_alternates_and_what_is_proposed_and_the_crisis_as_their_timelines_tell()
    {
        var (run, group) = (World.Run("Capital", "Jeddah", 1, 5), World.Household(1, World.Adult(1, "EGY") with { FearedCountries = ["ERI"] }));
        var input = new PlanInput(["SDN"], World.Points, [run], [group], [], new());
        var plan = Planner.Plan(World.Network(run), [group], []);
        string[] Faults(PlanInput told, KnownPlaces places, Plan made) => [.. Checker.Check(told, places, made).Faults.Select(fault => fault.Code)];
        var points = World.Places.Points.ToDictionary();

        Assert.Empty(Faults(input, World.Places, plan));
        Assert.Contains("taken-to-a-feared-country", Faults(input, World.Places with { Points = new Dictionary<string, KnownPoint>(points) { ["Jeddah"] = points["Jeddah"] with { Perhaps = "ERI" } } }, plan));
        Assert.Contains("taken-where-one-account-said", Faults(input, World.Places with { Points = new Dictionary<string, KnownPoint>(points) { ["Capital"] = points["Capital"] with { ByOne = true } } }, plan));
        Assert.Contains("departure-not-in-the-timetable", Faults(input, World.Places with { Points = new Dictionary<string, KnownPoint>(points) { ["Jeddah"] = points["Jeddah"] with { Country = null } } }, plan));
        Assert.Contains("does-not-leave-the-crisis", Faults(input, World.Places with { Crisis = ["SDN", "SAU"] }, plan));

        var diverts = run with { Alternates = ["Massawa"] };
        Assert.Contains("taken-to-a-feared-country", Faults(input with { Departures = [diverts] }, World.Places, plan with { Journeys = [plan.Journeys[0] with { Departures = [diverts] }] }));
    }

    [Fact]
    public void The_checker_finds_who_is_sent_across_the_border_into_the_country_they_fear()
    {
        var (bus, ship) = (World.Run("Capital", "Port", 1, 5), World.Run("Port", "Jeddah", 8, 12));
        Group At(Position? own, string? isIn) => World.Household(1, World.Adult(1, "EGY") with { FearedCountries = ["SDN"], Whereabouts = own, IsIn = isIn });
        string[] Faults(Group group) => [.. Checker.Check(new(["SDN"], World.Points, [bus, ship], [group], [], new()), World.Places,
            // As a planner would have it that took everybody for being there.
            Planner.Plan(World.Network(bus, ship), [group with { Travellers = [group.Travellers[0] with { IsIn = "SDN" }] }], [])).Faults.Select(fault => fault.Code)];

        Assert.Empty(Faults(At(World.InTheCapital, "SDN")));
        Assert.Empty(Faults(At(null, "SDN")));
        Assert.Contains("taken-to-a-feared-country", Faults(At(new(15.6, 32.9), "SDN")));
        Group Twice(Position other) => World.Household(1, At(World.InTheCapital, "SDN").Travellers[0] with { AlsoToldAt = [other] });
        Assert.Empty(Faults(Twice(World.InTheCapital)));
        Assert.Contains("taken-to-a-feared-country", Faults(Twice(new(15.6, 32.9))));
        Assert.Contains("taken-to-a-feared-country", Faults(World.Household(1, At(null, "SDN").Travellers[0] with { MayBeAnywhere = true })));
        foreach (var unsure in (Group[])[Twice(new(15.6, 32.9)), World.Household(1, At(null, null).Travellers[0] with { MayBeAnywhere = true })])
            Assert.Null(World.Network(bus, ship).Locate(unsure).Travellers[0].IsIn);
        Assert.Equal("SDN", World.Network(bus, ship).Locate(Twice(World.InTheCapital)).Travellers[0].IsIn);
        var planned = World.PlanFor(World.Network(bus, ship), World.Network(bus, ship).Locate(At(new(15.6, 32.9), null)));
        Assert.Equal("fears-every-destination", Assert.Single(planned.LeftBehind).Reasons[0].Code);
    }

    [Fact]
    public void A_point_that_one_account_entered_beside_somebody_tells_neither_planner_nor_checker_where_they_are()
    {
        var (bus, near) = (World.Run("Capital", "Port", 1, 5), new Position(World.InTheCapital.Latitude + 0.001, World.InTheCapital.Longitude));
        var group = World.Household(1, World.Adult(1, "EGY") with { FearedCountries = ["SDN"], Whereabouts = near });
        AssemblyPoint[] points = [.. World.Points, new("Beside", "Beside", near, "SDN") { ToldByOne = true }];
        Assert.Equal("SDN", World.Network(bus).Locate(group).Travellers[0].IsIn);
        Assert.Null(Network.From(["SDN"], points, [bus]).Locate(group).Travellers[0].IsIn);
        Assert.Null(Network.From(["SDN"], [.. World.Points, points[^1] with { ToldByOne = false, ProposedCountry = "EGY" }], [bus]).Locate(group).Travellers[0].IsIn);
    }

    [Fact]
    public void The_checker_finds_who_is_sent_to_set_out_from_where_a_point_may_lie_in_the_country_they_fear()
    {
        var ship = World.Run("Port", "Jeddah", 8, 12);
        var group = World.Household(1, World.Adult(1, "EGY") with { FearedCountries = ["ETH"], Whereabouts = World.InTheCapital, IsIn = "SDN" }) with
        { Start = World.Points.Single(point => point.Code == "Port").Position };
        var perhaps = World.Places with
        {
            Points = World.Places.Points.ToDictionary(point => point.Key, point => point.Key == "Port" ? point.Value with { Perhaps = "ETH" } : point.Value),
        };
        var plan = Planner.Plan(World.Network(ship), [group], []);
        Assert.Single(plan.Journeys);

        string[] Faults(KnownPlaces places) => [.. Checker.Check(new(["SDN"], World.Points, [ship], [group], [], new()), places, plan).Faults.Select(fault => fault.Code)];
        Assert.DoesNotContain("taken-to-a-feared-country", Faults(World.Places));
        Assert.Contains("taken-to-a-feared-country", Faults(perhaps));
    }

    [Fact]
    public void Who_walks_up_where_they_fear_to_be_must_not_have_been_seen_in_another_country_last()
    {
        var around = Sudan.Map with { Around = new([(new(15.6, 32.5), "TCD"), (new(10, 30), "SDN")]) };
        Scene At(Passenger person) => WalkUpFeature.Decide(Scene.Of([person], [Ship().Sealed()]) with { Atlas = around }, new(Ship().Id, person.Id, null, null, "officer", Noon));
        var nowhere = Told(1, new() { BirthDate = new(1985, 1, 30), Nationality = "IND", Document = new("passport", "X", new(2030, 1, 1), DocumentStatus.Valid) }, Fears("SDN"));

        At(Adult(1, Fears("SDN"))).RefusedAs("travel/protection");
        At(Adult(1, Fears("SDN"), new CheckedIn(Id(6), "moving", "officer", null, new(10, 30.01), Noon.AddMinutes(1)))).Settled();
        At(nowhere).Settled();
        // Whom nobody heard is with the family, whatever one account says of them alone.
        var relative = Told(2, new() { BirthDate = new(1985, 1, 30), Position = new(15.6, 32.5) }, new HouseholdJoined(Family, "head", Noon));
        var family = Scene.Of([nowhere.After(new HouseholdJoined(Family, "spouse", Noon)), relative], [Ship().Sealed()]) with { Atlas = around };
        Assert.Null(family.Located(Scene.Party(Family, family.People.Values, new(2023, 4, 23)), Ship().Id, walkUp: true).Travellers.Single(one => one.PersonId == Id(1)).IsIn);
    }

    // The capital is in TCD here, the port in SDN, which they fear.
    [Fact]
    public void What_does_not_count_for_where_they_are_gets_nobody_a_space_where_they_fear_to_be()
    {
        var around = Sudan.Map with { Around = new([(new(15.6, 32.5), "TCD"), (new(10, 30), "SDN")]) };
        static CheckedIn In(string source, int minutes = 1, Guid? from = null) =>
            new(Id(60 + minutes), "moving", source, null, new(10, 30), Noon.AddMinutes(minutes)) { MergedFrom = from };
        static CheckedIn Across(int minutes) => new(Id(9), "safe", "officer", null, new(15.6, 32.5), Noon.AddMinutes(minutes));
        Scene At(params Event[] told) => WalkUpFeature.Decide(
            Scene.Of([Adult(1, [Fears("SDN"), .. told])], [Ship().Sealed(), Convoy()]) with { Atlas = around }, new(Ship().Id, Id(1), null, null, "officer", Noon));
        var arrived = new Arrived(Convoy().Id, null, false, "officer", Noon.AddMinutes(2));

        foreach (var told in (Event[][])[
            [In("partner")], [In("family")], [In("self", from: Id(40))],
            [Across(1), new RegistrationCorrected(Id(10_001), "officer", new() { Position = new(10, 30) }, "slip", Noon.AddHours(1))],
            [new UnexpectedAtArrival(Convoy().Id, "officer", Noon.AddMinutes(2)), arrived],
            [arrived, new MissingAtArrival(Convoy().Id, false, Noon, "officer", Noon.AddMinutes(3)), new FoundAfterArrival(Convoy().Id, Arrived: false, "officer", Noon.AddMinutes(4))],
            [arrived, Across(9)],
            [In("self"), Across(1)]])
            At(told).RefusedAs("travel/protection");
        foreach (var told in (Event[][])[[In("self")], [In("officer")], [In("officer", from: Id(40))], [arrived]])
            At(told).Settled();
    }

    [Fact]
    public void Of_whom_no_word_counts_the_family_tells_where_they_are_unless_something_says_otherwise()
    {
        Passenger Of(int id, Registration form, params Event[] then) => Told(id, form, [new HouseholdJoined(Family, "head", Noon), Fears("SDN"), .. then]);
        Registration silent = new() { BirthDate = new(1985, 1, 30) }, here = silent with { Position = new(10, 30) };
        Traveller First(params Passenger[] family) => Assert.Single(Household.Of(family)).AsGroup(new(2023, 4, 23), (_, _) => null).Travellers[0];
        static CheckedIn Partner(double latitude) => new(Id(60), "moving", "partner", null, new(latitude, 30), Noon.AddHours(1));

        Assert.Equal((new Position(10, 30), 0, false), What(First(Of(1, silent), Of(2, here))));
        Assert.Equal((new Position(10, 30), 1, false), What(First(Of(1, silent, Partner(15)), Of(2, here))));
        Assert.Equal((null, 0, true), What(First(Of(1, silent, Partner(10)), Of(2, silent))));
        Assert.Equal((null, 0, true), What(First(Of(1, silent), Of(2, silent))));

        static (Position?, int, bool) What(Traveller one) => (one.Whereabouts, one.AlsoToldAt.Length, one.MayBeAnywhere);
    }

    [Fact]
    public void Who_says_on_the_way_that_they_fear_the_country_they_are_in_keeps_the_seat_that_leads_out_of_it()
    {
        var around = Sudan.Map with { Around = new([(new(15.6, 32.5), "TCD"), (new(10, 30), "SDN")]) };
        var (convoy, ship) = (Convoy(), Ship());
        var seated = new[] { convoy, ship }.Together(Adult(1)) with { Atlas = around };
        var stated = new StateFear(Id(1), ["SDN"], null, "officer", Noon);

        // Not there yet: nobody sends them in.
        Assert.Empty(StateFearFeature.Decide(seated, stated).Settled().People[Id(1)].Seats);
        var aboard = BoardPersonFeature.Decide(seated, new(convoy.Id, Id(1), "officer", Noon)).Settled();
        var departed = DepartTransportFeature.Decide(aboard, new(convoy.Id, "officer", Noon)).Settled();
        Assert.Equal(["Capital-Port", "Port-Jeddah"], StateFearFeature.Decide(departed, stated).Settled().Codes(1));
    }

    [Fact]
    public void The_checker_reads_the_timelines_by_itself()
    {
        var places = KnownPlaces.From(
            [new CrisisOpened("A-1", "test", "Exercise", "Fighting", [], Noon), new CrisisCountriesSet(["SDN"], "a", Noon), new CrisisCountriesChangeProposed(["ERI"], "x", "a", Noon),
                new CrisisCountriesChangeConfirmed(["SDN", "SSD"], "b", Noon)],
            [[new AssemblyPointOpened("A", "A", new(1, 2), Noon), new PointCountrySet("ERI", "a", Noon), new PointCountryChangeProposed("ETH", "x", "a", Noon)],
                [new AssemblyPointOpened("B", "B", new(1, 2), Noon) { Country = "EGY" }, new PointCountryChangeProposed("SDN", "x", "a", Noon), new PointCountryChangeConfirmed("SDN", "b", Noon)], [],
                [new AssemblyPointOpened("C", "C", new(1, 2), Noon) { Country = "EGY" }], [new AssemblyPointOpened("D", "D", new(1, 2), Noon) { Country = "EGY" }, new PointCountryConfirmed("EGY", "b", Noon)]]);

        Assert.Equal(["SDN", "SSD"], places.Crisis);
        Assert.Equal([("A", "ERI", "ETH", true), ("B", "SDN", null, false), ("C", "EGY", null, true), ("D", "EGY", null, false)],
            places.Points.Select(point => (point.Key, point.Value.Country, point.Value.Perhaps, point.Value.ByOne)));
    }

    [Fact]
    public void A_plan_that_was_made_from_other_countries_than_the_timelines_tell_is_known_as_one()
    {
        var input = new PlanInput(["SDN"], [new("A", "A", new(1, 2), "ERI") { ToldByOne = true }, new("Z", "Z", new(1, 2), "EGY")], [], [], [], new());
        var places = new KnownPlaces(["SDN"], new Dictionary<string, KnownPoint> { ["A"] = new(new(1, 2), "ERI", ByOne: true) });

        Assert.True(places.AgreeWith(input));
        Assert.False((places with { Crisis = ["SDN", "SSD"] }).AgreeWith(input));
        foreach (var known in (KnownPoint[])[new(new(1, 2), "ETH", ByOne: true), new(new(1, 2), "ERI", "ETH", ByOne: true), new(new(1, 2), "ERI")])
            Assert.False((places with { Points = new Dictionary<string, KnownPoint> { ["A"] = known } }).AgreeWith(input));
    }
}

/// <summary>A point's country is told once and changed by two.</summary>
public sealed class PointCountryTests
{
    private static Neighbour Near(string country, string code = "Quay") => new(code, new(10, 30), new(country, "first", Noon), 0.4);

    private static SetPointCountry Told(string country, string officer = "first", string? reason = null, Neighbour? near = null) => new(country, reason, near, officer, Noon);

    [Fact]
    public void A_country_is_told_once_and_the_same_again_is_nothing_new()
    {
        var point = Lies("Port", null);
        var told = Assert.IsType<PointCountrySet>(Assert.Single(SetPointCountryFeature.Tell(point, Told("SDN")).Events));

        Assert.Empty(SetPointCountryFeature.Tell(point.After(told), Told("SDN")).Events);
    }

    [Fact]
    public void A_country_is_told_by_one_until_another_officer_tells_the_same_or_confirms_it()
    {
        var point = ToldByOne("Port", "SDN");
        var again = new AssemblyPointOpened("Port", "Port", new(10, 30), Noon) { Country = "SDN", Officer = "second" };
        Assert.True(point.Where.ByOne);
        Assert.Empty(SetPointCountryFeature.Enter(point, again with { Officer = "OFFICER" }, null).Events);
        SetPointCountryFeature.Confirm(point, "SDN", "officer", Noon).RefusedAs("point/second-officer-needed");
        foreach (var second in (Decision[])[SetPointCountryFeature.Enter(point, again, null), SetPointCountryFeature.Tell(point, Told("SDN", "second")),
            SetPointCountryFeature.Confirm(point, "SDN", "second", Noon)])
        {
            Assert.IsType<PointCountryConfirmed>(Assert.Single(second.Events));
            Assert.Equal(new PointCountry("SDN"), point.After(second.Events).Where);
            Assert.Empty(SetPointCountryFeature.Confirm(point.After(second.Events), "SDN", "third", Noon).Events);
        }
        // Told where nobody had, it is told by one again; changed by two, it is not.
        Assert.True(ToldByOne("Port", null).After(new PointCountrySet("SDN", "officer", Noon)).Where.ByOne);
        Assert.False(ToldByOne("Port", null).Where.ByOne);
        Assert.False(point.After(new PointCountryChangeProposed("EGY", "Surveyed", "second", Noon), new PointCountryChangeConfirmed("EGY", "third", Noon)).Where.ByOne);
    }

    [Fact]
    public void Another_country_is_refused_with_who_told_the_first_and_taken_with_a_reason_as_a_proposal()
    {
        var point = Lies("Port", "SDN");
        var refused = SetPointCountryFeature.Tell(point, Told("EGY", "second")).Refusal!;

        Assert.Equal("point/country-contradicts", refused.Code);
        Assert.Contains("officer told on 2023-04-20 12:00 UTC", refused.Detail, StringComparison.Ordinal);
        var proposed = point.After(SetPointCountryFeature.Tell(point, Told("EGY", "second", "Surveyed")).Events);
        Assert.Equal(("SDN", "EGY"), (proposed.Where.Told, proposed.Where.Proposed));
    }

    [Fact]
    public void Who_proposed_a_country_cannot_confirm_it_and_nobody_confirms_another()
    {
        var point = Lies("Port", "SDN").After(new PointCountryChangeProposed("EGY", "Surveyed", "second", Noon));

        SetPointCountryFeature.Confirm(point, "EGY", "second", Noon).RefusedAs("point/second-officer-needed");
        Assert.Empty(SetPointCountryFeature.Tell(point, Told("EGY", "Second", "I saw it again")).Events);
        SetPointCountryFeature.Confirm(point, "ERI", "third", Noon).RefusedAs("point/nothing-proposed");
        Assert.Equal(new PointCountry("EGY"), point.After(SetPointCountryFeature.Confirm(point, "EGY", "third", Noon).Events).Where);
    }

    // Whoever could put another proposal in its place would end what the first one protects from.
    [Fact]
    public void A_proposal_stands_until_somebody_who_told_neither_settles_it()
    {
        var point = Lies("Port", "SDN").After(new PointCountryChangeProposed("EGY", "Surveyed", "second", Noon));

        SetPointCountryFeature.Tell(point, Told("LBY", "third", "Surveyed too")).RefusedAs("point/change-open");
        SetPointCountryFeature.Tell(point, Told("LBY", "second", "Surveyed again")).RefusedAs("point/change-open");
        SetPointCountryFeature.Confirm(point, "SDN", "officer", Noon).RefusedAs("point/second-officer-needed");
        SetPointCountryFeature.Confirm(point, "SDN", "SECOND", Noon).RefusedAs("point/second-officer-needed");
        Assert.Equal(new PointCountry("SDN"), point.After(SetPointCountryFeature.Confirm(point, "SDN", "third", Noon).Events).Where);
        Assert.Equal(new PointCountry("EGY"), point.After(SetPointCountryFeature.Tell(point, Told("EGY", "third", "I saw it too")).Events).Where);
    }

    [Fact]
    public void Two_points_at_one_place_lie_in_one_country_unless_two_officers_say_that_a_border_runs_between()
    {
        var told = new AssemblyPointOpened("Port", "Port", new(10, 30), Noon) { Country = "EGY", Officer = "second" };
        var refused = SetPointCountryFeature.Enter(Point.Start(Id(1)), told, Near("SDN")).Refusal!;
        Assert.Equal("point/country-contradicts", refused.Code);
        Assert.Contains("Quay, which lies in SDN, as first told on", refused.Detail, StringComparison.Ordinal);

        var point = Lies("Port", null);
        SetPointCountryFeature.Tell(point, Told("EGY", near: Near("SDN"))).RefusedAs("point/country-contradicts");
        Assert.IsType<PointCountryChangeProposed>(Assert.Single(SetPointCountryFeature.Tell(point, Told("EGY", reason: "Across the river", near: Near("SDN"))).Events));
        Assert.IsType<PointCountrySet>(Assert.Single(SetPointCountryFeature.Tell(point, Told("EGY", near: Near("EGY"))).Events));
    }

    [Fact]
    public void A_file_that_names_a_point_again_tells_its_country_where_nobody_had_and_changes_none()
    {
        var told = new AssemblyPointOpened("Port", "Port", new(10, 30), Noon) { Country = "EGY", Officer = "second" };

        Assert.IsType<PointCountrySet>(Assert.Single(SetPointCountryFeature.Enter(Lies("Port", null), told, null).Events));
        SetPointCountryFeature.Enter(Lies("Port", "SDN"), told, null).RefusedAs("point/country-contradicts");
        Assert.Empty(SetPointCountryFeature.Enter(Lies("Port", "SDN"), told with { Country = null }, null).Events);
        SetPointCountryFeature.Enter(Lies("Port", "SDN"), told with { Name = "Elsewhere" }, null).RefusedAs("import/code-taken");
    }

    [Theory]
    [InlineData("Sudan")]
    [InlineData("XXA")]
    [InlineData("UNO")]
    [InlineData("")]
    public void What_is_not_a_place_is_refused(string code) => SetPointCountryFeature.Tell(Lies("Port", null), Told(code)).RefusedAs("point/country-unknown");
}
