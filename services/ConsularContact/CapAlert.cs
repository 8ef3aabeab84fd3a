using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact;

/// <summary>
/// A CAP 1.2 message (OASIS Common Alerting Protocol, 1 July 2010), read by the rules of its schema and those of its text.
/// </summary>
internal sealed partial record CapAlert(
    AlertReference Self, DateTimeOffset Sent, string Status, string MessageType, IReadOnlyList<AlertReference> References, string? Name, IReadOnlyList<AffectedArea> Areas)
{
    public const string Alert = "Alert", Update = "Update", Cancel = "Cancel";

    /// <summary>The last of its parts to run out; null when one of them does not say.</summary>
    public DateTimeOffset? Expires { get; private init; }

    private const int Longest = 500, MostCharacters = 1_000_000;

    private static readonly XNamespace Cap = "urn:oasis:names:tc:emergency:cap:1.2", Signature = "http://www.w3.org/2000/09/xmldsig#";

    /// <summary>An element where the schema has it, in the schema's order.</summary>
    /// <param name="Fault">What is wrong with its text; null when it may stand.</param>
    private sealed record Element(string Name, int Least, int Most, Func<string, string?>? Fault = null, params Element[] Inside);

    private static readonly Element[] Named = [One("valueName"), One("value")];

    private static readonly Element[] Schema =
    [
        One("identifier", Plain), One("sender", Plain), One("sent", Time), One("status", OneOf("Actual", "Exercise", "System", "Test", "Draft")),
        One("msgType", OneOf(Alert, Update, Cancel, "Ack", "Error")), Maybe("source"), One("scope", OneOf("Public", "Restricted", "Private")),
        Maybe("restriction"), Maybe("addresses"), Many("code"), Maybe("note"), Maybe("references", Referring), Maybe("incidents"),
        Many("info", inside:
        [
            Maybe("language", Language), new("category", 1, int.MaxValue, OneOf("Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE", "Other")),
            One("event"), Many("responseType", OneOf("Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None")),
            One("urgency", OneOf("Immediate", "Expected", "Future", "Past", "Unknown")), One("severity", OneOf("Extreme", "Severe", "Moderate", "Minor", "Unknown")),
            One("certainty", OneOf("Observed", "Likely", "Possible", "Unlikely", "Unknown")), Maybe("audience"), Many("eventCode", inside: Named),
            Maybe("effective", Time), Maybe("onset", Time), Maybe("expires", Time), Maybe("senderName"), Maybe("headline"), Maybe("description"), Maybe("instruction"),
            Maybe("web", Address), Maybe("contact"), Many("parameter", inside: Named),
            Many("resource", inside: [One("resourceDesc"), One("mimeType"), Maybe("size", Whole), Maybe("uri", Address), Maybe("derefUri"), Maybe("digest")]),
            Many("area", inside: [One("areaDesc"), Many("polygon", Polygon), Many("circle", Circle), Many("geocode", inside: Named), Maybe("altitude", Decimal), Maybe("ceiling", Decimal)]),
        ]),
    ];

    /// <summary>Reads a message; DTDs and entities are refused unread.</summary>
    public static async Task<(CapAlert? Alert, Refusal? Fault)> ReadAsync(Stream body, CancellationToken ct)
    {
        XElement alert;
        try
        {
            using var reader = XmlReader.Create(body, new XmlReaderSettings { Async = true, DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MostCharacters });
            alert = await XElement.LoadAsync(reader, LoadOptions.None, ct);
        }
        catch (XmlException e)
        {
            return (null, Refusal.Invalid("crisis/alert-malformed", $"The alert is not well-formed XML, or holds a DTD: {e.Message}"));
        }
        if (alert.Name != Cap + "alert") return (null, Refusal.Invalid("crisis/alert-not-cap", "This is no CAP 1.2 alert: the root must be <alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">."));
        return (FaultIn(alert, Schema) ?? FaultOfText(alert)) is { } fault ? (null, fault) : (Read(alert), null);
    }

    private static Refusal? FaultIn(XElement parent, Element[] schema)
    {
        var children = parent.Elements().Where(child => child.Name.Namespace != Signature).ToList();
        if (children.Find(child => schema.All(element => child.Name != Cap + element.Name)) is { } stranger) return Invalid(stranger.Name.LocalName, $"<{stranger.Name.LocalName}> is not known in <{parent.Name.LocalName}>.");
        var at = 0;
        foreach (var element in schema)
        {
            var count = 0;
            for (; at < children.Count && children[at].Name == Cap + element.Name; at++, count++)
            {
                if (count == element.Most) return Invalid(element.Name, $"<{element.Name}> stands more than once in <{parent.Name.LocalName}>.");
                var child = children[at];
                if (element.Inside.Length > 0)
                {
                    if (FaultIn(child, element.Inside) is { } within) return within;
                }
                else if (child.HasElements) return Invalid(element.Name, $"<{element.Name}> holds text only.");
                else if (element.Least > 0 && Text(child) is null) return Missing(parent, element.Name);
                else if (Text(child) is { } text && element.Fault?.Invoke(text) is { } fault) return Invalid(element.Name, $"<{element.Name}> {fault}.");
            }
            if (count >= element.Least) continue;
            return parent.Elements(Cap + element.Name).Any() ? Misplaced(element.Name) : Missing(parent, element.Name);
        }
        return at == children.Count ? null : Misplaced(children[at].Name.LocalName);
    }

    // What the schema cannot say.
    private static Refusal? FaultOfText(XElement alert)
    {
        string? Of(string name) => Text(alert.Element(Cap + name));
        if (Of("scope") == "Restricted" && Of("restriction") is null) return Missing(alert, "restriction");
        if (Of("scope") == "Private" && Of("addresses") is null) return Missing(alert, "addresses");
        if (Of("msgType") is not Alert && Of("references") is null) return Missing(alert, "references");
        if (Of("msgType") is "Ack" or "Error") return Refusal.Invalid("crisis/alert-not-opening", "An acknowledgement or error report tells of no crisis. Send the alert, its updates and its cancel.", "msgType");
        if (Of("msgType") is not Cancel && alert.Element(Cap + "info") is null) return Missing(alert, "info");
        if (alert.Descendants(Cap + "area").Any(area => area.Element(Cap + "ceiling") is not null && area.Element(Cap + "altitude") is null)) return Missing(alert.Descendants(Cap + "area").First(), "altitude");
        return null;
    }

    private static CapAlert Read(XElement alert)
    {
        string Of(string name) => Text(alert.Element(Cap + name))!;
        return new(
            new(Of("sender"), Of("identifier")), When(Of("sent")), Of("status"), Of("msgType"), Text(alert.Element(Cap + "references")) is { } references ? [.. Referred(references)!] : [],
            Text(alert.Elements(Cap + "info").FirstOrDefault()?.Element(Cap + "event")), [.. AreasOf(alert)])
        {
            Expires = alert.Elements(Cap + "info").Select(info => Text(info.Element(Cap + "expires"))).ToList() is { Count: > 0 } ends && !ends.Contains(null) ? ends.Max(end => When(end!)) : null,
        };
    }

    // Each language tells the same areas anew; one that is drawn the same way has all its names.
    private static IEnumerable<AffectedArea> AreasOf(XElement alert) =>
        alert.Elements(Cap + "info").Elements(Cap + "area").SelectMany(area =>
        {
            var name = Text(area.Element(Cap + "areaDesc"))!;
            List<AffectedArea> drawn =
            [
                .. area.Elements(Cap + "polygon").Select(polygon => new AffectedArea(name, Points(Text(polygon)!)!, null, 0)),
                .. area.Elements(Cap + "circle").Select(circle => Centred(Text(circle)!) is var (centre, radius) ? new AffectedArea(name, [], centre, radius) : throw new InvalidOperationException()),
            ];
            // Codes of places stand for nothing here, but the name does.
            return drawn.Count > 0 ? drawn : [new(name, [], null, 0)];
        })
        .GroupBy(area => (string.Join(' ', area.Polygon), area.Centre, area.RadiusKilometres, area.Polygon.Count == 0 && area.Centre is null ? area.Name : ""))
        .Select(same => same.First() with { Name = string.Join(" / ", same.Select(area => area.Name).Distinct()) });

    private static Element One(string name, Func<string, string?>? fault = null) => new(name, 1, 1, fault ?? Short);
    private static Element Maybe(string name, Func<string, string?>? fault = null) => new(name, 0, 1, fault);
    private static Element Many(string name, Func<string, string?>? fault = null, params Element[] inside) => new(name, 0, int.MaxValue, fault, inside);

    private static string? Text(XElement? element) => element?.Value.Trim() is { Length: > 0 } text ? text : null;

    private static Refusal Missing(XElement parent, string name) => Refusal.Invalid("crisis/alert-incomplete", $"The <{parent.Name.LocalName}> has no <{name}>, which CAP 1.2 demands here.", name);
    private static Refusal Misplaced(string name) => Invalid(name, $"<{name}> stands in the wrong place: CAP 1.2 has a fixed order of elements.");
    private static Refusal Invalid(string name, string detail) => Refusal.Invalid("crisis/alert-invalid", detail, name);

    private static Func<string, string?> OneOf(params string[] words) => text => words.Contains(text) ? null : $"is one of {string.Join(", ", words)}";
    private static string? Short(string text) => text.Length <= Longest ? null : $"has at most {Longest} characters";
    private static string? Plain(string text) => PlainText().IsMatch(text) ? Short(text) : "may not contain spaces, commas, < or &";
    private static string? Time(string text) => TimeText().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _) ? null : "is written 2023-04-15T07:40:00-00:00: whole seconds and a numeric offset, no Z";
    private static string? Language(string text) => LanguageText().IsMatch(text) ? null : "is a code of a language such as en-US";
    private static string? Address(string text) => Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out _) ? null : "is no web address";
    private static string? Whole(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? null : "is a whole number";
    private static string? Decimal(string text) => decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _) ? null : "is a number";
    private static string? Referring(string text) => Referred(text) is null ? "names each earlier message as sender,identifier,sent, with spaces in between" : null;
    private static string? Polygon(string text) => Points(text) is [_, _, _, _, ..] points && points[0] == points[^1] ? null : "needs at least four points lat,lon in WGS 84, the last equal to the first";
    private static string? Circle(string text) => Centred(text) is null ? "is written lat,lon radius, with the radius in kilometres" : null;

    private static DateTimeOffset When(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static List<AlertReference>? Referred(string text)
    {
        var all = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(one => one.Split(','))
            .Select(parts => parts is [{ Length: > 0 } sender, { Length: > 0 } identifier, var sent] && Time(sent) is null && Short(sender + identifier) is null ? new AlertReference(sender, identifier) : null).ToList();
        return all.Count > 0 && !all.Contains(null) ? [.. all.OfType<AlertReference>().Distinct()] : null;
    }

    private static List<Position>? Points(string text)
    {
        var points = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Point).ToList();
        return points.Contains(null) ? null : [.. points.OfType<Position>()];
    }

    private static (Position Centre, double Radius)? Centred(string text) =>
        text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is [var at, var far] && Point(at) is { } centre
        && double.TryParse(far, NumberStyles.Float, CultureInfo.InvariantCulture, out var radius) && radius is >= 0 and <= 20038 ? (centre, radius) : null;

    private static Position? Point(string text) =>
        text.Split(',') is [var lat, var lon] && double.TryParse(lat, NumberStyles.Float, CultureInfo.InvariantCulture, out var latitude) && Math.Abs(latitude) <= 90
        && double.TryParse(lon, NumberStyles.Float, CultureInfo.InvariantCulture, out var longitude) && Math.Abs(longitude) <= 180 ? new(latitude, longitude) : null;

    [GeneratedRegex(@"\A[^\s,<&\0]+\z", RegexOptions.NonBacktracking)]
    private static partial Regex PlainText();

    [GeneratedRegex(@"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d\z", RegexOptions.NonBacktracking)]
    private static partial Regex TimeText();

    [GeneratedRegex(@"\A[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex LanguageText();
}
