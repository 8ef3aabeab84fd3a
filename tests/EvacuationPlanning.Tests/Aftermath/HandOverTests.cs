using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Aftermath;
using CrisisCoordination.PersonRecord;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using FsCheck;
using FsCheck.Fluent;
using Xunit;
using static CrisisCoordination.EvacuationPlanning.Tests.Sudan;

namespace CrisisCoordination.EvacuationPlanning.Tests.Aftermath;

public sealed class HandOverTests
{
    private static readonly AgencyState OfNoState = AgencyState.NotSaid.After(new AgencyCountrySet(null, "statutes", "admin", Noon));
    private static readonly Receiver Unicef = new("UNICEF", ["child_protection"]) { State = OfNoState }, Iom = new("IOM", ["trafficking"]) { State = OfNoState };

    private static PersonRegistered Born(int year, string? role = null) => new(Id(10_001), Crisis, "R1", Channel.Phone, true, new()
    {
        BirthDate = new(year, 1, 30),
        HouseholdRole = role,
        Nationality = "IND",
    }, Noon);

    private static Arrived In(string country, bool ended = true) => new(Id(102), country, ended, "officer", Noon);

    private static Newcomer Person(int year, params Event[] then) => Newcomer.Start(Id(1)).After([Born(year), .. then]);

    private static Newcomer Here(int year, string country, params Event[] then)
    {
        var arrived = Person(year, [.. then, In(country)]);
        return arrived.After(Newcomer.Open(arrived, Noon).Events);
    }

    private static HandOver To(string to, string? receiver = null, Guid? guardian = null, params string[] care) => new(to, receiver, guardian, ReceivedBy(to, receiver), care, false, null, false, "officer", Noon.AddHours(1), Noon.AddHours(1));

    private static string ReceivedBy(string to, string? receiver) => to switch
    {
        "state" => "border-officer",
        "agency" => "agency-staff",
        "child-protection" => receiver is "UNICEF" or "IOM" ? "agency-staff" : "child-protection-officer",
        "guardian" => "guardian",
        _ => "none",
    };

    private static Decided Decide(Newcomer person, HandOver command, Newcomer? guardian = null, Receiver? agency = null) => new(HandOverFeature.Decide(person, guardian, agency, command));

    [Fact]
    public void Arriving_home_opens_a_handover_with_a_clock_and_nothing_else_and_only_once()
    {
        var arrived = Person(1985, In("IND"));
        var opened = Assert.IsType<HandoverOpened>(Assert.Single(Newcomer.Open(arrived, Noon).Events));

        Assert.Equal(("IND", true, Noon.AddHours(24)), (opened.Country, opened.AtHome, opened.DueAt));
        Assert.Empty(Newcomer.Open(arrived.After(opened), Noon.AddDays(1)).Events);
    }

    [Fact]
    public void Whoever_is_out_of_danger_and_not_at_home_gets_an_onward_plan_to_be_made_and_a_child_is_not_kept_waiting()
    {
        var opened = Newcomer.Open(Person(2015, In("SAU")), Noon).Events;

        Assert.Equal([typeof(HandoverOpened), typeof(OnwardOpened)], opened.Select(e => e.GetType()));
        Assert.Equal(Noon.AddHours(4), ((HandoverOpened)opened[0]).DueAt);
        var lying = new RegistrationRepeated(Id(10_002), Crisis, "R2", Channel.Phone, true, 9, [], new() { Mobility = Mobility.Stretcher }, Noon);
        Assert.Equal(Noon.AddHours(4), Assert.IsType<HandoverOpened>(Newcomer.Open(Person(1985, lying, In("SAU")), Noon).Events[0]).DueAt);
    }

