using System.Reflection;
using System.Text.RegularExpressions;
using CrisisCoordination.Contracts;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace CrisisCoordination.Timeline.Tests;

public sealed class EventTypesTests
{
    [Theory]
    [InlineData("PersonRegistered", "person_registered")]
    [InlineData("HTTPRequestReceived", "http_request_received")]
    [InlineData("Address2Changed", "address_2_changed")]
    [InlineData("NoShow", "no_show")]
    [InlineData("TD2Issued", "td2_issued")]
    [InlineData("Boarded", "boarded")]
    public void A_type_has_the_name_that_Marten_gives_it(string type, string alias) => Assert.Equal(alias, EventTypes.Alias(type));

    [Fact]
    public void Any_name_is_split_where_Marten_splits_it() =>
        Prop.ForAll(Arb.From(Gen.Elements('A', 'B', 'c', 'd', '1', '2', 'É', 'ß').NonEmptyListOf().Select(letters => string.Concat(letters))), name =>
        {
            var words = Regex.Replace(Regex.Replace(name, @"(\P{Ll})(\P{Ll}\p{Ll})", "$1_$2"), @"(\p{Ll})([^\p{Ll}_])", "$1_$2");
            Assert.Equal(words.ToLowerInvariant(), EventTypes.Alias(name));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithQuietOnSuccess(true));

    [Fact]
    public void Every_event_says_which_services_append_it() =>
        Assert.All(EventTypes.House.All, type => Assert.NotEmpty(type.AppendedBy));

    [Fact]
    public void No_two_events_share_a_name() =>
        Assert.Equal(EventTypes.House.All.Count(), EventTypes.House.All.Select(type => type.Alias).Distinct().Count());

    [Fact]
    public void What_is_personal_can_be_forgotten_so_it_may_be_null()
    {
        var nullability = new NullabilityInfoContext();
        Assert.NotEmpty(EventTypes.House.All.SelectMany(type => type.Personal));
        Assert.All(EventTypes.House.All.SelectMany(type => type.Personal), member =>
            Assert.True(nullability.Create(member).ReadState == NullabilityState.Nullable, $"{member.DeclaringType!.Name}.{member.Name} is personal and must be nullable"));
    }

    [Fact]
    public void The_mark_of_personal_data_stands_on_the_property_where_the_store_looks_for_it() =>
        Assert.All(
            typeof(Event).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Event))).SelectMany(type => type.GetConstructors()).SelectMany(made => made.GetParameters()),
            parameter => Assert.False(parameter.IsDefined(typeof(PersonalAttribute)), $"{parameter.Member.DeclaringType!.Name}: write [property: Personal] for {parameter.Name}"));
}
