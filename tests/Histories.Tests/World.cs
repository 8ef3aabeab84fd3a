using System.Text.Json;

namespace CrisisCoordination.Histories.Tests;

/// <summary>Chance by seed; each command has its own, so that what it draws depends on nobody else.</summary>
internal sealed class Draw(int seed)
{
    private readonly Random random = new(seed);

    public bool Chance(double part) => random.NextDouble() < part;

    public int Number(int below) => random.Next(below);

    public T Pick<T>(params IReadOnlyList<T> of) => of[random.Next(of.Count)];

    /// <summary>When it is said to have happened: mostly now, sometimes late, long ago, ahead, or nonsense.</summary>
    public DateTimeOffset? At(DateTimeOffset now) => random.NextDouble() switch
    {
        < 0.66 => null,
        < 0.78 => now.AddMinutes(-random.Next(600)),
        < 0.86 => now.AddDays(-random.Next(400)),
        < 0.92 => now.AddYears(-random.Next(2, 25)),
        < 0.96 => now.AddSeconds(random.Next(200)),
        < 0.99 => now.AddHours(random.Next(1, 50)),
        _ => DateTimeOffset.UnixEpoch.AddYears(-90),
    };
}

/// <summary>Somebody in the crisis as they are; what the house knows of them is in <see cref="Known"/>.</summary>
internal sealed class Soul(int number)
{
    public int Number => number;
    public required string Family { get; init; }
    public required string Given { get; init; }
    public required string Born { get; init; }
    public required string Nationality { get; init; }
    public string Role { get; init; } = "head";
    public string? Household { get; init; }
    public int Parent { get; init; } = -1;
    public bool Alone { get; init; }
    public string[] Fears { get; init; } = [];
    public string Document { get; init; } = "valid";
    public string Mobility { get; init; } = "none";
    public string[] Needs { get; init; } = [];

    public bool IsChild => string.CompareOrdinal(Born, "2008-11") > 0;

    // Came without papers, and nobody has asked how old they are: they act for themselves and for no child.
    private bool IsAgeUntold => !IsChild && number % 11 == 5;

    /// <summary>The record that the house made of their first registration.</summary>
    public Record? Known { get; set; }

    /// <summary>Of those who registered themselves.</summary>
    public string? Token { get; set; }

    public string? Reference { get; set; }

    /// <summary>Records that were made of them beside the first.</summary>
    public List<Record> Others { get; } = [];

    public object Form(Draw draw, bool lies = false) => new
    {
        familyName = Family,
        givenNames = Given,
        sex = number % 2 == 0 ? "female" : "male",
        birthDate = lies && draw.Chance(0.5) ? draw.Pick("1985-01-01", "2012", "2008-12", "2008-11-30") : IsAgeUntold ? null : Born,
        nationality = Nationality,
        document = Document == "none" ? null
            : new { type = "passport", number = $"P{number:00000}", expiry = "2030-01-01", status = Document },
        phone = $"+24991{number:0000000}",
        place = "Port Sudan",
        position = new { latitude = 19.6 + ((number % 10) * 0.001), longitude = 37.2 },
        householdReference = lies && draw.Chance(0.5) ? $"H{draw.Number(60)}" : Household,
        householdRole = Role,
        specificNeeds = Needs,
        mobility = Mobility,
        needsNow = draw.Chance(0.3) ? new[] { draw.Pick("water", "food", "medical", "shelter") } : [],
        fearOfReturnTo = lies && draw.Chance(0.3) ? [draw.Pick(World.Spellings)] : Fears,
        shareWith = draw.Chance(0.3) ? new[] { draw.Pick("IOM", "GOVSAU", "UNICEF") } : [],
    };
}

internal sealed record Record(Guid Id, Guid Registration);

/// <summary>A transport that somebody entered.</summary>
internal sealed record Ride(Guid Id, string Code, string To)
{
    public bool Departed { get; set; }
}

