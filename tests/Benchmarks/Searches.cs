using System.Diagnostics;
using System.Globalization;
using CrisisCoordination.ConsularContact;
using CrisisCoordination.ConsularContact.Finding;
using CrisisCoordination.ConsularContact.Lists;
using CrisisCoordination.ConsularContact.SelfService;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Npgsql;
using NpgsqlTypes;

namespace CrisisCoordination.Benchmarks;

/// <summary>Finding people among 200,000: what an officer types, asked of the database as the endpoint asks.</summary>
internal static class Searches
{
    private const int People = 200_000, Asked = 2_000;
    private const string Small = "post-small";

    private static readonly string[]
        Family = ["Mohamed", "Ahmed", "Ali", "Hassan", "Ibrahim", "Abebe", "Tesfaye", "Haile", "Okonkwo", "Adeyemi", "Sharma", "Patel", "Khan", "Rahman", "Hossain", "Nguyen", "Tran", "Santos", "Reyes", "Cruz", "Shevchenko", "Tkachenko", "Ivanov", "Petrov", "Yilmaz", "Demir", "Haddad", "Khoury", "Nasser", "Saleh"],
        Given = ["Amina", "Fatima", "Maryam", "Yusuf", "Omar", "Selam", "Tsehay", "Girma", "Chidi", "Ngozi", "Priya", "Rahul", "Aisha", "Bilal", "Linh", "Minh", "Maria", "Jose", "Olena", "Andriy", "Ayse", "Mehmet", "Rana", "Samir", "Layla", "Karim", "Grace", "John", "Sara", "Daniel"],
        Syllables = ["ba", "de", "fi", "go", "hu", "ja", "ke", "li", "mo", "nu", "pa", "re", "si", "to", "wu", "ya", "ze", "cha", "sho", "kha"],
        Places = ["Khartoum", "Omdurman", "Port Sudan", "Kassala", "Wad Madani", "Gedaref", "Nyala", "El Fasher", "Kosti", "Atbara"];

    public static async Task RunAsync(Ground ground)
    {
        Console.WriteLine($"\nSearch among {People:N0} people; reach p99 < 100 ms");
        var filling = Stopwatch.StartNew();
        var people = await FillAsync(ground);
        Console.WriteLine($"  filled in {filling.Elapsed.TotalSeconds:0} s");
        var random = new Random(7);
        (string What, Func<Registration, string> Typed)[] kinds =
        [
            ("given and family name", form => $"{form.GivenNames} {form.FamilyName}"),
            ("one rare name", form => form.GivenNames!.Split(' ')[1]),
            ("a common name alone", form => form.FamilyName!.Split(' ')[0]),
            ("names in another spelling", form => $"{form.GivenNames!.Replace('i', 'y')} {form.FamilyName!.Split(' ')[0].Replace("Mohamed", "Muhammad").Replace("Hossain", "Hussein")}"),
            ("the first three letters", form => form.FamilyName![..3]),
            ("the first two letters", form => form.FamilyName![..2]),
            ("document number", form => form.Document!.Number!),
            ("phone as dialled at home", form => "0" + form.Phone![^9..]),
            ("a place of most people", _ => Places[0]),
            ("another place", _ => Places[4]),
            ("place and name", form => $"{form.Place} {form.FamilyName}"),
            ("nobody", _ => "qqqqq wwwww"),
        ];
        foreach (var (what, typed) in kinds)
            foreach (var post in (string?[])[null, "post-7"])
                await MeasureAsync(post is null ? what : $"{what}, own post", () => AskAsync(ground.Database, typed(people[random.Next(people.Count)]), post));
        foreach (var (what, post) in ((string, string?)[])[("work list of all posts", null), ("work list of a large post", "post-7"), ("work list of a post of 50 people", Small), ("work list of a post of nobody", "post-99")])
            await MeasureAsync(what, () => ListAsync(ground.Database, post));

        async Task MeasureAsync(string what, Func<Task<int>> askAsync)
        {
            var (times, found) = (new List<double>(), 0L);
            for (var i = 0; i < Asked / (ground.Long ? 1 : 4); i++)
            {
                var watch = Stopwatch.GetTimestamp();
                found += await askAsync();
                times.Add(Stopwatch.GetElapsedTime(watch).TotalMilliseconds);
            }
            var rest = times.Skip(times.Count / 20).ToArray();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {what,-40} p50 {Comparison.Quantile(rest, 0.5),7:0.0} ms   p99 {Comparison.Quantile(rest, 0.99),7:0.0} ms   most {rest.Max(),7:0.0} ms   {(double)found / times.Count:0.0} on the first page"));
        }
    }

