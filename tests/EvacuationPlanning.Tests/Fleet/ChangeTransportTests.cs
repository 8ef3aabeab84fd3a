using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Fleet;
using CrisisCoordination.EvacuationPlanning.Gate;
using CrisisCoordination.EvacuationPlanning.Plans;
using CrisisCoordination.EvacuationPlanning.Travel;
using FsCheck;
using FsCheck.Fluent;
using Xunit;
using static CrisisCoordination.EvacuationPlanning.Tests.Sudan;

namespace CrisisCoordination.EvacuationPlanning.Tests.Fleet;

public sealed class ChangeTransportTests
{
    private static readonly Transport[] Journey = [Convoy(), Ship(), Flight()];

    [Fact]
    public void Who_is_under_way_goes_on_to_the_last_point_before_a_leg_that_is_cancelled()
    {
        var bus = Transport.Start(Id(105)).After(Convoy().Schedule! with { Code = "bus", From = "Port", To = "Quay", DepartsAt = Noon.AddDays(3).AddHours(11), ArrivesAt = Noon.AddDays(3).AddHours(12) });
        var ship = Transport.Start(Id(106)).After(Ship().Schedule! with { Code = "ship", From = "Quay" });
        var aboard = BoardPersonFeature.Decide(new[] { Convoy(), bus, ship }.Together(Adult(1)), new(Convoy().Id, Id(1), "officer", Noon)).Settled();
        var left = DepartTransportFeature.Decide(aboard, new(Convoy().Id, "officer", Noon)).Settled();

        Assert.Equal(["1 cancelled"], left.Cancel(ship.Id, "Storm", "officer", Noon).Freed());
    }

    [Fact]
    public void A_smaller_aircraft_keeps_the_most_urgent_groups_and_frees_the_others_on_all_legs()
    {
        var scene = Seated(Journey, (1, [Tier(1, 4)]), (2, [Tier(2, 1), Tier(3, 5)]), (3, [Tier(4, 3)]));

        var after = Change(scene, Ship(), s => s with { Seats = 3 });

        Assert.Equal(["1 journey-broken", "1 smaller-transport"], after.Freed().Order());
        Assert.All(Journey, run => Assert.Equal(3, after.Transports[run.Id].Taken.Seats));
    }

    [Fact]
    public void Who_does_not_fit_on_the_flight_home_still_gets_out_to_the_first_refuge() =>
        Assert.Equal(["Capital-Port", "Port-Jeddah"], Change(Seated(Journey, (1, [Tier(1, 4)])), Flight(), s => s with { Seats = 0 }).Codes(1));

    [Fact]
    public void Where_the_next_group_is_too_large_one_less_urgent_that_fits_keeps_its_seat()
    {
        var scene = Seated([Flight()], (1, [Tier(1, 1)]), (2, [Tier(2, 2), Tier(3, 2)]), (3, [Tier(4, 5)]));

        Assert.Equal(["2 smaller-transport", "3 smaller-transport"], Change(scene, Flight(), s => s with { Seats = 2 }).Freed().Order());
    }

    [Fact]
    public void Only_what_is_short_is_freed()
    {
        var wheelchair = Told(1, new() { Nationality = "IND", Mobility = Mobility.Wheelchair, Document = new("passport", "X", new(2030, 1, 1), DocumentStatus.Valid), BirthDate = BirthDate.TryParse("1985-01-30", out var born) ? born : null }, Assessed(2));
        var scene = Seated([Convoy()], (1, [wheelchair]), (2, [Tier(2, 5)]));

        Assert.Equal(["1 smaller-transport"], Change(scene, Convoy(), s => s with { WheelchairSpaces = 0 }).Freed());
        Assert.Equal(["1 smaller-transport"], Change(scene, Convoy(), s => s with { MostCarried = 0 }).Freed());
    }

    [Fact]
    public void Who_is_under_way_goes_on_to_where_the_smaller_transport_leaves()
    {
        var scene = UnderWay(Seated(Journey, (1, [Tier(1, 4)])), Convoy(), 1);

        var after = Change(scene, Flight(), s => s with { Seats = 0 });

        Assert.Equal(["Capital-Port", "Port-Jeddah"], after.Codes(1));
    }