    [Fact]
    public void Nobody_takes_over_a_record_that_is_not_there_any_more()
    {
        Assert.Empty(Newcomer.Open(Person(1985, In("SAU"), new MergedInto(Id(9), [], Noon)), Noon).Events);
        Assert.Empty(Newcomer.Open(Person(1985, In("SAU"), new PersonErased("o", "asked", Noon)), Noon).Events);
        Assert.Empty(Newcomer.Due(Here(1985, "SAU").After(new PersonErased("o", "asked", Noon))));
    }

    [Fact]
    public void Between_two_legs_nobody_takes_over() => Assert.Empty(Newcomer.Open(Person(1985, In("SAU", ended: false)), Noon).Events);

    [Fact]
    public void What_nobody_sees_to_in_time_escalates_once_each()
    {
        var person = Here(1985, "SAU");

        Assert.Empty(Newcomer.Escalate(person, Noon.AddHours(23)).Events);
        var late = Newcomer.Escalate(person, Noon.AddDays(8)).Events;
        Assert.Equal([typeof(HandoverOverdue), typeof(OnwardOverdue)], late.Select(e => e.GetType()));
        Assert.Empty(Newcomer.Escalate(person.After(late), Noon.AddDays(9)).Events);
    }

    [Fact]
    public void An_adult_is_handed_to_a_state_or_an_agency_or_goes_on_alone()
    {
        Assert.Equal(("state", "SAU", "none"), Decide(Here(1985, "SAU"), To("state", "SAU")).ThenOne<HandedOver>() is var e ? (e.To, e.Receiver, e.Basis) : default);
        Decide(Here(1985, "SAU"), To("agency", "IOM"), agency: Iom).ThenOne<HandedOver>();
        Decide(Here(1985, "SAU"), To("self")).ThenOne<HandedOver>();
        Decide(Here(1985, "SAU"), To("agency", "NOBODY")).ThenRefused("handover/agency-unknown");
        Decide(Here(1985, "SAU"), To("state", "Atlantis")).ThenRefused("country/unknown");
        Decide(Here(1985, "SAU"), To("guardian", null, Id(9)), guardian: Here(1980, "SAU")).ThenRefused("handover/adult");
    }

    [Fact]
    public void Nobody_is_handed_over_before_they_arrived_or_twice()
    {
        Decide(Person(1985), To("state", "SAU")).ThenRefused("handover/not-arrived");
        var taken = Here(1985, "SAU") is var here ? here.After(Decide(here, To("state", "SAU")).ThenAll()) : null!;
        Decide(taken, To("state", "SAU")).ThenNothing();
        Decide(taken, To("self")).ThenRefused("handover/done");
    }

    [Fact]
    public void Whoever_turns_out_to_be_missing_is_handed_to_nobody_has_no_clock_and_is_received_anew_when_found()
    {
        MissingAtArrival missing = new(Id(102), false, Noon.AddHours(12), "officer", Noon), ofAnother = missing with { TransportId = Id(101) };
        var sought = Here(1985, "SAU").After(missing);

        Assert.Equal(("withdrawn", "withdrawn"), (sought.StateOfHandover, sought.StateOfOnward));
        Assert.Empty(Newcomer.Due(sought));
        Assert.Empty(Newcomer.Open(sought, Noon).Events);
        Decide(sought, To("state", "SAU")).ThenRefused("handover/missing");
        new Decided(PlanOnwardFeature.Decide(sought, null, new("IND", "stay", new(2023, 5, 1), "IOM", null, "officer", Noon, Noon))).ThenRefused("handover/missing");
        Assert.Equal("open", Here(1985, "SAU").After(ofAnother).StateOfHandover);

        var found = sought.After(new FoundAfterArrival(Id(102), Arrived: true, "officer", Noon), In("SAU"));
        var opened = Newcomer.Open(found, Noon).Events;
        Assert.NotEqual(sought.Handover!.HandoverId, Assert.Single(opened.OfType<HandoverOpened>()).HandoverId);
        Decide(found.After(opened), To("state", "SAU")).ThenOne<HandedOver>();
    }

