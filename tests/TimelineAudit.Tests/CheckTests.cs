using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace CrisisCoordination.TimelineAudit.Tests;

/// <summary>Small crises by hand. Each is sound until one thing in it is changed, and then one breach is found.</summary>
public sealed class CheckTests
{
    private const string Transports = """
        code,kind,from,to,destination_country,departs_at,arrives_at,seats,wheelchair_spaces,stretcher_spaces,operator
        T1,aircraft,PZU,JED,SAU,2023-04-23T10:00Z,2023-04-23T14:00Z,2,0,0,X
        T2,aircraft,PZU,CAI,EGY,2023-04-23T12:00Z,2023-04-23T16:00Z,9,1,0,X
        T3,aircraft,JED,DEL,IND,2023-04-24T10:00Z,2023-04-24T14:00Z,9,0,0,X
        """;

    private const string Points = """
        code,name,latitude,longitude
        PZU,"Port Sudan, sea port",19.618,37.22
        """;

    private readonly List<Person> people = [];
    private string file = "reference,fear_of_return_to\n";

    [Fact]
    public void A_sound_crisis_has_no_breach()
    {
        var (parent, child) = (Somebody("R1"), Somebody("R2", born: "2015"));
        Household(parent, child);
        foreach (var one in (Person[])[parent, child]) (one == child ? one.ConsentedForBy(parent.Id) : one.Consents()).Seated("T1")
            .Seated("T3", leg: 2).Boards("T1").Boards("T3");
        Assert.Empty(Check().Findings);
    }

    [Fact]
    public void Seated_on_the_way_to_a_feared_country() => Breaks("N", () => Somebody("R1").Fears("SAU").Consents().Seated("T1"));

    [Fact]
    public void A_transit_country_counts_like_a_destination() =>
        Breaks("N", () => Somebody("R1").Fears("SAU").Consents().Seated("T1").Seated("T3", leg: 2).Boards("T1"));

    [Fact]
    public void Boarded_after_a_claim_at_the_gate() =>
        Breaks("N", () => Somebody("R1").Consents().Seated("T1").Fears("SAU", "2023-04-23T09:30:00Z").Boards("T1"));

    [Fact]
    public void A_claim_told_too_late_still_counts_from_when_it_was_made() =>
        Breaks("N", () => Somebody("R1").Consents().Seated("T1").Boards("T1").Fears("SAU", "2023-04-23T09:30:00Z"));

    [Fact]
    public void A_seat_kept_after_a_claim() => Breaks("N", () => Somebody("R1").Consents().Seated("T1").Fears("SAU"));

    [Fact]
    public void A_seat_given_up_after_a_claim_is_sound()
    {
        Somebody("R1").Consents().Seated("T1").Fears("SAU").Released("T1", "fear");
        Assert.Empty(Check().Findings);
    }

    [Fact]
    public void A_document_to_a_feared_country() => Breaks("N", () => Somebody("R1").Fears("IND").Paper("IND"));

    [Fact]
    public void A_document_through_a_feared_country() => Breaks("N", () => Somebody("R1").Fears("SAU").Paper("IND", "EGY", "SAU"));

    [Fact]
    public void A_fear_in_the_file_that_never_reached_the_timeline() => Breaks("N", () =>
    {
        file += "R1,IRN;SAU\n";
        Somebody("R1").Consents().Seated("T1");
    });

    [Fact]
    public void A_fear_in_the_form_counts_without_an_event() => Breaks("N", () => Somebody("R1", fears: "SAU").Consents().Seated("T1"));

    [Fact]
    public void A_fear_that_the_person_took_back_is_none_any_more()
    {
        file += "R1,SAU\n";
        Somebody("R1", fears: "SAU").Fears("SAU").Add("fear_of_return_withdrawn", new { countries = new[] { "SAU" } }).Consents()
            .Seated("T1").Boards("T1");
        Assert.Empty(Check().Findings);
    }

    [Fact]
    public void A_child_alone_without_a_decision() =>
        Breaks("C", () =>
        {
            var adult = Somebody("R0");
            Somebody("R1", born: "2012-05-01").ConsentedForBy(adult.Id).Seated("T1").Boards("T1");
        });

    [Fact]
    public void A_separated_child_in_a_household_without_a_decision() => Breaks("C", () =>
    {
        var (adult, child) = (Somebody("R1"), Somebody("R2", born: "2012-05-01", needs: "SC"));
        Household(adult, child);
        adult.Consents().Seated("T1").Boards("T1");
        child.ConsentedForBy(adult.Id).Seated("T1").Boards("T1");
    });

    [Fact]
    public void A_decision_that_the_child_stays() => Breaks("C", () =>
    {
        var adult = Somebody("R0");
        Somebody("R1", born: "2012-05-01").BestInterests(false, null).ConsentedForBy(adult.Id).Seated("T1").Boards("T1");
    });

    [Fact]
    public void An_escort_on_another_transport() => Breaks("C", () =>
    {
        var escort = Somebody("R1").Consents().Seated("T2").Boards("T2");
        Somebody("R2", born: "2012-05-01").BestInterests(true, escort.Id).Consents(by: escort.Id).Seated("T1").Boards("T1");
    });

