using CrisisCoordination.Contracts;
using Xunit;
using static CrisisCoordination.HumanitarianAid.Tests.People;

namespace CrisisCoordination.HumanitarianAid.Tests;

public sealed class ReintegrateTests
{
    private static readonly Guid Transport = Guid.Parse("01900000-0000-7000-8000-0000000000a1");

    private static Arrived In(string country, bool ended = true) => new(Transport, country, ended, "gate", Monday);

    private static PersonInNeed Home => Given(Registered(Adult with { Nationality = "NPL" }), In("NPL")) is var home ? home.With(Reintegrate.Offer(home, Monday)) : null!;

    [Fact]
    public void Help_is_offered_once_to_who_comes_home_and_to_nobody_else()
    {
        var person = Given(Registered(Adult with { Nationality = "NPL" }), In("NPL"));
        var offered = Reintegrate.Offer(person, Monday).Single<ReintegrationOffered>();

        Assert.Equal(("NPL", Monday.AddDays(7)), (offered.Country, offered.DueAt));
        Reintegrate.Offer(Home, Tuesday).Nothing();
        Reintegrate.Offer(Given(Registered(Adult with { Nationality = "NPL" }), In("IND")), Monday).Nothing();
        Reintegrate.Offer(Given(Registered(Adult with { Nationality = "NPL" }), In("NPL", ended: false)), Monday).Nothing();
    }

    [Fact]
    public void Who_says_yes_is_asked_after_a_week_a_month_and_three_months()
    {
        var agreed = Home.With(Reintegrate.Answer(Home, true, "aid-1", Tuesday));

        Assert.Equal([7, 30, 90], agreed.Reintegration.Answer!.Contacts.Select(due => (due - Monday).Days));
        Assert.Equal((1, Monday.AddDays(7)), agreed.Reintegration.Next);
        var asked = agreed.With(Reintegrate.FollowUp(agreed, 1, "well", "Works again", "aid-1", Tuesday));
        Assert.Equal(2, asked.Reintegration.Next!.Value.Number);
        Reintegrate.FollowUp(asked, 1, "well", "Works again", "aid-1", Tuesday).Nothing();
        Reintegrate.FollowUp(asked, 4, "well", null, "aid-1", Tuesday).Refused("reintegration/number");
        Reintegrate.FollowUp(asked, 2, "rich", null, "aid-1", Tuesday).Refused("reintegration/outcome-unknown");
    }

    [Fact]
    public void Nobody_is_followed_who_did_not_agree()
    {
        Reintegrate.FollowUp(Home, 1, "well", null, "aid-1", Tuesday).Refused("reintegration/not-agreed");
        var declined = Home.With(Reintegrate.Answer(Home, false, "aid-1", Tuesday));
        Reintegrate.FollowUp(declined, 1, "well", null, "aid-1", Tuesday).Refused("reintegration/not-agreed");
        Assert.Empty(Reintegrate.Due(declined));
        Reintegrate.Answer(Given(Registered(Adult)), true, "aid-1", Tuesday).Refused("reintegration/not-home");
    }

    [Fact]
    public void Who_turns_out_to_be_missing_is_asked_nothing_and_offered_it_anew_when_found()
    {
        var agreed = Home.With(Reintegrate.Answer(Home, true, "aid-1", Tuesday));
        var missing = new MissingAtArrival(Transport, false, Tuesday, "gate", Monday);
        var sought = Fold<PersonInNeed>(Person, [Registered(Adult with { Nationality = "NPL" }), In("NPL"), Offered(Home), Answered(agreed), missing]);

        Assert.Empty(Reintegrate.Due(sought));
        Reintegrate.Offer(sought, Tuesday).Nothing();
        Reintegrate.FollowUp(sought, 1, "well", null, "aid-1", Tuesday).Refused("reintegration/not-home");
        var found = (PersonInNeed)sought.Apply(In("NPL"));
        Assert.NotEqual(Offered(Home).CaseId, Reintegrate.Offer(found, Tuesday).Single<ReintegrationOffered>().CaseId);
        Assert.True(((PersonInNeed)Home.Apply(missing with { TransportId = Person })).Reintegration.IsOpen);

        static ReintegrationOffered Offered(PersonInNeed person) => person.Reintegration.Offered!;
        static ReintegrationAnswered Answered(PersonInNeed person) => person.Reintegration.Answer!;
    }

    [Fact]
    public void Each_contact_that_nobody_made_in_time_escalates_once()
    {
        var late = Home.With(Reintegrate.Escalate(Home, Monday.AddDays(8)));
        Assert.Equal("overdue", late.Reintegration.State);
        Reintegrate.Escalate(late, Monday.AddDays(9)).Nothing();

        var agreed = late.With(Reintegrate.Answer(late, true, "aid-1", Tuesday));
        Assert.Equal((Reintegrate.NotFollowed, Monday.AddDays(7)), Assert.Single(Reintegrate.Due(agreed)) is var due ? (due.Kind, due.DueAt) : default);
        Assert.Equal(1, Reintegrate.Escalate(agreed, Monday.AddDays(8)).Single<ReintegrationOverdue>().Number);
    }

    [Fact]
    public void What_is_closed_is_closed()
    {
        var closed = Home.With(Reintegrate.Close(Home, "withdrawn", "aid-1", Tuesday));

        Reintegrate.Close(closed, "withdrawn", "aid-1", Tuesday).Nothing();
        Reintegrate.Answer(closed, true, "aid-1", Tuesday).Refused("reintegration/closed");
        Reintegrate.Close(Home, "happy", "aid-1", Tuesday).Refused("reintegration/ending-unknown");
        Assert.Empty(Reintegrate.Due(closed));
    }
}
