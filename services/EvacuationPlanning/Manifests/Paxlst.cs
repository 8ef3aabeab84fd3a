using System.Collections.Immutable;
using System.Globalization;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.EvacuationPlanning.Manifests;

/// <summary>
/// The manifest as UN/EDIFACT PAXLST D.15B, by the WCO/IATA/ICAO guide on advance passenger information: one message, all
/// passengers, in the letters of a machine-readable zone. What is not known is left out; a name that cannot be written is said so.
/// Nobody is named to a state that they fear (rule N).
/// </summary>
internal static class Paxlst
{
    private const int LongestName = 35, LongestReference = 14;

    public static string Write(Manifest manifest, DateTimeOffset at)
    {
        var s = manifest.Schedule;
        ImmutableArray<ManifestLine> named = [.. manifest.Lines.Where(line => !manifest.IsKeptFrom(line.Person))];
        var reference = Letters($"{s.Code}{manifest.Version}", LongestReference);
        var receiver = s.DestinationCountry ?? "INTERNAL";
        List<string> message =
        [
            $"UNH+{reference}+PAXLST:D:15B:UN:IATA",
            "BGM+745",
            .. manifest.Transport.Seal is { } seal ? [$"RFF+TN:{seal.Sha256.ToUpperInvariant()}:::{seal.Number}"] : Array.Empty<string>(),
            "NAD+MS+++CRISISCOORDINATION",
            $"TDT+20+{Letters(s.Code, 17)}+++{Letters(s.Operator, 17)}",
            // 125 and 87: a border is crossed. 92: the leg stays inside.
            $"LOC+{(s.DestinationCountry is null ? 92 : 125)}+{Letters(s.From, 25)}",
            $"DTM+189:{Moment(s.DepartsAt)}:201",
            $"LOC+{(s.DestinationCountry is null ? 92 : 87)}+{Letters(s.To, 25)}",
            $"DTM+232:{Moment(s.ArrivesAt)}:201",
            .. named.SelectMany(line => Passenger(manifest, line)),
            $"CNT+42:{named.Length}",
        ];
        message.Add($"UNT+{message.Count + 1}+{reference}");
        var (sender, time) = ("CRISISCOORDINATION", $"{at.UtcDateTime.ToString("yyMMdd:HHmm", CultureInfo.InvariantCulture)}");
        return string.Concat(
            new[] { $"UNB+UNOA:4+{sender}+{receiver}+{time}+{reference}", $"UNG+PAXLST+{sender}+{receiver}+{time}+{reference}+UN+D:15B" }
                .Concat(message).Concat([$"UNE+1+{reference}", $"UNZ+1+{reference}"])
                .Select(segment => segment + "'\n"));
    }

    private static IEnumerable<string> Passenger(Manifest manifest, ManifestLine line)
    {
        var form = line.Person.Form;
        var name = line.Person.NameAtBorder ?? (line.Person.LacksBorderName ? BorderLetters.Unwritten : BorderLetters.NotGiven);
        yield return $"NAD+FL+++{Letters(name.Primary, LongestName)}{(name.Secondary.Length > 0 ? ":" + Letters(name.Secondary, LongestName) : "")}";
        if (form?.Sex is Sex.Female or Sex.Male) yield return $"ATT+2++{(form.Sex == Sex.Female ? 'F' : 'M')}";
        if (form?.BirthDate is { Month: { } month, Day: { } day } born) yield return $"DTM+329:{born.Year % 100:00}{month:00}{day:00}";
        yield return $"LOC+178+{Letters(manifest.Schedule.From, 25)}";
        yield return $"LOC+179+{Letters(manifest.Schedule.To, 25)}";
        if (form?.Nationality is { } nationality) yield return $"NAT+2+{nationality}";
        yield return $"RFF+ABO:{line.Space.PersonId.ToString("N").ToUpperInvariant()}";
        if (line.Person.Document(manifest.Day) is not ({ } number, var expiry, var issuer)) yield break;
        yield return $"DOC+P+{Letters(number, 35)}";
        if (expiry is { } last) yield return $"DTM+36:{last.ToString("yyMMdd", CultureInfo.InvariantCulture)}";
        if (issuer is not null) yield return $"LOC+91+{issuer}";
    }

    private static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyMMddHHmm", CultureInfo.InvariantCulture);

    // UNOA has capitals, digits and little else; the separators among them are released by a question mark.
    private static string Letters(string text, int longest) =>
        string.Concat(string.Concat(BorderLetters.Text(text).Replace('<', ' ')
                .Where(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || " .,-()/='+:?!\"%&*;".Contains(c)).Take(longest)).Trim()
            .Select(c => c is '\'' or '+' or ':' or '?' ? $"?{c}" : $"{c}"));
}
