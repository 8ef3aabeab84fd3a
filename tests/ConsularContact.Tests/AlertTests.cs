using System.Text;
using CrisisCoordination.ConsularContact;
using CrisisCoordination.Contracts;
using Xunit;

namespace CrisisCoordination.Tests.ConsularContact;

public sealed class AlertTests
{
    internal const string Alert = """
        <?xml version="1.0" encoding="UTF-8"?>
        <alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
          <identifier>EX-1</identifier><sender>cell@example.org</sender><sent>2026-05-04T07:40:00-00:00</sent>
          <status>Exercise</status><msgType>Alert</msgType><scope>Restricted</scope><restriction>posts</restriction>
          <info><category>Met</category><event>Cyclone</event><urgency>Immediate</urgency><severity>Extreme</severity><certainty>Observed</certainty>
            <area><areaDesc>Town</areaDesc><polygon>1,1 1,3 3,3 3,1 1,1</polygon></area>
            <area><areaDesc>Island</areaDesc><circle>10,10 50</circle></area></info>
        </alert>
        """;

    private static async Task<(CrisisOpened? Alert, string? Code)> Parse(string xml)
    {
        var (alert, fault) = await OpenCrisis.ParseAsync(new MemoryStream(Encoding.UTF8.GetBytes(xml)), TestContext.Current.CancellationToken);
        return (alert, fault?.Code);
    }

    [Fact]
    public async Task An_alert_tells_the_areas_it_holds_for()
    {
        var (alert, _) = await Parse(Alert);
        Assert.Equal(("EX-1", "Exercise", "Cyclone"), (alert!.Identifier, alert.Status, alert.Name));
        Assert.True(alert.Areas[0].Contains(new(2, 2)) && !alert.Areas[0].Contains(new(4, 2)));
        Assert.True(alert.Areas[1].Contains(new(10.2, 10.2)) && !alert.Areas[1].Contains(new(11, 10)));
    }

    [Theory]
    [InlineData("not xml", "crisis/alert-malformed")]
    [InlineData("<alert/>", "crisis/alert-not-cap")]
    [InlineData("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><alert>&x;</alert>", "crisis/alert-malformed")]
    public async Task What_is_no_alert_is_refused_unread(string xml, string code) => Assert.Equal(code, (await Parse(xml)).Code);

    [Theory]
    [InlineData("<scope>Restricted</scope>", "", "crisis/alert-incomplete")]
    [InlineData("<status>Exercise</status>", "<status>Real</status>", "crisis/alert-invalid")]
    [InlineData("-00:00</sent>", "Z</sent>", "crisis/alert-invalid")]
    [InlineData(":00-00:00</sent>", ":00.5-00:00</sent>", "crisis/alert-invalid")]
    [InlineData("<msgType>Alert</msgType>", "<msgType>Cancel</msgType>", "crisis/alert-not-opening")]
    [InlineData("1,1 1,3 3,3 3,1 1,1", "1,1 1,3 3,3 3,1", "crisis/alert-invalid")]
    [InlineData("1,1 1,3", "1,1 91,3", "crisis/alert-invalid")]
    [InlineData("10,10 50", "10,10", "crisis/alert-invalid")]
    [InlineData("EX-1", "EX 1", "crisis/alert-invalid")]
    [InlineData("<event>Cyclone</event>", "", "crisis/alert-incomplete")]
    public async Task What_breaks_the_rules_of_CAP_is_refused_with_the_reason(string find, string replace, string code) =>
        Assert.Equal(code, (await Parse(Alert.Replace(find, replace))).Code);
}
