using System.Globalization;
using System.Text;

namespace CrisisCoordination.AppHost.Sample;

/// <summary>
/// Writes a crisis to try the system on: a cyclone that hits Beira, with synthetic people on real geography. Its input is
/// as messy as real input is, and its seats are for about six people in ten, because only then is there anything to decide.
/// The same seed gives the same bytes. It shares no code with the services that read it, so that it can tell when they err.
/// </summary>
public static class SampleCrisis
{
    private static readonly DateTime Landfall = new(2025, 3, 10, 3, 0, 0, DateTimeKind.Utc);

    /// <summary>Writes registrations.csv, transports.csv, assembly-points.csv, agencies.json and alert.cap.xml.</summary>
    public static void Write(string directory, int seed, int people = 600)
    {
        Directory.CreateDirectory(directory);
        var dice = new Dice((ulong)seed);
        Save("registrations.csv", Csv(SamplePeople.Columns, SamplePeople.Rows(dice, people, Landfall)), withMark: true);
        Save("transports.csv", Csv(["code", "kind", "from", "to", "destination_country", "departs_at", "arrives_at", "seats", "wheelchair_spaces", "stretcher_spaces", "operator"], Transports(dice, people)));
        Save("assembly-points.csv", Csv(["code", "name", "latitude", "longitude"], AssemblyPoints.Select(p => p.Split('|'))));
        Save("agencies.json", Agencies);
        Save("alert.cap.xml", Alert);

        void Save(string name, string text, bool withMark = false) => File.WriteAllText(Path.Combine(directory, name), text, new UTF8Encoding(withMark));
    }

    /// <summary>
    /// Legs home in stages: from the towns to Beira or the border, from there to a first refuge, from there home. The
    /// seats out of the country add up to six tenths of the people; the legs before and after are wider, so that the border is what is short.
    /// </summary>
    private static IEnumerable<string[]> Transports(Dice dice, int people)
    {
        var number = 0;
        const int days = 5;
        var out60 = people * 6 / 10 / days;
        for (var day = 0; day < days; day++)
        {
            var morning = Landfall.Date.AddDays(11 + day);
            foreach (var (from, to) in Feeders) yield return Leg("convoy", from, to, from == "DUR" ? "ZAF" : "", morning, 4 + dice.Next(3), 4, people / 30, 3, 1);
            var seats = Ways.Select(w => out60 * w.Share / 100).ToArray();
            seats[0] += out60 - seats.Sum();
            foreach (var ((kind, from, to, country, hours, _), i) in Ways.Select((w, i) => (w, i)))
                yield return Leg(kind, from, to, country, morning, 11 + dice.Next(4), hours, seats[i], dice.Next(4), kind == "bus" ? 0 : dice.Next(3));
            foreach (var (from, to, country, hours) in Homes)
                if (dice.Chance(45)) yield return Leg("aircraft", from, to, country, morning.AddDays(1), 6 + dice.Next(10), hours, 20 + dice.Next(31), 2, dice.Next(3));
        }

        string[] Leg(string kind, string from, string to, string country, DateTime date, int hour, int hours, int seats, int wheelchairs, int stretchers) =>
        [
            $"X{++number:0000}", kind, from, to, country, Minute(date.AddHours(hour)), Minute(date.AddHours(hour + hours)),
            Text(seats), Text(wheelchairs), Text(stretchers), dice.Pick(Operators),
        ];
    }

    private static string Csv(IEnumerable<string> columns, IEnumerable<IEnumerable<string>> rows) =>
        string.Concat(rows.Prepend(columns).Select(row => string.Join(',', row.Select(Cell)) + "\r\n"));

    private static string Cell(string text) => text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;

    private static string Minute(DateTime at) => at.ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static readonly string[] AssemblyPoints =
    [
        "BEW-P|Beira, sea port|-19.8200|34.8350", "BEW|Beira airport|-19.7964|34.9076", "BEW-M|Beira, Munhava school|-19.8010|34.8560",
        "DON|Dondo railway station|-19.6094|34.7431", "BUZ|Búzi landing place|-19.8880|34.6030", "NHM|Nhamatanda, market|-19.2700|34.2120",
        "VPY|Chimoio airport|-19.1513|33.4290", "MCP|Machipanda border crossing (Zimbabwe)|-18.9700|32.7200", "UEL|Quelimane airport|-17.8555|36.8691",
        "HRE|Harare airport|-17.9318|31.0928", "BLZ|Blantyre Chileka airport|-15.6791|34.9740", "DUR|Durban sea port|-29.8710|31.0250", "JNB|Johannesburg airport|-26.1337|28.2420",
    ];