    [Fact]
    public void Nothing_is_opened_for_who_was_missing_before_the_arrival_was_heard_of() =>
        Assert.Empty(Newcomer.Open(Person(1985, In("SAU"), new MissingAtArrival(Id(102), false, Noon.AddHours(12), "officer", Noon)), Noon).Events);

    [Fact]
    public void A_handover_that_was_made_does_not_stand_for_who_was_not_there()
    {
        var here = Here(1985, "SAU");
        var taken = here.After(Decide(here, To("state", "SAU")).ThenAll()).After(new MissingAtArrival(Id(102), false, Noon.AddHours(12), "officer", Noon));

        Assert.Equal("withdrawn", taken.StateOfHandover);
        Decide(taken, To("state", "SAU")).ThenRefused("handover/missing");
    }

    [Theory, InlineData("state", "SAU"), InlineData("agency", "IOM"), InlineData("self", null)]
    public void Rule_C_a_child_is_never_handed_to_just_anybody(string to, string? receiver) =>
        Decide(Here(2015, "SAU"), To(to, receiver), agency: Iom).ThenRefused("handover/child-needs-protection");

    [Fact]
    public void Rule_C_a_child_goes_to_a_child_protection_authority_or_an_agency_that_protects_children()
    {
        Decide(Here(2015, "SAU"), To("child-protection", "SAU")).ThenOne<HandedOver>();
        Decide(Here(2015, "SAU"), To("child-protection", "UNICEF"), agency: Unicef).ThenOne<HandedOver>();
        Decide(Here(2015, "SAU"), To("child-protection", "IOM"), agency: Iom).ThenRefused("handover/no-child-protection");
    }

    [Fact]
    public void Rule_C_a_child_is_handed_to_a_guardian_whom_somebody_saw_with_them_and_to_nobody_for_a_household_they_name()
    {
        HouseholdJoined family = new(Family, "head", Noon), other = new(Id(801), "head", Noon);
        Newcomer Adult(params Event[] then) => Newcomer.Start(Id(9)).After([Born(1980), .. then]);
        var alone = new ChildSeparationReported(Id(74), "separated", "conflict", null, null, "officer", Noon, Noon);

        Decide(Here(2015, "SAU", family, new TieConfirmed(Id(9), "papers", "gate", Noon)), To("guardian", null, Id(9)), Adult(family)).ThenOne<HandedOver>();
        Decide(Here(2015, "SAU", family), To("guardian", null, Id(9)), Adult(family)).ThenRefused("handover/not-the-guardian");
        Decide(Here(2015, "SAU", family, new GuardianNamed(Id(9), "household", "post", Noon) { Standing = "declared" }), To("guardian", null, Id(9)), Adult(family)).ThenRefused("handover/not-the-guardian");
        Decide(Here(2015, "SAU", family, new TieProposed(Id(9), "household", "agency X", Noon)), To("guardian", null, Id(9)), Adult(family)).ThenRefused("handover/not-the-guardian");
        Decide(Here(2015, "SAU", family), To("guardian", null, Id(9)), Adult(other)).ThenRefused("handover/not-the-guardian");
        Decide(Here(2015, "SAU", family, alone), To("guardian", null, Id(9)), Adult(family)).ThenRefused("handover/not-the-guardian");
        Decide(Here(2015, "SAU", family, new GuardianNamed(Id(8), "legal", "officer", Noon)), To("guardian", null, Id(9)), Adult(family)).ThenRefused("handover/not-the-guardian");
        // Of a child who was reported alone a protection officer records it.
        Decide(Here(2015, "SAU", alone, new GuardianNamed(Id(9), "legal", "officer", Noon)), To("guardian", null, Id(9)), Adult(other)).ThenRefused("handover/protection-officer-needed");
        Assert.True(Decide(Here(2015, "SAU", alone, new GuardianNamed(Id(9), "legal", "officer", Noon)), To("guardian", null, Id(9)) with { ByProtection = true }, Adult(other)).ThenOne<HandedOver>().ByProtection);
        Decide(Here(2015, "SAU", family, new TieConfirmed(Id(9), "papers", "gate", Noon)), To("guardian", null, Id(9)), Newcomer.Start(Id(9)).After(Born(1980) with { Form = new() { Nationality = "IND" } }, family)).ThenRefused("guardian/age-unknown");
        Decide(Here(2015, "SAU", family, new TieConfirmed(Id(8), "papers", "gate", Noon)), To("guardian", null, Id(9)), Adult(family, new DuplicateMerged(Id(8), "o", null, [], [], [], Noon)))
            .ThenRefused("handover/not-the-guardian");
        Decide(Here(2015, "SAU", family), To("guardian", null, Id(9)), Newcomer.Start(Id(9)).After(Born(2012), family)).ThenRefused("handover/not-the-guardian");
        Decide(Here(2015, "SAU", alone, new GuardianNamed(Id(9), "legal", "officer", Noon)), To("guardian", null, Id(9)), Adult(other, new PersonErased("o", "asked", Noon))).ThenRefused("handover/not-the-guardian");
        Decide(Here(2015, "SAU", alone, new GuardianNamed(Id(9), "legal", "officer", Noon), new GuardianshipEnded(Id(9), null, "officer", Noon)), To("guardian", null, Id(9)), Adult(family)).ThenRefused("handover/not-the-guardian");
    }

