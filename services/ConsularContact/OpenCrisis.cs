using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Npgsql;

namespace CrisisCoordination.ConsularContact;

/// <summary>Opens a crisis from a CAP 1.2 alert (OASIS, 2010). The same alert again opens nothing new.</summary>
internal static partial class OpenCrisis
{
    private static readonly XNamespace Cap = "urn:oasis:names:tc:emergency:cap:1.2";
    private static readonly string[] Statuses = ["Actual", "Exercise", "System", "Test", "Draft"], Scopes = ["Public", "Restricted", "Private"];

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/crises", Open).Accepts<string>("application/xml", "application/cap+xml", "text/xml").Allow(Roles.Officer, Roles.Coordinator).WithSummary("Open a crisis from a CAP 1.2 alert");
        api.MapGet("/crises", List).Allow([.. Roles.All]).WithSummary("The crises");
        api.MapGet("/crises/{crisisId:guid}", Read).Allow([.. Roles.All]).WithSummary("One crisis");
    }

    private static async Task<IResult> Open(HttpContext http, TimelineStore store, CrisisService service, CancellationToken ct)
    {
        var (alert, fault) = await ParseAsync(http.Request.Body, ct);
        if (alert is null) return fault!.ToProblem();
        var id = http.Ids().Next();
        if (await FindAsync(store, service, alert, ct) is { } known) return TypedResults.Ok(Answer(known, alert));
        var outcome = await store.DecideAsync<Crisis>(id, crisis => crisis.Opened is null ? alert : Decision.Nothing, new By(http.User.Identity!.Name), ct);
        // Two at once: the read model's unique index let one through.
        if (outcome.Refusal is not null && await FindAsync(store, service, alert, ct) is { } other) return TypedResults.Ok(Answer(other, alert));
        return outcome.ToResult(http, () => TypedResults.Created($"/crises/{id}", Answer(id, alert)));
    }

    private static object Answer(Guid id, CrisisOpened alert) => new { crisisId = id, alert.Identifier, alert.Status, alert.Name, areas = alert.Areas.Select(a => a.Name) };

    private static async Task<Guid?> FindAsync(TimelineStore store, CrisisService service, CrisisOpened alert, CancellationToken ct)
    {
        await using var find = store.Database.CreateCommand($"select stream_id from {service.Schema}.crisis where sender = $1 and identifier = $2");
        find.Parameters.Add(new() { Value = alert.Sender });
        find.Parameters.Add(new() { Value = alert.Identifier });
        return await find.ExecuteScalarAsync(ct) as Guid?;
    }

    private static async Task<IResult> List(TimelineStore store, CrisisService service, CancellationToken ct)
    {
        await using var list = store.Database.CreateCommand($"select stream_id, identifier, sender, status, name, opened_at from {service.Schema}.crisis order by opened_at desc limit 500");
        await using var reader = await list.ExecuteReaderAsync(ct);
        var items = new List<object>();
        while (await reader.ReadAsync(ct))
            items.Add(new { crisisId = reader.GetGuid(0), identifier = reader.GetString(1), sender = reader.GetString(2), status = reader.GetString(3), name = reader.GetString(4), openedAt = reader.GetFieldValue<DateTimeOffset>(5) });
        return TypedResults.Ok(new { items, next = (string?)null });
    }

    private static async Task<IResult> Read(Guid crisisId, TimelineStore store, CancellationToken ct) =>
        (await store.LoadAsync<Crisis>(crisisId, ct: ct)).State.Opened is { } opened
            ? TypedResults.Ok(new { crisisId, opened.Identifier, opened.Sender, opened.Status, opened.Name, opened.Areas, openedAt = opened.At }) : Crisis.Unknown.ToProblem();

    /// <summary>Reads an alert by the schema's rules; DTDs and entities are refused unread.</summary>
    internal static async Task<(CrisisOpened? Alert, Refusal? Fault)> ParseAsync(Stream body, CancellationToken ct)
    {
        XElement alert;
        try
        {
            using var reader = XmlReader.Create(body, new XmlReaderSettings { Async = true, DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = 1_000_000 });
            alert = await XElement.LoadAsync(reader, LoadOptions.None, ct);
        }
        catch (XmlException e)
        {
            return Refuse("crisis/alert-malformed", $"The alert is not well-formed XML, or holds a DTD: {e.Message}", null);
        }
        if (alert.Name != Cap + "alert") return Refuse("crisis/alert-not-cap", "This is no CAP 1.2 alert: the root must be <alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">.", null);
        string? Text(string name) => alert.Element(Cap + name)?.Value.Trim() is { Length: > 0 } text ? text : null;
        foreach (var needed in new[] { "identifier", "sender", "sent", "status", "msgType", "scope" })
            if (Text(needed) is null) return Refuse("crisis/alert-incomplete", $"The alert has no <{needed}>, which CAP 1.2 demands.", needed);
        foreach (var plain in new[] { "identifier", "sender" })
            if (Text(plain)!.AsSpan().IndexOfAny(" ,<&") >= 0 || Text(plain)!.Length > 500) return Refuse("crisis/alert-invalid", $"The <{plain}> may not contain spaces, commas, < or &, and has at most 500 characters.", plain);
        if (!Sent().IsMatch(Text("sent")!) || !DateTimeOffset.TryParse(Text("sent"), CultureInfo.InvariantCulture, out var sent))
            return Refuse("crisis/alert-invalid", "The <sent> time is written 2023-04-15T07:40:00-00:00: whole seconds and a numeric offset, no Z.", "sent");
        if (!Statuses.Contains(Text("status"))) return Refuse("crisis/alert-invalid", $"The <status> is one of {string.Join(", ", Statuses)}.", "status");
        if (Text("msgType") != "Alert") return Refuse("crisis/alert-not-opening", "Only an alert of <msgType> Alert opens a crisis.", "msgType");
        if (!Scopes.Contains(Text("scope"))) return Refuse("crisis/alert-invalid", $"The <scope> is one of {string.Join(", ", Scopes)}.", "scope");
        if (alert.Elements(Cap + "info").FirstOrDefault() is not { } info || info.Element(Cap + "event")?.Value.Trim() is not { Length: > 0 and <= 500 } name)
            return Refuse("crisis/alert-incomplete", "The alert has no <info> with an <event>: what happened?", "info");
        var areas = new List<AffectedArea>();
        foreach (var area in info.Elements(Cap + "area"))
        {
            var title = area.Element(Cap + "areaDesc")?.Value.Trim() ?? "";
            foreach (var polygon in area.Elements(Cap + "polygon"))
            {
                var points = polygon.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Point).ToList();
                if (points.Count < 4 || points.Contains(null) || points[0] != points[^1]) return Refuse("crisis/alert-invalid", $"The polygon of “{title}” needs at least four points lat,lon in WGS 84, the last equal to the first.", "polygon");
                areas.Add(new(title, points!, null, 0));
            }
            foreach (var circle in area.Elements(Cap + "circle"))
            {
                var parts = circle.Value.Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (parts.Length != 2 || Point(parts[0]) is not { } centre || !double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var radius) || !(radius is >= 0 and <= 20038))
                    return Refuse("crisis/alert-invalid", $"The circle of “{title}” is written lat,lon radius, with the radius in kilometres.", "circle");
                areas.Add(new(title, [], centre, radius));
            }
        }
        return (new CrisisOpened(Text("identifier")!, Text("sender")!, Text("status")!, name, areas, sent), null);

        static (CrisisOpened?, Refusal?) Refuse(string code, string detail, string? field) => (null, Refusal.Invalid(code, detail, field));
    }

    private static Position? Point(string text) =>
        text.Split(',') is [var lat, var lon] && double.TryParse(lat, NumberStyles.Float, CultureInfo.InvariantCulture, out var latitude) && Math.Abs(latitude) <= 90
        && double.TryParse(lon, NumberStyles.Float, CultureInfo.InvariantCulture, out var longitude) && Math.Abs(longitude) <= 180 ? new(latitude, longitude) : null;

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d$", RegexOptions.NonBacktracking)]
    private static partial Regex Sent();
}
