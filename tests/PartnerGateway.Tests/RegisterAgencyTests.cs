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

    private static Agency Known => Agency.Start(default).Apply(new AgencyRegistered(Unhcr.Code, Unhcr.Name, Unhcr.Receives, At));
}
