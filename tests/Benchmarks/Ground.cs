using System.Diagnostics;
using System.Globalization;
using CrisisCoordination.AppHost.Servers;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Npgsql;

namespace CrisisCoordination.Benchmarks;

/// <summary>
/// Servers of the benchmark's own, and two sets of the same tables: <c>timeline</c> for the store, <c>floor</c> for plain
/// Npgsql. Both are used with one service's role and the same connection settings.
/// </summary>
internal sealed class Ground : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("crisis-benchmarks-").FullName;
    private Servers servers = null!;

    public IReadOnlyDictionary<string, ServiceConnections> Services { get; private set; } = null!;
    public NpgsqlDataSource Owner { get; private set; } = null!;
    public NpgsqlDataSource Database { get; private set; } = null!;
    public TimelineStore Store { get; private set; } = null!;
    public Uri Amqp => servers.Connections.AmqpIn("house");
    public byte[] MasterKey { get; } = new byte[32];
    public bool Long { get; private init; }
    public int Runs => Long ? 9 : 5;
    public TimeSpan Run => Long ? TimeSpan.FromSeconds(3) : TimeSpan.FromSeconds(0.7);

    public static async Task<Ground> StartAsync(bool lengthy)
    {
        var ground = new Ground { Long = lengthy };
        ground.servers = await Servers.StartAsync(new ServersOptions(ground.folder) { PrivateOnly = true, Fresh = true }, _ => { });
        var plan = new DeploymentPlan("house");
        ground.Services = await Provisioning.ProvisionAsync(ground.servers.Connections, plan);
        ground.Owner = NpgsqlDataSource.Create(ground.servers.Connections.PostgresIn("house") + ";Command Timeout=600");
        var roles = plan.RoleByService.ToDictionary(role => Enum.GetValues<Service>().Single(service => EventTypes.Alias(service.ToString()) == role.Key), role => role.Value);
        foreach (var schema in new[] { "timeline", "floor" }) await TimelineSchema.MigrateAsync(ground.Owner, schema, roles);
        ground.Database = CrisisService.DataSource(ground.Services["consular_contact"].Postgres);
        ground.Store = new TimelineStore(ground.Database, new TimelineOptions { MasterKey = ground.MasterKey }, TimeProvider.System);
        return ground;
    }

    public async Task RunAsync(string sql)
    {
        await using var command = Owner.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<long> NumberAsync(string sql)
    {
        await using var command = Owner.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        Store.Dispose();
        await Database.DisposeAsync();
        await Owner.DisposeAsync();
        await servers.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Operations per second of each, measured in turns so that whatever else the machine does hits both alike.</summary>
    public async Task<Comparison> CompareAsync(int workers, Func<int, Task> ours, Func<int, Task> floor, int unit = 1)
    {
        await RateAsync(workers, ours, Run / 2, unit);
        await RateAsync(workers, floor, Run / 2, unit);
        List<(double Ours, double Floor)> rates = [], costs = [];
        for (var run = 0; run < Runs; run++)
        {
            var first = run % 2 == 0 ? await RateAsync(workers, ours, Run, unit) : default;
            var plain = await RateAsync(workers, floor, Run, unit);
            if (run % 2 != 0) first = await RateAsync(workers, ours, Run, unit);
            rates.Add((first.Rate, plain.Rate));
            costs.Add((first.Cost, plain.Cost));
        }
        return new Comparison(rates, costs);
    }

    /// <summary>Operations per second, and microseconds of processor time that each took in this process.</summary>
    private static async Task<(double Rate, double Cost)> RateAsync(int workers, Func<int, Task> operation, TimeSpan length, int unit)
    {
        using var self = Process.GetCurrentProcess();
        var (watch, before) = (Stopwatch.StartNew(), self.TotalProcessorTime);
        var done = await Task.WhenAll(Enumerable.Range(0, workers).Select(worker => Task.Run(async () =>
        {
            var count = 0;
            for (; watch.Elapsed < length; count++) await operation(worker);
            return count;
        })));
        var operations = (double)done.Sum() * unit;
        self.Refresh();
        return (operations / watch.Elapsed.TotalSeconds, (self.TotalProcessorTime - before).TotalMicroseconds / operations);
    }
}

internal sealed record Comparison(IReadOnlyList<(double Ours, double Floor)> Rates, IReadOnlyList<(double Ours, double Floor)>? Costs = null)
{
    public double Ours => Median(Rates.Select(r => r.Ours));
    public double Floor => Median(Rates.Select(r => r.Floor));
    public double Ratio => Median(Rates.Select(r => r.Ours / r.Floor));

    public void Print(string what, string unit, string reach) =>
        Console.WriteLine($"  {what,-34} {Ours,9:N0} {unit}   floor {Floor,9:N0}   ratio {Ratio.ToString("0.00", CultureInfo.InvariantCulture)} ({Rates.Min(r => r.Ours / r.Floor):0.00}–{Rates.Max(r => r.Ours / r.Floor):0.00}){(Costs is null ? "" : $"   processor {Median(Costs.Select(c => c.Ours)):0} µs, floor {Median(Costs.Select(c => c.Floor)):0} µs")}   {reach}");

    public static double Median(IEnumerable<double> values) => Quantile(values, 0.5);

    public static double Quantile(IEnumerable<double> values, double part)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * part)];
    }
}