    [Fact]
    public void Rule_N_nobody_is_handed_to_a_state_that_they_fear()
    {
        Decide(Here(1985, "SAU", Fears("SAU")), To("state", "SAU")).ThenRefused("handover/non-refoulement");
        Decide(Here(2015, "SAU", Fears("SAU")), To("child-protection", "SAU")).ThenRefused("handover/non-refoulement");
        Decide(Here(1985, "SAU", Fears("SAU")), To("agency", "IOM"), agency: Iom).ThenOne<HandedOver>();
    }

    [Fact]
    public void Rule_N_nobody_is_handed_to_an_agency_of_a_state_that_they_fear_or_whose_state_nobody_said()
    {
        var saudi = Unicef with { State = AgencyState.NotSaid.After(new AgencyCountrySet("SAU", "statutes", "admin", Noon)) };
        var unsaid = Unicef with { State = AgencyState.NotSaid };
        foreach (var agency in new[] { saudi, unsaid })
        {
            Decide(Here(1985, "SAU", Fears("SAU")), To("agency", "UNICEF"), agency: agency).ThenRefused("handover/agency-of-feared-state");
            Decide(Here(2015, "SAU", Fears("SAU")), To("child-protection", "UNICEF"), agency: agency).ThenRefused("handover/agency-of-feared-state");
            Decide(Here(1985, "SAU"), To("agency", "UNICEF"), agency: agency).ThenOne<HandedOver>();
        }
        Decide(Here(1985, "SAU", Fears("IND")), To("agency", "UNICEF"), agency: saudi).ThenOne<HandedOver>();
    }

    [Fact]
    public void Rule_T_with_signs_of_trafficking_a_protection_officer_records_who_takes_them()
    {
        var signs = new NeedsAssessed(3, 5, "P/1", ["TRAFFICKED +3: There are signs that the person was trafficked."], Noon);

        Decide(Here(1985, "SAU", signs), To("state", "SAU")).ThenRefused("handover/protection-officer-needed");
        Decide(Here(1985, "SAU", signs), To("state", "SAU") with { ByProtection = true }).ThenOne<HandedOver>();
        Decide(Here(1985, "SAU", signs), To("agency", "IOM"), agency: Iom).ThenOne<HandedOver>();
        Decide(Here(2015, "SAU", new TieConfirmed(Id(9), "papers", "gate", Noon), signs), To("guardian", null, Id(9)), Newcomer.Start(Id(9)).After(Born(1980), new HouseholdJoined(Family, "head", Noon))).ThenRefused("handover/protection-officer-needed");
    }

