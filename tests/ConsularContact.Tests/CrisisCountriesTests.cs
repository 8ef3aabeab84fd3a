using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;
using Xunit;

namespace CrisisCoordination.ConsularContact.Tests;

/// <summary>Where a crisis is: told once, changed with a reason and by a second officer.</summary>
public sealed class CrisisCountriesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private static readonly Crisis Opened = Crisis.Start(Guid.CreateVersion7()).Apply(new CrisisOpened("A-1", "cell", "Exercise", "Fighting", [], Noon));

    private static TellCrisisCountries Told(string officer, string? reason, params string[] countries) => new(countries, reason, officer, Noon);

    private static Crisis After(Crisis crisis, Decision decision) => decision.Events.Aggregate(crisis, (next, e) => next.Apply(e));

    [Fact]
    public void The_countries_are_told_once_and_the_same_again_is_nothing_new()
    {
        var told = After(Opened, TellCrisisCountries.Decide(Opened, Told("first", null, "SDN", "SSD")));

        Assert.Equal(["SDN", "SSD"], told.Countries!.Countries);
        Assert.Empty(TellCrisisCountries.Decide(told, Told("second", null, "SSD", "SDN")).Events);
    }

    [Fact]
    public void Others_are_refused_with_who_told_the_first_and_with_a_reason_they_wait_for_a_second_officer()
    {
        var told = After(Opened, TellCrisisCountries.Decide(Opened, Told("first", null, "SDN")));
        var refused = TellCrisisCountries.Decide(told, Told("second", null, "ERI")).Refusal!;
        Assert.Equal("crisis/countries-contradict", refused.Code);
        Assert.Contains("in SDN, as first told on 2026-05-04 12:00 UTC", refused.Detail, StringComparison.Ordinal);

        var proposed = After(told, TellCrisisCountries.Decide(told, Told("second", "It spread", "SDN", "ERI")));
        Assert.Equal(["SDN"], proposed.Countries!.Countries);
        foreach (var same in (string[])["second", "Second"])
            Assert.Equal("crisis/second-officer-needed", TellCrisisCountries.Confirm(proposed, ["ERI", "SDN"], same, Noon).Refusal?.Code);
        Assert.Equal("crisis/nothing-proposed", TellCrisisCountries.Confirm(proposed, ["ERI"], "first", Noon).Refusal?.Code);
        Assert.Equal(["SDN", "ERI"], After(proposed, TellCrisisCountries.Confirm(proposed, ["ERI", "SDN"], "first", Noon)).Countries!.Countries);
    }

    [Fact]
    public void What_is_no_country_and_what_is_no_crisis_are_refused()
    {
        Assert.Equal("crisis/country-unknown", TellCrisisCountries.Decide(Opened, Told("first", null, "Sudan")).Refusal?.Code);
        Assert.Equal("crisis/country-unknown", TellCrisisCountries.Decide(Opened, Told("first", null, "SDN", "XXA")).Refusal?.Code);
        Assert.Equal("crisis/country-unknown", TellCrisisCountries.Decide(Opened, Told("first", null)).Refusal?.Code);
        Assert.Equal("crisis/unknown", TellCrisisCountries.Decide(Crisis.Start(Guid.CreateVersion7()), Told("first", null, "SDN")).Refusal?.Code);
    }
}
