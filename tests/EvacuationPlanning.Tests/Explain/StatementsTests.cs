using System.Collections.Immutable;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Explain;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.EvacuationPlanning.Plans;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.Timeline;
using Xunit;
using static CrisisCoordination.EvacuationPlanning.Tests.Sudan;
using LeftBehind = CrisisCoordination.Contracts.LeftBehind;
using Position = CrisisCoordination.EvacuationPlanning.Planning.Position;

namespace CrisisCoordination.EvacuationPlanning.Tests.Explain;

/// <summary>Person 1 is asked about; the others travel with them.</summary>
public sealed class StatementsTests
{
    private static readonly Reader Officer = new(MayReadTimelines: true, IsProtectionOfficer: false), Coordinator = new(false, false);

    private static readonly string[] Names = ["", "Anna", "Bea", "Cem", "Dina"];

    private static Event[] Somebody(int id, string born = "1985-01-30", params Event[] then) =>
    [
        new PersonRegistered(Id(id + 10_000), Crisis, $"R{id}", Channel.Phone, true, new()
        {
            GivenNames = Names[id],
            FamilyName = "Berg",
            BirthDate = BirthDate.TryParse(born, out var date) ? date : null,
            Nationality = "IND",
            Document = new("passport", "X", new(2030, 1, 1), DocumentStatus.Valid),
            Position = new(15.6, 32.5),
        }, Noon), new HouseholdJoined(Family, id == 1 ? "head" : "member", Noon), new EvacuationConsentGiven(Id(id), "officer", Noon),
            .. then,
    ];

    private static IReadOnlyList<Statement> Ask(Reader reader, IEnumerable<Transport> runs, Standing? standing, params Event[][] people)
    {
        var told = people.Select((events, index) => (Id: Id(index + 1), Events: (IReadOnlyList<RecordedEvent>)[.. events.Select((e, i) =>
            new RecordedEvent(Id(5000 + i), Id(index + 1), i + 1, new(1, (long)i + 1), e, Noon.AddMinutes(i), "officer", null))]))
                .ToImmutableDictionary(one => one.Id, one => one.Events);
        var travellers = people.Select((events, index) => Passenger.Start(Id(index + 1)).After(events)).ToImmutableArray();
        AssemblyPoint[] points =
        [
            new("Capital", "Stadium", new Position(15.6, 32.5), "SDN"), new("Port", "Sea port", new Position(19.6, 37.2), "SDN"),
            new("Jeddah", "Jeddah", new Position(21.5, 39.2), "SAU"),
        ];
        var outlook = new Outlook(travellers[0], told, new Household(Family, travellers),
            new(points, [.. runs.Select(run => run.AsDeparture() with { Spaces = run.Free })], [], new() { NotBefore = Noon }, ["SDN"]),
            points.ToImmutableDictionary(point => point.Code), Noon);
        return ExplainEvacuationFeature.Explain(outlook, runs.ToDictionary(run => run.Id), standing, null, reader).Statements;
    }

    private static IReadOnlyList<Statement> Ask(Reader reader, params Event[][] people) => Ask(reader, [Convoy(), Ship()], null, people);

    private static Statement One(IEnumerable<Statement> statements, string code) =>
        Assert.Single(statements, statement => statement.Code == code);

    [Fact]
    public void A_consent_that_somebody_else_has_not_given_is_said_of_them_and_not_of_the_person()
    {
        var told = One(Ask(Officer, Somebody(1), Somebody(2, then: NoConsent)), "no-consent");

        Assert.Equal(new Concern(Concern.Companion, Id(2)), told.Concerns);
        Assert.StartsWith("Bea Berg (travels with them) has not agreed", told.Officer, StringComparison.Ordinal);
        Assert.StartsWith("Somebody who travels with you has not agreed", told.Person, StringComparison.Ordinal);
    }

