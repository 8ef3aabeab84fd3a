using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.AppHost.Run;

/// <param name="Country">The state it belongs to. The agencies of a scenario are international ones where its file does not say otherwise.</param>
internal sealed record ScenarioAgency(string Code, string Name, IReadOnlyList<string> Receives, string Country = "none");

/// <summary>
/// A crisis in files. Everything that the story leaves to chance is drawn from the files' bytes, and every time in it lies
/// between their times, so that the same files always give the same story.
/// </summary>
internal sealed partial class Scenario
{
    private static readonly string[] Names = ["alert.cap.xml", "registrations.csv", "transports.csv", "assembly-points.csv", "agencies.json"];

    private readonly Dictionary<string, byte[]> files;
    private readonly byte[] seed;
    private readonly Dictionary<string, string> abroad;
    private readonly DateTimeOffset first, span;

    private Scenario(Dictionary<string, byte[]> files, string name, IReadOnlyList<string> countries)
    {
        (this.files, Name) = (files, name);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Names) hash.AppendData(files[file]);
        seed = hash.GetHashAndReset();

        var alert = XDocument.Parse(Text("alert.cap.xml"));
        Identifier = alert.Descendants().First(e => e.Name.LocalName == "identifier").Value.Trim();
        Countries = countries.Count > 0 ? countries : [.. Code().Matches(Identifier).Select(match => match.Value).Where(Contracts.Countries.IsCode).Take(1)];
        if (Countries.Count == 0)
            throw new FormatException("nothing says in which country the crisis is; name it in scenario.json, as {\"countries\": [\"SDN\"]}");
        Agencies = JsonSerializer.Deserialize<List<ScenarioAgency>>(files["agencies.json"], Wire.Json)!;

        abroad = TimelineAudit.Csv.Read(Text("transports.csv")).Select(row => (To: row.GetValueOrDefault("to") ?? "", Country: row.GetValueOrDefault("destination_country")?.Trim() ?? ""))
            .Where(leg => leg.Country.Length > 0).DistinctBy(leg => leg.To).ToDictionary(leg => leg.To.Trim(), leg => leg.Country);

        var registered = Times("registrations.csv", "registered_at").DefaultIfEmpty(DateTimeOffset.Parse(alert.Descendants().First(e => e.Name.LocalName == "sent").Value, System.Globalization.CultureInfo.InvariantCulture)).Max();
        var departs = Times("transports.csv", "departs_at").DefaultIfEmpty(registered).Min();
        (first, span) = (registered, departs > registered.AddHours(12) ? departs : registered.AddHours(12));
    }

    public string Name { get; }

    /// <summary>Of the alert.</summary>
    public string Identifier { get; }

    public IReadOnlyList<ScenarioAgency> Agencies { get; }

    /// <summary>In which countries the crisis is: those that scenario.json names, or else the one in the alert's identifier.</summary>
    public IReadOnlyList<string> Countries { get; }

    /// <exception cref="UsageException">A file is missing or cannot be read.</exception>
    public static Scenario Read(string folder)
    {
        if (Names.Where(name => !File.Exists(Path.Combine(folder, name))).ToList() is { Count: > 0 } missing)
            throw new UsageException($"The scenario {folder} lacks {string.Join(", ", missing)}.");
        try
        {
            return new(Names.ToDictionary(name => name, name => File.ReadAllBytes(Path.Combine(folder, name))), Path.GetFileName(folder.TrimEnd(Path.DirectorySeparatorChar)), Told(folder));
        }
        catch (Exception unreadable) when (unreadable is System.Xml.XmlException or JsonException or InvalidOperationException or FormatException)
        {
            throw new UsageException($"The scenario {folder} cannot be read: {unreadable.Message}");
        }
    }

    /// <summary>
    /// Where a point lies: abroad as the transports that lead there say, or else in the country of the crisis. This is what a
    /// coordinator knows who made the file; the service is told it point by point.
    /// </summary>
    public string CountryOf(string point) => abroad.GetValueOrDefault(point) ?? Countries[0];

    public byte[] Bytes(string file) => files[file];

    public string Text(string file) => Encoding.UTF8.GetString(files[file]).TrimStart('\uFEFF');

    /// <summary>A number from 0 up to 1, the same for the same step and person whenever it is drawn.</summary>
    public double Chance(string step, string whom) =>
        BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData([.. seed, .. Encoding.UTF8.GetBytes($"{step}/{whom}")])) / (uint.MaxValue + 1.0);

    /// <summary>A time between the last registration (0) and the first departure (1).</summary>
    public DateTimeOffset Between(double part) => new((first + ((span - first) * part)).UtcTicks / TimeSpan.TicksPerMinute * TimeSpan.TicksPerMinute, TimeSpan.Zero);

    // As in CRISIS-SDN-2023-04-15.
    [GeneratedRegex(@"\b[A-Z]{3}\b", RegexOptions.NonBacktracking)]
    private static partial Regex Code();

    private static IReadOnlyList<string> Told(string folder) => Path.Combine(folder, "scenario.json") is var file && File.Exists(file)
        && JsonDocument.Parse(File.ReadAllText(file)).RootElement.TryGetProperty("countries", out var countries) ? [.. countries.EnumerateArray().Select(country => country.GetString()!)] : [];

    private IEnumerable<DateTimeOffset> Times(string file, string column) =>
        from row in TimelineAudit.Csv.Read(Text(file))
        select DateTimeOffset.TryParse(row.GetValueOrDefault(column), System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var time) ? time : default into time
        where time != default
        select time;
}
