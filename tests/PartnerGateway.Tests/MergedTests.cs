using CrisisCoordination.Contracts;
using CrisisCoordination.PartnerGateway.PartnerFeed;
using CrisisCoordination.Timeline;
using Xunit;

namespace CrisisCoordination.PartnerGateway.Tests;

public class MergedTests
{
    private static readonly DateTimeOffset At = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Person = new("0197c3a0-0000-7000-8000-000000000001"), Other = new("0197c3a0-0000-7000-8000-000000000002");
    private static readonly SharingConsentGiven Shares = new(["UNHCR", "IOM"], At);

    [Fact]
    public void Only_who_may_know_of_both_records_learns_that_they_were_merged() =>
        Assert.Equal([("unhcr", "merged-into", $$"""{"personId":"{{Other}}"}""")], LastOf(Shares, new MergedInto(Other, ["UNHCR"], At)));

    [Fact]
    public void Who_registered_somebody_does_not_learn_by_a_merge_that_they_were_known() => Assert.Empty(LastOf(Shares, new MergedInto(Other, [], At)));

    [Fact]
    public void The_same_holds_when_it_is_undone() =>
        Assert.Equal([("unhcr", "unmerged-from", $$"""{"personId":"{{Other}}"}""")], LastOf(Shares, new UnmergedFrom(Other, ["UNHCR"], At)));

    [Fact]
    public void The_one_that_stays_is_told_of_with_its_duplicate_to_those_alone()
    {
        Assert.Equal([("unhcr", "duplicate-merged", $$"""{"duplicateId":"{{Other}}"}""")], LastOf(Shares, new DuplicateMerged(Other, "officer", "secret", [], [], ["UNHCR"], At)));
        Assert.Equal([("unhcr", "duplicate-unmerged", $$"""{"duplicateId":"{{Other}}"}""")], LastOf(Shares, new DuplicateUnmerged(Other, "officer", "secret", [], [], ["UNHCR"], At)));
    }

    [Fact]
    public void Who_no_longer_may_know_learns_nothing() =>
        Assert.Empty(LastOf(Shares, new SharingConsentWithdrawn(["UNHCR", "IOM"], At), new MergedInto(Other, ["UNHCR"], At)));

    private static IEnumerable<(string, string, string)> LastOf(params Event[] events) =>
        Entry.Of(events.Aggregate(PersonForPartners.Start(Person), (person, e) => person.Apply(e)), new(Guid.CreateVersion7(), Person, 1, default, events[^1], At, null, null))
            .Select(entry => (entry.Agency, entry.Kind, entry.Data));
}
