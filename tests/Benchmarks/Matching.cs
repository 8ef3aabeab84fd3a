using System.Diagnostics;
using CrisisCoordination.ConsularContact;
using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.ConsularContact.Matching;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Npgsql;
using NpgsqlTypes;

namespace CrisisCoordination.Benchmarks;

/// <summary>One more registration against 200,000 people: matched before it is stored.</summary>
internal static class Matching
{
    private const int People = 200_000, AtOnce = 500, Batch = 100;
    private static readonly DateTimeOffset Morning = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    public static async Task RunAsync(Ground ground)
    {
        Console.WriteLine($"\nMatching against {People:N0} people: one in seven born on 1 January, one in twenty a Mohamed, one in fifty at a partner's telephone");
        var service = ConsularContactService.Define();
        var models = Person.ReadModels(service.Schema).Concat(ReviewMatches.ReadModels(service.Schema)).Concat(Crisis.ReadModels(service.Schema)).ToArray();
        using var store = new TimelineStore(ground.Database, new TimelineOptions { MasterKey = ground.MasterKey, Inline = models }, TimeProvider.System);
        await new Projections(store, new Feed(store), service.Schema, []).PrepareAsync(default);
        var crisis = Guid.CreateVersion7();
        await store.DecideAsync<Crisis>(crisis, _ => new CrisisOpened("benchmark", "benchmark", "Actual", "Benchmark", [], Morning));

        var dice = new Random(17);
        var forms = Enumerable.Range(0, People).Select(i => Someone(dice, i)).ToArray();
        var filling = Stopwatch.StartNew();
        await FillAsync(ground, service.Schema, crisis, forms);
        Console.WriteLine($"  filled in {filling.Elapsed.TotalSeconds:0} s");

        using var intake = new RegisterPerson(store, service);
        var n = 0;
        NewRegistration Next() => new(Guid.CreateVersion7(), Guid.CreateVersion7(), crisis, "benchmark",
            new RegistrationForm(Morning, Channel.Phone, $"again-{++n}", n % 2 == 0 ? Someone(dice, People + n) : Again(dice, forms[dice.Next(People)])));

        for (var i = 0; i < 50; i++) await intake.TakeAsync([Next()], new By("officer"), null, default);
        List<double> matched = [], stored = [];
        var repeated = 0;
        for (var i = 0; i < (ground.Long ? 5_000 : 1_000); i++)
        {
            var watch = Stopwatch.StartNew();
            await intake.TakeAsync([Next()], new By("officer"), (_, taken) =>
            {
                matched.Add(watch.Elapsed.TotalMilliseconds);
                repeated += taken.Count(t => t.Repeated);
            }, default);
            stored.Add(watch.Elapsed.TotalMilliseconds);
        }
        Console.WriteLine(FormattableString.Invariant($"  matched, before it is stored       p50 {Comparison.Quantile(matched, .5):0.0} ms   p99 {Comparison.Quantile(matched, .99):0.0} ms   reach p99 50 ms"));
        Console.WriteLine(FormattableString.Invariant($"  matched and stored                 p50 {Comparison.Quantile(stored, .5):0.0} ms   p99 {Comparison.Quantile(stored, .99):0.0} ms   {repeated} of {matched.Count} were automatic repeats"));

        var (files, taking) = (20, Stopwatch.StartNew());
        for (var i = 0; i < files; i++) await intake.TakeAsync([.. Enumerable.Range(0, Batch).Select(_ => Next())], new By("officer"), null, default);
        Console.WriteLine($"  a file, {Batch} rows at once              {files * Batch / taking.Elapsed.TotalSeconds:N0} registrations/s, matched and stored");
    }

