using Xunit;

namespace CrisisCoordination.TimelineAudit.Tests;

/// <summary>Histories by hand: one that breaks a rule is found, and one like it that keeps the rule is not.</summary>
public sealed class LedgerTests
{
    private readonly Export export = new();

    // N

    [Theory]
    [InlineData("HKG", "CHN")]
    [InlineData("CHN", "HKG")]
    [InlineData("FRA", "REU")]
    [InlineData("SRB", "UNK")]
    [InlineData("RKS", "XKX")]
    [InlineData("TWN", "CHN")]
    [InlineData("ISR", "PSE")]
    [InlineData("ESH", "MAR")]
    [InlineData("ZAR", "COD")]
    [InlineData("SUN", "RUS")]
    [InlineData("D", "DEU")]
    public void A_fear_of_a_state_bars_every_place_that_it_holds(string feared, string goesTo)
    {
        var person = export.Person();
        var transport = export.Fears(person, feared).Consents(person).Transport("T1", "XYZ", goesTo);
        export.Seat(person, transport);
        Finds("N.jurisdiction");
    }

    [Theory]
    [InlineData("FRA", "BEL")]
    [InlineData("CHN", "JPN")]
    [InlineData("SAU", "SDN")]
    public void Another_state_is_not_barred(string feared, string goesTo)
    {
        var person = export.Person();
        var transport = export.Fears(person, feared).Consents(person).Transport("T1", "XYZ", goesTo);
        export.Seat(person, transport).Board(person, transport).Depart(transport);
        Finds();
    }

    [Fact]
    public void A_transport_that_names_another_country_than_its_point_lies_in_goes_where_the_point_is()
    {
        var person = export.Person();
        var transport = export.Point("JED", "SAU").Fears(person, "SAU").Consents(person).Transport("T1", "JED", "EGY");
        export.Seat(person, transport);
        Finds("N.place");
    }

    [Fact]
    public void Where_a_point_says_nothing_of_itself_the_first_transport_there_is_believed()
    {
        var person = export.Person();
        export.Transport("T1", "JED", "SAU");
        var liar = export.Fears(person, "SAU").Consents(person).Transport("T2", "JED", "EGY");
        export.Seat(person, liar);
        Finds("N.place");
    }

    [Fact]
    public void A_place_that_may_lie_in_either_of_two_countries_bars_for_both()
    {
        var (person, point) = (export.Person(), Guid.NewGuid());
        export.Add(point, "assembly_point_opened", new { code = "JED", country = "EGY" })
            .Add(point, "point_country_change_proposed", new { country = "SAU", reason = "x", officer = "y" });
        var transport = export.Fears(person, "SAU").Consents(person).Transport("T1", "JED", "EGY");
        export.Seat(person, transport);
        Finds("N.place");
    }

    [Fact]
    public void Where_a_transport_may_be_diverted_to_counts()
    {
        var person = export.Person();
        var transport = export.Point("CAI", "EGY").Point("JED", "SAU").Fears(person, "SAU").Consents(person).Transport("T1", "CAI", "EGY");
        export.Add(transport, "transport_alternates_set", new { alternates = new[] { "JED" } }).Seat(person, transport);
        Finds("N.place");
    }

    [Fact]
    public void A_leg_inside_the_country_where_they_are_brings_them_into_no_other()
    {
        var person = export.Person();
        var transport = export.Point("KRT", "SDN").Point("PZU", "SDN").Fears(person, "SDN").Consents(person)
            .Transport("T1", "PZU", null, from: "KRT");
        export.Seat(person, transport).Board(person, transport).Depart(transport);
        Finds();
    }

    [Theory]
    [InlineData(13.47, 22.20, true)]  // Adre, in Chad
    [InlineData(13.47, 21.00, true)]  // far from every point
    [InlineData(13.50, 22.40, false)] // El Geneina itself
    public void Whoever_fears_a_country_is_not_sent_into_it_to_set_out_from_there(double latitude, double longitude, bool breaks)
    {
        var person = export.Person();
        var transport = export.Point("GEN", "SDN", (13.45, 22.45)).Point("ADR", "TCD", (13.47, 22.20)).Point("JED", "SAU", (21.5, 39.2))
            .Fears(person, "SDN").Consents(person).SaysToBe(person, latitude, longitude).Transport("T1", "JED", "SAU", from: "GEN");
        export.Seat(person, transport);
        Finds(breaks ? ["N.start"] : []);
    }

    [Fact]
    public void Whoever_was_carried_there_may_leave_the_country_they_fear()
    {
        var person = export.Person();
        var bus = export.Point("ADR", "TCD", (13.47, 22.20)).Point("GEN", "SDN", (13.45, 22.45)).Point("JED", "SAU", (21.5, 39.2))
            .Consents(person).SaysToBe(person, 13.47, 22.20).Transport("T1", "GEN", null, from: "ADR");
        var flight = export.Seat(person, bus).Board(person, bus).Depart(bus).Fears(person, "SDN").Transport("T2", "JED", "SAU", from: "GEN");
        export.Seat(person, flight);
        Finds();
    }

    private static readonly (double, double) Adre = (13.47, 22.20), Geneina = (13.50, 22.40);

    [Fact]
    public void The_last_place_that_was_told_counts_and_not_any()
    {
        Assert.Equal(["N.start"], SetsOut((person, e) => e.SaysToBe(person, Geneina).SaysToBe(person, Adre)));
        Assert.Empty(SetsOut((person, e) => e.SaysToBe(person, Adre).SaysToBe(person, Geneina)));
        // Told last, and of an earlier time.
        Assert.Equal(["N.start"], SetsOut((person, e) => e.SaysToBe(person, Adre).SaysToBe(person, Geneina, at: "2023-04-01T00:00:00Z")));
        Assert.Equal(["N.start"], SetsOut((person, e) => e.SaysToBe(person, Adre).SaysToBe(person, Geneina, source: "partner")));
    }

    [Fact]
    public void Where_a_transport_took_them_counts_until_they_say_otherwise_and_not_where_they_did_not_come_with_it()
    {
        Assert.Equal(["N.start"], SetsOut((person, e) => Carried(e, person).SaysToBe(person, Adre)));
        Assert.Empty(SetsOut((person, e) => Carried(e.SaysToBe(person, Adre), person)));
        Assert.Equal(["N.start"], SetsOut((person, e) =>
            Carried(e.SaysToBe(person, Adre), person).Add(person, "missing_at_arrival", new { transportId = Bus }).Add(person, "found_after_arrival", new { transportId = Bus, arrived = false })));
        Assert.Equal(["N.start"], SetsOut((person, e) => e.SaysToBe(person, Adre).Add(person, "arrived", new { transportId = Bus, journeyEnded = false })));

        static Export Carried(Export e, Guid person) => e.Add(person, "boarded", new { transportId = Bus }).Add(person, "arrived", new { transportId = Bus, journeyEnded = false });
    }