    [Fact]
    public void Who_boarded_and_lost_the_space_must_get_off()
    {
        var scene = BoardPersonFeature.Decide(Seated([Convoy()], (1, [Tier(1, 4)]), (2, [Tier(2, 2)])), new(Convoy().Id, Id(1), "officer", Noon)).Settled();
        var after = Change(scene, Convoy(), s => s with { Seats = 1 });

        var answer = ChangeAnswer.Of(Convoy().Id, scene, after);
        Assert.Equal([Id(1)], answer.MustGetOff);
        Assert.Equal((1, "smaller-transport"), (answer.Kept, Assert.Single(answer.Lost).Reason));
    }

    [Fact]
    public void A_delay_that_misses_no_connection_tells_people_the_new_time_and_frees_nobody()
    {
        var after = Change(Seated(Journey, (1, [Adult(1)])), Convoy(), Later(hours: 2));

        Assert.Empty(after.Freed());
        Assert.Equal(Convoy().Schedule!.DepartsAt.AddHours(2), after.People[Id(1)].Seats[0].DepartsAt);
    }

    [Fact]
    public void A_delay_that_misses_a_connection_breaks_the_journey_of_those_who_have_not_set_out()
    {
        var after = Change(Seated(Journey, (1, [Adult(1)])), Convoy(), Later(hours: 12));

        Assert.Empty(after.Codes(1));
        Assert.Equal(["1 journey-broken", "1 missed-connection"], after.Freed().Order());
    }

    [Fact]
    public void A_connection_missed_behind_the_first_country_of_refuge_leaves_the_way_there()
    {
        var after = Change(Seated(Journey, (1, [Adult(1)])), Ship(), Later(hours: 14));

        Assert.Equal(["Capital-Port", "Port-Jeddah"], after.Codes(1));
        Assert.Equal(["1 missed-connection"], after.Freed());
    }

    [Fact]
    public void Who_is_under_way_when_a_connection_is_missed_goes_on_to_the_last_point_they_reach()
    {
        var scene = UnderWay(Seated(Journey, (1, [Adult(1)])), Convoy(), 1);

        Assert.Equal(["Capital-Port"], Change(scene, Convoy(), s => s with { ArrivesAt = s.ArrivesAt.AddHours(14) }).Codes(1));
    }

    [Fact]
    public void A_transport_that_leaves_earlier_is_missed_by_those_who_come_to_it()
    {
        var after = Change(Seated([Convoy(), Ship()], (1, [Adult(1)])), Ship(), Later(hours: -12));

        Assert.Empty(after.Codes(1));
        Assert.Contains("1 missed-connection", after.Freed());
    }

    [Fact]
    public void A_point_may_ask_for_more_time_to_change_than_others()
    {
        var scene = Seated([Convoy(), Ship()], (1, [Adult(1)]));

        Assert.Empty(Change(scene, Convoy(), Later(hours: 9)).Freed());
        Assert.NotEmpty(Change(scene, Convoy(), Later(hours: 9), connection: TimeSpan.FromHours(4)).Freed());
    }

    [Fact]
    public void Papers_that_do_not_last_until_the_later_day_free_the_seat()
    {
        var passenger = Told(1, new() { Nationality = "IND", BirthDate = BirthDate.TryParse("1985-01-30", out var born) ? born : null, Document = new("passport", "X", new(2023, 4, 25), DocumentStatus.Valid) });

        Assert.Equal(["1 no-usable-document"], Change(Seated([Ship()], (1, [passenger])), Ship(), Later(hours: 48)).Freed());
    }

    [Fact]
    public void A_diversion_frees_whoever_fears_the_new_country_and_corrects_the_seats_of_the_others()
    {
        var after = Change(Seated([Ship()], (1, [Adult(1, Fears("EGY"))]), (2, [Adult(2)])), Ship(), s => s with { To = "Suez", DestinationCountry = "EGY" });

        Assert.Equal(["1 fears-destination"], after.Freed());
        Assert.Equal("EGY", after.People[Id(2)].Seats[0].Country);
    }

