using System.Text;
using CrisisCoordination.ConsularContact;
using CrisisCoordination.Contracts;
using FsCheck;
using FsCheck.Fluent;
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

    private static async Task<(CapAlert? Alert, string? Code)> Parse(string xml)
    {
        var (alert, fault) = await CapAlert.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(xml)), TestContext.Current.CancellationToken);
        return (alert, fault?.Code);
    }

    [Fact]
    public async Task An_alert_tells_the_areas_it_holds_for()
    {
        var (alert, _) = await Parse(Alert);
        Assert.Equal(("EX-1", "Exercise", "Cyclone"), (alert!.Self.Identifier, alert.Status, alert.Name));
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
    [InlineData("<msgType>Alert</msgType>", "<msgType>Cancel</msgType>", "crisis/alert-incomplete")]
    [InlineData("<msgType>Alert</msgType>", "<msgType>Cancelled</msgType>", "crisis/alert-invalid")]
    [InlineData("<restriction>posts</restriction>", "", "crisis/alert-incomplete")]
    [InlineData("<scope>Restricted</scope>", "<scope>Private</scope>", "crisis/alert-incomplete")]
    [InlineData("<category>Met</category>", "", "crisis/alert-incomplete")]
    [InlineData("<category>Met</category>", "<category>Weather</category>", "crisis/alert-invalid")]
    [InlineData("<urgency>Immediate</urgency>", "<urgency>Now</urgency>", "crisis/alert-invalid")]
    [InlineData("<severity>Extreme</severity>", "<severity>extreme</severity>", "crisis/alert-invalid")]
    [InlineData("<certainty>Observed</certainty>", "<certainty>Very Likely</certainty>", "crisis/alert-invalid")]
    [InlineData("<severity>Extreme</severity>", "", "crisis/alert-incomplete")]
    [InlineData("<status>Exercise</status><msgType>Alert</msgType>", "<msgType>Alert</msgType><status>Exercise</status>", "crisis/alert-invalid")]
    [InlineData("<event>Cyclone</event>", "<event>Cyclone</event><event>Flood</event>", "crisis/alert-invalid")]
    [InlineData("<event>Cyclone</event>", "<event>Cyclone</event><colour>red</colour>", "crisis/alert-invalid")]
    [InlineData("</info>", "<colour>red</colour></info>", "crisis/alert-invalid")]
    [InlineData("<event>Cyclone</event>", "<event><b>Cyclone</b></event>", "crisis/alert-invalid")]
    [InlineData("<certainty>Observed</certainty>", "<certainty>Observed</certainty><expires>tomorrow</expires>", "crisis/alert-invalid")]
    [InlineData("<certainty>Observed</certainty>", "<certainty>Observed</certainty><eventCode><value>1</value></eventCode>", "crisis/alert-incomplete")]
    [InlineData("<circle>10,10 50</circle>", "<circle>10,10 50</circle><ceiling>100</ceiling>", "crisis/alert-incomplete")]
    [InlineData("<circle>10,10 50</circle>", "<circle>10,10 NaN</circle>", "crisis/alert-invalid")]
    [InlineData("<areaDesc>Town</areaDesc>", "", "crisis/alert-incomplete")]
    [InlineData("<restriction>posts</restriction>", "<restriction>posts</restriction><references>cell@example.org,EX-0</references>", "crisis/alert-invalid")]
    [InlineData("1,1 1,3 3,3 3,1 1,1", "1,1 1,3 3,3 3,1", "crisis/alert-invalid")]
    [InlineData("1,1 1,3", "1,1 91,3", "crisis/alert-invalid")]
    [InlineData("10,10 50", "10,10", "crisis/alert-invalid")]
    [InlineData("EX-1", "EX 1", "crisis/alert-invalid")]
    [InlineData("<event>Cyclone</event>", "", "crisis/alert-incomplete")]
    public async Task What_breaks_the_rules_of_CAP_is_refused_with_the_reason(string find, string replace, string code) =>
        Assert.Equal(code, (await Parse(Alert.Replace(find, replace))).Code);

    [Theory]
    [InlineData("<restriction>posts</restriction>", "<restriction>posts</restriction><code>post</code><note>n</note><references>a@b,EX-0,2026-05-04T07:00:00+00:00 c,EX-00,2026-05-04T06:00:00+02:00</references><incidents>I1 \"I 2\"</incidents>")]
    [InlineData("<certainty>Observed</certainty>", "<certainty>Observed</certainty><audience>all</audience><eventCode><valueName>SAME</valueName><value>HUW</value></eventCode><effective>2026-05-04T07:40:00+03:00</effective><onset>2026-05-04T07:40:00+03:00</onset><expires>2026-05-05T07:40:00+03:00</expires><senderName>s</senderName><headline>h</headline><web>https://example.org</web><contact>c</contact><parameter><valueName>a</valueName><value>b</value></parameter><resource><resourceDesc>map</resourceDesc><mimeType>image/png</mimeType><size>12</size></resource>")]
    [InlineData("<circle>10,10 50</circle>", "<circle>10,10 50</circle><geocode><valueName>P</valueName><value>MZ01</value></geocode><altitude>-3.5</altitude><ceiling>100</ceiling>")]
    [InlineData("</alert>", "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><SignedInfo/></Signature></alert>")]
    public async Task Everything_that_the_schema_allows_is_taken(string find, string replace) => Assert.Null((await Parse(Alert.Replace(find, replace))).Code);

    [Fact]
    public async Task Two_languages_tell_the_same_area_once_with_both_names_and_a_place_without_a_drawing_keeps_its_name()
    {
        var (alert, _) = await Parse(Alert.Replace("</info>", """
            </info><info><language>pt-MZ</language><category>Met</category><event>Ciclone</event><urgency>Immediate</urgency><severity>Extreme</severity><certainty>Observed</certainty>
            <area><areaDesc>Vila</areaDesc><polygon>1,1 1,3 3,3 3,1 1,1</polygon></area><area><areaDesc>Chimoio</areaDesc><geocode><valueName>P</valueName><value>MZ02</value></geocode></area></info>
            """));
        Assert.Equal(["Town / Vila", "Island", "Chimoio"], alert!.Areas.Select(area => area.Name));
        Assert.Equal("Cyclone", alert.Name);
        var crisis = Crisis.Start(Guid.CreateVersion7()).Apply(Assert.IsType<CrisisOpened>(Assert.Single(OpenCrisis.Decide(Crisis.Start(Guid.CreateVersion7()), alert).Events)));
        Assert.True(crisis.Affects(null, "Chimoio, escola") && crisis.Affects(null, "Vila") && !crisis.Affects(new(50, 50), "Chimoio"));
    }

    private static CapAlert Message(string id, int sent, string type = CapAlert.Update, params string[] references) => new(
        new("cell", id), new DateTimeOffset(2026, 5, 4, 0, 0, 0, TimeSpan.Zero).AddHours(sent), "Exercise", type, [.. references.Select(to => new AlertReference("cell", to))], id, [new(id, [], new(sent, sent), 10)]);

    private static Crisis After(params IEnumerable<CapAlert> messages) => messages.Aggregate(Crisis.Start(Guid.Empty), (crisis, message) => OpenCrisis.Decide(crisis, message).Events.Aggregate(crisis, (state, e) => state.Apply(e)));

    [Fact]
    public void An_update_takes_the_place_of_what_it_names_and_a_cancel_of_the_last_ends_the_crisis()
    {
        CapAlert[] all = [Message("A", 1, CapAlert.Alert), Message("B", 2, CapAlert.Update, "A"), Message("C", 3, CapAlert.Cancel, "A", "B")];
        Assert.Equal(["B"], After(all.Take(2)).Areas.Select(area => area.Name));
        Assert.True(After(all) is { Ended: true, Areas.Count: 0, Name: "A" });
        Assert.False(After([.. all, Message("D", 4, CapAlert.Update, "C")]).Ended);
        Assert.Equal("B", After([.. all.Take(2), Message("C", 3, CapAlert.Cancel, "A")]).Current!.Name);
    }

    [Fact]
    public void The_same_message_again_changes_nothing_and_a_cancel_of_nothing_known_is_refused()
    {
        var crisis = After(Message("A", 1, CapAlert.Alert), Message("B", 2, CapAlert.Update, "A"));
        Assert.Empty(OpenCrisis.Decide(crisis, Message("A", 1, CapAlert.Alert)).Events);
        Assert.Empty(OpenCrisis.Decide(crisis, Message("B", 2, CapAlert.Update, "A")).Events);
        Assert.Equal("crisis/alert-unknown", OpenCrisis.Decide(Crisis.Start(Guid.Empty), Message("C", 3, CapAlert.Cancel, "A")).Refusal?.Code);
    }

    [Fact]
    public void An_exercise_never_becomes_real_by_an_update_nor_the_other_way_round() =>
        Assert.Equal("crisis/status-differs", OpenCrisis.Decide(After(Message("A", 1, CapAlert.Alert)), Message("B", 2, CapAlert.Update, "A") with { Status = "Actual" }).Refusal?.Code);

    [Fact]
    public void Messages_in_any_order_end_the_same()
    {
        var some = from count in Gen.Choose(1, 6)
                   from kinds in Gen.ArrayOf(Gen.Elements(CapAlert.Update, CapAlert.Update, CapAlert.Cancel), count)
                   from sent in Gen.ArrayOf(Gen.Choose(1, 4), count)
                   from named in Gen.ArrayOf(Gen.Choose(0, 63), count)
                   from order in Gen.Shuffle(Enumerable.Range(0, count + 1).ToArray())
                   let all = kinds.Select((kind, i) => Message($"M{i}", sent[i], kind, [.. Enumerable.Range(0, count).Where(j => j != i && (named[i] & (1 << j)) != 0).Select(j => $"M{j}")])).Prepend(Message("A", 0, CapAlert.Alert)).ToArray()
                   select (all, order);
        Prop.ForAll(some.ToArbitrary(), it =>
        {
            // A cancel is refused before anything is known, and sent again.
            var one = After([.. it.all, .. it.all]);
            var shuffled = it.order.Select(i => it.all[i]).ToArray();
            var other = After([.. shuffled, .. shuffled]);
            return one.Current?.Name == other.Current?.Name && one.Ended == other.Ended;
        }).QuickCheckThrowOnFailure();
    }

    private static AffectedArea Polygon(params (double North, double East)[] corners) => new("", [.. corners.Append(corners[0]).Select(corner => new Position(corner.North, corner.East))], null, 0);

    [Fact]
    public void An_area_across_the_date_line_is_one_area_and_not_the_rest_of_the_world()
    {
        var fiji = Polygon((-15, 176), (-15, -178), (-20, -178), (-20, 176));
        Assert.True(fiji.Contains(new(-17, 178)) && fiji.Contains(new(-17, -179)) && fiji.Contains(new(-17, 180)) && fiji.Contains(new(-17, -180)));
        Assert.False(fiji.Contains(new(-17, 170)) || fiji.Contains(new(-17, -170)) || fiji.Contains(new(-17, 0)) || fiji.Contains(new(-14, 178)));
        Assert.True(new AffectedArea("", [], new(-17, 179.9), 50).Contains(new(-17, -179.9)));
        Assert.True(Polygon((90, -180), (90, 180), (-90, 180), (-90, -180)).Contains(new(10, 20)));
    }

    [Fact]
    public void Where_a_polygon_begins_which_way_it_turns_and_on_which_side_of_the_date_line_it_lies_does_not_matter()
    {
        var some = from corners in Gen.ArrayOf(from north in Gen.Choose(-400, 400) from east in Gen.Choose(-400, 400) select (North: north / 10.0, East: east / 10.0), 5)
                   from north in Gen.Choose(-500, 500)
                   from east in Gen.Choose(-600, 600)
                   from begin in Gen.Choose(0, 4)
                   from moved in Gen.Choose(-180, 180)
                   select (corners, at: (North: north / 10.0 + .05, East: east / 10.0 + .05), begin, moved);
        Prop.ForAll(some.ToArbitrary(), it =>
        {
            var inside = Polygon(it.corners).Contains(new(it.at.North, it.at.East));
            double East(double east) => (east + it.moved + 540) % 360 - 180;
            return inside == Polygon([.. it.corners.Skip(it.begin), .. it.corners.Take(it.begin)]).Contains(new(it.at.North, it.at.East))
                && inside == Polygon([.. it.corners.Reverse()]).Contains(new(it.at.North, it.at.East))
                && inside == Polygon([.. it.corners.Select(corner => (corner.North, East(corner.East)))]).Contains(new(it.at.North, East(it.at.East)))
                && (!inside || (it.corners.Min(c => c.North) <= it.at.North && it.at.North <= it.corners.Max(c => c.North) && it.corners.Min(c => c.East) <= it.at.East && it.at.East <= it.corners.Max(c => c.East)));
        }).QuickCheckThrowOnFailure();
    }
}