    [Fact]
    public void A_child_with_the_escort_is_sound()
    {
        var escort = Somebody("R1").Consents().Seated("T1").Boards("T1");
        Somebody("R2", born: "2012-05-01").BestInterests(true, escort.Id).Consents(by: escort.Id).Seated("T1").Boards("T1");
        Assert.Empty(Check().Findings);
    }

    [Fact]
    public void A_household_with_a_child_that_boards_different_transports() => Breaks("C", () =>
    {
        var (first, second, child) = (Somebody("R1"), Somebody("R2"), Somebody("R3", born: "2012"));
        Household(first, second, child);
        foreach (var one in (Person[])[first, second, child]) (one == child ? one.ConsentedForBy(first.Id) : one.Consents()).Seated("T2");
        first.Boards("T2");
        child.Boards("T2");
        second.Boards("T1");
    });

    [Fact]
    public void A_household_seated_on_different_transports() => Breaks("F", () =>
    {
        var (one, other) = (Somebody("R1"), Somebody("R2"));
        Household(one, other);
        one.Consents().Seated("T1");
        other.Consents().Seated("T2");
    });

    [Fact]
    public void Boarded_without_consent() => Breaks("V", () => Somebody("R1").Seated("T1").Boards("T1"));

    [Fact]
    public void Boarded_before_the_consent_was_recorded() => Breaks("V", () => Somebody("R1").Seated("T1").Boards("T1").Consents());

    [Fact]
    public void Boarded_after_consent_was_withdrawn() =>
        Breaks("V", () => Somebody("R1").Consents().Seated("T1").Add("evacuation_consent_withdrawn", new { officer = "x" }).Boards("T1"));

    [Fact]
    public void A_child_cannot_consent_alone() => Breaks("V", () =>
    {
        var (adult, child) = (Somebody("R1"), Somebody("R2", born: "2012-05-01"));
        Household(adult, child);
        adult.Consents().Seated("T1").Boards("T1");
        child.AnsweredForBy(adult.Id).Consents().Seated("T1").Boards("T1");
    });

    [Fact]
    public void A_more_urgent_person_stayed_while_a_less_urgent_one_took_the_seat() => Breaks("P", () =>
    {
        Somebody("R1").Assessed(1).Consents().Left("no-seat");
        Somebody("R2").Assessed(3).Consents().Seated("T1");
        Somebody("R3").Assessed(1, score: 20).Consents().Seated("T1");
    });

    [Fact]
    public void Whoever_waited_longer_goes_first_among_equals() => Breaks("P", () =>
    {
        Somebody("R1", at: "2023-04-15T00:00:00Z").Consents().Left("no-seat");
        Somebody("R2", at: "2023-04-15T00:00:01Z").Consents().Seated("T1");
        Somebody("R3", at: "2023-04-14T00:00:00Z").Consents().Seated("T1");
    });

    [Theory]
    [InlineData("fear")]
    [InlineData("consent")]
    [InlineData("document")]
    [InlineData("place")]
    [InlineData("room")]
    public void Nobody_was_passed_over_who_could_not_have_gone(string why)
    {
        var urgent = Somebody("R1", north: why == "place" ? 15.6 : 19.6, status: why == "document" ? "lost" : "valid").Assessed(1);
        if (why == "fear") urgent.Fears("SAU");
        if (why != "consent") urgent.Consents();
        urgent.Left("no-seat");
        if (why == "room")
        {
            var other = Somebody("R4").Assessed(1).Consents().Left("no-seat");
            Household(urgent, other);
        }
        Somebody("R2").Assessed(3).Consents().Seated("T1");
        Somebody("R3").Assessed(1, score: 20).Consents().Seated("T1");
        Assert.Empty(Check().Findings);
    }

    [Fact]
    public void A_childs_household_and_the_escorts_are_as_urgent_as_the_neediest_of_both()
    {
        var (escort, needy, child) = (Somebody("R1").Assessed(4), Somebody("R2").Assessed(1), Somebody("R3", born: "2012-05-01"));
        Household(needy, child);
        child.ConsentedForBy(escort.Id).BestInterests(true, escort.Id);
        foreach (var one in (Person[])[needy.Consents(), child, escort.Consents()]) one.Seated("T2");
        Somebody("R4").Assessed(2).Consents().Left("no-seat");
        Assert.Empty(Check().Findings);
    }

    [Fact]
    public void More_people_than_seats() => Breaks("capacity", () =>
    {
        for (var i = 1; i <= 3; i++) Somebody($"R{i}").Consents().Seated("T1").Boards("T1");
    });

    [Fact]
    public void An_infant_on_a_lap_takes_no_seat()
    {
        var (mother, father, infant) = (Somebody("R1"), Somebody("R2"), Somebody("R3", born: "2022-06"));
        Household(mother, father, infant);
        foreach (var one in (Person[])[mother, father, infant]) (one == infant ? one.ConsentedForBy(mother.Id) : one.Consents())
            .Seated("T1").Boards("T1");
        Assert.Empty(Check().Findings);
    }

