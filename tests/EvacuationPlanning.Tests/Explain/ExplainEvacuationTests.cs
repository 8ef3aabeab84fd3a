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

public sealed class ExplainEvacuationTests
{
    private static readonly Reader Officer = new(MayReadTimelines: true, IsProtectionOfficer: false), Coordinator = new(false, false), Protection = new(true, true);

    private static readonly Transport[] Runs = [Convoy(), Ship(), Flight()];

    private static readonly Registration Form = new()
    {
        BirthDate = BirthDate.TryParse("1985-01-30", out var born) ? born : null,
        Nationality = "IND",
        Document = new("passport", "X", new(2030, 1, 1), DocumentStatus.Valid),
        Position = new(15.6, 32.5),
    };

    private static Explanation Explain(Reader reader, Registration form, params Event[] events)
    {
        Event[] all = [new PersonRegistered(Id(10_001), Crisis, "R1", Channel.Phone, true, form, Noon), .. events];
        RecordedEvent[] told = [.. all.Select((e, i) => new RecordedEvent(Id(5000 + i), Id(1), i + 1, new(1, (long)i + 1), e, Noon.AddMinutes(i), "officer", null))];
        var passenger = Passenger.Start(Id(1)).After(all);
        var points = new[] { new AssemblyPoint("Capital", "Stadium", new Position(15.6, 32.5), "SDN"), new AssemblyPoint("Port", "Sea port", new Position(19.6, 37.2), "SDN"), new AssemblyPoint("Jeddah", "Jeddah", new Position(21.5, 39.2), "SAU"), new AssemblyPoint("Delhi", "Delhi", new Position(28.6, 77.1), "IND") }.ToImmutableDictionary(point => point.Code);
        var outlook = new Outlook(
            passenger, ImmutableDictionary<Guid, IReadOnlyList<RecordedEvent>>.Empty.Add(Id(1), told), new Household(Id(1), [passenger]),
            new([.. points.Values], [.. Runs.Select(run => run.AsDeparture())], [], new() { NotBefore = Noon }, ["SDN"]), points, Noon);
        return ExplainEvacuationFeature.Explain(outlook, Runs.ToDictionary(run => run.Id), null, null, reader);
    }

    private static EvacuationConsentGiven Agrees => new(Id(1), "officer", Noon);

    [Fact]
    public void A_missing_consent_is_told_with_the_registration_that_lacks_it_and_a_withdrawn_one_with_the_withdrawal()
    {
        Assert.Equal(("no-consent", "person_registered", 1L), Reason(Explain(Officer, Form)));
        Assert.Equal(("no-consent", "evacuation_consent_withdrawn", 3L), Reason(Explain(Officer, Form, Agrees, NoConsent)));
    }

    [Fact]
    public void A_barrier_is_told_with_the_event_that_raised_it_and_not_with_one_that_is_cleared()
    {
        var (old, now) = (new ExitBarrierRaised(Id(31), "debt", null, "officer", Noon, null, Noon), new ExitBarrierRaised(Id(32), "checkpoint", null, "officer", Noon, null, Noon));

        Assert.Equal(("exit-barrier", "exit_barrier_raised", 4L), Reason(Explain(Officer, Form, Agrees, old, now, new ExitBarrierResolved(Id(31), "officer", null, Noon))));
    }

    [Fact]
    public void What_somebody_fears_learns_only_who_may_read_their_timeline()
    {
        var feared = Explain(Officer, Form, Agrees, Fears("SAU"));
        Assert.Equal(("fears-every-destination", "fear_of_return_stated", 3L), Reason(feared));
        Assert.Equal("SAU", feared.Reasons[0].Country);

        var hidden = Explain(Coordinator, Form, Agrees, Fears("SAU"), new LeftBehind(PlanId, "fears-every-destination", Words.Say("fears-every-destination"), Noon));
        var told = Assert.Single(hidden.Reasons);
        Assert.Equal(("protection", null, null, null), (told.Code, told.PersonId, told.Country, told.Event));
        Assert.DoesNotContain("fear", System.Text.Json.JsonSerializer.Serialize(hidden), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_fear_that_names_no_state_is_told_as_a_question_and_never_as_a_fear_of_that_country()
    {
        var asked = Explain(Officer, Form with { Nationality = "SAU" }, Agrees, Fears("XXX"));
        Assert.Equal(("fear-unnamed", "fear_of_return_stated", 3L), Reason(asked));
        Assert.Contains("which state", asked.Reasons[0].Next, StringComparison.Ordinal);
        Assert.Equal("fears-every-destination", Reason(Explain(Officer, Form with { Nationality = "SAU" }, Agrees, Fears("XXX"), Fears("SAU"))).Item1);
    }

    [Fact]
    public void Detention_is_a_barrier_whose_kind_the_coordinator_does_not_see()
    {
        var held = new DetentionReported(Id(41), "SDN", null, null, Noon, Noon);
        Assert.Equal("detention_reported", Assert.Single(Explain(Officer, Form, Agrees, held).Reasons).Event!.Type);
        Assert.Null(Assert.Single(Explain(Coordinator, Form, Agrees, held).Reasons).Event!.Type);
    }

    [Fact]
    public void Factors_are_told_in_words_and_those_of_violence_to_protection_officers_only()
    {
        var assessed = new NeedsAssessed(3, 6, "P/1", ["SV +3: The person survived sexual or gender-based violence.", "ER +3: The person is sixty or older, or an older person at risk."], Noon);

        Assert.Equal(["ER"], Explain(Officer, Form, Agrees, assessed).Urgency.Factors.Select(factor => factor.Code));
        Assert.Equal(["ER", "SV"], Explain(Protection, Form, Agrees, assessed).Urgency.Factors.Select(factor => factor.Code));
    }

    [Fact]
    public void What_would_change_it_is_said_with_the_transports_their_times_and_what_is_free()
    {
        var told = Explain(Officer, Form with { Document = null }, Agrees);

        Assert.Contains(
            "With an emergency travel document for India over Saudi Arabia, valid until 25 April 2023 at least, you could take Capital-Port (Stadium to Sea port, 23 April 2023, 13:00 UTC, 9 seats free), then Port-Jeddah",
            string.Join('\n', told.Sentences), StringComparison.Ordinal);
    }

    [Fact]
    public void Whoever_has_seats_hears_each_leg_what_to_bring_and_how_long_there_is_to_change()
    {
        var seats = Runs.Select((run, leg) => new SeatHeld(PlanId, run.Id, run.Schedule!.Code, Mobility.None, leg + 1, 3, run.Schedule.DestinationCountry, run.Schedule.DepartsAt, Noon));
        var told = Explain(Officer, Form, [Agrees, .. seats]);

        Assert.Equal([null, "own", "own"], told.Journey!.Legs.Select(leg => leg.Document));
        Assert.Equal([null, 660, 720], told.Journey.Legs.Select(leg => leg.MinutesToChange));
        Assert.True(told.Journey.EndsAtHome);
        Assert.Null(told.WouldChange);
        Assert.Contains("Bring your own travel document, valid until 1 January 2030", string.Join('\n', told.Sentences), StringComparison.Ordinal);
    }

    private static (string, string?, long?) Reason(Explanation told) => Assert.Single(told.Reasons) is var said ? (said.Code, said.Event?.Type, said.Event?.Version) : default;
}