    [Fact]
    public void Where_somebody_was_whose_record_nobody_met_is_not_where_the_person_is_into_whom_they_were_merged()
    {
        var stranger = export.Person(sender: "self-service");
        Assert.Equal(["N.start"], SetsOut((person, e) => e.SaysToBe(person, Adre).SaysToBe(stranger, Geneina).Merge(person, stranger)));
    }

    private static readonly Guid Bus = Guid.NewGuid();

    // From El Geneina in the country they fear; they may be in Adre, across the border.
    private IEnumerable<string> SetsOut(Func<Guid, Export, Export> told)
    {
        var person = export.Person();
        export.Point("GEN", "SDN", (13.45, 22.45)).Point("ADR", "TCD", Adre).Point("JED", "SAU", (21.5, 39.2))
            .Add(Bus, "transport_scheduled", new { code = "BUS", from = "ADR", to = "GEN", seats = 9, wheelchairSpaces = 0, stretcherSpaces = 0, departsAt = "2023-05-01T00:00:00Z", arrivesAt = "2023-05-01T05:00:00Z" });
        told(person, export.Consents(person)).Fears(person, "SDN");
        export.Seat(person, export.Transport("T1", "JED", "SAU", from: "GEN"));
        return export.Breaches.Where(breach => breach.Stream == person && breach.Rule == "N").Select(breach => breach.Code).Distinct();
    }

    [Fact]
    public void Who_moves_on_by_a_plan_is_asked_again()
    {
        var person = export.Person();
        export.Consents(person).Add(person, "onward_planned", new { destination = "IND", transits = new[] { "OMN" }, means = "flight" })
            .Fears(person, "OMN").Withdraws(person).Add(person, "onward_done", new { outcome = "moved-on" });
        Finds("N.plain", "V.none");
    }

    [Fact]
    public void Who_left_by_themselves_was_not_moved()
    {
        var person = export.Person();
        export.Add(person, "onward_planned", new { destination = "IND", means = "flight" }).Fears(person, "IND")
            .Add(person, "onward_done", new { outcome = "left-by-themselves" });
        Finds();
    }

    [Fact]
    public void A_diversion_before_boarding_counts()
    {
        var person = export.Person();
        var transport = export.Fears(person, "SAU").Consents(person).Transport("T1", "CAI", "EGY");
        export.Seat(person, transport).Add(transport, "transport_diverted", new { to = "JED", destinationCountry = "SAU" })
            .Board(person, transport);
        Finds("N.plain");
    }

    [Fact]
    public void A_fear_told_while_they_sit_on_board_stops_the_departure()
    {
        var person = export.Person();
        var transport = export.Consents(person).Transport("T1", "JED", "SAU");
        export.Seat(person, transport).Board(person, transport).Fears(person, "SAU").Depart(transport);
        Finds("N.plain");
    }

    [Fact]
    public void Who_got_off_after_a_fear_did_not_depart()
    {
        var person = export.Person();
        var transport = export.Consents(person).Transport("T1", "JED", "SAU");
        export.Seat(person, transport).Board(person, transport).Fears(person, "SAU")
            .Add(person, "seat_released", new { transportId = transport, reason = "fears-destination" }).Depart(transport);
        Finds();
    }

    [Fact]
    public void A_fear_told_under_a_record_that_was_merged_away_counts()
    {
        var (stays, duplicate) = (export.Person(), export.Person());
        var transport = export.Fears(duplicate, "SAU").Merge(stays, duplicate).Consents(stays).Transport("T1", "JED", "SAU");
        export.Seat(stays, transport);
        Finds("N.plain");
    }

    [Fact]
    public void A_fear_of_a_record_that_was_separated_again_does_not_count_for_the_other()
    {
        var (stays, duplicate) = (export.Person(), export.Person());
        var transport = export.Fears(duplicate, "SAU").Merge(stays, duplicate).Unmerge(stays, duplicate).Consents(stays)
            .Transport("T1", "JED", "SAU");
        export.Seat(stays, transport).Board(stays, transport).Depart(transport);
        Finds();
    }

    [Fact]
    public void A_withdrawal_from_before_the_fear_takes_nothing_back()
    {
        var person = export.Person();
        var transport = export.Fears(person, "SAU")
            .Add(person, "fear_of_return_withdrawn", new { countries = new[] { "SAU" } }, "2020-01-01T00:00:00Z").Consents(person)
            .Transport("T1", "JED", "SAU");
        export.Seat(person, transport);
        Finds("N.order");
    }

