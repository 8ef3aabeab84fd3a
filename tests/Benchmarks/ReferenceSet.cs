using System.Globalization;
using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.ConsularContact.Matching;
using CrisisCoordination.Contracts;
using CsvHelper;

namespace CrisisCoordination.Benchmarks;

/// <summary>
/// How well the matching finds the pairs of a reference set: a CSV with the columns person, given_name, surname,
/// date_of_birth, place, where rows of one person have the same value in <c>person</c>.
/// </summary>
internal static class ReferenceSet
{
    private sealed record Row(string Person, Identity Identity, string Shown);

    public static void Run(string file)
    {
        var rows = Read(file);
        var rare = rows.GroupBy(row => row.Identity.Place).Where(place => place.Key is not null && place.Count() <= Match.FewAtPlace).Select(place => place.Key!).ToHashSet(StringComparer.Ordinal);
        var blocks = rows.SelectMany((row, i) => Blocking.Keys(row.Identity).Select(key => (key, i))).GroupBy(k => k.key, k => k.i).Select(block => block.ToArray()).ToArray();
        var compared = blocks.Where(block => block.Length <= Blocking.LargestBlock)
            .SelectMany(block => block.SelectMany((a, at) => block.Skip(at + 1).Select(b => (a, b)))).Distinct()
            .Select(pair => (rows[pair.a], rows[pair.b], Verdict: Match.Score(rows[pair.a].Identity, rows[pair.b].Identity, rare.Contains))).ToArray();
        var real = rows.GroupBy(row => row.Person).Sum(person => person.Count() * (person.Count() - 1) / 2);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(file)}: {rows.Count} rows, {real} pairs of one person, {compared.Length} compared, of these {compared.Count(IsOne)} of one person"));
        Tell("automatic", compared.Where(pair => pair.Verdict.Band == Band.Automatic).ToArray());
        Tell("automatic and review", compared.Where(pair => pair.Verdict.Band != Band.None).ToArray());
        foreach (var (a, b, verdict) in compared.Where(pair => IsOne(pair) != (pair.Verdict.Band != Band.None)).Take(60))
            Console.WriteLine($"  {(verdict.Band == Band.None ? "missed" : "wrong ")} {verdict.Bits,6:0.0}  {a.Shown}  ~  {b.Shown}   {string.Join(' ', verdict.Codes)}");
        var met = compared.Where(IsOne).Select(pair => (pair.Item1, pair.Item2)).ToHashSet();
        foreach (var pair in rows.GroupBy(row => row.Person).SelectMany(person => person.SelectMany((a, at) => person.Skip(at + 1).Select(b => (a, b)))).Where(pair => !met.Contains(pair)).Take(40))
            Console.WriteLine($"  unmet         {pair.a.Shown}  ~  {pair.b.Shown}");

        void Tell(string band, (Row A, Row B, Verdict Verdict)[] pairs)
        {
            var right = pairs.Count(IsOne);
            var (precision, recall) = (right / (double)Math.Max(1, pairs.Length), right / (double)real);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {band,-22} {pairs.Length,6} pairs  precision {precision:0.0000}  recall {recall:0.0000}  F1 {2 * precision * recall / Math.Max(1e-9, precision + recall):0.0000}"));
        }

        static bool IsOne((Row A, Row B, Verdict Verdict) pair) => pair.A.Person == pair.B.Person;
    }

    private static List<Row> Read(string file)
    {
        using var csv = new CsvReader(new StreamReader(file), CultureInfo.InvariantCulture);
        var rows = new List<Row>();
        csv.Read();
        csv.ReadHeader();
        while (csv.Read())
        {
            var born = csv["date_of_birth"]!.Replace("-", "", StringComparison.Ordinal);
            var form = RegistrationRules.Normalise(new()
            {
                FamilyName = csv["surname"],
                GivenNames = csv["given_name"],
                Place = csv["place"],
                BirthDate = DateOnly.TryParseExact(born, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? new BirthDate(day.Year, day.Month, day.Day)
                    : born.Length >= 4 && int.TryParse(born[..4], out var year) ? new BirthDate(year) : null,
            });
            rows.Add(new(csv["person"]!, Identity.From(form), $"{form.GivenNames} | {form.FamilyName} | {born} | {form.Place}"));
        }
        return rows;
    }
}
