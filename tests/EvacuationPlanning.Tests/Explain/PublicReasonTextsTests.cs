using CrisisCoordination.EvacuationPlanning.Explain;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.EvacuationPlanning.Travel;
using Xunit;
using static CrisisCoordination.EvacuationPlanning.Tests.Sudan;

namespace CrisisCoordination.EvacuationPlanning.Tests.Explain;

public sealed class PublicReasonTextsTests
{
    private static readonly Concern[] Everyone = [Concern.Of(Id(1), Id(1)), Concern.Of(Id(2), Id(1)), Concern.All];

    public static TheoryData<string> All =>
        [.. WhoMayGo.Codes.Concat(Words.Codes).Concat(["no-seat", "no-journey", "no-assembly-point-in-reach", Transport.NoShowReason,
            Words.Protection]).Distinct()];

    public static TheoryData<string> Statements => [.. StatementCode.All];

    [Theory, MemberData(nameof(All))]
    public void Every_code_has_a_wording_for_the_person_one_for_the_officer_and_a_next_step(string code)
    {
        Assert.Contains(code, PublicReasonTexts.Codes);
        Assert.Matches("^[A-Z].{5,}[.]$", PublicReasonTexts.Next(code));
        foreach (var concerns in Everyone)
        {
            foreach (var told in (bool[])[true, false])
            {
                var person = PublicReasonTexts.ForPerson(code, concerns, told);
                Assert.Matches("^[A-Z].{15,}[.]$", person);
                Assert.DoesNotContain("the person", person, StringComparison.OrdinalIgnoreCase);
            }
            var officer = PublicReasonTexts.ForOfficer(code, concerns, _ => null);
            Assert.Matches("^[A-Z].{15,}[.]$", officer);
            Assert.DoesNotMatch("(?i)\\byou(r|rs)?\\b|[{}]", officer);
        }
    }

    [Theory, MemberData(nameof(All))]
    public void What_another_fears_is_never_told_to_the_person(string code)
    {
        foreach (var concerns in Everyone.Skip(1))
            foreach (var told in (bool[])[true, false])
                Assert.DoesNotContain("fear", PublicReasonTexts.ForPerson(code, concerns, told), StringComparison.OrdinalIgnoreCase);
    }

    [Theory, MemberData(nameof(All))]
    public void What_is_one_persons_own_is_said_of_the_person_only_where_it_is_theirs(string code)
    {
        if (!PublicReasonTexts.IsOfOne(code)) return;
        var own = PublicReasonTexts.ForPerson(code, Everyone[0]);
        Assert.All(Everyone.Skip(1), other => Assert.NotEqual(own, PublicReasonTexts.ForPerson(code, other)));
        Assert.Contains("Bea", PublicReasonTexts.ForOfficer(code, Everyone[1], id => id == Id(2) ? "Bea" : "Anna"),
            StringComparison.Ordinal);
        Assert.DoesNotContain("Bea", PublicReasonTexts.ForOfficer(code, Everyone[0], id => id == Id(2) ? "Bea" : "Anna"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_reason_that_is_no_longer_in_use_is_not_a_fault() =>
        Assert.All(Everyone, concerns => Assert.NotEmpty(PublicReasonTexts.ForPerson("some-old-code", concerns)
            + PublicReasonTexts.ForOfficer("some-old-code", concerns, _ => null)));

    [Fact]
    public void Everything_that_could_change_has_words() =>
        Assert.All(WhatWouldChange.Codes, code => Assert.NotEmpty(ExplanationText.Change(code)));

    [Fact]
    public void Whoever_works_at_a_gate_or_with_a_plan_does_not_read_that_somebody_fears_a_country() =>
        Assert.All(WhoMayGo.Codes, code => Assert.DoesNotContain("fear", Words.Discreet(code) + Words.Refuse(new(code))
            + Words.Say(Words.Discreet(code)), StringComparison.OrdinalIgnoreCase));

    [Fact]
    public void A_refusal_is_about_the_person_who_is_asked_for_and_says_so() => Assert.All(
        WhoMayGo.Codes.Where(code => Words.Discreet(code) == code && code != "unfit-to-travel"), code =>
            Assert.Matches("[Tt]his (person|child)", Words.Refuse(new(code)).Detail));

    [Theory, MemberData(nameof(Statements))]
    public void Every_statement_has_a_wording_for_the_officer_and_another_for_the_person(string code)
    {
        var statement = ExplanationText.Complete(new(code, Concern.Of(Id(1), Id(1)), Example(code)), Id(1), _ => null);
        Assert.Matches("^[A-Z0-9].{15,}[.]$", statement.Person);
        Assert.Matches("^[A-Z0-9].{15,}[.]$", statement.Officer);
        Assert.DoesNotMatch("(?i)\\byou(r|rs)?\\b", statement.Officer);
    }

    private static object Example(string code)
    {
        var room = new Room(Id(102), "SHIP", Noon, SpaceCounts.Of(new(0, 0, 0)), SpaceCounts.Of(new(2, 1, 0)), 3);
        return code switch
        {
            StatementCode.Urgency => new UrgencyFacts(2, 7, 3, 4),
            StatementCode.Factor => new FactorFacts("AREA", 2),
            StatementCode.SeatsHeld or StatementCode.UnderWay or StatementCode.HasArrived => new SeatsFacts(PlanId, "IND", true, 2),
            StatementCode.Leg => new LegFacts(1, "ship", "SHIP", "Port", "Jeddah", Noon, Noon.AddHours(8), null, false, 90),
            StatementCode.BringDocument => new PaperFacts("own", new(2030, 1, 1), "SHIP"),
            StatementCode.TransportFull or StatementCode.TransportLacksRoom => room,
            StatementCode.NextPlanSeats or StatementCode.WayIsOpen =>
                new OpenWayFacts([room with { Free = SpaceCounts.Of(new(9, 2, 0)) }], 0, 1),
            StatementCode.Order => new OrderFacts(3, 1, 9),
            StatementCode.PlanSeated => new PlanFacts(PlanId, Noon, null),
            StatementCode.PlanLeftBehind => new PlanFacts(PlanId, Noon, "no-consent"),
            StatementCode.PlanTransportsFull => new PlanFullFacts(PlanId, 2, 1),
            StatementCode.SeatLost => new SeatLostFacts(Id(102), "SHIP", "cancelled", Noon),
            StatementCode.WouldHelp => new HelpFacts([new("consent", "", [Id(1)], null, [], null, null, null, [])], [], 2),
            StatementCode.Rules => new RulesFacts("plan-5", "P/1"),
            _ => throw new ArgumentOutOfRangeException(nameof(code), code, "Give an example of the new statement."),
        };
    }
}
