using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;
using Xunit;

namespace CrisisCoordination.ServiceDefaults.Tests;

public sealed class ReportedTimeTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(5)]
    [InlineData(240)]
    [InlineData(300)]
    public void A_clock_that_is_a_little_ahead_tells_of_now(int seconds)
    {
        Assert.Null(ReportedTime.Read(Now.AddSeconds(seconds), Now, out var at));
        Assert.Equal(Now, at);
    }

    [Fact]
    public void What_is_left_out_is_now_and_what_was_earlier_stays_as_told()
    {
        Assert.Null(ReportedTime.Read(null, Now, out var now));
        Assert.Null(ReportedTime.Read(new(2026, 11, 30, 13, 0, 0, TimeSpan.FromHours(2)), Now, out var before));
        Assert.Equal((Now, Now.AddHours(-1), TimeSpan.Zero), (now, before, before.Offset));
    }

    [Fact]
    public void A_time_that_has_not_come_is_refused_and_names_its_field()
    {
        Assert.Equal(("request/at-in-future", "at"), Refused(Now.AddMinutes(6), "at"));
        Assert.Equal(("request/at-in-future", "registeredAt"), Refused(Now.AddYears(73), "registeredAt"));
        Assert.Equal(("request/at-too-early", "at"), Refused(new(202, 5, 4, 8, 0, 0, TimeSpan.Zero), "at"));

        static (string?, string?) Refused(DateTimeOffset at, string field) => ReportedTime.Read(at, Now, out _, field) is var refusal ? (refusal?.Code, refusal?.Field) : default;
    }

    [Fact]
    public void What_holds_at_once_is_never_refused_for_its_time() => Assert.Equal(Now, ReportedTime.Clamp(Now.AddYears(73), Now));

    [Fact]
    public void A_fact_older_than_its_person_is_refused_to_an_officer_and_not_to_a_reaction()
    {
        Event[] appended = [Registered, new CheckedIn(Guid.NewGuid(), "safe", "self", null, null, Now.AddYears(-30))];
        Assert.Equal("request/at-before-birth", EarliestTimes.Refuse([], appended, new By("officer"), Now)?.Code);
        Assert.Null(EarliestTimes.Refuse([], appended, new By(null, Guid.NewGuid()), Now));
    }

    [Fact]
    public void What_happens_now_is_not_refused_whatever_is_on_record() => Assert.Null(EarliestTimes.Refuse(
        [], [Registered with { At = Now.AddDays(30) }, new EvacuationConsentGiven(Guid.NewGuid(), "officer", Now.AddMinutes(-4))], new By("officer"), Now));

    [Fact]
    public void What_a_form_tells_and_what_a_merge_tells_again_is_not_held_against_other_forms()
    {
        var old = Now.AddYears(-3);
        Assert.Null(EarliestTimes.Refuse([], [Registered with { At = old }, new SharingConsentGiven(["IOM"], old)], new By("officer"), Now));
        Assert.Null(EarliestTimes.Refuse([], [Registered, new CheckedIn(Guid.NewGuid(), "safe", "self", null, null, old) { MergedFrom = Guid.NewGuid() }], new By("officer"), Now));
        Assert.Equal("request/at-before-registration", EarliestTimes.Refuse([], [Registered, new SharingConsentGiven(["IOM"], old)], new By("officer"), Now)?.Code);
    }

    private static PersonRegistered Registered => new(Guid.NewGuid(), Guid.NewGuid(), "R-1", Channel.Consulate, false, new() { BirthDate = new(2000) }, Now.AddHours(-1));
}
