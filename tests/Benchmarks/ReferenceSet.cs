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
        Identity[] people = [.. rows.Select(row => row.Identity)];
        var rare = people.SelectMany(Blocking.Counted).CountBy(key => key).Where(key => key.Value <= Blocking.Few).Select(key => key.Key).ToHashSet(StringComparer.Ordinal);
        var compared = Met(people, _ => true)
            .Select(pair => (rows[pair.A], rows[pair.B], Verdict: Match.Score(people[pair.A], people[pair.B], rare.Contains))).ToArray();
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

    /// <summary>Trains the weights of matching on files, which may also be registrations as they are imported, and prints what ships: the careful rates, and what comes of them.</summary>
    public static async Task TrainAsync(string[] files)
    {
        var samples = new List<(IReadOnlyCollection<IReadOnlyDictionary<Field, Level>>, IReadOnlyCollection<IReadOnlyDictionary<Field, Level>>)>();
        foreach (var file in files)
        {
            Identity[] people = File.ReadLines(file).First().StartsWith("person,", StringComparison.Ordinal) ? [.. Read(file).Select(row => row.Identity)] : await RegisteredAsync(file);
            // A household and a spot on the map bring families together, and training would find those.
            var met = Met(people, key => !key.StartsWith("household-word:", StringComparison.Ordinal) && !key.StartsWith("name-spot:", StringComparison.Ordinal));
            var atRandom = from step in Enumerable.Range(1, 40)
                           from i in Enumerable.Range(0, people.Length)
                           let pair = (A: people[i], B: people[(i + (step * 97)) % people.Length])
                           where !ReferenceEquals(pair.A, pair.B) && Match.Score(pair.A, pair.B).Band == Band.None
                           select Match.Levels(pair.A, pair.B);
            samples.Add(([.. met.Select(pair => Match.Levels(people[pair.A], people[pair.B]))], [.. atRandom]));
        }
        Console.WriteLine("field        level          m        u    bits   careful m     u    bits   shipped");
        foreach (var (key, (m, u)) in Training.Rates(samples, Match.Careful))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{key.Field,-12} {key.Level,-10} {m:0.000} {u,8:0.0000#} {Math.Log2(m / u),6:0.0}   {Match.Careful[key].M,8:0.000} {Match.Careful[key].U,8:0.0000#} {Math.Log2(Match.Careful[key].M / Match.Careful[key].U),5:0.0} {Math.Log2(Match.Rates[key].M / Match.Rates[key].U),8:0.0}"));
    }

    private static async Task<Identity[]> RegisteredAsync(string file)
    {
        await using var stream = File.OpenRead(file);
        return [.. (await RegistrationFile.ReadAsync(stream).ToListAsync()).Select(row => row.Form).OfType<RegistrationForm>().Select(form => Identity.From(form.Registration))];
    }

    // The pairs that blocking brings together.
    private static IEnumerable<(int A, int B)> Met(Identity[] people, Func<string, bool> by) =>
        people.SelectMany((who, i) => Blocking.Keys(who).Where(by).Select(key => (key, i, Most: Blocking.LargestBlock)).Concat(Blocking.Counted(who).Select(key => (key, i, Most: Blocking.Few))))
            .GroupBy(k => (k.key, k.Most), k => k.i).Where(block => block.Count() <= block.Key.Most).Select(block => block.ToArray())
            .SelectMany(block => block.SelectMany((a, at) => block.Skip(at + 1).Select(b => (a, b)))).Distinct();

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