    [Theory]
    [InlineData("XXA")]
    [InlineData("XXX")]
    [InlineData("UNO")]
    public void A_fear_that_names_no_state_counts_against_their_own(string answer)
    {
        var person = export.Person(nationality: "IND");
        var transport = export.Fears(person, answer).Consents(person).Transport("T1", "DEL", "IND");
        export.Seat(person, transport);
        Finds("N.unanswered");
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void A_nationality_that_was_told_after_the_question_opens_no_way(bool before, bool found)
    {
        var (person, form) = (Guid.NewGuid(), Guid.NewGuid());
        export.Form(person, "person_registered", "1990-01-01", nationality: before ? "IND" : "XXX", registration: form);
        var transport = export.Fears(person, "XXX").Form(person, "registration_corrected", "1990-01-01", registration: form, officer: "officer-1")
            .Consents(person).Transport("T1", "JED", "SAU");
        export.Seat(person, transport);
        Finds(found ? ["N.unanswered"] : []);
    }

    [Theory]
    [InlineData("self", "none", null, false)]
    [InlineData("self", "none", "SAU", true)]
    [InlineData("self", "border-officer", null, true)]
    [InlineData("agency", "consular-officer", "IOM", true)]
    [InlineData("agency", "social-worker", "IOM", false)]
    public void Whoever_fears_a_state_is_received_by_no_officer_of_one_that_nobody_asked_about(string to, string by, string? receiver, bool found)
    {
        var (free, afraid) = (export.Person(), export.Person());
        export.Fears(afraid, "EGY").Add(afraid, "handed_over", new { to, receiver, receivedBy = by, basis = "none", shared = Array.Empty<string>() })
            .Add(free, "handed_over", new { to, receiver, receivedBy = by, basis = "none", shared = Array.Empty<string>() });
        Finds(found ? ["N.handed-over"] : []);
    }

    [Fact]
    public void A_handover_an_onward_plan_and_an_agency_of_a_feared_state()
    {
        var person = export.Person();
        var agency = Guid.NewGuid();
        export.Add(agency, "agency_registered", new { code = "GOV", name = "x", receives = Array.Empty<string>(), country = "SAU" })
            .Fears(person, "SAU")
            .Add(person, "handed_over", new { to = "state", receiver = "SAU", basis = "none", shared = Array.Empty<string>() })
            .Add(person, "onward_planned", new { destination = "SAU" })
            .Add(person, "referral_offered", new { agency = "GOV" });
        Finds("N.plain", "N.plain", "N.plain");
    }

    // C

    [Fact]
    public void A_child_departs_with_whoever_was_confirmed_to_answer_for_them()
    {
        var (adult, child) = (export.Person(), export.Person(born: "2015"));
        Depart(export.Guardian(child, adult).Consents(adult).Consents(child, adult), adult, child);
        Finds();
    }

    [Theory]
    [InlineData("declared")]
    [InlineData("proposed")]
    public void A_tie_that_nobody_confirmed_is_not_enough_to_depart(string standing)
    {
        var (adult, child, household) = (export.Person(), export.Person(born: "2015"), Guid.NewGuid());
        Depart(export.Lives(household, adult, child).Guardian(child, adult, standing).Consents(adult), adult, child);
        Finds("V.none", "C.tie");
    }

    [Fact]
    public void A_tie_becomes_good_when_it_is_confirmed_and_is_over_when_it_ends()
    {
        var (adult, child) = (export.Person(), export.Person(born: "2015"));
        export.Guardian(child, adult, "declared").Add(child, "tie_confirmed", new { guardianId = adult, grounds = "papers", officer = "x" })
            .Consents(adult).Consents(child, adult)
            .Add(child, "tie_proposed", new { guardianId = adult, basis = "parent", source = "x" });
        Finds();
        Depart(export.Add(child, "guardianship_ended", new { guardianId = adult, officer = "x" }), adult, child);
        Finds("V.lapsed", "C.alone");
    }

    [Fact]
    public void A_refused_tie_is_none()
    {
        var (adult, child) = (export.Person(), export.Person(born: "2015"));
        Depart(export.Guardian(child, adult, "proposed").Add(child, "tie_refused", new { guardianId = adult, officer = "x", reason = "y" })
            .Consents(adult).Consents(child, adult), adult, child);
        Finds("V.guardian", "C.alone");
    }

    [Theory]
    [InlineData("tie_refused", null, false)]
    [InlineData("guardianship_ended", null, false)]
    [InlineData("tie_refused", "officer-2", false)]
    [InlineData("tie_refused", "protection-1", true)]
    [InlineData("tie_refused", "PROTECTION-2", false)]
    public void Who_was_denied_is_named_again_by_two_only(string denied, string? proposedBy, bool sound)
    {
        var (adult, child) = (export.Person(), export.Person(born: "2015"));
        export.Guardian(child, adult).Add(child, denied, new { guardianId = adult, officer = "x", reason = "y" })
            .Proposes(child, adult, "protection-1").Proposes(child, adult, "PROTECTION-2").Names(child, adult, "protection-2", after: proposedBy);
        Finds(sound ? [] : ["C.two"]);
    }

    [Theory, InlineData(true), InlineData(false)]
    public void Whom_nobody_told_of_before_a_child_was_reported_alone_two_name(bool toldBefore)
    {
        var (adult, child, report) = (export.Person(), export.Person(born: "2015"), Guid.NewGuid());
        if (toldBefore) export.Guardian(child, adult, "declared");
        export.Reported(child, report).Sees(child, adult);
        Finds("C.two");
        export.Add(child, "child_separation_ended", new { caseId = report, outcome = "reported-in-error", protectionOfficer = "x" }).Sees(child, adult);
        Finds(toldBefore ? ["C.two"] : ["C.two", "C.two"]);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("2010", false)]
    [InlineData("1990", true)]
    public void Whoever_acts_for_a_child_is_surely_an_adult(string? born, bool sound)
    {
        var (adult, child, other) = (Guid.NewGuid(), export.Person(born: "2015"), export.Person(born: "2016"));
        export.Form(adult, "person_registered", born)
            .Add(child, "tie_confirmed", new { guardianId = adult, grounds = "papers", officer = "x" }).Consents(child, adult).Add(other, "best_interests_decided", new { mayDepart = true, escortId = adult });
        Finds(sound ? [] : ["C.adult", "V.by-child", "C.adult"]);
    }

    [Fact]
    public void A_guardian_whose_record_was_merged_is_seen_with_the_child_once_more()
    {
        var (adult, duplicate, child) = (export.Person(), export.Person(), export.Person(born: "2015"));
        export.Guardian(child, duplicate).Merge(adult, duplicate).Add(child, "tie_confirmed", new { guardianId = adult, grounds = "papers", officer = "x" });
        Depart(export.Consents(adult).Consents(child, adult), adult, child);
        Finds();
    }

    [Theory, InlineData(true), InlineData(false)]
    public void Nobody_is_a_guardian_by_a_merge_with_one(bool strangerStays)
    {
        var (mother, stranger, child, home) = (export.Person(), export.Person(), export.Person(born: "2015"), Guid.NewGuid());
        var adult = strangerStays ? stranger : mother;
        export.Lives(home, mother, child).Guardian(child, mother).Merge(adult, strangerStays ? mother : stranger);
        Depart(export.Lives(home, adult).Consents(adult).Consents(child, adult), adult, child);
        Finds("V.guardian", "C.tie");
    }

    [Fact]
    public void Nobody_is_a_guardian_of_a_child_by_a_merge_with_an_invented_one()
    {
        var (adult, child, invented) = (export.Person(), export.Person(born: "2015"), export.Person(born: "2015"));
        export.Guardian(invented, adult).Merge(child, invented).Consents(adult).Consents(child, adult);
        Finds("V.guardian");
    }

    [Fact]
    public void A_guardian_who_was_seen_with_the_child_of_both_records_was_seen_with_the_child()
    {
        var (adult, child, again) = (export.Person(), export.Person(born: "2015"), export.Person(born: "2015"));
        export.Guardian(child, adult).Guardian(again, adult).Merge(child, again).Consents(adult).Consents(child, adult);
        Finds();
    }

    [Theory, InlineData(true), InlineData(false)]
    public void A_child_reported_alone_is_handed_to_a_guardian_by_a_protection_officer(bool byProtection)
    {
        var (adult, child) = (export.Person(), export.Person(born: "2015"));
        export.Guardian(child, adult).Add(child, "child_separation_reported", new { caseId = Guid.NewGuid(), kind = "separated", cause = "conflict" })
            .Add(child, "handed_over", new { to = "guardian", guardianId = adult, receiver = (string?)null, basis = "guardian", shared = Array.Empty<string>(), byProtection });
        Finds(byProtection ? [] : ["C.handed-over"]);
    }

    [Fact]
    public void A_stranger_with_the_household_reference_is_no_guardian()
    {
        var (stranger, child, household) = (export.Person(), export.Person(born: "2015"), Guid.NewGuid());
        Depart(export.Lives(household, child, stranger).Consents(stranger).Consents(child, stranger), stranger, child);
        Finds("V.guardian", "C.tie");
    }

    [Fact]
    public void A_child_coded_so_without_a_birth_date_is_a_child()
    {
        var (adult, child) = (export.Person(), export.Person(born: null!, needs: ["SC"]));
        Depart(export.Consents(adult).Consents(child), adult, child);
        Finds("V.child", "C.alone");
    }

    [Fact]
    public void One_birth_date_of_a_child_on_any_record_makes_a_child()
    {
        var (adult, child, duplicate) = (export.Person(), export.Person(born: "1990"), export.Person(born: "2012"));
        Depart(export.Merge(child, duplicate).Consents(adult).Consents(child), adult, child);
        Finds("V.child", "C.alone");
    }

    // An adult in a child's place of a household: the birth date said so, and is gone with the form.
    [Fact]
    public void Of_the_erased_nobody_says_that_they_were_a_child()
    {
        var (adult, erased, household) = (export.Person(), Guid.NewGuid(), Guid.NewGuid());
        export.Add(erased, "person_registered", new { registrationId = Guid.NewGuid(), crisisId = Guid.Empty, reference = "R", channel = "phone" })
            .Add(erased, "household_joined", new { householdId = household, role = "child" });
        Depart(export.Consents(adult).Consents(erased), adult, erased);
        Finds();
    }

    [Fact]
    public void A_child_reported_alone_needs_the_decision_even_beside_a_guardian()
    {
        var (adult, child, report) = (export.Person(), export.Person(born: "2015"), Guid.NewGuid());
        export.Guardian(child, adult).Consents(adult).Consents(child, adult)
            .Add(child, "child_separation_reported", new { caseId = report, kind = "separated", cause = "conflict" });
        Depart(export, adult, child);
        Finds("C.alone");
    }

    [Fact]
    public void An_escort_who_is_aboard_with_a_decision_is_enough()
    {
        var (escort, child) = (export.Person(), export.Person(born: "2015"));
        Depart(export.Add(child, "best_interests_decided", new { mayDepart = true, escortId = escort, protectionOfficer = "x" })
            .Consents(escort).Consents(child, escort), escort, child);
        Finds();
    }

    [Fact]
    public void A_decision_without_the_escort_aboard_is_not()
    {
        var (escort, other, child) = (export.Person(), export.Person(), export.Person(born: "2015"));
        Depart(export.Add(child, "best_interests_decided", new { mayDepart = true, escortId = escort, protectionOfficer = "x" })
            .Consents(other).Consents(child, escort), other, child);
        Finds("C.escort");
    }

    [Fact]
    public void A_child_is_handed_to_a_confirmed_guardian_or_to_child_protection_only()
    {
        var (adult, stranger, child) = (export.Person(), export.Person(), export.Person(born: "2015"));
        export.Guardian(child, adult);
        foreach (var (to, guardian) in new (string, Guid?)[] { ("guardian", adult), ("child-protection", null) }) HandOver(to, guardian);
        Finds();
        HandOver("guardian", stranger);
        HandOver("self", null);
        Finds("C.handed-over", "C.handed-alone");

        void HandOver(string to, Guid? guardian) =>
            export.Add(child, "handed_over",
            new { to, guardianId = guardian, receiver = (string?)null, basis = "none", shared = Array.Empty<string>() });
    }

    [Fact]
    public void Who_is_a_child_is_corrected_by_two()
    {
        var (child, registration) = (Guid.NewGuid(), Guid.NewGuid());
        export.Form(child, "person_registered", "2012", registration: registration)
            .Form(child, "registration_corrected", "2012", registration: registration);
        Finds();
        export.Form(child, "registration_corrected", "1990", registration: registration);
        Finds("C.age");
    }

    [Fact]
    public void Nobody_makes_an_adult_by_tomorrow_alone()
    {
        var (child, registration) = (Guid.NewGuid(), Guid.NewGuid());
        export.Form(child, "person_registered", "2012", registration: registration)
            .Form(child, "registration_corrected", "2005-05-02", registration: registration);
        Finds("C.age");
    }

    [Fact]
    public void Nobody_makes_an_adult_alone_beside_the_birth_date_of_a_child_whose_record_was_merged()
    {
        var (stays, duplicate, registration) = (export.Person(born: "2015"), Guid.NewGuid(), Guid.NewGuid());
        export.Form(duplicate, "person_registered", "2012", registration: registration).Merge(stays, duplicate)
            .Form(stays, "registration_corrected", "1990", registration: registration);
        Finds("C.age");
    }

    [Fact]
    public void The_second_officer_is_another_one()
    {
        var (child, change) = (export.Person(born: "2012"), Guid.NewGuid());
        export.Add(child, "age_change_proposed", new { changeId = change, officer = "x" })
            .Add(child, "age_change_settled", new { changeId = change, agreed = true, officer = "y" });
        Finds();
        export.Add(child, "age_change_settled", new { changeId = change, agreed = true, officer = "x" });
        Finds("C.age");
    }

    // C: who says so, and of whom

    [Theory]
    [InlineData("tie_refused")]
    [InlineData("guardianship_ended")]
    public void Of_whom_it_was_denied_two_protection_officers_say_that_they_answer_for_a_child(string denial)
    {
        var (adult, child, home) = (export.Person(), export.Person(born: "2015"), Guid.NewGuid());
        export.Lives(home, adult, child).Guardian(child, adult, "declared").Sees(child, adult);
        Finds();
        export.Add(child, denial, new { guardianId = adult, officer = "x", reason = "y" }).Proposes(child, adult, "protection-1")
            .Names(child, adult, "protection-2", after: "protection-1").Sees(child, adult);
        Finds();
        export.Add(child, denial, new { guardianId = adult, officer = "x", reason = "y" }).Sees(child, adult);
        Finds("C.two");
    }

    [Theory]
    [InlineData("protection-2", "protection-1", null)]
    [InlineData("Protection-1", "protection-1", "one account that is written in two ways")]
    [InlineData("protection-2", "protection-3", "somebody who proposed nothing")]
    [InlineData("protection-2", null, "nobody")]
    public void The_second_protection_officer_is_another_one_than_who_proposed_it(string second, string? first, string? lie)
    {
        var (adult, child) = (export.Person(), export.Person(born: "2015"));
        export.Reported(child).Proposes(child, adult, "protection-1").Names(child, adult, second, after: first);
        Finds(lie is null ? [] : ["C.two"]);
    }

    [Fact]
    public void What_was_proposed_before_it_was_denied_is_not_the_word_of_the_first_officer()
    {
        var (adult, child, home) = (export.Person(), export.Person(born: "2015"), Guid.NewGuid());
        export.Lives(home, adult, child).Guardian(child, adult, "declared").Proposes(child, adult, "protection-1")
            .Add(child, "tie_refused", new { guardianId = adult, officer = "x", reason = "y" })
            .Names(child, adult, "protection-2", after: "protection-1");
        Finds("C.two");
    }

    [Theory, InlineData(true), InlineData(false)]
    public void What_was_denied_of_one_record_is_denied_of_the_person(bool ofAdult)
    {
        var (adult, child, home) = (export.Person(), export.Person(born: "2015"), Guid.NewGuid());
        var duplicate = ofAdult ? export.Person() : export.Person(born: "2015");
        var (deniedChild, deniedAdult) = ofAdult ? (child, duplicate) : (duplicate, adult);
        export.Lives(home, adult, child).Add(deniedChild, "tie_refused", new { guardianId = deniedAdult, officer = "x", reason = "y" })
            .Guardian(child, adult, "declared").Sees(child, adult);
        Finds();
        export.Merge(ofAdult ? adult : child, duplicate).Sees(child, adult);
        Finds("C.two");
    }

    [Theory, InlineData(true), InlineData(false)]
    public void What_was_denied_of_a_record_is_denied_of_the_one_that_was_parted_from_it(bool asEscort)
    {
        var (denied, parted, child, home, mother) = (export.Person(), export.Person(), export.Person(born: "2015"), Guid.NewGuid(), export.Person());
        if (!asEscort) export.Lives(home, mother, child).Guardian(child, mother, "declared");
        export.Merge(denied, parted).Guardian(child, denied, "proposed").Add(child, "tie_refused", new { guardianId = denied, officer = "x", reason = "y" })
            .Unmerge(denied, parted);
        if (asEscort) export.Entrusts(child, parted);
        else export.Sees(child, parted);
        Finds("C.two");
    }

    [Fact]
    public void No_escort_is_named_whom_an_officer_denied_or_for_a_child_for_whom_somebody_answers()
    {
        var (denied, mother, lone, child) = (export.Person(), export.Person(), export.Person(born: "2015"), export.Person(born: "2015"));
        export.Guardian(lone, denied, "proposed").Add(lone, "tie_refused", new { guardianId = denied, officer = "x", reason = "y" }).Guardian(child, mother, "declared");
        export.Entrusts(lone, mother).Reported(child).Entrusts(child, denied);
        Finds();
        export.Entrusts(lone, denied);
        Finds("C.two");
        var other = export.Person(born: "2015");
        export.Guardian(other, mother, "declared").Entrusts(other, denied);
        Finds("C.two", "C.not-alone");
    }

    [Fact]
    public void Whoever_was_merged_with_the_escort_since_is_not_whom_the_decision_names()
    {
        var (escort, stranger, child) = (export.Person(), export.Person(), export.Person(born: "2015"));
        export.Reported(child).Entrusts(child, escort).Consents(child, escort).Consents(escort).Merge(escort, stranger);
        Depart(export, escort, child);
        Finds("C.escort");
    }

    [Fact]
    public void What_an_adult_agreed_to_before_they_were_made_the_escort_counts_no_more()
    {
        var (escort, child, report) = (export.Person(), export.Person(born: "2015"), Guid.NewGuid());
        export.Guardian(child, escort).Consents(escort).Consents(child, escort)
            .Add(child, "guardianship_ended", new { guardianId = escort, officer = "x" }).Proposes(child, escort, "protection-1")
            .Names(child, escort, "protection-2", after: "protection-1").Reported(child, report).Entrusts(child, escort);
        Depart(export, escort, child);
        Finds("V.lapsed");
    }

    // Who corrects the form takes nothing back.
    [Fact]
    public void A_child_whom_a_form_called_alone_is_so_until_the_case_ends()
    {
        var (adult, child, form, report) = (export.Person(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        export.Form(child, "person_registered", "2015", needs: ["SC"], registration: form).Form(child, "registration_corrected", "2015", registration: form);
        export.Lives(Guid.NewGuid(), adult, child).Guardian(child, adult, "declared").Sees(child, adult);
        Finds("C.two");
        export.Proposes(child, adult, "protection-1").Names(child, adult, "protection-2", after: "protection-1").Reported(child, report)
            .Add(child, "child_separation_ended", new { caseId = report, outcome = "guardian-appointed", protectionOfficer = "x" });
        Depart(export.Consents(adult).Consents(child, adult), adult, child);
        Finds("C.two");
    }

    [Fact]
    public void Who_was_told_of_before_a_child_was_reported_alone_is_seen_by_one_officer_and_who_came_later_is_named_by_two()
    {
        var (mother, uncle, child, home, report) =
            (export.Person(), export.Person(), export.Person(born: "2015"), Guid.NewGuid(), Guid.NewGuid());
        export.Lives(home, mother, child).Guardian(child, mother, "declared").Reported(child, report)
            .Add(child, "child_separation_ended", new { caseId = report, outcome = "reported-in-error", protectionOfficer = "x" })
            .Lives(home, uncle).Guardian(child, uncle, "declared").Sees(child, mother);
        Finds();
        export.Sees(child, uncle);
        Finds("C.two");
        export.Proposes(child, uncle, "protection-1").Names(child, uncle, "protection-2", after: "protection-1").Sees(child, uncle);
        Finds("C.two");
    }

    [Theory]
    [InlineData("reported")]
    [InlineData("called so")]
    [InlineData("in no household")]
    [InlineData("with nobody who is more than proposed")]
    public void Of_a_child_who_is_alone_two_protection_officers_name_the_guardian(string alone)
    {
        var (adult, child, home) =
            (export.Person(), export.Person(born: "2015", needs: alone == "called so" ? ["SC"] : []), Guid.NewGuid());
        if (alone != "in no household") export.Lives(home, adult, child);
        if (alone != "with nobody who is more than proposed") export.Guardian(child, adult, "declared");
        if (alone == "reported") export.Reported(child);
        export.Proposes(child, adult, "protection-1").Names(child, adult, "protection-2", after: "protection-1");
        Finds();
        export.Add(child, "guardianship_ended", new { guardianId = adult, officer = "x" }).Names(child, adult, "protection-2");
        Finds("C.two");
    }

    [Theory]
    [InlineData("reported")]
    [InlineData("called so")]
    [InlineData("in no household")]
    public void Nobody_names_the_guardian_of_a_child_who_is_alone_by_themselves(string alone)
    {
        var (adult, child, home) =
            (export.Person(), export.Person(born: "2015", needs: alone == "called so" ? ["SC"] : []), Guid.NewGuid());
        if (alone != "in no household") export.Lives(home, adult, child);
        export.Guardian(child, adult, "declared");
        if (alone == "reported") export.Reported(child);
        export.Names(child, adult, "officer-1");
        Finds("C.two");
    }

    [Fact]
    public void Of_a_child_who_is_not_alone_one_officer_says_who_answers_for_them()
    {
        var (adult, child, home) = (export.Person(), export.Person(born: "2015"), Guid.NewGuid());
        export.Lives(home, adult, child).Guardian(child, adult, "declared").Names(child, adult, "officer-1");
        Finds();
    }

    // What a case settled, and a case that ended on the record that stays, is over.
    [Fact]
    public void Of_a_child_who_is_alone_no_more_one_officer_says_who_answers_for_them()
    {
        var (adult, stays, child, home, report) =
            (export.Person(), export.Person(born: "2015"), export.Person(born: "2015", needs: ["SC"]), Guid.NewGuid(), Guid.NewGuid());
        export.Lives(home, adult, child, stays).Guardian(child, adult, "declared").Guardian(stays, adult, "declared").Reported(child, report)
            .Merge(stays, child).Reported(stays, report)
            .Add(stays, "child_separation_ended", new { caseId = report, outcome = "reported-in-error", protectionOfficer = "x" })
            .Sees(stays, adult);
        Finds();
    }

    [Fact]
    public void Whose_age_nobody_knows_consents_for_no_child_travels_with_none_and_takes_none_over()
    {
        foreach (var (adult, codes) in new[] { (export.Person(), Array.Empty<string>()), (export.Person(born: null!), ["V.by-child", "C.adult", "C.adult"]) })
        {
            var child = export.Person(born: "2015");
            export.Guardian(child, adult).Consents(child, adult)
                .Add(child, "best_interests_decided", new { mayDepart = true, escortId = adult, protectionOfficer = "x" })
                .Add(child, "handed_over", new { to = "guardian", guardianId = adult, basis = "guardian", shared = Array.Empty<string>() });
            Finds(codes);
        }
    }

    [Fact]
    public void A_child_goes_on_with_who_answers_for_them_or_the_escort()
    {
        var (mother, escort, stranger, child) = (export.Person(), export.Person(), export.Person(), export.Person(born: "2015"));
        export.Guardian(child, mother).Consents(child, mother);
        GoesOn(mother);
        Finds();
        GoesOn(stranger);
        Finds("C.onward");
        export.Add(child, "best_interests_decided", new { mayDepart = true, escortId = escort, protectionOfficer = "x" });
        GoesOn(escort);
        Finds("C.onward");
        export.Reported(child);
        GoesOn(mother);
        Finds("C.onward", "C.onward");

        void GoesOn(Guid companion) => export
            .Add(child, "onward_planned", new { destination = "IND", means = "flight", companionId = companion })
            .Add(child, "onward_done", new { outcome = "moved-on" });
    }

    // What the second officer agreed to is this correction of this registration, and somebody asked for it.
    [Theory]
    [InlineData(true, true, true, null)]
    [InlineData(false, true, true, "they refused it")]
    [InlineData(true, false, true, "it was of another registration")]
    [InlineData(true, true, false, "nobody had asked")]
    public void An_age_is_corrected_by_what_two_officers_agreed_to(bool agreed, bool same, bool asked, string? lie)
    {
        var (child, registration, change) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        export.Form(child, "person_registered", "2012", registration: registration);
        if (asked) export.Add(child, "age_change_proposed",
            new { changeId = change, registrationId = same ? registration : Guid.NewGuid(), officer = "officer-1" });
        export.Form(child, "registration_corrected", "1990", registration: registration)
            .Add(child, "age_change_settled", new { changeId = change, agreed, officer = "officer-2" }, together: true);
        Finds(lie is null ? [] : ["C.age"]);
    }

    // V

    [Fact]
    public void Nobody_consents_for_an_adult_whenever_it_is_said_to_have_been()
    {
        var (one, other) = (export.Person(), export.Person(born: "2000-01-01"));
        export.Guardian(other, one).Consents(other, one, "2010-01-01T00:00:00Z");
        Finds("V.for-an-adult");
    }

    [Fact]
    public void A_consent_told_late_does_not_undo_the_withdrawal_after_it()
    {
        var person = export.Person();
        var transport = export.Consents(person).Withdraws(person).Consents(person, at: "2023-04-30T00:00:00Z")
            .Transport("T1", "JED", "SAU");
        export.Seat(person, transport).Board(person, transport);
        Finds("V.order");
    }

    [Fact]
    public void A_consent_given_again_after_a_withdrawal_is_one()
    {
        var person = export.Person();
        var transport = export.Consents(person).Withdraws(person).Consents(person).Transport("T1", "JED", "SAU");
        export.Seat(person, transport).Board(person, transport);
        Finds();
    }

    [Fact]
    public void A_withdrawal_under_another_record_of_theirs_is_one()
    {
        var (stays, duplicate) = (export.Person(), export.Person());
        var transport = export.Consents(stays).Withdraws(duplicate).Merge(stays, duplicate).Transport("T1", "JED", "SAU");
        export.Seat(stays, transport).Board(stays, transport);
        Finds("V.merged");
    }

    [Theory]
    [InlineData("guardianship_ended")]
    [InlineData("tie_refused")]
    public void Nobody_boards_on_the_consent_of_who_ceased_to_answer_for_them_not_even_when_they_do_again(string end)
    {
        var (mother, father, child) = (export.Person(), export.Person(), export.Person(born: "2015"));
        export.Guardian(child, mother).Guardian(child, father).Consents(child, mother).Consents(father);
        Finds();
        export.Add(child, end, new { guardianId = mother, officer = "x" }).Guardian(child, mother);
        Depart(export, father, child);
        Finds("V.lapsed");
    }

    [Fact]
    public void A_consent_that_was_given_again_after_the_tie_ended_is_one()
    {
        var (mother, father, child) = (export.Person(), export.Person(), export.Person(born: "2015"));
        export.Guardian(child, mother).Guardian(child, father).Consents(child, mother).Consents(father)
            .Add(child, "guardianship_ended", new { guardianId = mother, officer = "x" });
        Depart(export.Consents(child, father), father, child);
        Finds();
    }

    [Fact]
    public void Who_agreed_as_an_adult_and_turned_out_a_child_is_asked_of_their_guardian()
    {
        var (mother, child, duplicate) = (export.Person(), export.Person(), export.Person(born: "2015"));
        export.Consents(mother).Consents(child).Merge(child, duplicate).Guardian(child, mother);
        Finds();
        Depart(export, mother, child);
        Finds("V.child");
    }

    [Fact]
    public void Nobody_boards_as_an_adult_on_what_a_guardian_agreed_to()
    {
        var (mother, child, registration) = (export.Person(), Guid.NewGuid(), Guid.NewGuid());
        export.Form(child, "person_registered", "2012", registration: registration).Guardian(child, mother).Consents(child, mother)
            .Form(child, "registration_corrected", "1990", registration: registration);
        Finds("C.age");
        var transport = export.Transport("T1", "JED", "SAU");
        export.Seat(child, transport).Board(child, transport);
        Finds("C.age", "V.for-an-adult");
    }

    [Fact]
    public void A_child_does_not_consent_for_a_child()
    {
        var (older, child) = (export.Person(born: "2007"), export.Person(born: "2015"));
        export.Guardian(child, older).Consents(child, older);
        Finds("V.by-child");
    }

    // D

    [Fact]
    public void A_child_gets_a_document_on_the_word_of_who_answers_for_them_or_on_a_decision()
    {
        var (mother, agreed, decided, against, ended) =
            (export.Person(), export.Person(born: "2015"), export.Person(born: "2015"), export.Person(born: "2015"), export.Person(born: "2015"));
        export.Guardian(agreed, mother).Consents(agreed, mother).Paper(agreed, "IND")
            .Add(decided, "best_interests_decided", new { mayDepart = true, escortId = mother, protectionOfficer = "x" }).Paper(decided, "IND");
        Finds();
        export.Guardian(against, mother).Paper(against, "IND");
        Finds("C.document");
        export.Guardian(ended, mother).Consents(ended, mother).Add(ended, "tie_refused", new { guardianId = mother, officer = "x" }).Paper(ended, "IND");
        Finds("C.document", "C.document");
    }

    [Fact]
    public void A_document_by_two_officers_is_sound()
    {
        export.Paper(export.Person(), "IND");
        Finds();
    }

    [Fact]
    public void A_document_by_one_officer()
    {
        export.Paper(export.Person(), "IND", verifier: "x", approver: "x");
        Finds("D.one-officer");
    }

    [Fact]
    public void A_document_for_another_place_than_approved()
    {
        export.Paper(export.Person(), "IND", issuedFor: "SAU");
        Finds("D.destination");
    }

    [Fact]
    public void A_second_document_while_the_first_is_valid()
    {
        var person = export.Person();
        export.Paper(person, "IND").Paper(person, "IND");
        Finds("D.two", "D.merged");
    }

    [Fact]
    public void A_second_document_after_the_first_ran_out()
    {
        var person = export.Person();
        export.Paper(person, "IND", validUntil: "2023-04-01").Paper(person, "IND");
        Finds();
    }

    [Fact]
    public void Two_documents_by_a_merge()
    {
        var (stays, duplicate) = (export.Person(), export.Person());
        export.Paper(stays, "IND").Paper(duplicate, "IND");
        Finds();
        export.Merge(stays, duplicate);
        Finds("D.merged");
    }

    [Fact]
    public void A_document_that_a_merge_told_again_is_one_and_goes_back_when_it_is_undone()
    {
        var (stays, duplicate, application) = (export.Person(), export.Person(), Guid.NewGuid());
        export.Paper(duplicate, "IND", application: application).Merge(stays, duplicate)
            .Paper(stays, "IND", application: application, mergedFrom: duplicate);
        Finds();
        export.Unmerge(stays, duplicate).Paper(stays, "IND");
        Finds();
    }

    [Fact]
    public void A_document_issued_under_a_second_record_of_theirs()
    {
        var (stays, duplicate) = (export.Person(), export.Person());
        export.Paper(duplicate, "IND").Merge(stays, duplicate).Paper(stays, "IND");
        Finds("D.merged", "D.merged");
    }

    // Q, M, E, capacity

    [Fact]
    public void A_partner_grants_itself_a_consent()
    {
        var person = export.Person(sender: "agency IOM", user: "partner-1");
        export.Add(person, "sharing_consent_given", new { agencies = new[] { "IOM" } }, user: "partner-1");
        Finds("Q.by-partner");
    }

    [Fact]
    public void A_consent_that_an_officer_heard_is_one()
    {
        var person = export.Person(sender: "agency IOM", user: "partner-1");
        export.Add(person, "sharing_consent_given", new { agencies = new[] { "IOM" } })
            .Add(person, "handed_over", new { to = "agency", receiver = "IOM", basis = "consent", shared = new[] { "medical" } });
        Finds();
    }

    [Fact]
    public void An_agency_that_takes_somebody_over_is_told_what_they_agreed_to()
    {
        var person = export.Person();
        export.Add(person, "sharing_consent_given", new { agencies = new[] { "IOM" } })
            .Add(person, "sharing_consent_withdrawn", new { agencies = new[] { "IOM" } })
            .Add(person, "handed_over", new { to = "agency", receiver = "IOM", basis = "consent", shared = new[] { "medical" } });
        Finds("Q.handed-over");
    }

    [Theory]
    [InlineData("agency IOM", "M.by-partner")]
    [InlineData("Agency iom", "M.by-partner")]
    [InlineData("Iom", "M.by-partner")]
    [InlineData("self-service", "M.by-anyone")]
    [InlineData("SELF-SERVICE", "M.by-anyone")]
    [InlineData("list from ACME", "M.by-anyone")]
    [InlineData("post-1", null)]
    public void A_form_of_somebody_who_may_not_changes_nobody_who_is_known(string sender, string? found)
    {
        export.Add(Guid.NewGuid(), "agency_registered", new { code = "IOM" });
        export.Form(export.Person(), "registration_repeated", "1990-01-01", sender: sender);
        Finds(found is null ? [] : [found]);
    }

    [Theory]
    [InlineData("self-service", "officer-1", new[] { "M.unseen-stays" })]
    [InlineData("list from ACME", "officer-1", new[] { "M.unseen-stays" })]
    [InlineData("officer-1", "self-service", new string[0])]
    [InlineData("self-service", "agency IOM", new string[0])]
    public void Somebody_who_is_known_is_merged_into_what_anyone_may_have_typed(string stays, string duplicate, string[] found)
    {
        export.Merge(export.Person(sender: stays), export.Person(sender: duplicate));
        Finds(found);
    }

    [Fact]
    public void What_only_a_form_agreed_to_outlives_a_merge()
    {
        var (stays, duplicate) = (export.Person(), export.Person());
        export.Add(stays, "sharing_consent_given", new { agencies = new[] { "SPY", "IOM" }, toldBy = "self-service" })
            .Add(stays, "sharing_consent_given", new { agencies = new[] { "IOM" } }).Merge(stays, duplicate);
        Finds("Q.form");
        export.Add(stays, "sharing_consent_withdrawn", new { agencies = new[] { "SPY" }, lapsed = true });
        Finds();
        export.Add(stays, "sharing_consent_given", new { agencies = new[] { "UNICEF" }, toldBy = "self-service" })
            .Add(stays, "duplicate_merged", new { duplicateId = export.Person(), agencies = new[] { "UNICEF", "IOM" } })
            .Add(stays, "sharing_consent_withdrawn", new { agencies = new[] { "UNICEF" }, lapsed = true });
        Finds("Q.form");
    }

    [Fact]
    public void Aid_for_a_claim_that_nobody_has_looked_at()
    {
        void Allocated(Guid person, params string[] found)
        {
            export.Add(person, "aid_allocated", new { needId = Guid.NewGuid(), kind = "water" });
            Finds(found);
        }

        var (typed, registration) = (Guid.NewGuid(), Guid.NewGuid());
        export.Form(typed, "person_registered", "1990-01-01", sender: "self-service", registration: registration);
        export.Add(typed, "checked_in", new { source = "officer" });
        Allocated(typed);
        export.Form(typed, "registration_corrected", "1990-01-01", registration: registration, officer: "self:S-1");
        Allocated(typed);
        export.Form(typed, "registration_corrected", "1990-01-01", registration: registration, now: ["water"], officer: "self:S-1")
            .Add(typed, "checked_in", new { source = "officer" });
        Allocated(typed);
        export.Form(typed, "registration_corrected", "1990-01-01", registration: registration, now: ["water", "food"], officer: "self:S-1");
        Allocated(typed, "P.unseen");
        Allocated(export.Person(), "P.unseen");
        Allocated(export.Person(sender: "self-service"), "P.unseen", "P.unseen");
    }

    [Theory]
    [InlineData("self:S-1", "officer-1", new[] { "C.age" })]
    [InlineData("officer-1", "officer-1", new[] { "C.age" })]
    [InlineData("officer-1", "officer-2", new string[0])]
    public void One_officer_alone_answers_for_an_age(string asks, string agrees, string[] found)
    {
        var (person, change) = (export.Person(), Guid.NewGuid());
        export.Add(person, "age_change_proposed", new { changeId = change, officer = asks })
            .Add(person, "age_change_settled", new { changeId = change, agreed = true, officer = agrees });
        Finds(found);
    }

    [Fact]
    public void Nothing_new_for_an_erased_person()
    {
        var person = export.Person();
        export.Add(person, "person_erased", new { officer = "x", ground = "wish" })
            .Add(person, "seat_released", new { transportId = Guid.Empty, reason = "erased" });
        Finds();
        export.Consents(person);
        Finds("E.new");
    }

    [Fact]
    public void Nothing_new_on_a_record_that_another_stands_for()
    {
        var (stays, duplicate) = (export.Person(), export.Person());
        export.Merge(stays, duplicate).Fears(duplicate, "SAU");
        Finds();
        export.Consents(duplicate);
        Finds("M.new");
    }

    [Theory, InlineData(true), InlineData(false)]
    public void What_was_corrected_while_two_were_one_comes_back_with_the_end_of_the_merge(bool ends)
    {
        var (stays, duplicate, registration) = (export.Person(), Guid.NewGuid(), Guid.NewGuid());
        export.Form(duplicate, "person_registered", "1990", registration: registration).Merge(stays, duplicate)
            .Form(duplicate, "registration_corrected", "1990", registration: registration);
        if (ends) export.Add(duplicate, "unmerged_from", new { personId = stays, agencies = Array.Empty<string>() }, together: true);
        Finds(ends ? [] : ["M.new"]);
    }

    [Fact]
    public void One_space_more_than_there_is()
    {
        var transport = export.Transport("T1", "JED", "SAU", seats: 1);
        export.Seat(export.Person(), transport);
        Finds();
        export.Seat(export.Person(), transport);
        Finds("capacity.spaces");
    }

    [Fact]
    public void A_space_on_a_transport_that_left()
    {
        var transport = export.Transport("T1", "JED", "SAU");
        export.Depart(transport).Seat(export.Person(), transport);
        Finds("capacity.gone");
    }

    private static void Depart(Export export, Guid adult, Guid child)
    {
        var transport = export.Transport("T1", "JED", "SAU");
        export.Seat(adult, transport).Seat(child, transport).Board(adult, transport).Board(child, transport).Depart(transport);
    }

    private void Finds(params string[] codes) => Assert.Equal(codes, export.Breaches.Select(breach => breach.Code));
}