/// <summary>The crisis, and what those who act in it have learned. Who is in it stands before anything begins; only ids come later.</summary>
internal sealed class World
{
    /// <summary>Countries as people say them: codes of today and yesterday, names, parts, and answers that name none.</summary>
    public static readonly string[] Spellings =
        ["SAU", "Saudi Arabia", "EGY", "ETH", "IND", "HKG", "CHN", "REU", "FRA", "SRB", "XKX", "TWN", "PSE", "ESH", "SDN", "XXA", "XXX",
            "UNO", "unknown", "ZAR", "D"];

    public static readonly string[] Feared = ["SAU", "EGY", "IND", "CHN", "FRA", "SRB", "ETH"];

    /// <summary>Where points truly lie.</summary>
    public static readonly (string Code, string? Country, double North, double East)[] Points =
    [
        ("PZU", null, 19.618, 37.22), ("KRT", null, 15.59, 32.55), ("JED", "SAU", 21.68, 39.16), ("CAI", "EGY", 30.12, 31.41),
            ("ADD", "ETH", 8.98, 38.8),
        ("DEL", "IND", 28.56, 77.1), ("HKH", "HKG", 22.31, 113.91), ("RUN", "REU", -20.89, 55.51), ("PRN", "XKX", 42.57, 21.03),
    ];

    private readonly Lock gate = new();
    private readonly List<Ride> rides = [];
    private readonly List<Guid> plans = [];
    private readonly List<(Guid Person, Guid Application)> applications = [];
    private readonly List<(Guid Stays, Guid Duplicate)> merges = [];
    private readonly List<Guid> households = [];
    private readonly List<(Guid Person, Guid Thing)> barriers = [], cares = [], ageChanges = [];
    private readonly List<Guid> imports = [];

    public World(int seed, int people)
    {
        var draw = new Draw(seed);
        var souls = new List<Soul>();
        for (var family = 0; souls.Count < people; family++)
        {
            var (name, nation) = ($"{Name(draw)}{(char)('a' + (family / 26))}{(char)('a' + (family % 26))}",
                draw.Pick("IND", "IND", "ETH", "CHN", "FRA", "SRB", "EGY", "SDN"));
            var (adults, children) = draw.Number(10) switch
            {
                < 4 => (1, 0),
                < 5 => (2, 0),
                < 6 => (0, 1),
                < 8 =>
                (1, 1 + draw.Number(2)),
                _ => (2, 1 + draw.Number(3))
            };
            var household = adults + children > 1 ? $"H{family}" : null;
            var head = souls.Count;
            for (var i = 0; i < adults; i++)
                souls.Add(new(souls.Count)
                {
                    Family = name,
                    Given = Name(draw),
                    Born = draw.Pick("1955", "1980-02-03", "1991-07", "1999-12-31"),
                    Nationality = nation,
                    Household = household,
                    Role = i == 0 ? "head" : "spouse",
                    Fears = draw.Chance(0.2) ? [draw.Pick(Feared)] : [],
                    Document = draw.Pick("valid", "valid", "valid", "valid", "lost", "expired", "none"),
                    Mobility = draw.Chance(0.04) ? "wheelchair" : "none",
                    Needs = draw.Chance(0.1) ? [draw.Pick("DS", "SM", "ER")] : [],
                });
            for (var i = 0; i < children; i++)
                souls.Add(new(souls.Count)
                {
                    Family = name,
                    Given = Name(draw),
                    Born = draw.Pick("2012-05", "2015", "2010-01-01", "2024-03-03", "2009-02"),
                    Nationality = nation,
                    Household = household,
                    Role = "child",
                    Parent = adults > 0 ? head : -1,
                    Alone = adults == 0,
                    Needs = adults == 0 && draw.Chance(0.5) ? ["SC"] : [],
                    Document = draw.Pick("valid", "valid", "valid", "valid", "lost"),
                });
        }
        Souls = souls;
    }

    public IReadOnlyList<Soul> Souls { get; }

    public Guid Crisis { get; set; }

    public DateTimeOffset Now => DateTimeOffset.UtcNow;

    /// <summary>Somebody whom the house knows, from the one drawn on.</summary>
    public Soul? Anybody(Draw draw, Func<Soul, bool>? who = null)
    {
        var from = draw.Number(Souls.Count);
        for (var i = 0; i < Souls.Count; i++)
            if (Souls[(from + i) % Souls.Count] is { Known: not null } soul && who?.Invoke(soul) != false) return soul;
        return null;
    }