/// <summary>What is written and read: a form of some 500 bytes, and facts around it.</summary>
internal static class Sample
{
    private static readonly DateTimeOffset Morning = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    public static Registration Form { get; } = new()
    {
        FamilyName = "Okonkwo-Abernathy",
        GivenNames = "Amina Grace",
        Sex = Sex.Female,
        BirthDate = new BirthDate(1985, 1, 30),
        Nationality = "KEN",
        Phone = "+249 91 234 5678",
        Document = new HeldDocument("P", "AB1234567", new DateOnly(2030, 1, 1), DocumentStatus.Valid),
        Place = "Khartoum, Street 41",
        Position = new Position(15.5871, 32.5342),
        NeedsNow = ["water", "medical"],
        SpecificNeeds = ["PG", "SM"],
        FearOfReturnTo = ["XXA"],
        ShareWith = ["UNHCR"],
        Language = "sw",
    };

    public static PersonRegistered Registered() => new(Guid.CreateVersion7(), Guid.Empty, "R-2026-000123", Channel.Consulate, InAffectedArea: true, Form, Morning) { Sender = "post-khartoum" };

    /// <summary>Fifty events as on a timeline that was worked on for weeks: five of them hold personal data.</summary>
    public static IEnumerable<Event> FiftyEvents()
    {
        yield return Registered();
        for (var i = 1; i < 50; i++)
            yield return (i % 10, i % 5) switch
            {
                (0, _) => new RegistrationCorrected(Guid.CreateVersion7(), "officer-7", Form, "typing error", Morning),
                (_, 1) => new SeatHeld(Guid.CreateVersion7(), Guid.CreateVersion7(), "BUS-14", Mobility.None, 1, 2, "ETH", Morning, Morning),
                (_, 2) => new SeatReleased(Guid.CreateVersion7(), "missed-connection", Morning),
                (_, 3) => new SharingConsentGiven(["UNHCR", "IOM"], Morning),
                _ => new HouseholdJoined(Guid.CreateVersion7(), "head", Morning),
            };
    }
}

/// <summary>A state of the size that decisions need.</summary>
internal sealed record Case(Guid Id) : IFold<Case>
{
    public Registration? Form { get; init; }
    public int Seats { get; init; }
    public int Facts { get; init; }

    public static Case Start(Guid id) => new(id);

    public Case Apply(Event @event) => @event switch
    {
        PersonRegistered e => this with { Form = e.Form, Facts = Facts + 1 },
        RegistrationCorrected e => this with { Form = e.Form, Facts = Facts + 1 },
        SeatHeld => this with { Seats = Seats + 1, Facts = Facts + 1 },
        SeatReleased => this with { Seats = Seats - 1, Facts = Facts + 1 },
        _ => this with { Facts = Facts + 1 },
    };
}