    // The timelines by the store; the two tables that matching reads in bulk, with the rows that the store would have written.
    private static async Task FillAsync(Ground ground, string schema, Guid crisis, Registration[] forms)
    {
        using var plain = new TimelineStore(ground.Database, new TimelineOptions { MasterKey = ground.MasterKey }, TimeProvider.System);
        var people = forms.Select((form, i) => (Id: Guid.CreateVersion7(), Event: new PersonRegistered(Guid.CreateVersion7(), crisis, $"B{i}", Channel.Phone, true, form, Morning) { Sender = "benchmark" })).ToArray();
        await Parallel.ForEachAsync(people.Chunk(AtOnce), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (some, ct) =>
            await plain.AttemptAsync(work =>
            {
                foreach (var (id, registered) in some) work.Append(id, registered);
                return Task.FromResult<Refusal?>(null);
            }, default, ct));
        await using var connection = await ground.Database.OpenConnectionAsync();
        await using (var keys = await connection.BeginBinaryImportAsync($"copy {schema}.match_key (stream_id, version, key) from stdin (format binary)"))
        {
            foreach (var (id, registered) in people)
                foreach (var key in Blocking.Stored(Identity.From(registered.Form!)))
                {
                    await keys.StartRowAsync();
                    await keys.WriteAsync(id, NpgsqlDbType.Uuid);
                    await keys.WriteAsync(1L, NpgsqlDbType.Bigint);
                    await keys.WriteAsync(key, NpgsqlDbType.Text);
                }
            await keys.CompleteAsync();
        }
        await using (var references = await connection.BeginBinaryImportAsync($"copy {schema}.reference (stream_id, version, crisis_id, sender, reference, registration_id) from stdin (format binary)"))
        {
            foreach (var (id, registered) in people)
            {
                await references.StartRowAsync();
                await references.WriteAsync(id, NpgsqlDbType.Uuid);
                await references.WriteAsync(1L, NpgsqlDbType.Bigint);
                await references.WriteAsync(crisis, NpgsqlDbType.Uuid);
                await references.WriteAsync(registered.Sender, NpgsqlDbType.Text);
                await references.WriteAsync(registered.Reference, NpgsqlDbType.Text);
                await references.WriteAsync(registered.RegistrationId, NpgsqlDbType.Uuid);
            }
            await references.CompleteAsync();
        }
        await ground.RunAsync($"analyze {schema}.match_key; analyze {schema}.reference; analyze timeline.mt_events");
    }

    private static Registration Someone(Random dice, int i)
    {
        var born = new DateTime(2024, 1, 1).AddDays(-dice.Next(70 * 365));
        if (dice.Next(7) == 0) born = new(born.Year, 1, 1);
        return new()
        {
            FamilyName = Name(dice, 2_000, "Ahmed", 40),
            GivenNames = Name(dice, 600, "Mohamed", 20),
            Sex = dice.Next(2) == 0 ? Sex.Female : Sex.Male,
            BirthDate = dice.Next(12) == 0 ? new BirthDate(born.Year) : new BirthDate(born.Year, born.Month, born.Day),
            Nationality = dice.Next(3) switch { 0 => "SDN", 1 => "ETH", _ => "SYR" },
            Phone = dice.Next(50) == 0 ? "+249 900 000 001" : $"+2499{dice.Next(10_000_000, 99_999_999)}",
            Document = dice.Next(4) == 0 ? null : new HeldDocument("passport", $"P{dice.Next(1_000_000, 9_999_999)}{(char)('A' + i % 26)}", new DateOnly(2027, 1, 1).AddDays(dice.Next(3000)), DocumentStatus.Valid),
            HouseholdReference = $"H{i / 4}",
            Position = new Position(15.5 + Math.Round(dice.NextDouble() / 5, 4), 32.5 + Math.Round(dice.NextDouble() / 5, 4)),
        };
    }

    private static Registration Again(Random dice, Registration form) => dice.Next(5) switch
    {
        0 => form with { Phone = null },
        1 => form with { Document = null },
        2 => form with { FamilyName = form.GivenNames, GivenNames = form.FamilyName },
        3 => form with { HouseholdReference = null, Position = null },
        _ => form,
    };

    // The commonest as often as one in so many, the others by Zipf's law.
    private static string Name(Random dice, int many, string commonest, int oneIn)
    {
        if (dice.Next(oneIn) == 0) return commonest;
        string[] starts = ["Ba", "De", "Fa", "Ga", "Ha", "Ki", "La", "Mu", "Na", "Re", "Sa", "Te", "Wo", "Yo", "Ze"], middles = ["ra", "ri", "lo", "du", "ma", "ne", "sha", "ki", "bo", "ta"], ends = ["m", "n", "d", "s", "r", "ba", "li", "go", "sh", "to", "fe", "na", "ku", "we", "zi"];
        var rank = (int)Math.Min(many - 1, Math.Pow(many, dice.NextDouble()));
        return starts[rank % 15] + middles[rank / 15 % 10] + ends[rank / 150 % 15];
    }
}