    private static async Task<int> AskAsync(NpgsqlDataSource database, string text, string? post)
    {
        await using var command = database.CreateCommand(FindPeople.Question("consular_contact", withWords: true));
        command.Parameters.Add(new() { Value = Guid.Empty });
        command.Parameters.Add(new() { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new() { Value = 101 });
        command.Parameters.Add(new() { Value = SearchWords.Within(SearchWords.Asked(text), post is null ? null : [post])! });
        await using var reader = await command.ExecuteReaderAsync();
        var rows = 0;
        while (await reader.ReadAsync()) rows++;
        return rows;
    }

    private static async Task<int> ListAsync(NpgsqlDataSource database, string? post) => (await database.PageAsync(
        WorkLists.Question("consular_contact", post is not null), "sort", null, null, row => row.GetGuid(1),
        [Desk.Unreached, DateTimeOffset.UtcNow, Guid.Empty, .. post is null ? (object[])[] : [new[] { Desk.FoundBy(Desk.Unreached, post), Desk.FoundBy(Desk.Unreached, TrackingToken.Sender) }]], CancellationToken.None)).Items.Count;

    // The read models' own rows, written by the read models: only the timelines are left out, which no search reads.
    private static async Task<IReadOnlyList<Registration>> FillAsync(Ground ground)
    {
        var models = Person.ReadModels("consular_contact").Where(model => model.Table.EndsWith(".person", StringComparison.Ordinal)).Append(Findable.ReadModel("consular_contact")).Append(Desk.ReadModel("consular_contact")).ToArray();
        foreach (var model in models)
        {
            await using var create = ground.Database.CreateCommand($"drop table if exists {model.Table}; {model.Create}");
            await create.ExecuteNonQueryAsync();
        }
        var (random, people, crisis) = (new Random(1), new List<Registration>(People), Guid.CreateVersion7());
        for (var i = 0; i < People; i += 500)
        {
            await using var batch = ground.Database.CreateBatch();
            foreach (var (j, stream) in (await ground.Store.ReadAsync([.. Enumerable.Range(0, 500).Select(_ => Guid.CreateVersion7())])).Index())
            {
                var form = Form(random, i + j);
                people.Add(form);
                foreach (var model in models)
                    model.Write(batch, stream, [new PersonRegistered(Guid.CreateVersion7(), crisis, $"R-2026-{i + j:000000}", Channel.Self, true, form, DateTimeOffset.UnixEpoch) { Sender = $"officer-{j % 90}", Post = (i + j) % 4000 == 3999 ? Small : $"post-{j % 30}" }]);
            }
            await batch.ExecuteNonQueryAsync();
        }
        await ground.RunAsync("analyze consular_contact.person; analyze consular_contact.findable; analyze consular_contact.desk");
        return people;
    }

    private static Registration Form(Random random, int number) => new()
    {
        FamilyName = $"{Family[random.Next(Family.Length)]} {Word(random, 3)}",
        GivenNames = $"{Given[random.Next(Given.Length)]} {Word(random, 2)}",
        BirthDate = new BirthDate(1950 + number % 60, 1 + number % 12, 1 + number % 28),
        Nationality = "SDN",
        Phone = $"+24991{random.Next(10_000_000):0000000}",
        Document = new HeldDocument("P", $"P{random.Next(100_000_000):00000000}", new DateOnly(2030, 1, 1), DocumentStatus.Valid),
        Place = Places[Math.Max(0, random.Next(2 * Places.Length) - Places.Length)],
    };

    private static string Word(Random random, int syllables) =>
        string.Concat(Enumerable.Range(0, syllables).Select(_ => Syllables[random.Next(Syllables.Length)])) is var word ? char.ToUpperInvariant(word[0]) + word[1..] : "";
}
