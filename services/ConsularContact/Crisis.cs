using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact;

/// <summary>A crisis, as the intake needs it.</summary>
internal sealed record Crisis(Guid Id, CrisisOpened? Opened) : IFold<Crisis>
{
    public static Crisis Start(Guid id) => new(id, null);

    public Crisis Apply(Event @event) => @event is CrisisOpened opened ? this with { Opened = opened } : this;

    public static Refusal Unknown => Refusal.NotFound("crisis/unknown", "There is no crisis with this id. GET /crises lists them; POST /crises opens one from a CAP alert.");

    /// <summary>
    /// Whether who registered is in an affected area: by position; without one, by a place whose name the area's name
    /// contains ("Khartoum, Burri" in "Khartoum, Omdurman and Bahri"). In doubt a person counts as exposed, not as safe.
    /// </summary>
    public bool Affects(Registration form) => Opened is { } opened && (form.Position is { } position
        ? opened.Areas.Any(area => area.Contains(position))
        : form.Place is { } place && opened.Areas.Any(area => Words(place).Intersect(Words(area.Name)).Any()));

    private static IEnumerable<string> Words(string text) =>
        text.ToLowerInvariant().Split([' ', ',', ';', '(', ')', '/'], StringSplitOptions.RemoveEmptyEntries).Where(word => word.Length > 3);

    public static IProjection ReadModel(string schema) => new Projection<Crisis>($"{schema}.crisis", 1,
        [("identifier", "text not null"), ("sender", "text not null"), ("status", "text not null"), ("name", "text not null"), ("areas", "text[] not null"), ("opened_at", "timestamptz not null")],
        c => c.Opened is { } o ? [[o.Identifier, o.Sender, o.Status, o.Name, o.Areas.Select(a => a.Name).ToArray(), o.At.ToUniversalTime()]] : [],
        [typeof(CrisisOpened)], "create unique index on {table} (sender, identifier)");
}
