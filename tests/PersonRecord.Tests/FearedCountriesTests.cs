using CrisisCoordination.Contracts;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace CrisisCoordination.PersonRecord.Tests;

public sealed class FearedCountriesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static DateTimeOffset Hour(int hour) => Noon.AddHours(hour);

    private static PersonRegistered Registered(string? nationality = null, string? second = null, int hour = 0, params string[] fears) =>
        new(Guid.CreateVersion7(), Guid.Empty, "R-1", Channel.Consulate, false, new Registration { Nationality = nationality, SecondNationality = second, FearOfReturnTo = fears }, Hour(hour));

    private static RegistrationRepeated Repeated(string? nationality = null, int hour = 0, params string[] fears) =>
        new(Guid.CreateVersion7(), Guid.Empty, "R-2", Channel.Partner, false, 20, [], new Registration { Nationality = nationality, FearOfReturnTo = fears }, Hour(hour));

    private static RegistrationCorrected Corrected(string nationality, int hour, params string[] fears) =>
        new(Guid.CreateVersion7(), "officer-1", new() { Nationality = nationality, FearOfReturnTo = fears }, "why", Hour(hour));

    private static FearOfReturnStated States(int hour, params string[] countries) => new(countries, "officer-1", Hour(hour));

    private static FearOfReturnWithdrawn TakesBack(int hour, params string[] countries) => new(countries, "protection-1", Hour(hour));

    private static FearedCountries After(params IEnumerable<Event> events) => events.Aggregate(FearedCountries.None, (fears, e) => fears.After(e));

    [Theory]
    [InlineData("HKG", "CHN")]
    [InlineData("REU", "FRA")]
    [InlineData("PSE", "ISR")]
    [InlineData("RKS", "SRB")]
    [InlineData("TWN", "CHN")]
    [InlineData("ESH", "MAR")]
    [InlineData("SUN", "RUS")]
    [InlineData("XKX", "RKS")]
    public void A_fear_bars_what_is_under_the_same_hand_both_ways(string one, string other)
    {
        Assert.True(After(States(0, one)).Bars(other));
        Assert.True(After(States(0, other)).Bars(one));
    }

    [Fact]
    public void A_fear_bars_a_country_exactly_when_they_share_a_state()
    {
        var codes = Jurisdictions.Codes.Where(Jurisdictions.NamesState).ToArray();
        Prop.ForAll(Arb.From(Gen.Elements(codes).Two()), pair =>
            After(States(0, pair.Item1)).Bars(pair.Item2) == Jurisdictions.StatesOf(pair.Item1).Overlaps(Jurisdictions.StatesOf(pair.Item2)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5_000).WithQuietOnSuccess(true));
        Assert.All(codes, one => Assert.Equal(codes.Where(other => Jurisdictions.Touch(one, other)), codes.Where(After(States(0, one)).Bars)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("ZZZ")]
    [InlineData("XXX")]
    [InlineData("UNO")]
    [InlineData("")]
    public void A_country_that_is_not_known_bars_whoever_fears_anything_and_nobody_else(string? country)
    {
        Assert.True(After(States(0, "SAU")).Bars(country));
        Assert.True(After(Registered("IND", null, 0, "XXX")).Bars(country));
        Assert.False(After(Registered("IND")).Bars(country));
        Assert.False(After(States(0, "SAU"), TakesBack(1, "SAU")).Bars(country));
    }

    [Theory]
    [InlineData("XXX")]
    [InlineData("XXA")]
    [InlineData("XXB")]
    [InlineData("UNO")]
    [InlineData("EUE")]
    [InlineData("UNK")]
    [InlineData("GBP")]
    [InlineData("ZZZ")]
    public void A_fear_that_names_no_state_bars_every_state_that_is_theirs(string unnamed)
    {
        var fears = After(Registered("SDN", "HKG", 0, unnamed), Repeated("ERI"));

        Assert.True(fears.IsOpen);
        Assert.True(fears.BarsAny("SDN") && fears.BarsAny("CHN") && fears.BarsAny("ERI"));
        Assert.False(fears.BarsAny("KEN", "DJI"));
    }

    [Fact]
    public void A_status_bars_the_state_that_gave_it_as_well() => Assert.True(After(Registered("SDN", null, 0, "GBP")).Bars("GBR"));

    [Theory]
    [InlineData(null)]
    [InlineData("XXA")]
    [InlineData("XXX")]
    public void A_fear_that_names_no_state_bars_every_country_where_none_is_known_to_be_theirs(string? nationality)
    {
        var fears = After(Registered(nationality, null, 0, "XXX"));

        Assert.True(fears.EveryState);
        Assert.All(Jurisdictions.Codes, code => Assert.True(fears.Bars(code)));
    }

    [Fact]
    public void A_nationality_that_is_told_later_adds_to_what_is_barred_and_opens_no_way()
    {
        Event[] asked = [Registered(null, null, 0, "XXX")];
        foreach (var later in new Event[][]
        {
            [Repeated("SDN", 1)],
            [Repeated("SDN", 1, "XXX")],
            [Corrected("SDN", 1, "XXX")],
            [Repeated("SDN", 1), States(2, "XXX")],
            // Whoever is no protection officer names a state that was told for them, and closes no question by it.
            [Repeated("SDN", 1), States(2, "SDN") with { ByProtection = false }],
        })
        {
            Assert.True(After([.. asked, .. later]) is { EveryState: true } fears && fears.Bars("KEN") && fears.Bars("SDN"));
        }
        Assert.True(After([.. asked, Repeated("SDN", 1), States(2, "SDN") with { ByProtection = true }]) is { IsOpen: false } answered && !answered.Bars("KEN"));
        // Taken back, and told anew when a nationality was known, it is another question.
        Assert.False(After([.. asked, Repeated("SDN", 1), TakesBack(2, "XXX"), States(3, "XXX")]).Bars("KEN"));
        Assert.True(After(Registered("SDN", null, 0, "XXX"), Repeated("ERI", 1)) is { EveryState: false } both && both.Bars("SDN") && both.Bars("ERI"));
    }

    [Fact]
    public void What_barred_every_state_under_one_record_does_so_under_the_other_that_stands_for_it()
    {
        var (asked, known) = (After(Registered(null, null, 0, "XXX")), After(Registered("SDN", null, 0, "XXX")));

        Assert.Equal(["XXX"], asked.Beyond(known, known.Now));
        Assert.Empty(known.Beyond(asked, asked.Now));
        Assert.True(After(Registered("SDN", null, 0, "XXX"), States(1, "XXX") with { Relayed = true, Everywhere = true }).Bars("KEN"));
    }

    [Fact]
    public void A_later_statement_answers_which_state_it_is()
    {
        var fears = After(Registered("SDN", null, 0, "XXX"), States(1, "ERI"));

        Assert.False(fears.IsOpen);
        Assert.True(fears.Bars("ERI"));
        Assert.False(fears.Bars("SDN"));
        Assert.Equal(["ERI"], fears.Now);
        Assert.Equal(["ERI", "XXX"], fears.Ever.Order());
    }

    [Fact]
    public void Whoever_is_no_protection_officer_adds_to_what_is_barred_and_closes_no_question()
    {
        var asked = new Event[] { Registered("SDN", "ERI", 0, "XXX") };
        FearedCountries Told(bool byProtection, params string[] countries) => After([.. asked, States(1, countries) with { ByProtection = byProtection }]);

        Assert.True(Told(false, "FRA") is { IsOpen: true } harmless && harmless.Bars("SDN") && harmless.Bars("FRA"));
        // One of two states of theirs is not both.
        Assert.True(Told(false, "SDN") is { IsOpen: true } one && one.Bars("ERI"));
        Assert.False(Told(false, "SDN", "ERI").IsOpen);
        Assert.True(Told(true, "FRA") is { IsOpen: false } answered && !answered.Bars("SDN"));
        Assert.False(After([.. asked, States(1, "FRA")]).IsOpen);
    }

    [Theory]
    [InlineData("ATA")]
    [InlineData("BVT")]
    [InlineData("HMD")]
    [InlineData("UMI")]
    public void Where_nobody_lives_is_no_answer_whoever_says_it(string code)
    {
        var fears = After(Registered("SDN", null, 0, "XXX"), States(1, code) with { ByProtection = true });

        Assert.True(fears.IsOpen && fears.Bars("SDN") && fears.Bars(code));
    }

    [Fact]
    public void Stating_is_new_when_it_adds_a_state_or_may_answer_which()
    {
        var asked = After(Registered("SDN", null, 0, "XXX", "ERI"));

        Assert.True(asked.Learns(["FRA"], byProtection: false));
        Assert.False(asked.Learns(["ERI"], byProtection: false));
        Assert.True(asked.Learns(["ERI"], byProtection: true));
        Assert.True(asked.Learns(["SDN"], byProtection: false));
    }

    [Fact]
    public void A_form_or_another_record_that_names_a_harmless_state_answers_nothing()
    {
        var fears = After(
            Registered("SDN", null, 0, "XXX"), Repeated("SDN", 1, "FRA"), States(1, "FRA") with { Relayed = true }, States(1, "FRA") with { ToldBy = "self" });

        Assert.True(fears.IsOpen && fears.Bars("SDN") && fears.Bars("FRA"));
    }

    [Fact]
    public void A_statement_of_an_earlier_time_or_with_an_unnamed_one_beside_it_answers_nothing()
    {
        Assert.True(After(Registered("SDN", null, 5, "XXX"), States(4, "ERI")).IsOpen);
        Assert.True(After(Registered("SDN"), States(1, "ERI", "XXX")).IsOpen);
        Assert.True(After(Registered("SDN", null, 0, "XXX"), States(1, "ERI"), States(2, "XXX")).Bars("SDN"));
    }

    [Fact]
    public void An_unnamed_fear_is_withdrawn_like_any_other()
    {
        Assert.False(After(Registered("SDN", null, 0, "XXX"), TakesBack(1, "XXX")).Bars("SDN"));
        Assert.True(After(Registered("SDN", null, 0, "XXX", "ERI"), TakesBack(1, "ERI")).Bars("SDN"));
    }

    [Fact]
    public void What_is_withdrawn_is_what_was_stated()
    {
        var fears = After(States(0, "HKG", "CHN"), TakesBack(1, "CHN"));

        Assert.True(fears.Bars("CHN"));
        Assert.False(After(States(0, "HKG", "CHN"), TakesBack(1, "CHN", "HKG")).Bars("CHN"));
    }

    [Fact]
    public void A_withdrawal_of_an_earlier_time_changes_nothing() => Assert.True(After(States(2, "ERI"), TakesBack(1, "ERI")).Bars("ERI"));

    [Fact]
    public void A_statement_that_was_so_before_the_withdrawal_is_not_stated_anew_whenever_it_is_recorded()
    {
        Assert.False(After(States(0, "ERI"), TakesBack(3, "ERI"), States(2, "ERI")).Bars("ERI"));
        Assert.False(After(States(0, "ERI"), TakesBack(3, "ERI"), Repeated(null, 2, "ERI")).Bars("ERI"));
        Assert.True(After(States(0, "ERI"), TakesBack(3, "ERI"), States(4, "ERI")).Bars("ERI"));
    }

    [Fact]
    public void Of_two_facts_of_one_time_the_last_recorded_holds()
    {
        Assert.False(After(States(1, "ERI"), TakesBack(1, "ERI")).Bars("ERI"));
        Assert.True(After(States(1, "ERI"), TakesBack(1, "ERI"), States(1, "ERI")).Bars("ERI"));
    }

    [Fact]
    public void In_whatever_order_facts_of_different_times_are_recorded_the_same_holds()
    {
        var facts = Gen.Elements("ERI", "SDN", "XXX").SelectMany(code => Gen.Elements(true, false).Select(states => (code, states))).ArrayOf(6)
            .SelectMany(all => Gen.Shuffle(Enumerable.Range(0, all.Length).ToArray()).Select(order => (all, order)));
        Prop.ForAll(Arb.From(facts), given =>
        {
            // Withdrawals need something stated, which the door asks for: so all of it was stated before.
            Event Of(int n) => given.all[n].states ? States(n + 1, given.all[n].code) : TakesBack(n + 1, given.all[n].code);
            Event[] before = [Registered("SDN"), States(0, "ERI", "SDN", "XXX")];
            var (straight, mixed) = (After([.. before, .. given.order.Order().Select(Of)]), After([.. before, .. given.order.Select(Of)]));
            return straight.Now.SetEquals(mixed.Now) && straight.States.SetEquals(mixed.States);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000).WithQuietOnSuccess(true));
    }

    [Fact]
    public void What_is_barred_only_grows_is_told_apart()
    {
        var (some, more) = (After(Registered("SDN"), States(0, "ERI")), After(Registered("SDN"), States(0, "ERI"), States(1, "XXX")));

        Assert.True(some.IsWithin(more));
        Assert.False(more.IsWithin(some));
        Assert.True(FearedCountries.None.IsWithin(some));
        Assert.False(After(States(0, "XXX")).IsWithin(some));
    }
}