    [Fact]
    public void A_diversion_frees_whoever_may_not_enter_there()
    {
        var scene = UnderWay(UnderWay(Seated(Journey, (1, [Adult(1)])), Convoy(), 1), Ship(), 1, arrived: Convoy());

        Assert.Equal(["1 no-entry-right"], Change(scene, Flight(), s => s with { To = "Lahore", DestinationCountry = "PAK" }).Freed());
    }

    [Fact]
    public void Onward_legs_that_no_longer_connect_after_a_diversion_are_freed()
    {
        var after = Change(Seated(Journey, (1, [Adult(1)])), Ship(), s => s with { To = "Suez", DestinationCountry = "EGY" });

        Assert.Equal(["Capital-Port", "Port-Jeddah"], after.Codes(1));
        Assert.Equal(["1 diverted"], after.Freed());
    }

    [Fact]
    public void Nobody_sets_out_on_a_journey_whose_end_was_moved_back_into_the_crisis() =>
        Assert.Empty(Change(Seated([Convoy(), Ship()], (1, [Adult(1)])), Ship(), s => s with { To = "South port", DestinationCountry = null }).Codes(1));

    [Fact]
    public void Who_is_on_board_when_the_transport_turns_to_where_they_may_not_go_is_pointed_out_once()
    {
        var scene = UnderWay(Seated([Ship()], (1, [Adult(1, Fears("EGY"))]), (2, [Adult(2)])), Ship(), 1, 2);
        var after = Change(scene, Ship(), s => s with { To = "Suez", DestinationCountry = "EGY" });

        Assert.Equal((Id(1), "protection"), Assert.Single(ChangeAnswer.Of(Ship().Id, scene, after).Alarms) switch { var alarm => (alarm.PersonId, alarm.Reason) });
        Assert.Equal("EGY", after.People[Id(1)].Seats[0].Country);
        Assert.DoesNotContain(Change(after.Settled(), Ship(), s => s with { ArrivesAt = s.ArrivesAt.AddHours(1) }).Decided, d => d.Event is CarriedWhereBarred);
    }

    [Fact]
    public void From_one_feared_country_to_another_is_an_alarm_of_its_own()
    {
        var scene = UnderWay(Seated([Ship()], (1, [Adult(1, Fears("EGY", "PAK"))])), Ship(), 1);
        var suez = Change(scene, Ship(), s => s with { To = "Suez", DestinationCountry = "EGY" }).Settled();
        var lahore = Change(suez, Ship(), s => s with { To = "Lahore", DestinationCountry = "PAK" });

        Assert.Equal("PAK", Assert.Single(lahore.Decided.Select(d => d.Event).OfType<CarriedWhereBarred>()).Country);
    }

    [Fact]
    public void Who_says_on_board_what_they_fear_is_pointed_out_once_whoever_heard_it()
    {
        var scene = UnderWay(Seated([Ship()], (1, [Adult(1)])), Ship(), 1);
        var told = StateFearFeature.Decide(scene, new(Id(1), ["SAU"], null, "officer", Noon));

        Assert.Equal("SAU", Assert.Single(told.Decided.Select(d => d.Event).OfType<CarriedWhereBarred>()).Country);
        Assert.Empty(told.Settled().NoticeFeared(Id(1), Noon).Decided);
        Assert.Single(scene.Telling(1, Fears("SAU")).NoticeFeared(Id(1), Noon).Decided);
    }