    [Fact]
    public void Rule_Q_the_receiver_learns_what_the_person_agreed_to_and_what_keeps_them_alive()
    {
        var agrees = new SharingConsentGiven(["iom"], Noon);
        (string, string) Told(Newcomer person, HandOver command) => Decide(person, command, agency: Iom).ThenOne<HandedOver>() is var e ? (e.Basis, string.Join(' ', e.Shared)) : default;

        Assert.Equal(("consent", "medical interpreter"), Told(Here(1985, "SAU", agrees), To("agency", "IOM", null, "medical", "interpreter")));
        Assert.Equal(("none", ""), Told(Here(1985, "SAU"), To("agency", "IOM", null, "medical", "interpreter")));
        Assert.Equal(("vital-interest", "medical"), Told(Here(1985, "SAU"), To("agency", "IOM", null, "medical", "interpreter") with { VitalInterest = true }));
        Assert.Equal(("none", ""), Told(Here(1985, "SAU", agrees, new SharingConsentWithdrawn(["iom"], Noon)), To("agency", "IOM", null, "medical")));
    }

    [Theory]
    [InlineData("self", null, "border-officer")]
    [InlineData("self", null, "agency-staff")]
    [InlineData("agency", "IOM", "border-officer")]
    [InlineData("agency", "IOM", "consular-officer")]
    [InlineData("agency", "IOM", "child-protection-officer")]
    [InlineData("child-protection", "UNICEF", "child-protection-officer")]
    [InlineData("child-protection", "SAU", "agency-staff")]
    [InlineData("state", "SAU", "agency-staff")]
    [InlineData("state", "SAU", "none")]
    public void No_officer_of_a_state_takes_anybody_over_under_another_name(string to, string? receiver, string by) =>
        Decide(Here(1985, "SAU", Fears("EGY")), To(to, receiver) with { ReceivedBy = by }, agency: Iom).ThenRefused("handover/received-by-another");

    [Fact]
    public void What_was_recorded_before_the_roles_were_asked_is_the_same_again()
    {
        var before = new HandedOver(Id(70), "self", null, null, "border-officer", [], [], "none", null, "officer", Noon);
        Decide(Here(1985, "SAU").After(before), To("self", null) with { ReceivedBy = "border-officer" }).ThenNothing();
    }

    [Fact]
    public void Who_goes_on_by_themselves_is_received_by_no_state() =>
        Decide(Here(1985, "SAU", Fears("EGY")), To("self", "EGY")).ThenRefused("handover/receiver-not-asked");

