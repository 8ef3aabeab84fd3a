using CrisisCoordination.Contracts;
using CrisisCoordination.PartnerGateway.Agencies;
using CrisisCoordination.Timeline;
using Xunit;

namespace CrisisCoordination.PartnerGateway.Tests;

public class RegisterAgencyTests
{
    private static readonly DateTimeOffset At = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly RegisterAgency Unhcr = new("UNHCR", "UN High Commissioner for Refugees", ["asylum"]);

    [Fact]
    public void A_new_agency_is_registered() => Assert.IsType<AgencyRegistered>(Assert.Single(RegisterAgencyFeature.Decide(Agency.Start(default), Unhcr, At).Events));

    [Fact]
    public void The_same_agency_again_changes_nothing() => Assert.Same(Decision.Nothing, RegisterAgencyFeature.Decide(Known, Unhcr, At));

    [Fact]
    public void Another_agency_cannot_take_the_code() => Assert.Equal("agency/code-taken", RegisterAgencyFeature.Decide(Known, Unhcr with { Name = "Impostor" }, At).Refusal?.Code);

    [Fact]
    public void A_code_has_one_timeline_however_it_is_written()
    {
        Assert.Equal(Agency.StreamId("UNHCR"), Agency.StreamId("unhcr"));
        Assert.NotEqual(Agency.StreamId("UNHCR"), Agency.StreamId("IOM"));
        Assert.Equal(8, Agency.StreamId("IOM").Version);
    }

    [Theory]
    [InlineData("", "Name", "asylum", "code")]
    [InlineData("A/B", "Name", "asylum", "code")]
    [InlineData("UNHCR\n", "Name", "asylum", "code")]
    [InlineData("A", " ", "asylum", "name")]
    [InlineData("A", "N\0", "asylum", "name")]
    [InlineData("A", "Name", null, "receives")]
    [InlineData("A", "Name", "a\u0001", "receives")]
    public void What_cannot_be_a_name_is_refused(string code, string name, string? receives, string field) =>
        Assert.Equal(field, RegisterAgencyFeature.Decide(Agency.Start(default), new(code, name, [receives!]), At).Refusal?.Field);

    [Theory]
    [InlineData("ERI", "ERI", false)]
    [InlineData("Eritrea", "ERI", false)]
    [InlineData("none", null, true)]
    [InlineData(null, null, false)]
    public void Which_state_it_belongs_to_is_said_or_not(string? said, string? country, bool ofNoState)
    {
        var registered = Assert.IsType<AgencyRegistered>(Assert.Single(RegisterAgencyFeature.Decide(Agency.Start(default), Unhcr with { Country = said }, At, "admin-1").Events));
        Assert.Equal((country, ofNoState, "admin-1"), (registered.Country, registered.OfNoState, registered.By));
    }

    [Theory]
    [InlineData("XXA")]
    [InlineData("UNO")]
    [InlineData("Atlantis")]
    [InlineData("")]
    public void What_stands_for_no_state_is_no_state_and_not_none_either(string said) =>
        Assert.Equal("agency/country", RegisterAgencyFeature.Decide(Agency.Start(default), Unhcr with { Country = said }, At).Refusal?.Code);

    [Fact]
    public void Nobody_gives_a_known_agency_another_state_by_registering_it_again()
    {
        Assert.Equal("agency/code-taken", RegisterAgencyFeature.Decide(Known, Unhcr with { Country = "none" }, At).Refusal?.Code);
        var eritrean = Known.Apply(new AgencyCountrySet("ERI", "its letterhead", "admin-1", At));
        Assert.Equal("agency/code-taken", RegisterAgencyFeature.Decide(eritrean, Unhcr with { Country = "none" }, At).Refusal?.Code);
        Assert.Same(Decision.Nothing, RegisterAgencyFeature.Decide(eritrean, Unhcr with { Country = "ERI" }, At));
    }

    [Fact]
    public void Whoever_said_which_state_it_belongs_to_does_not_change_it_alone()
    {
        var set = Assert.IsType<AgencyCountrySet>(Assert.Single(SetAgencyCountryFeature.Decide(Known, new("ERI", "its letterhead", "admin-1", At)).Events));
        var eritrean = Known.Apply(set);
        Assert.Same(Decision.Nothing, SetAgencyCountryFeature.Decide(eritrean, new("ERI", "again", "admin-1", At)));
        Assert.Equal("agency/second-person-needed", SetAgencyCountryFeature.Decide(eritrean, new(null, "it says so", "admin-1", At)).Refusal?.Code);
        Assert.Single(SetAgencyCountryFeature.Decide(eritrean, new(null, "mistaken for another", "admin-2", At)).Events);
        Assert.Equal("agency/reason-missing", SetAgencyCountryFeature.Decide(eritrean, new(null, " ", "admin-2", At)).Refusal?.Code);
        Assert.Equal("agency/unknown", SetAgencyCountryFeature.Decide(Agency.Start(default), new(null, "x", "admin-2", At)).Refusal?.Code);
    }

    private static Agency Known => Agency.Start(default).Apply(new AgencyRegistered(Unhcr.Code, Unhcr.Name, Unhcr.Receives, At));
}