    [Fact]
    public void A_cancelled_transport_carries_nobody_and_takes_nobody()
    {
        var after = Seated(Journey, (1, [Adult(1), Child(2)])).Cancel(Ship().Id, "Storm", "officer", Noon);

        Assert.Empty(after.Codes(1));
        Assert.Equal(["1 cancelled", "1 journey-broken", "2 cancelled", "2 journey-broken"], after.Freed().Order());
        Assert.Single(after.Decided, d => d.Event is TransportCancelled);
        var ship = after.Transports[Ship().Id];
        ship.Take(Id(5), Family, Mobility.None, onLap: false, Noon).RefusedAs("transport/cancelled");
        ship.Depart("officer", Noon).RefusedAs("transport/cancelled");
        Assert.Equal(default, ship.AsDeparture().Spaces);
    }

    [Fact]
    public void Who_stood_by_for_a_cancelled_transport_may_stand_by_for_another()
    {
        var waiting = Seated([Ship()], (1, [Adult(1)])) switch { var scene => scene with { People = scene.People.Add(Id(5), Adult(5)) } };
        var stood = StandByFeature.Decide(waiting, new(Ship().Id, Id(5), null, "officer", Noon)).Settled();

        var after = stood.Cancel(Ship().Id, "Storm", "officer", Noon).Settled();
        Assert.Null(after.People[Id(5)].StandsBy);
        Assert.Empty(after.Transports[Ship().Id].Standby);
        after.Transports[Ship().Id].StandBy([Id(5)], [], Noon).RefusedAs("transport/cancelled");
        after.Transports[Ship().Id].SealManifest("officer", Noon).RefusedAs("transport/cancelled");
    }

    [Fact]
    public void The_same_change_twice_changes_nothing()
    {
        var scene = Seated(Journey, (1, [Adult(1)]));
        var changed = Change(scene, Ship(), s => s with { Seats = 5, Operator = "Red Cross", To = "Suez", DestinationCountry = "EGY", DepartsAt = s.DepartsAt.AddHours(1) });

        Assert.Empty(changed.Settled().Change(Ship().Id, changed.Transports[Ship().Id].Schedule!, Hour, "again", "officer", Noon).Decided);
        var off = changed.Settled().Cancel(Ship().Id, "Storm", "officer", Noon).Settled();
        Assert.Empty(off.Cancel(Ship().Id, "Storm", "officer", Noon).Decided);
    }

    [Fact]
    public void What_has_departed_arrived_or_was_cancelled_changes_no_more()
    {
        var left = Convoy().After(new TransportDeparted("officer", Noon));
        Decision(left, s => s with { Seats = 1 }).RefusedAs("transport/departed");
        Decision(left, s => s with { DepartsAt = s.DepartsAt.AddHours(1) }).RefusedAs("transport/departed");
        left.Cancel("Storm", "officer", Noon).RefusedAs("transport/departed");
        Decision(left.After(new TransportArrived("officer", Noon)), s => s with { To = "Elsewhere" }).RefusedAs("transport/arrived");
        Decision(Convoy().After(new TransportCancelled("Storm", "officer", Noon)), s => s with { Seats = 1 }).RefusedAs("transport/cancelled");
        Decision(Convoy(), s => s with { From = "Elsewhere" }).RefusedAs("transport/leaves-elsewhere");
        Transport.Start(Id(5)).Change(Convoy().Schedule!, "", "officer", Noon).RefusedAs("transport/unknown");
        Transport.Start(Id(5)).Cancel("", "officer", Noon).RefusedAs("transport/unknown");
    }

    [Fact]
    public void Seats_promised_to_others_are_not_ours_until_they_are_given_back()
    {
        var promised = Promising(Convoy(seats: 3), new PromisedSeats("EGY", 2));
        var taken = promised.After(promised.Take(Id(1), Family, Mobility.None, onLap: false, Noon).Events);
        taken.Take(Id(2), Family, Mobility.None, onLap: false, Noon).RefusedAs("transport/full");

        var back = taken.Promise(new("EGY", 1), "officer", Noon);
        Assert.Equal(1, Assert.IsType<SeatsGivenBack>(Assert.Single(back.Events)).Seats);
        Assert.Null(taken.After(back.Events).Take(Id(2), Family, Mobility.None, onLap: false, Noon).Refusal);
    }