    private static readonly (string From, string To)[] Feeders =
        [("BEW-M", "BEW"), ("DON", "BEW"), ("BUZ", "BEW-P"), ("NHM", "VPY"), ("VPY", "MCP"), ("DUR", "JNB")];

    private static readonly (string Kind, string From, string To, string Country, int Hours, int Share)[] Ways =
    [
        ("ship", "BEW-P", "DUR", "ZAF", 40, 30), ("aircraft", "BEW", "JNB", "ZAF", 2, 25), ("bus", "MCP", "HRE", "ZWE", 5, 20),
        ("aircraft", "UEL", "BLZ", "MWI", 1, 15), ("aircraft", "VPY", "JNB", "ZAF", 2, 10),
    ];

    private static readonly (string From, string To, string Country, int Hours)[] Homes =
    [
        ("JNB", "DEL", "IND", 9), ("JNB", "DAC", "BGD", 12), ("JNB", "ISB", "PAK", 11), ("JNB", "LIS", "PRT", 11), ("JNB", "GRU", "BRA", 9), ("JNB", "MNL", "PHL", 14),
        ("JNB", "LOS", "NGA", 6), ("JNB", "ADD", "ETH", 6), ("JNB", "FIH", "COD", 4), ("HRE", "LUN", "ZMB", 1), ("HRE", "FBM", "COD", 2), ("HRE", "ADD", "ETH", 5),
        ("BLZ", "LLW", "MWI", 1), ("BLZ", "DAR", "TZA", 2), ("BLZ", "MGQ", "SOM", 5), ("BLZ", "BJM", "BDI", 3), ("JNB", "CAI", "EGY", 8), ("JNB", "HRE", "ZWE", 2),
    ];

    private static readonly string[] Operators = ["IOM charter", "UNHAS", "Indian Navy", "South African Air Force", "LAM", "Ethiopian", "local operator", "Red Cross"];

    private const string Agencies = """
        [
         { "code": "UNHCR", "name": "UN High Commissioner for Refugees", "receives": ["asylum", "statelessness"] },
         { "code": "IOM", "name": "International Organization for Migration", "receives": ["trafficking", "return", "evacuation"] },
         { "code": "UNICEF", "name": "UN Children's Fund", "receives": ["child_protection"] },
         { "code": "ICRC", "name": "International Committee of the Red Cross", "receives": ["family_links", "detention"] },
         { "code": "MSF", "name": "Médecins Sans Frontières", "receives": ["medical"] }
        ]

        """;

    private const string Alert = """
        <?xml version="1.0" encoding="UTF-8"?>
        <alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
          <identifier>CRISIS-MOZ-2025-03-10</identifier><sender>crisis-cell@example.org</sender><sent>2025-03-10T05:10:00-00:00</sent>
          <status>Exercise</status><msgType>Alert</msgType><scope>Restricted</scope><restriction>consular posts and partner agencies</restriction>
          <info><language>en</language><category>Met</category><event>Tropical cyclone at Beira</event><responseType>Evacuate</responseType><urgency>Immediate</urgency><severity>Extreme</severity><certainty>Observed</certainty>
            <onset>2025-03-10T03:00:00-00:00</onset><expires>2025-04-10T00:00:00-00:00</expires>
            <area><areaDesc>Beira, Dondo and the lower Búzi</areaDesc><polygon>-19.50,34.50 -19.50,35.00 -20.00,35.00 -20.00,34.50 -19.50,34.50</polygon></area>
            <area><areaDesc>Nhamatanda</areaDesc><circle>-19.2700,34.2120 25</circle></area></info>
        </alert>

        """;
}

/// <summary>Chance by seed (SplitMix64): unlike the framework's, it is ours, so its numbers never change under us.</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    public int Next(int below)
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (int)((z ^ (z >> 31)) % (ulong)below);
    }

    public bool Chance(int percent) => Next(100) < percent;

    public T Pick<T>(IReadOnlyList<T> from) => from[Next(from.Count)];
}
