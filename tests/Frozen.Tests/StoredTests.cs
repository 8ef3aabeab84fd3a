using CrisisCoordination.ConsularContact.Matching;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning;
using CrisisCoordination.EvacuationPlanning.Checking;
using CrisisCoordination.EvacuationPlanning.Plans;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.PartnerGateway.Agencies;
using CrisisCoordination.Timeline;
using CrisisCoordination.Triage;
using Xunit;

namespace CrisisCoordination.Frozen.Tests;

/// <summary>What lies in databases keeps its names. Databases outlive every release, so nothing in these lists may go.</summary>
public sealed class StoredTests
{
    [Fact]
    public void No_event_and_no_member_of_one_is_renamed_or_removed() =>
        Approved.Grows("events",
            EventTypes.House.All.SelectMany(type => Shape.Lines(type.Alias, type.Clr).Prepend(type.Alias))
                .Concat(Shape.Reached(EventTypes.House.All.Select(type => type.Clr)).Where(type => !type.IsEnum && !type.IsSubclassOf(typeof(Event))).SelectMany(type => Shape.Lines(type.Name, type))),
            "These facts lie in databases, and nobody could read them any more. Rename the record freely, but keep its [Stored] name; keep the member with its name and type, "
            + "and add a new one beside it, or a new event. A member must not become or stop being [Personal]: add another.");

    [Fact]
    public void No_word_of_an_enumeration_that_is_stored_or_hashed_is_renamed_or_removed() =>
        Approved.Grows("enumerations",
            Shape.Reached([.. EventTypes.House.All.Select(type => type.Clr), typeof(PlanContent), typeof(DraftedPlan), typeof(PlanVerdict), typeof(PlanInput)]).Where(type => type.IsEnum)
                // Stored as words inside codes: evidence of a match (Name:Same:11.0), needs of a form.
                .Concat([typeof(Field), typeof(Level), typeof(SpecificNeeds), typeof(NeedsNow)]).SelectMany(Shape.Words)
                .Concat(PriorityRule.Factors.Select(factor => $"factor of need {factor.Code}")).Concat(Words.Codes.Select(code => $"reason of travel {code}")),
            "This word lies in databases, or a hash was taken over it (plans, certificates). Keep it and add another.");

    [Fact]
    public void Ids_that_are_made_from_names_stay_the_same() =>
        Approved.Grows("made-ids",
            [
                $"assembly point BEW-M: {StreamId.AssemblyPoint("BEW-M")}",
                $"transport F01: {StreamId.Transport("F01")}",
                $"task of that transport, gate-duty: {StreamId.Task(StreamId.Transport("F01"), "gate-duty")}",
                $"agency UNHCR: {Agency.StreamId("UNHCR")}",
            ],
            "Timelines stand under these ids. Made otherwise, what was entered before would be entered a second time.");

    [Fact]
    public void Every_event_says_its_name_in_words_that_renaming_it_does_not_change()
    {
        Assert.All(EventTypes.House.All, type => Assert.Matches("^[a-z][a-z0-9_]*$", type.Alias));
        var unnamed = Assert.Throws<InvalidOperationException>(() => EventTypes.In(typeof(Unnamed).Assembly));
        Assert.Contains("""[Stored("unnamed")] above Unnamed""", unnamed.Message, StringComparison.Ordinal);
    }

    /// <summary>As somebody would write it who does not know that the name is said.</summary>
    private sealed record Unnamed(DateTimeOffset At) : Event(At);
}
