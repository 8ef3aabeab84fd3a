using System.Reflection;
using System.Text.RegularExpressions;
using Xunit;

namespace CrisisCoordination.Triage.Tests;

public sealed partial class NeedNeverStatusTests
{
    private static readonly string[] Forbidden =
    [
        "status", "legal", "nationality", "national", "citizen", "citizenship", "country", "origin", "language", "payment", "paid", "fee",
        "price", "office", "post", "rank", "official", "religion", "ethnicity", "race", "sex", "gender", "visa", "passport", "document",
        "name", "opinion", "profession", "employer", "income",
    ];

    [Fact]
    public void What_ranks_people_cannot_see_who_they_are() =>
        Assert.Empty(Reachable(typeof(Needs)).SelectMany(Members).SelectMany(Words).Intersect(Forbidden));

    [Theory]
    [InlineData("LegalStatus")]
    [InlineData("nationality")]
    [InlineData("IsPaid")]
    public void This_test_would_notice(string member) => Assert.NotEmpty(Words(member).Intersect(Forbidden));

    [Fact]
    public void Nothing_in_it_is_free_text_or_a_reference_to_something_else() =>
        Assert.All(typeof(Needs).GetProperties(), property => Assert.True(
            (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) is { } type
            && (type.IsEnum || type == typeof(bool) || type == typeof(int) || type == typeof(DateTimeOffset)), property.Name));

    [Fact]
    public void The_rule_stands_alone() =>
        Assert.DoesNotContain(typeof(Needs).Assembly.GetReferencedAssemblies(), assembly => assembly.Name!.StartsWith("CrisisCoordination", StringComparison.Ordinal));

    private static IEnumerable<Type> Reachable(Type type) =>
        type.GetProperties().Select(property => property.PropertyType).Where(member => member.Assembly == type.Assembly).Prepend(type);

    private static IEnumerable<string> Members(Type type) =>
        type.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static)
            .Where(member => member.DeclaringType == type && member is PropertyInfo or FieldInfo)
            .Select(member => member.Name);

    private static IEnumerable<string> Words(string name) => Word().Matches(name).Select(match => match.Value.ToLowerInvariant());

    [GeneratedRegex("[A-Z]?[a-z]+")]
    private static partial Regex Word();
}