    [Fact]
    public void Nobody_loses_a_seat_to_a_promise_and_a_promise_is_kept_on_a_smaller_transport()
    {
        var scene = Seated([Convoy(seats: 3)], (1, [Adult(1)]), (2, [Tier(2, 1)]));
        scene.Transports[Convoy().Id].Promise(new("EGY", 2), "officer", Noon).RefusedAs("transport/no-seats-to-promise");

        var promised = scene.AskTransport(Convoy().Id, run => run.Promise(new("EGY", 1), "officer", Noon)).Settled();
        Assert.Equal(["1 smaller-transport"], Change(promised, Convoy(), s => s with { Seats = 2 }).Freed());
        Change(promised, Convoy(), s => s with { Seats = 0 }).RefusedAs("transport/seats-promised");
    }

    [Fact]
    public void A_row_with_other_values_is_refused_and_the_one_that_stands_is_nothing_new()
    {
        var entered = Convoy();
        var changed = entered.After(entered.Change(entered.Schedule! with { Seats = 4 }, "smaller", "officer", Noon).Events);

        Assert.Same(Timeline.Decision.Nothing, changed.Enter(entered.Schedule! with { At = Noon.AddDays(1) }));
        Assert.Same(Timeline.Decision.Nothing, changed.Enter(changed.Schedule!));
        changed.Enter(entered.Schedule! with { Seats = 5 }).RefusedAs("import/code-taken");
    }

    [Fact]
    public void A_question_what_a_larger_transport_would_change_counts_all_of_its_seats()
    {
        var situation = Situation.Of([], [Convoy(seats: 1)], new Dictionary<string, EvacuationPlanning.Planning.AssemblyPoint>(), ["SDN"], Noon);
        var asked = new WhatIfFeature.Body(Crisis, Change: [new($"{Convoy().Id}", Seats: 5)]);

        Assert.Equal((5, 5), WhatIfFeature.Otherwise(situation, asked, Noon).Situation!.Departures.Single().Spaces switch { var spaces => (spaces.Seats, spaces.Ordinary) });
    }

    private enum What { Take, Escort, Oxygen, Lap, Board, Resize, Promise, Cancel, Depart }

    private sealed record Step(What What, int Person, int Number);

