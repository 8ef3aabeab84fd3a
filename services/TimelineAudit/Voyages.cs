namespace CrisisCoordination.TimelineAudit;

/// <summary>A transport as its timeline tells it, and whom it carries.</summary>
internal sealed class Voyage(Guid id)
{
    private readonly Dictionary<Guid, (string Space, bool Infant)> taken = [];

    public Guid Id => id;
    public string Code { get; private set; } = "";
    public string? From { get; private set; }
    public string? To { get; private set; }

    /// <summary>Where its own entry says that it goes; somebody typed it.</summary>
    public string? Country { get; private set; }

    /// <summary>Points to which it may be diverted.</summary>
    public IReadOnlyList<string> Alternates { get; private set; } = [];

    public bool HasDeparted { get; private set; }
    public bool IsCancelled { get; private set; }

    private int seats, wheelchairs, stretchers;

    /// <summary>More people than it has spaces for; an infant is on a lap.</summary>
    public bool IsOverfull => Count("none") > seats || Count("wheelchair") > wheelchairs || Count("stretcher") > stretchers;

    public void Apply(Entry e)
    {
        switch (e.Type)
        {
            case Names.Scheduled:
                (Code, From, To, Country) = (e.Text("code") ?? "", e.Text("from"), e.Text("to"), e.Text("destinationCountry"));
                Alternates = e.Texts("alternates");
                Resize(e);
                break;
            case Names.Alternates:
                Alternates = e.Texts("alternates");
                break;
            case Names.Resized:
                Resize(e);
                break;
            case Names.Diverted:
                (To, Country) = (e.Text("to"), e.Text("destinationCountry"));
                break;
            case Names.Cancelled:
                IsCancelled = true;
                break;
            case Names.Departed:
                HasDeparted = true;
                break;
            case Names.SpaceTaken:
                taken[e.Id("personId")] = (e.Text("space") ?? "none", e.Is("infant"));
                break;
            case Names.SpaceFreed:
                taken.Remove(e.Id("personId"));
                break;
        }
    }

    private void Resize(Entry e) =>
        (seats, wheelchairs, stretchers) = (e.Number("seats"), e.Number("wheelchairSpaces"), e.Number("stretcherSpaces"));

    private int Count(string space) => taken.Values.Count(one => one.Space == space && !one.Infant);
}

/// <summary>
/// Which country a point lies in: what its own timeline says, and what is proposed there; while that says nothing, what the
/// first transport entered to go there said of it.
/// </summary>
internal sealed class Places
{
    private readonly Dictionary<string, string> told = [], proposed = [], firstTold = [];
    private readonly Dictionary<Guid, string> points = [];
    private readonly Dictionary<string, (double North, double East)> positions = [];

    // What is farther from every point than this may lie anywhere.
    private const double NearInKilometres = 20;

    public void Apply(Entry e)
    {
        if (e.Type == Names.Point)
        {
            points[e.Stream] = e.Text("code")!;
            if (Told.PositionIn(e.Data) is { } position) positions[points[e.Stream]] = position;
        }
        if (points.TryGetValue(e.Stream, out var point) && e.Text("country") is { } country)
        {
            if (Names.CountryTold.Contains(e.Type)) told[point] = country;
            if (e.Type == Names.CountryProposed) proposed[point] = country;
            else proposed.Remove(point);
        }
        if (e.Type is Names.Scheduled or Names.Diverted && e.Text("to") is { } to
            && e.Text("destinationCountry") is { } said) firstTold.TryAdd(to, said);
    }

    /// <summary>The country of the nearest point that says its own; null where none is near.</summary>
    public string? Around((double North, double East) place) => positions.Where(point => told.ContainsKey(point.Key))
        .Select(point => (point.Key, Away: Told.Kilometres(place, point.Value))).Where(point => point.Away <= NearInKilometres)
        .OrderBy(point => point.Away).Select(point => told[point.Key]).FirstOrDefault();

    /// <summary>More than one while a change is proposed; none where nobody said.</summary>
    public IReadOnlyList<string> Of(string? point) =>
        point is null ? [] : [.. new[] { told.GetValueOrDefault(point) ?? firstTold.GetValueOrDefault(point),
            proposed.GetValueOrDefault(point) }.OfType<string>().Distinct()];
}
