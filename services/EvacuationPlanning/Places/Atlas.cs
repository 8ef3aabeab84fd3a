using System.Collections.Immutable;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.EvacuationPlanning.Places;

/// <summary>The points and crises that one decision looks at, each as its own timeline tells. What was not read is not known.</summary>
internal sealed record Atlas(ImmutableDictionary<string, Point> Points, ImmutableDictionary<Guid, CrisisCountries> Crises)
{
    /// <summary>In which country people are; read only where somebody fears one.</summary>
    public Surroundings Around { get; init; } = Surroundings.Unknown;

    public static Atlas Empty { get; } = new(ImmutableDictionary<string, Point>.Empty, ImmutableDictionary<Guid, CrisisCountries>.Empty);

    public static async Task<Atlas> LoadAsync(Work work, IEnumerable<string> points, IEnumerable<Guid> crises)
    {
        var (codes, ids) = (points.Distinct().ToDictionary(code => code, StreamId.AssemblyPoint), crises.Distinct().ToList());
        await work.ReadAsync(codes.Values.Concat(ids));
        var (found, told) = (ImmutableDictionary.CreateBuilder<string, Point>(), ImmutableDictionary.CreateBuilder<Guid, CrisisCountries>());
        foreach (var (code, id) in codes) found.Add(code, await work.LoadAsync<Point>(id));
        foreach (var id in ids) told.Add(id, await work.LoadAsync<CrisisCountries>(id));
        return new(found.ToImmutable(), told.ToImmutable());
    }

    public static Atlas Of(IEnumerable<Point> points, params IEnumerable<CrisisCountries> crises) => new(
        points.Where(point => point.Opened is not null).ToImmutableDictionary(point => point.Opened!.Code), crises.ToImmutableDictionary(crisis => crisis.Id));

    public Point? Find(string code) => Points.GetValueOrDefault(code) is { Opened: not null } point ? point : null;

    /// <summary>As somebody sees it who was registered in these crises.</summary>
    public Ground For(IEnumerable<Guid> crises) => new(
        [.. crises.SelectMany(crisis => Crises.GetValueOrDefault(crisis)?.Countries ?? []).Distinct()], code => Points.GetValueOrDefault(code)?.Where ?? default);

    /// <summary>Where a transport goes, for papers that go with it: null where it leaves no country.</summary>
    /// <param name="told">What whoever entered the transport told; it counts where nothing better is known.</param>
    public string? DestinationOf(string from, string to, string? told) =>
        Find(to)?.Country?.Country is not { } country ? told : told is null && Find(from)?.Country?.Country == country ? null : country;
}
