using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Travel;

namespace CrisisCoordination.EvacuationPlanning.Manifests;

/// <summary>The manifest to print and take to the gate: large type, families together, a box to tick for each person.</summary>
internal static class ManifestPage
{
    /// <summary>Nothing on the page is fetched or run, whatever is written in a name.</summary>
    public const string ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";

    private const string Style = """
        body { font: 16pt/1.35 "Noto Sans", "DejaVu Sans", sans-serif; margin: 12mm; color: #000; background: #fff }
        h1 { font-size: 26pt; margin: 0 } h2 { font-size: 20pt; margin: 8mm 0 2mm; break-after: avoid } p { margin: 2mm 0 5mm }
        table { border-collapse: collapse; width: 100% } th { text-align: left; font-size: 12pt; border-bottom: 2px solid #000 }
        td { padding: 2mm 3mm 2mm 0; vertical-align: top } tbody tr { border-bottom: 1px solid #999; break-inside: avoid }
        tbody tr.first { border-top: 3px solid #000 } thead { display: table-header-group }
        .name { font-weight: bold } .help { font-weight: bold; border: 2px solid #000; padding: 0 1.5mm; white-space: nowrap }
        .box { display: inline-block; width: 9mm; height: 9mm; border: 2px solid #000 } .box.on::after { content: "✓"; font-size: 20pt; line-height: 9mm; padding-left: 1mm }
        @page { size: A4 landscape; margin: 10mm }
        """;

    public static string Write(Manifest manifest, DateTimeOffset at)
    {
        var s = manifest.Schedule;
        var page = new StringBuilder($"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"/><title>Manifest {Text(s.Code)}</title><style>{Style}</style></head>
            <body><h1>{Text(s.Code)}: {Text(s.From)} → {Text(s.To)}{(s.DestinationCountry is { } country ? $" ({Text(country)})" : "")}</h1>
            <p>{Text(s.Kind)} of {Text(s.Operator)}. Departs {Moment(s.DepartsAt)}, arrives {Moment(s.ArrivesAt)}.<br/>
            <b>{manifest.Lines.Length} people</b>: {Count(Mobility.None)} in seats, {Count(Mobility.Wheelchair)} in wheelchairs, {Count(Mobility.Stretcher)} on stretchers, {manifest.Lines.Count(line => line.Space.OnLap)} infants on laps.
            {In(SpaceState.CheckedIn)} checked in, {In(SpaceState.Boarded)} on board, {In(SpaceState.Arrived)} arrived, {In(SpaceState.Missing)} missing.<br/>
            {Seal(manifest.Transport)} As of {Moment(at)}, version {manifest.Version}.</p>{Unwritten(manifest)}{LeftOut(manifest)}
            <table><thead><tr><th>Here</th><th>No.</th><th>Name</th><th>Born</th><th>Nationality</th><th>Document</th><th>Help</th><th>State</th></tr></thead><tbody>

            """);
        var group = 0;
        foreach (var line in manifest.Lines)
        {
            var (form, document) = (line.Person.Form, line.Person.Document(manifest.Day));
            page.Append(CultureInfo.InvariantCulture, $"""
                <tr{(line.Group != group ? " class=\"first\"" : "")}><td><span class="box{(line.Space.State is SpaceState.CheckedIn or SpaceState.Boarded or SpaceState.Arrived ? " on" : "")}"></span></td><td>{line.Number}</td>
                <td><span class="name">{Text(form?.FamilyName)}</span> {Text(form?.GivenNames)}{(form?.NameInOriginalScript is { } script ? $"<br/><bdi>{Text(script)}</bdi>" : "")}</td>
                <td>{Text(form?.BirthDate?.ToString())}</td><td>{Text(form?.Nationality)}</td><td>{Text(document.Number)}</td><td>{string.Join(' ', line.Assistance.Select(code => $"<span class=\"help\">{code}</span>"))}</td><td>{State(line)}</td></tr>

                """);
            group = line.Group;
        }
        page.Append("</tbody></table>");
        if (!manifest.Standby.IsEmpty)
            page.Append(CultureInfo.InvariantCulture, $"<h2>Standing by: {manifest.Standby.Length}, in the order of their turn</h2><ol>{string.Concat(manifest.Standby.Select(person =>
                $"<li><span class=\"name\">{Text(person.Form?.FamilyName)}</span> {Text(person.Form?.GivenNames)}, {Text(person.Form?.BirthDate?.ToString())}</li>"))}</ol>");
        return page.Append("</body></html>\n").ToString();

        static string Unwritten(Manifest manifest) =>
            manifest.Lines.Where(line => line.Person.LacksBorderName).Select(line => $"{line.Number}").ToArray() is { Length: > 0 } numbers
                ? $"<p><b>No. {string.Join(", ", numbers)}: carriers and borders cannot read the name. Ask how it is spelled in Latin letters, "
                    + "and correct the registration before you seal.</b></p>"
                : "";

        static string LeftOut(Manifest manifest) =>
            manifest.Lines.Where(line => manifest.IsKeptFrom(line.Person)).Select(line => $"{line.Number}").ToArray() is { Length: > 0 } numbers
                ? $"<p><b>No. {string.Join(", ", numbers)}: not on the list for carriers and borders. Give this page to nobody but our own people, "
                    + "and tell a protection officer before they board.</b></p>"
                : "";

        int In(SpaceState state) => manifest.Lines.Count(line => line.Space.State == state);

        int Count(Mobility kind) => manifest.Lines.Count(line => line.Space.Kind == kind && !line.Space.OnLap);
    }

    private static string State(ManifestLine line) => line.Space.State switch
    {
        SpaceState.CheckedIn => $"checked in{(line.Space.Gate is { } gate ? $", {Text(gate)}" : "")}",
        SpaceState.Boarded => "on board",
        SpaceState.Missing => "<span class=\"help\">MISSING</span>",
        SpaceState.Arrived => "arrived",
        _ => "",
    };

    // The first letters are enough to compare by eye; the other formats have the whole of it.
    private static string Seal(Transport transport) => SealNow.Of(transport) is { } seal
        ? $"<b>Seal {seal.Number}</b> ({seal.Sha256[..12]}{(seal.Changed ? "; the gate has changed the list since" : "")})." : "<b>Draft, not sealed.</b>";

    private static string Text(string? text) => HtmlEncoder.Default.Encode(text ?? "");

    private static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("ddd d MMM yyyy HH:mm", CultureInfo.InvariantCulture) + " UTC";
}