    [Fact]
    public void A_consent_that_the_person_has_not_given_is_said_of_them()
    {
        var told = One(Ask(Officer, Somebody(1, then: NoConsent), Somebody(2)), "no-consent");

        Assert.Equal(new Concern(Concern.Person, Id(1)), told.Concerns);
        Assert.StartsWith("You have not agreed", told.Person, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_both_have_not_agreed_it_is_said_of_each() => Assert.Equal(
        [Concern.Person, Concern.Companion],
        Ask(Officer, Somebody(1, then: NoConsent), Somebody(2, then: NoConsent), Somebody(3)).Where(told => told.Code == "no-consent")
            .Select(told => told.Concerns.Who));

    [Fact]
    public void Names_are_told_only_to_who_may_read_timelines()
    {
        var told = One(Ask(Coordinator, Somebody(1), Somebody(2, then: NoConsent)), "no-consent");

        Assert.StartsWith("Somebody who travels with them has not agreed", told.Officer, StringComparison.Ordinal);
        Assert.DoesNotContain("Bea", string.Concat(Ask(Officer, Somebody(1), Somebody(2, then: NoConsent))
            .Select(statement => statement.Person)), StringComparison.Ordinal);
    }

    [Fact]
    public void That_a_survivor_of_violence_has_not_agreed_is_told_to_nobody_who_travels_with_them()
    {
        var told = One(Ask(Officer, Somebody(1), Somebody(2,
            then: [new NeedsAssessed(3, 3, "P/1", ["SV +3: The person survived sexual or gender-based violence."], Noon), NoConsent])),
            "no-consent");

        Assert.Equal(Concern.Companion, told.Concerns.Who);
        Assert.DoesNotContain("agree", told.Person, StringComparison.Ordinal);
    }

    [Fact]
    public void What_somebody_else_fears_hears_neither_the_person_nor_the_coordinator()
    {
        var officer = One(Ask(Officer, Somebody(1), Somebody(2, then: Fears("SAU"))), "fears-every-destination");
        Assert.Equal(new Concern(Concern.Companion, Id(2)), officer.Concerns);
        Assert.Contains("Bea Berg", officer.Officer, StringComparison.Ordinal);
        Assert.DoesNotContain("fear", officer.Person, StringComparison.OrdinalIgnoreCase);

        var hidden = One(Ask(Coordinator, Somebody(1), Somebody(2, then: Fears("SAU"))), "protection");
        Assert.Equal(Concern.All, hidden.Concerns);
        Assert.DoesNotContain("fear", hidden.Person + hidden.Officer, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(hidden.Person, One(Ask(Coordinator, Somebody(1, then: Fears("SAU")), Somebody(2)), "protection").Person);
    }

    [Fact]
    public void The_health_of_an_adult_is_their_own_affair_and_that_of_a_child_is_told_to_who_answers_for_them()
    {
        var unfit = new FitToTravelAssessed(false, null, null, "health-worker", Noon);

        Assert.StartsWith("Somebody who travels with you cannot leave yet",
            One(Ask(Officer, Somebody(1), Somebody(2, then: unfit)), "unfit-to-travel").Person, StringComparison.Ordinal);
        var parent = Ask(Officer, Somebody(1), Somebody(2, "2015-01-30", new GuardianNamed(Id(1), "parent", "officer", Noon), unfit));
        Assert.Equal(Concern.Companion, One(parent, "unfit-to-travel").Concerns.Who);
        Assert.Equal(
            One(Ask(Officer, Somebody(1), Somebody(2, then: unfit)), "unfit-to-travel").Person,
            One(Ask(Officer, Somebody(1), Somebody(3, "2015-01-30", new GuardianNamed(Id(3), "parent", "officer", Noon), unfit),
                Somebody(2)), "unfit-to-travel").Person);
        Assert.DoesNotContain("health worker says that you", One(parent, StatementCode.WouldHelp).Person, StringComparison.Ordinal);
    }

    [Fact]
    public void A_transport_with_too_few_seats_is_not_called_full_and_says_how_many_it_has()
    {
        var told = One(Ask(Officer, [Convoy(2), Ship()], null, Somebody(1), Somebody(2), Somebody(3)), StatementCode.TransportLacksRoom);

        Assert.Equal((2, 3, 3), ((Room)told.Parameters) is var room ? (room.Free.Seats, room.Need.Seats, room.People) : default);
        Assert.Equal("Capital-Port has 2 seats free; you are 3 who travel together.", told.Person);
        Assert.Equal("Capital-Port has 2 seats free; they are 3 who travel together.", told.Officer);
    }

    [Fact]
    public void A_transport_without_a_seat_is_full() =>
        Assert.Equal("Capital-Port is full: it has no seat free.",
            One(Ask(Officer, [Convoy(0), Ship()], null, Somebody(1)), StatementCode.TransportFull).Person);

    [Fact]
    public void The_next_plan_can_seat_them_is_said_only_where_everybody_else_together_leaves_room()
    {
        var enough = One(Ask(Officer, [Convoy(9), Ship(9)], new Standing(5, 2, 9, OtherPeople: 7), Somebody(1), Somebody(2)),
            StatementCode.NextPlanSeats);
        Assert.Contains("Capital-Port has 9 seats free", enough.Person, StringComparison.Ordinal);

        var open = One(Ask(Officer, [Convoy(9), Ship(9)], new Standing(5, 2, 9, OtherPeople: 8), Somebody(1), Somebody(2)),
            StatementCode.WayIsOpen);
        Assert.Equal((3, 8), ((OpenWayFacts)open.Parameters) is var facts ? (facts.GroupsBefore, facts.OtherPeople) : default);
        Assert.Contains("3 groups without a seat come before you and could take these spaces first", open.Person, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_is_certain_of_a_later_transport_is_told_of_that_one_and_not_of_two_seats_that_many_could_take()
    {
        var later = Run(104, "Port", "Jeddah", "SAU", 44, 20, 1, 1);
        var told = Ask(Officer, [Convoy(20), Ship(2), later], new Standing(5, 2, 9, OtherPeople: 18), Somebody(1), Somebody(2));

        var facts = (OpenWayFacts)One(told, StatementCode.NextPlanSeats).Parameters;
        Assert.Equal([later.Id], facts.Transports.Skip(1).Select(room => room.TransportId));
        Assert.DoesNotContain(told, statement => statement.Code == StatementCode.WayIsOpen);
    }

    [Fact]
    public void A_seat_that_was_lost_is_told_with_the_transport_the_time_and_the_reason()
    {
        var held = new SeatHeld(PlanId, Ship().Id, "Port-Jeddah", Mobility.None, 1, 1, "SAU", Noon.AddDays(4), Noon);
        Event[] lost = [held, new SeatReleased(Ship().Id, "cancelled", Noon.AddHours(3))];

        var told = One(Ask(Officer, Somebody(1, then: lost), Somebody(2)), StatementCode.SeatLost);
        Assert.Equal(new SeatLostFacts(Ship().Id, "Port-Jeddah", "cancelled", Noon.AddHours(3)), told.Parameters);
        Assert.Equal("Your seat on Port-Jeddah was given up on 20 April 2023, 15:00 UTC. The reason: The transport was cancelled.",
            told.Person);

        Assert.DoesNotContain(Ask(Officer, Somebody(1, then: [.. lost, held with { PlanId = Id(901) }])), statement =>
            statement.Code == StatementCode.SeatLost);
    }

    [Fact]
    public void A_seat_that_was_lost_because_somebody_else_dropped_out_says_who_to_the_officer()
    {
        var told = One(Ask(Officer, Somebody(1, then:
        [
            new SeatHeld(PlanId, Ship().Id, "Port-Jeddah", Mobility.None, 1, 1, "SAU", Noon.AddDays(4), Noon),
            new SeatReleased(Ship().Id, Words.FamilyUnity, Noon) { Of = Id(2) },
        ]), Somebody(2, then: NoConsent)), StatementCode.SeatLost);

        Assert.Equal(new Concern(Concern.Companion, Id(2)), told.Concerns);
        Assert.EndsWith("The reason: Bea Berg (travels with them) dropped out, and a household travels together.", told.Officer,
            StringComparison.Ordinal);
        Assert.EndsWith("The reason: Somebody who travels with you dropped out, and a household travels together.", told.Person,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, Concern.Person, "You have not agreed")]
    [InlineData(2, Concern.Companion, "Somebody who travels with you has not agreed")]
    [InlineData(null, Concern.Everybody, "Not all of you can leave yet")]
    public void Why_a_plan_left_them_here_is_said_of_whose_reason_it_was(int? of, string who, string says)
    {
        var told = One(AskAfterPlan(new LeftBehind(PlanId, "no-consent", null, Noon) { Of = of is { } id ? Id(id) : null }, Somebody(2)),
            StatementCode.PlanLeftBehind);

        Assert.Equal(who, told.Concerns.Who);
        Assert.Contains($"left you here. The reason then: {says}", told.Person, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_somebody_who_travels_alone_a_reason_is_their_own_also_where_the_event_does_not_say_whose() =>
        Assert.Equal(new Concern(Concern.Person, Id(1)),
            One(AskAfterPlan(new LeftBehind(PlanId, "no-consent", null, Noon)), StatementCode.PlanLeftBehind).Concerns);

    [Fact]
    public void Who_waits_while_the_family_has_seats_hears_how_many_are_left_beside_them_and_what_keeps_them_now()
    {
        Transport[] full = [Convoy(2).After(new SpaceTaken(Id(2), Family, Mobility.None, false, Noon),
            new SpaceTaken(Id(3), Family, Mobility.None, false, Noon)), Ship()];
        Event[] Seated(int id) => Somebody(id, then: [.. new[] { Convoy(), Ship() }.Select((run, leg) =>
            (Event)new SeatHeld(PlanId, run.Id, run.Schedule!.Code, Mobility.None, leg + 1, 2, run.Schedule.DestinationCountry,
                run.Schedule.DepartsAt, Noon))]);

        var told = Ask(Officer, full, null, Somebody(1, then: new LeftBehind(PlanId, "no-consent", null, Noon)), Seated(2), Seated(3));
        One(told, Words.NoSeatWithFamily);
        Assert.Equal("Capital-Port is full: it has no seat free.", One(told, StatementCode.TransportFull).Person);
        Assert.DoesNotContain(told, statement => statement.Code == "no-consent");

        Assert.Equal(new Concern(Concern.Person, Id(1)),
            One(Ask(Officer, [Convoy(), Ship()], null, Somebody(1, then: NoConsent), Seated(2), Seated(3)), "no-consent").Concerns);
        Assert.Single(Ask(Officer, [Convoy(9), Ship(9)], new Standing(0, 0, 1), Somebody(1), Seated(2), Seated(3)), statement =>
            statement.Code is StatementCode.NextPlanSeats);
    }

    private static IReadOnlyList<Statement> AskAfterPlan(LeftBehind left, params Event[][] companions)
    {
        var all = companions.Prepend(Somebody(1, then: left)).ToArray();
        var outlookOf = Ask(Officer, [Convoy(), Ship()], null, all);
        Assert.DoesNotContain(outlookOf, statement => statement.Code == StatementCode.PlanLeftBehind);
        return AskWithPlan(all);
    }

    private static IReadOnlyList<Statement> AskWithPlan(Event[][] people)
    {
        var told = people.Select((events, index) => (Id: Id(index + 1), Events: (IReadOnlyList<RecordedEvent>)[.. events.Select((e, i) =>
            new RecordedEvent(Id(5000 + i), Id(index + 1), i + 1, new(1, (long)i + 1), e, Noon.AddMinutes(i), "officer", null))]))
                .ToImmutableDictionary(one => one.Id, one => one.Events);
        var travellers = people.Select((events, index) => Passenger.Start(Id(index + 1)).After(events)).ToImmutableArray();
        var outlook = new Outlook(travellers[0], told, new Household(Family, travellers), new([], [], [], new() { NotBefore = Noon }, ["SDN"]),
            ImmutableDictionary<string, AssemblyPoint>.Empty, Noon);
        return ExplainEvacuationFeature.Explain(outlook, new Dictionary<Guid, Transport>(), null, new PlanAsked(PlanId, null, null),
            Officer).Statements;
    }
}