    [Fact]
    public void Wheelchair_spaces_are_not_seats() => Breaks("capacity", () =>
    {
        for (var i = 1; i <= 2; i++) Somebody($"R{i}").Consents().Seated("T2", space: "wheelchair").Boards("T2");
    });

    [Fact]
    public void A_quoted_cell_may_hold_commas_quotes_and_lines() =>
        Assert.Equal(["a,\"b\"\nc", ""], Csv.Read("\uFEFFx,y\r\n\"a,\"\"b\"\"\nc\",\r\n").Single().Values);

    private void Breaks(string rule, Action change)
    {
        change();
        var finding = Assert.Single(Check().Findings);
        Assert.StartsWith(rule + ":", finding);
    }

    private Breaches Check() => Rulebook.Check(people.Select(person => person.Line), file, Transports, Points).Breaches;

    private Person Somebody(
        string reference, string born = "1990-01-01", string? needs = null, string? fears = null, double north = 19.6,
            string status = "valid", string at = "2023-04-15T08:00:00Z")
    {
        var person = new Person().Add("person_registered", new
        {
            registrationId = Guid.NewGuid(),
            crisisId = Guid.Empty,
            reference,
            channel = "self",
            inAffectedArea = true,
            form = new
            {
                familyName = "Doe",
                birthDate = born,
                nationality = "IND",
                position = new { latitude = north, longitude = 37.2 },
                mobility = "none",
                document = new { type = "passport", number = "X", expiry = "2027-01-01", status },
                specificNeeds = needs is null ? [] : new[] { needs },
                fearOfReturnTo = fears is null ? [] : new[] { fears },
            },
        }, at);
        people.Add(person);
        return person;
    }

    private static void Household(params Person[] members)
    {
        var household = Guid.NewGuid();
        foreach (var member in members) member.First("household_joined", new { householdId = household });
    }

    private sealed class Person
    {
        private static readonly Guid Plan = Guid.NewGuid();
        private readonly List<(string Type, string At, JsonObject Data)> events = [];

        public Guid Id { get; } = Guid.NewGuid();

        public string Line => new JsonObject
        {
            ["personId"] = Id,
            ["version"] = events.Count,
            ["events"] = new JsonArray([.. events.Select((e, i) => (JsonNode)new JsonObject
            {
                ["version"] = i + 1, ["type"] = e.Type, ["at"] = e.At, ["recordedAt"] = "2023-05-01T00:00:00Z",
                    ["data"] = e.Data.DeepClone(),
            })]),
        }.ToJsonString();

        public Person Fears(string country, string at = "2023-04-20T00:00:00Z") =>
            Add("fear_of_return_stated", new { countries = new[] { country }, heardBy = "x" }, at);
        public Person Consents(Guid? by = null) => Add("evacuation_consent_given", new { by = by ?? Id, officer = "x" });
        public Person AnsweredForBy(Guid guardian) => Add("guardian_named", new { guardianId = guardian, basis = "parent", officer = "x" });
        public Person ConsentedForBy(Guid guardian) => AnsweredForBy(guardian).Consents(guardian);
        public Person Assessed(int tier, int score = 5) => Add("needs_assessed", new { tier, score, ruleVersion = "P/1" });
        public Person Left(string reason) => Add("left_behind", new { planId = Plan, reason });
        public Person BestInterests(bool may, Guid? escort) =>
            Add("best_interests_decided", new { mayDepart = may, escortId = escort, protectionOfficer = "x" });
        public Person Boards(string code) =>
            Add("boarded", new { transportId = Transport(code), officer = "x" }, code == "T3" ? "2023-04-24T09:30:00Z"
            : "2023-04-23T09:45:00Z");
        public Person Released(string code, string reason) => Add("seat_released", new { transportId = Transport(code), reason });
        public Person Paper(string to, params string[] transits)
        {
            var applicationId = Guid.NewGuid();
            return Add("identity_verified", new { applicationId, officer = "y" })
                .Add("travel_document_approved", new { applicationId, officer = "x", destination = to, transits })
                .Add("travel_document_issued", new { applicationId, destination = to, transits, validUntil = "2023-06-01", officer = "x" });
        }

        public Person Seated(string code, int leg = 1, string space = "none") =>
            Add("seat_held", new
            {
                planId = Plan,
                transportId = Transport(code),
                transportCode = code,
                space,
                leg,
                legs = 2,
                destinationCountry = "SAU",
                departsAt = "2023-04-23T10:00:00Z"
            });

        public Person Add(string type, object data, string at = "2023-04-21T00:00:00Z")
        {
            events.Add((type, at, JsonSerializer.SerializeToNode(data)!.AsObject()));
            return this;
        }

        public void First(string type, object data) =>
            events.Insert(1, (type, "2023-04-16T00:00:00Z", JsonSerializer.SerializeToNode(data)!.AsObject()));

        private static Guid Transport(string code) => new(code[1] - '0', 0, 0, new byte[8]);
    }
}
