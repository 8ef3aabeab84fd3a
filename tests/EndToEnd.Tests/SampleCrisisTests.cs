using System.Xml.Linq;
using CrisisCoordination.AppHost.Sample;
using Xunit;

namespace CrisisCoordination.EndToEnd.Tests;

public sealed class SampleCrisisTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sample-crisis-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Dictionary<string, string> Write(int seed)
    {
        var folder = Path.Combine(_folder, Guid.NewGuid().ToString("n"));
        SampleCrisis.Write(folder, seed);
        return Directory.GetFiles(folder).ToDictionary(f => Path.GetFileName(f), File.ReadAllText);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bytes_and_another_seed_others()
    {
        Assert.Equal(Write(1), Write(1));
        Assert.NotEqual(Write(1)["registrations.csv"], Write(2)["registrations.csv"]);
    }

    [Fact]
    public void All_five_files_of_a_scenario_are_there() =>
        Assert.Equal(["agencies.json", "alert.cap.xml", "assembly-points.csv", "registrations.csv", "transports.csv"], Write(1).Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void The_alert_is_an_exercise() =>
        Assert.Equal("Exercise", XDocument.Parse(Write(1)["alert.cap.xml"]).Root!.Elements().Single(e => e.Name.LocalName == "status").Value);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_registrations_are_as_messy_as_real_ones(int seed)
    {
        var file = Write(seed)["registrations.csv"];

        foreach (var trace in new[]
        {
            "1988-14-02", "30/02/1991", "2039-06-01", "last spring", "-198.2", "348.6", "QQQ", "Freedonia", "ZZ;SM", "canoe", "<img", "\u202E", "SC", "single parent",
            "wheelchair", "stretcher", "expired", "lost", "withheld_by_employer", "UNHCR;IOM", "COD", "unknown", "registered again by phone", "\"two lines,\n",
        })
            Assert.Contains(trace, file, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Seats_out_of_the_country_are_short_and_journeys_go_on_from_the_first_refuge(int seed)
    {
        var legs = Write(seed)["transports.csv"].Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(l => l.Split(',')).ToList();
        string[] refuges = ["HRE", "BLZ", "DUR", "JNB"];
        var ways = legs.Where(l => l[4].Length > 0 && !refuges.Contains(l[2])).ToList();

        Assert.Equal(360, ways.Sum(l => int.Parse(l[7])));
        Assert.All(ways, way => Assert.Contains(way[3], refuges));
        Assert.All(refuges, refuge => Assert.Contains(legs, l => l[2] == refuge));
        Assert.All(legs, l => Assert.True(string.CompareOrdinal(l[5], l[6]) < 0));
    }
}
