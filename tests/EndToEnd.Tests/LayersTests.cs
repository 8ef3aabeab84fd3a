using System.Reflection;
using CrisisCoordination.Contracts;
using Xunit;

namespace CrisisCoordination.EndToEnd.Tests;

public sealed class LayersTests
{
    private const string House = "CrisisCoordination.";
    private static readonly string[] Layers = ["Contracts", "Timeline", "Triage", "Mrz", "PersonRecord", "ServiceDefaults"];
    private static readonly string[] Services = Enum.GetNames<Service>();

    public static TheoryData<string> Service => [.. Services];

    public static TheoryData<string> AllButServiceDefaults => [.. Services.Concat(Layers).Append("AppHost").Where(name => name != "ServiceDefaults")];

    [Theory, MemberData(nameof(Service))]
    public void A_service_stands_on_the_layers_and_never_on_another_service(string service) =>
        Assert.Subset(Layers.ToHashSet(), OursIn(service));

    [Theory, InlineData("Contracts"), InlineData("Triage")]
    public void The_innermost_layers_stand_on_nothing_of_ours(string layer) => Assert.Empty(OursIn(layer));

    [Fact]
    public void The_timeline_stands_on_the_contracts_only() => Assert.Equal(["Contracts"], OursIn("Timeline"));

    [Fact]
    public void The_record_of_a_person_stands_on_the_contracts_only() => Assert.Equal(["Contracts"], OursIn("PersonRecord"));

    [Fact]
    public void The_independent_audit_stands_on_nothing_of_ours() => Assert.Empty(OursIn("TimelineAudit"));

    [Fact]
    public void The_service_defaults_stand_on_the_layers_below_them() => Assert.Equal(new HashSet<string> { "Contracts", "PersonRecord", "Timeline" }, OursIn("ServiceDefaults"));

    [Theory, MemberData(nameof(AllButServiceDefaults))]
    public void Only_the_service_defaults_know_MassTransit(string name) =>
        Assert.DoesNotContain(ReferencesOf(name), reference => reference.StartsWith("MassTransit", StringComparison.Ordinal));

    [Fact]
    public void They_do_know_it() => Assert.Contains(ReferencesOf("ServiceDefaults"), reference => reference.StartsWith("MassTransit", StringComparison.Ordinal));

    private static HashSet<string> OursIn(string name) =>
        [.. ReferencesOf(name).Where(reference => reference.StartsWith(House, StringComparison.Ordinal)).Select(reference => reference[House.Length..])];

    private static IEnumerable<string> ReferencesOf(string name) => Assembly.Load(House + name).GetReferencedAssemblies().Select(reference => reference.Name!);
}