    /// <summary>One of the records of somebody.</summary>
    public Guid? AnyRecord(Draw draw, Func<Soul, bool>? who = null)
    {
        if (draw.Chance(0.005)) return Guid.CreateVersion7();
        if (Anybody(draw, who) is not { } soul) return null;
        lock (gate) return soul.Others.Count > 0 && draw.Chance(0.3) ? soul.Others[draw.Number(soul.Others.Count)].Id : soul.Known!.Id;
    }

    /// <summary>Somebody with two records at least.</summary>
    public (Guid One, Guid Other)? Twice(Draw draw)
    {
        var from = draw.Number(Souls.Count);
        lock (gate)
            for (var i = 0; i < Souls.Count; i++)
                if (Souls[(from + i) % Souls.Count] is { Known: { } known, Others: [.., var other] }) return draw.Chance(0.5)
                    ? (known.Id, other.Id) : (other.Id, known.Id);
        return null;
    }

    public void Registered(Soul soul, JsonElement answer)
    {
        var record = new Record(answer.GetProperty("personId").GetGuid(), answer.GetProperty("registrationId").GetGuid());
        lock (gate)
            if (soul.Known is null) soul.Known = record;
            else if (soul.Known.Id != record.Id && soul.Others.TrueForAll(other => other.Id != record.Id)) soul.Others.Add(record);
    }

    public void Add(Ride ride) => In(rides, ride);
    public void AddPlan(Guid plan) => In(plans, plan);
    public void AddApplication(Guid person, Guid application) => In(applications, (person, application));
    public void AddMerge(Guid stays, Guid duplicate) => In(merges, (stays, duplicate));
    public void AddHousehold(Guid household) => In(households, household);
    public void AddBarrier(Guid person, Guid barrier) => In(barriers, (person, barrier));
    public void AddCare(Guid person, Guid care) => In(cares, (person, care));
    public void AddAgeChange(Guid person, Guid change) => In(ageChanges, (person, change));
    public void AddImport(Guid import) => In(imports, import);

    public Ride? AnyRide(Draw draw, bool open = true)
    {
        lock (gate)
        {
            var from = rides.Count == 0 ? 0 : draw.Number(rides.Count);
            for (var i = 0; i < rides.Count; i++)
                if (rides[(from + i) % rides.Count] is var ride && (!open || !ride.Departed || draw.Chance(0.05))) return ride;
            return null;
        }
    }

    public Ride? RideOf(Guid transport)
    {
        lock (gate) return rides.Find(ride => ride.Id == transport);
    }

    public Guid? AnyPlan(Draw draw) => Last(plans, draw, 3);
    public (Guid Person, Guid Application)? AnyApplication(Draw draw) => Last(applications, draw, 40);
    public (Guid Stays, Guid Duplicate)? AnyMerge(Draw draw) => Last(merges, draw, 20);
    public Guid? AnyHousehold(Draw draw) => Last(households, draw, 50);
    public (Guid Person, Guid Thing)? AnyBarrier(Draw draw) => Last(barriers, draw, 20);
    public (Guid Person, Guid Thing)? AnyCare(Draw draw) => Last(cares, draw, 20);
    public (Guid Person, Guid Thing)? AnyAgeChange(Draw draw) => Last(ageChanges, draw, 10);
    public Guid? AnyImport(Draw draw) => Last(imports, draw, 5);

    private void In<T>(List<T> list, T item)
    {
        lock (gate) list.Add(item);
    }

    private T? Last<T>(List<T> list, Draw draw, int most) where T : struct
    {
        lock (gate) return list.Count == 0 ? null : list[list.Count - 1 - draw.Number(Math.Min(most, list.Count))];
    }

    private static string Name(Draw draw)
    {
        string[] syllables = ["ba", "de", "ki", "lo", "mu", "na", "ri", "sho", "ta", "ve", "wo", "za", "gri", "plo", "hem", "tur"];
        var name = string.Concat(Enumerable.Range(0, 2 + draw.Number(2)).Select(_ => draw.Pick(syllables)));
        return char.ToUpperInvariant(name[0]) + name[1..];
    }
}
