using System.Text.RegularExpressions;
using Xunit;

namespace CrisisCoordination.TimelineAudit.Tests;

/// <summary>The page that says which test holds which rule: what it names is there.</summary>
public sealed partial class RulesPageTests
{
    private static readonly string Root = Above(AppContext.BaseDirectory);

    [GeneratedRegex(@"`(\w+Tests|\w+Properties)(?:\.(\w+))?`")]
    private static partial Regex NamedTest { get; }

    [GeneratedRegex(@"`((?:EP|CC|TD|HA|PG|Triage|PersonRecord|Contracts)(?:/\w+)*(?:\.cs)?)`")]
    private static partial Regex NamedPlace { get; }

    [Fact]
    public void Every_test_that_the_page_of_rules_names_exists()
    {
        var tests = Directory.EnumerateFiles(Path.Combine(Root, "tests"), "*.cs", SearchOption.AllDirectories).Where(file =>
            !file.Contains("/obj/", StringComparison.Ordinal))
            .ToLookup(file => Path.GetFileNameWithoutExtension(file), File.ReadAllText);
        var named = NamedTest.Matches(Page).Select(match => (Class: match.Groups[1].Value, Test: match.Groups[2].Value)).ToList();
        Assert.NotEmpty(named);
        Assert.DoesNotContain(named, one => !tests[one.Class].Any(text => text.Contains($" {one.Test}", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_place_that_it_names_exists()
    {
        var services = new Dictionary<string,
            string>
        {
            ["EP"] = "EvacuationPlanning",
            ["CC"] = "ConsularContact",
            ["TD"] = "TravelDocuments",
            ["HA"] = "HumanitarianAid",
            ["PG"] = "PartnerGateway"
        };
        var named = NamedPlace.Matches(Page).Select(match => match.Groups[1].Value).Select(place =>
            place.Split('/') is [var service, .. var rest] && services.TryGetValue(service, out var name)
            ? string.Join('/', rest.Prepend(name)) : place);
        Assert.DoesNotContain(named, place =>
            Path.Combine(Root, "services", place) is var path && !File.Exists(path) && !Directory.Exists(path)
            && !File.Exists(path + ".cs"));
    }

    private static string Page => File.ReadAllText(Path.Combine(Root, "docs", "rules.md"));

    private static string Above(string folder) =>
        File.Exists(Path.Combine(folder, "CrisisCoordination.sln")) ? folder : Above(Path.GetDirectoryName(folder)!);
}