    [Fact]
    public void Whatever_is_known_of_them_no_child_goes_to_anybody_else_and_nobody_to_a_state_they_fear()
    {
        Event[] could =
        [
            Fears("SAU"), Fears("IND"), new SharingConsentGiven(["IOM"], Noon), new HouseholdJoined(Family, null, Noon), new GuardianNamed(Id(9), "parent", "officer", Noon),
            new ChildSeparationReported(Id(74), "separated", "conflict", null, null, "officer", Noon, Noon), new NeedsAssessed(3, 5, "P/1", ["TRAFFICKED +3: Signs."], Noon),
        ];
        Prop.ForAll(Arb.From(
            from told in Gen.ListOf(Gen.Elements(could))
            from year in Gen.Elements(1985, 2015)
            from to in Gen.Elements("state", "agency", "child-protection", "guardian", "self")
            from receiver in Gen.Elements("SAU", "IND", "IOM", "UNICEF")
            from protection in Gen.Elements(true, false)
            select (told, year, to, receiver, protection)), given =>
        {
            var person = Here(given.year, "SAU", [.. given.told]);
            var decided = HandOverFeature.Decide(person, Newcomer.Start(Id(9)).After(Born(1980), new HouseholdJoined(Family, null, Noon)), given.receiver == "IOM" ? Iom : given.receiver == "UNICEF" ? Unicef : null,
                To(given.to, given.to is "self" or "guardian" ? null : given.receiver, Id(9), "medical") with { ByProtection = given.protection });
            return decided.Events.OfType<HandedOver>().All(e =>
                (given.year == 1985 || e.To is "child-protection" or "guardian")
                && !(e.To is "state" or "child-protection" && given.told.OfType<FearOfReturnStated>().Any(fear => fear.Countries!.Contains(e.Receiver!)))
                && (e.Shared.Count == 0 || e.To == "guardian" || person.SharesWith.Contains(e.Receiver!)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400).WithQuietOnSuccess(true));
    }

    [Theory]
    [InlineData("RKS", "SRB")]
    [InlineData("SRB", "Kosovo")]
    [InlineData("PSE", "ISR")]
    [InlineData("CHN", "Hong Kong")]
    [InlineData("FRA", "REU")]
    public void Nobody_is_handed_over_or_goes_on_under_the_hand_of_a_feared_state_by_another_name(string feared, string state)
    {
        Decide(Here(1985, "SAU", Fears(feared)), To("state", state)).ThenRefused("handover/non-refoulement");
        new Decided(PlanOnwardFeature.Decide(Here(1985, "SAU", Fears(feared)), null, new(state, "flight", new(2023, 5, 1), "IOM", null, "officer", Noon.AddHours(2), Noon.AddHours(2)))).ThenRefused("onward/non-refoulement");
    }

    [Fact]
    public void Nobody_is_handed_to_their_own_state_while_nobody_knows_which_one_they_fear()
    {
        Decide(Here(1985, "SAU", Fears("XXX")), To("state", "IND")).ThenRefused("handover/non-refoulement");
        Decide(Here(2015, "SAU", Fears("UNO")), To("child-protection", "IND")).ThenRefused("handover/non-refoulement");
        Decide(Here(1985, "SAU", Fears("XXX"), Fears("SAU") with { At = Noon.AddHours(1) }), To("state", "IND")).ThenOne<HandedOver>();
    }

    [Theory]
    [InlineData("XXA", "country/no-place")]
    [InlineData("UNO", "country/no-place")]
    [InlineData("SUN", "country/no-place")]
    [InlineData("ZZZ", "country/unknown")]
    public void Nobody_is_handed_to_a_code_that_is_nowhere(string state, string code)
    {
        Decide(Here(1985, "SAU"), To("state", state)).ThenRefused(code);
        new Decided(PlanOnwardFeature.Decide(Here(1985, "SAU"), null, new(state, "flight", new(2023, 5, 1), "IOM", null, "officer", Noon.AddHours(2), Noon.AddHours(2)))).ThenRefused(code);
    }

    [Fact]
    public void An_onward_plan_keeps_the_rules_of_a_seat_and_ends_when_it_is_done()
    {
        var plan = new PlanOnward("IND", "flight", new(2023, 5, 1), "IOM", null, "officer", Noon.AddHours(2), Noon.AddHours(2));
        var agreed = Here(1985, "SAU", new EvacuationConsentGiven(Id(1), "officer", Noon));
        Decided Plan(Newcomer person, PlanOnward? command = null) => new(PlanOnwardFeature.Decide(person, null, command ?? plan));

        Plan(Here(1985, "SAU")).ThenRefused("onward/no-consent");
        Plan(agreed.After(Fears("IND"))).ThenRefused("onward/non-refoulement");
        Plan(Here(2015, "SAU", new TieConfirmed(Id(9), "papers", "officer", Noon), Agrees(9), new ChildSeparationReported(Id(74), "separated", "conflict", null, null, "officer", Noon, Noon))).ThenRefused("onward/no-best-interests-decision");
        Plan(Here(1985, "IND")).ThenRefused("onward/at-home");
        Plan(agreed, plan with { On = new(2023, 4, 1) }).ThenRefused("onward/past");
        Plan(agreed, plan with { Means = "balloon" }).ThenRefused("onward/means-unknown");

        new Decided(PlanOnwardFeature.Finish(agreed, null, "moved-on", "officer", Noon, Noon)).ThenRefused("onward/not-planned");
        var planned = agreed.After(Plan(agreed).ThenAll());
        Plan(planned).ThenNothing();
        var done = planned.After(new Decided(PlanOnwardFeature.Finish(planned, null, "moved-on", "officer", Noon, Noon)).ThenAll());
        new Decided(PlanOnwardFeature.Finish(done, null, "moved-on", "officer", Noon, Noon)).ThenNothing();
        Plan(done, plan with { Means = "road" }).ThenRefused("onward/done");
        Assert.DoesNotContain(Newcomer.Due(done), due => due.Kind == Newcomer.NotPlanned);
    }

    private static readonly PlanOnward ToIndia = new("IND", "flight", new(2023, 5, 1), "IOM", null, "officer", Noon.AddHours(2), Noon.AddHours(2));

    private static Newcomer Planned(Newcomer person, PlanOnward? plan = null, Newcomer? companion = null) =>
        person.After(new Decided(PlanOnwardFeature.Decide(person, companion, plan ?? ToIndia)).ThenAll());

    private static Decided MovesOn(Newcomer person, Newcomer? companion = null, string outcome = "moved-on") =>
        new(PlanOnwardFeature.Finish(person, companion, outcome, "officer", Noon.AddDays(1), Noon.AddDays(1)));

    [Fact]
    public void An_onward_plan_is_asked_again_when_they_go()
    {
        var planned = Planned(Here(1985, "SAU", new EvacuationConsentGiven(Id(1), "officer", Noon)));

        MovesOn(planned).ThenOne<OnwardDone>();
        MovesOn(planned.After(Fears("IND"))).ThenRefused("onward/non-refoulement");
        MovesOn(planned.After(new EvacuationConsentWithdrawn("officer", Noon.AddHours(3)))).ThenRefused("onward/no-consent");
        MovesOn(planned.After(Fears("IND")), outcome: "left-by-themselves").ThenOne<OnwardDone>();
        // Who was to stay moves on by no plan.
        MovesOn(Planned(Here(1985, "SAU"), ToIndia with { Destination = "SAU", Means = "stay" })).ThenRefused("onward/not-planned");
    }

    [Fact]
    public void Nobody_is_planned_onward_through_a_country_that_they_fear()
    {
        var agreed = Here(1985, "SAU", new EvacuationConsentGiven(Id(1), "officer", Noon));
        var byEritrea = ToIndia with { Transits = ["Eritrea", "OMN"] };

        new Decided(PlanOnwardFeature.Decide(agreed.After(Fears("ERI")), null, byEritrea)).ThenRefused("onward/non-refoulement");
        new Decided(PlanOnwardFeature.Decide(agreed, null, ToIndia with { Transits = ["ZZZ"] })).ThenRefused("country/unknown");
        Assert.Equal(["ERI", "OMN"], new Decided(PlanOnwardFeature.Decide(agreed, null, byEritrea)).ThenOne<OnwardPlanned>().Transits!);
        MovesOn(Planned(agreed, byEritrea).After(Fears("ERI"))).ThenRefused("onward/non-refoulement");
    }

    [Fact]
    public void A_fear_of_where_a_plan_leads_voids_it_and_the_clock_runs_again()
    {
        var afraid = Planned(Here(1985, "SAU", new EvacuationConsentGiven(Id(1), "officer", Noon))).After(Fears("IND"));
        Assert.Equal("planned", afraid.StateOfOnward);
        var voided = afraid.After(Newcomer.Void(afraid, Noon.AddHours(3)).Events);

        Assert.Equal("open", voided.StateOfOnward);
        Assert.Contains(Newcomer.Due(voided), due => due.Kind == Newcomer.NotPlanned);
        Assert.Empty(Newcomer.Void(voided, Noon.AddHours(4)).Events);
        Assert.Empty(Newcomer.Void(Planned(Here(1985, "SAU", new EvacuationConsentGiven(Id(1), "officer", Noon))), Noon).Events);
    }

    [Fact]
    public void A_child_goes_on_with_a_confirmed_adult_or_the_escort_and_one_who_came_of_age_agrees_for_themselves()
    {
        Newcomer Adult(int id, params Event[] then) => Newcomer.Start(Id(id)).After([Born(1985), new EvacuationConsentGiven(Id(id), "officer", Noon), .. then]);
        var consent = new EvacuationConsentGiven(Id(9), "officer", Noon);
        var declared = Here(2015, "SAU", new GuardianNamed(Id(9), "household", "embassy", Noon) { Standing = "declared" }, consent);
        var confirmed = declared.After(new TieConfirmed(Id(9), "papers", "officer", Noon), consent);
        Decided Plan(Newcomer child, Newcomer? companion) => new(PlanOnwardFeature.Decide(child, companion, ToIndia with { CompanionId = companion?.Id }));

        Plan(confirmed, null).ThenRefused("onward/companion-needed");
        Plan(declared, Adult(9)).ThenRefused("onward/no-consent");
        Plan(confirmed, Adult(8)).ThenRefused("onward/companion-needed");
        // Nobody knows that they are an adult.
        Plan(confirmed, Adult(9, new RegistrationCorrected(Id(10_001), "officer", new() { Nationality = "IND" }, null, Noon))).ThenRefused("onward/companion-needed");
        Plan(confirmed, Adult(9, Fears("IND"))).ThenRefused("onward/companion-needed");
        Plan(confirmed, Adult(9, NoConsent)).ThenRefused("onward/companion-needed");
        var planned = Planned(confirmed, ToIndia with { CompanionId = Id(9) }, Adult(9));
        MovesOn(planned, Adult(9)).ThenOne<OnwardDone>();
        MovesOn(planned.After(new GuardianshipEnded(Id(9), "protection", "unsafe", Noon)), Adult(9)).ThenRefused("onward/no-consent");
        MovesOn(planned, null).ThenRefused("onward/companion-needed");
        var alone = Here(2015, "SAU", new ChildSeparationReported(Id(74), "separated", "conflict", null, null, "officer", Noon, Noon), MayGoWith(8),
            new EvacuationConsentGiven(Id(8), "officer", Noon));
        Plan(alone, Adult(9)).ThenRefused("onward/companion-needed");
        Plan(alone, Adult(8)).ThenOne<OnwardPlanned>();
        // An escort stands in for nobody who answers for the child, and a merge makes nobody an escort.
        Plan(confirmed.After(MayGoWith(8)), Adult(8)).ThenRefused("onward/companion-needed");
        var merged = new DuplicateMerged(Id(7), "officer", null, [], [], [], Noon);
        var named = alone.After(MayGoWith(8) with { EscortSeenAs = [] });
        Plan(named, Adult(8)).ThenOne<OnwardPlanned>();
        Plan(named, Adult(8, merged)).ThenRefused("onward/companion-needed");
        Plan(alone, Adult(7, new DuplicateMerged(Id(8), "officer", null, [], [], [], Noon))).ThenRefused("onward/companion-needed");
        // Eighteen since yesterday.
        var grown = Person(2005, [.. (Event[])[new RegistrationCorrected(Id(10_001), "officer", new() { BirthDate = new(2005, 4, 19), Nationality = "IND" }, null, Noon), consent], In("SAU")]);
        new Decided(PlanOnwardFeature.Decide(grown.After(Newcomer.Open(grown, Noon).Events), null, ToIndia)).ThenRefused("onward/no-consent");
    }
}