    [Fact]
    public void After_any_changes_and_takings_nothing_is_over_full_and_a_cancelled_transport_carries_nobody() =>
        Prop.ForAll(Arb.From(Steps), steps =>
        {
            var scene = SceneOf(Enumerable.Range(1, 7).Select(id => Tier(id, 1 + (id % 5), id == 4 ? "1985-01-30" : null)), [Flight(seats: 4)]);
            var run = Flight().Id;
            foreach (var (what, person, number) in steps)
            {
                var id = Id(person);
                var next = what switch
                {
                    What.Board => scene.AskTransport(run, t => t.Board(id, Noon)).Then(after => after.Decided.IsEmpty ? after : after.Ask(id, _ => new Boarded(run, "officer", Noon))),
                    What.Depart => DepartTransportFeature.Decide(scene, new(run, "officer", Noon)),
                    What.Cancel => scene.Cancel(run, "Storm", "officer", Noon),
                    What.Promise => scene.AskTransport(run, t => t.Promise(new("EGY", number), "officer", Noon)),
                    What.Resize => scene.Change(run, scene.Transports[run].Schedule! with { Seats = number, EscortSeats = person % 2, MostInfants = number % 2, OxygenPlaces = person % 3 }, Hour, "", "officer", Noon),
                    _ => scene.AskTransport(run, t => t.Take(id, Id(50 + (person / 2)), Mobility.None, what is What.Lap, Noon, what is What.Escort, what is What.Oxygen))
                        .Ask(id, _ => new SeatHeld(PlanId, run, "F", Mobility.None, 1, 1, "IND", Noon, Noon)),
                };
                if (next.Refusal is not null) continue;
                scene = next.Settled();
                var flight = scene.Transports[run];
                if (!flight.Cancelled && flight.Free.IsOverdrawn) return false;
                if (flight.Cancelled && (flight.Taken != default || scene.People.Values.Any(one => one.HoldsSeat))) return false;
                if (flight.Lines.Where(line => line.IsTaken).Any(line => !scene.People[line.PersonId].HoldsSeat)) return false;
            }
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithQuietOnSuccess(true));

    [Fact]
    public void Who_loses_a_seat_to_a_smaller_transport_is_less_urgent_than_those_who_keep_theirs_or_would_not_fit() =>
        Prop.ForAll(Arb.From(Gen.Choose(1, 3).ArrayOf(6)), Arb.From(Gen.Choose(1, 5).ArrayOf(6)), Arb.From(Gen.Choose(0, 15)), (sizes, tiers, seats) =>
        {
            var groups = sizes.Select((size, index) => (index + 1, Enumerable.Range(0, size).Select(member => Tier((index * 10) + member + 1, tiers[index])).ToArray())).ToArray();
            var after = Change(Seated([Flight(seats: 30)], groups), Flight(), s => s with { Seats = seats });
            var kept = after.Transports[Flight().Id].Lines.Where(line => line.IsTaken).Select(line => line.GroupId).ToHashSet();
            var (left, holds) = (seats, true);
            foreach (var (number, members) in groups.OrderBy(group => tiers[group.Item1 - 1]).ThenBy(group => Id(group.Item1 + 800)))
            {
                holds &= kept.Contains(Id(number + 800)) == members.Length <= left;
                if (kept.Contains(Id(number + 800))) left -= members.Length;
            }
            return holds && left >= 0;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithQuietOnSuccess(true));

    private static Gen<Step[]> Steps =>
        (from what in Gen.Elements(What.Take, What.Take, What.Take, What.Escort, What.Oxygen, What.Lap, What.Board, What.Resize, What.Resize, What.Promise, What.Cancel, What.Depart)
         from person in Gen.Choose(1, 7)
         from number in Gen.Choose(0, 6)
         select new Step(what, person, number)).ArrayOf().Resize(30);

    private static TimeSpan Hour(string point) => TimeSpan.FromHours(1);

    private static Func<TransportScheduled, TransportScheduled> Later(int hours) => s => s with { DepartsAt = s.DepartsAt.AddHours(hours), ArrivesAt = s.ArrivesAt.AddHours(hours) };

    private static Scene Change(Scene scene, Transport run, Func<TransportScheduled, TransportScheduled> change, TimeSpan? connection = null) =>
        scene.Change(run.Id, change(scene.Transports[run.Id].Schedule!), point => connection ?? Hour(point), "reason", "officer", Noon);

    private static Timeline.Decision Decision(Transport run, Func<TransportScheduled, TransportScheduled> change) => run.Change(change(run.Schedule!), "reason", "officer", Noon);

    private static Transport Promising(Transport run, params PromisedSeats[] promised) => run.After(run.Schedule! with { Promised = promised });

    private static NeedsAssessed Assessed(int tier) => new(tier, 0, "P/1", null, Noon);

    private static Passenger Tier(int id, int tier, string? born = null) => Person(id, born ?? "1985-01-30", null, [], Assessed(tier));

    private static Scene Seated(Transport[] journey, params (int Number, Passenger[] Members)[] groups) =>
        groups.Aggregate(SceneOf(groups.SelectMany(group => group.Members), journey), (scene, group) =>
            scene.Seat(PlanId, Seats(journey, group.Members) with { GroupId = Id(group.Number + 800) }, new(2023, 4, 23), Noon).Settled());

    private static Scene UnderWay(Scene scene, Transport run, int person, int? other = null, Transport? arrived = null)
    {
        if (arrived is not null) scene = ArriveWithTransportFeature.Decide(scene, new(arrived.Id, "officer", Noon)).Settled();
        foreach (var id in new[] { person, other }.OfType<int>()) scene = BoardPersonFeature.Decide(scene, new(run.Id, Id(id), "officer", Noon)).Settled();
        return scene.AskTransport(run.Id, t => t.Depart("officer", Noon)).Settled();
    }
}
