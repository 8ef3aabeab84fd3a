using CrisisCoordination.Contracts;
using Xunit;

namespace CrisisCoordination.PersonRecord.Tests;

public sealed class TrustTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Form = Guid.CreateVersion7(), Other = Guid.CreateVersion7();

    private static FearedCountries Fears(params string[] countries) => FearedCountries.None.After(new FearOfReturnStated(countries, "o", Now));

    private static AgencyState Said(string? country) => AgencyState.NotSaid.After(new AgencyCountrySet(country, "r", "admin-1", Now));

    [Fact]
    public void An_agency_of_a_feared_state_may_not_know_and_one_whose_state_nobody_said_neither()
    {
        Assert.True(Said("ERI").Bars(Fears("ERI")));
        Assert.True(AgencyState.NotSaid.Bars(Fears("ERI")));
        Assert.True(AgencyState.NotSaid.After(new AgencyRegistered("A", "A", [], Now)).Bars(Fears("ERI")));
        Assert.False(Said("ERI").Bars(Fears("SDN")));
        Assert.False(Said(null).Bars(Fears("ERI")));
        Assert.False(AgencyState.NotSaid.Bars(FearedCountries.None));
        Assert.False(Said("ERI").Bars(FearedCountries.None));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("post-khartoum", true)]
    [InlineData("officer-1", true)]
    [InlineData("self-service", false)]
    [InlineData("agency UNHCR", false)]
    [InlineData("list from ACME", false)]
    public void Whom_a_post_took_in_was_seen_and_who_came_by_a_form_of_anyone_was_not(string sender, bool seen) => Assert.Equal(seen, Seen(Registered(sender)).Yes);

    [Fact]
    public void Whoever_spoke_to_them_has_seen_them_and_their_own_word_has_not()
    {
        Assert.False(Seen(Registered("self-service"), CheckedIn("self")).Yes);
        Assert.False(Seen(Registered("self-service"), CheckedIn("partner")).Yes);
        Assert.False(Seen(Registered("self-service"), new EvacuationConsentGiven(Other, "self:S-1", Now)).Yes);
        Assert.True(Seen(Registered("self-service"), CheckedIn("officer")).Yes);
        Assert.True(Seen(Registered("self-service"), new EvacuationConsentGiven(Other, "officer-1", Now)).Yes);
        Assert.True(Seen(Registered("self-service"), new Boarded(Other, "officer-1", Now)).Yes);
    }

    [Fact]
    public void Who_was_seen_under_another_record_is_seen_for_as_long_as_the_two_are_one()
    {
        Event posts = new RegistrationRepeated(Other, default, "R", Channel.Phone, false, 0, [], null, Now) { Sender = "post", MergedFrom = Other };
        Assert.True(Seen(Registered("self-service"), posts, CheckedIn("officer") with { MergedFrom = Other }).Yes);
        Assert.False(Seen(Registered("self-service"), posts, CheckedIn("officer") with { MergedFrom = Other }, new DuplicateUnmerged(Other, "o", null, [Other], [], [], Now)).Yes);
        Assert.False(Seen(Registered("self-service"), posts, new RegistrationSeparated(Other, Form, "o", null, Now)).Yes);
    }

    [Fact]
    public void Whose_needs_a_token_raises_is_unseen_until_somebody_speaks_to_them_again()
    {
        Event[] seen = [Registered("self-service"), CheckedIn("officer")];
        RegistrationCorrected Says(Registration form, string officer = "self:S-1") => new(Form, officer, form, "w", Now.AddHours(1));
        foreach (var form in new Registration[] { new() { NeedsNow = ["medical"] }, new() { SpecificNeeds = ["PG"] }, new() { Mobility = Mobility.Stretcher } })
        {
            Assert.False(Seen([.. seen, Says(form)]).Yes);
            Assert.True(Seen([.. seen, Says(form)]).Ever);
            Assert.True(Seen([.. seen, Says(form, "officer-1")]).Yes);
            // A call of before says nothing of it; one of after does, and so does a form that a post takes in.
            Assert.False(Seen([.. seen, Says(form), CheckedIn("officer")]).Yes);
            Assert.False(Seen([.. seen, Says(form), CheckedIn("self") with { At = Now.AddHours(2) }]).Yes);
            Assert.True(Seen([.. seen, Says(form), CheckedIn("officer") with { At = Now.AddHours(2) }]).Yes);
            Assert.True(Seen([.. seen, Says(form), new RegistrationRepeated(Other, default, "R", Channel.Phone, false, 0, [], null, Now.AddHours(2)) { Sender = "post" }]).Yes);
            // Less, or the same again, asks for nothing.
            Assert.True(Seen([.. seen, Says(form), CheckedIn("officer") with { At = Now.AddHours(2) }, Says(form with { Phone = "1" }), Says(new Registration())]).Yes);
        }
    }

    [Fact]
    public void What_a_form_said_before_a_token_raised_it_is_known_until_somebody_speaks_to_them()
    {
        Registration first = new(), raised = new() { NeedsNow = ["medical"] }, more = new() { NeedsNow = ["medical", "food"] };
        Event Says(Registration form, int hour) => new RegistrationCorrected(Form, "self:S-1", form, "w", Now.AddHours(hour));
        Event[] told = [new PersonRegistered(Form, Guid.NewGuid(), "R-1", Channel.Consulate, false, first, Now) { Sender = "post" }, Says(raised, 1), Says(more, 2)];

        Assert.True(Seen(told) is { AsksForMore: true } seen && ReferenceEquals(first, seen.Before(Form)));
        Assert.True(Seen([.. told, CheckedIn("officer") with { At = Now.AddHours(3) }]) is { AsksForMore: false } spoken && spoken.Before(Form) is null);
        Assert.Null(Seen(told[..1]).Before(Form));
        // An officer who corrects the form answers for what it says.
        Assert.False(Seen([.. told, new RegistrationCorrected(Form, "officer-1", more, "w", Now.AddHours(3))]).AsksForMore);
    }

    [Fact]
    public void A_fear_that_others_told_is_asked_about_until_the_person_says_it_or_takes_it_back()
    {
        var told = new FearOfReturnStated(["ERI", "SDN"], "self-service", Now) { ToldBy = "self-service" };
        var heard = new FearOfReturnStated(["ERI"], "officer-1", Now.AddHours(1));
        Assert.Equal((Now, 2), (Told(told).Since, Told(told).Countries.Count()));
        Assert.Equal(["SDN"], Told(told, heard).Countries);
        Assert.Null(Told(told, heard, new FearOfReturnWithdrawn(["SDN"], "protection-1", Now)).Since);
        Assert.Null(Told(heard).Since);
        Assert.Equal(Now, Told(told, told with { At = Now.AddHours(5) }).Since);
    }

    [Fact]
    public void A_fear_that_was_only_repeated_from_a_form_or_another_record_was_not_heard_from_the_person()
    {
        var told = new FearOfReturnStated(["ERI", "SDN"], "self-service", Now) { ToldBy = "self-service" };
        var repeated = new FearOfReturnStated(["ERI", "SDN"], "officer-1", Now.AddHours(1)) { Relayed = true };
        Assert.Equal((Now, 2), (Told(told, repeated).Since, Told(told, repeated).Countries.Count()));
        Assert.Equal(Now, Told(repeated with { At = Now.AddHours(-1) }, told).Since);
        Assert.Null(Told(repeated).Since);
        Assert.Null(Told(told, repeated, repeated with { Relayed = false, At = Now.AddHours(2) }).Since);
    }

    private static PersonRegistered Registered(string sender) => new(Form, Guid.NewGuid(), "R-1", Channel.Consulate, false, new Registration(), Now) { Sender = sender };

    private static CheckedIn CheckedIn(string source) => new(Guid.NewGuid(), "safe", source, null, null, Now);

    private static SeenByUs Seen(params IEnumerable<Event> events) => events.Aggregate(SeenByUs.NotYet, (seen, e) => seen.After(e));

    private static FearsToldByOthers Told(params IEnumerable<Event> events) => events.Aggregate(FearsToldByOthers.None, (told, e) => told.After(e));
}
