using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.EvacuationPlanning.Places;

/// <summary>A country that somebody told.</summary>
/// <param name="Officer">Who told it; null where that was not kept.</param>
internal sealed record CountryTold(string Country, string? Officer, DateTimeOffset At)
{
    /// <summary>For whoever told something else.</summary>
    public string Source => $"{(Officer is { Length: > 0 } ? Officer : "somebody")} told on {At.UtcDateTime:yyyy-MM-dd HH:mm} UTC";
}

/// <summary>
/// An assembly point as it was entered, and the country in which it lies. That is told once, and by a second officer before anybody is
/// taken there who fears a state; afterwards one officer proposes another with a reason and a second one confirms it.
/// </summary>
internal sealed record Point(Guid Id) : IFold<Point>
{
    public AssemblyPointOpened? Opened { get; private init; }

    public CountryTold? Country { get; private init; }

    /// <summary>What waits for a second officer.</summary>
    public PointCountryChangeProposed? Proposed { get; private init; }

    /// <summary>Who told the same, or looked at a change; null while one account alone told the country.</summary>
    public string? ConfirmedBy { get; private init; }

    public bool ToldByOne => Country is not null && ConfirmedBy is null;

    public PointCountry Where => new(Country?.Country, Proposed?.Country, ToldByOne);

    public static Point Start(Guid id) => new(id);

    public Point Apply(Event @event) => @event switch
    {
        AssemblyPointOpened e => this with { Opened = e, Country = e.Country is { } country ? new(country, e.Officer, e.At) : Country },
        PointCountrySet e => this with { Country = new(e.Country, e.Officer, e.At), Proposed = null, ConfirmedBy = null },
        PointCountryConfirmed e => this with { ConfirmedBy = e.Officer },
        PointCountryChangeProposed e => this with { Proposed = e },
        PointCountryChangeConfirmed e => this with { Country = new(e.Country, e.Officer, e.At), Proposed = null, ConfirmedBy = e.Officer },
        _ => this,
    };
}

/// <summary>In which countries a crisis is, as its own timeline tells.</summary>
internal sealed record CrisisCountries(Guid Id) : IFold<CrisisCountries>
{
    public bool Opened { get; private init; }

    public IReadOnlyList<string> Countries { get; private init; } = [];

    public static CrisisCountries Start(Guid id) => new(id);

    public CrisisCountries Apply(Event @event) => @event switch
    {
        CrisisOpened => this with { Opened = true },
        CrisisCountriesSet e => this with { Countries = e.Countries },
        CrisisCountriesChangeConfirmed e => this with { Countries = e.Countries },
        _ => this,
    };

    public static Refusal Unknown => ServiceDefaults.CrisisRefusals.Unknown;

    public static Refusal NotTold => Refusal.Conflict("crisis/countries-unknown",
        "Nobody has told in which countries this crisis is, so nobody can be planned out of them. Tell it first: POST /crises/{crisisId}/countries of the consular service.");
}
