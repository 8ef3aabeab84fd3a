namespace CrisisCoordination.Contracts;

/// <summary>Somebody told in which country a point lies that was entered without one. The point's own timeline, as all of these.</summary>
/// <param name="Country">Alpha-3 code.</param>
[Stored("point_country_set")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record PointCountrySet(string Country, string Officer, DateTimeOffset At) : Event(At);

/// <summary>
/// A second officer told the same country for the point. Until then one account alone told it, and nobody who fears a state is taken
/// from or to it.
/// </summary>
/// <param name="Country">Alpha-3 code, the one that stands.</param>
/// <param name="Officer">Another than the one who told it first.</param>
[Stored("point_country_confirmed")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record PointCountryConfirmed(string Country, string Officer, DateTimeOffset At) : Event(At);

/// <summary>
/// Somebody says that the point lies in another country. Until a second officer confirms it rule N asks about both: a proposal
/// protects, and changes nothing else.
/// </summary>
/// <param name="Country">Alpha-3 code.</param>
/// <param name="Reason">Why, in the officer's words; nothing about a person.</param>
[Stored("point_country_change_proposed")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record PointCountryChangeProposed(string Country, string Reason, string Officer, DateTimeOffset At) : Event(At);

/// <summary>A second officer looked and agrees: from now on the point lies in this country.</summary>
/// <param name="Country">Alpha-3 code, that of the last <see cref="PointCountryChangeProposed"/>.</param>
/// <param name="Officer">Another than the one who proposed it.</param>
[Stored("point_country_change_confirmed")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record PointCountryChangeConfirmed(string Country, string Officer, DateTimeOffset At) : Event(At);

/// <summary>In which countries the crisis is: people leave these. The crisis's own timeline, as all of these.</summary>
/// <param name="Countries">Alpha-3 codes, at least one.</param>
[Stored("crisis_countries_set")]
[AppendedBy(Service.ConsularContact)]
public sealed record CrisisCountriesSet(IReadOnlyList<string> Countries, string Officer, DateTimeOffset At) : Event(At);

/// <summary>Somebody says that the crisis is in other countries than was told. It changes nothing until a second officer confirms it.</summary>
/// <param name="Countries">All of them, alpha-3 codes.</param>
/// <param name="Reason">Why, in the officer's words; nothing about a person.</param>
[Stored("crisis_countries_change_proposed")]
[AppendedBy(Service.ConsularContact)]
public sealed record CrisisCountriesChangeProposed(IReadOnlyList<string> Countries, string Reason, string Officer, DateTimeOffset At) : Event(At);

/// <summary>A second officer looked and agrees: from now on the crisis is in these countries.</summary>
/// <param name="Countries">Those of the last <see cref="CrisisCountriesChangeProposed"/>.</param>
/// <param name="Officer">Another than the one who proposed it.</param>
[Stored("crisis_countries_change_confirmed")]
[AppendedBy(Service.ConsularContact)]
public sealed record CrisisCountriesChangeConfirmed(IReadOnlyList<string> Countries, string Officer, DateTimeOffset At) : Event(At);
