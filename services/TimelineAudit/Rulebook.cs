using System.Globalization;

namespace CrisisCoordination.TimelineAudit;

/// <summary>How often each rule was broken, and by what. All must be none.</summary>
internal sealed record Breaches(IReadOnlyList<Breach> All)
{
    public IReadOnlyList<string> Findings => [.. All.Select(breach => breach.ToString())];

    public int Of(string rule) => All.Count(breach => breach.Rule == rule);
}

/// <summary>A transport as the scenario's own file says it.</summary>
internal sealed record Run(
    string Code, string From, string To, string? Country, DateTimeOffset Departs, DateTimeOffset Arrives, int Seats, int Wheelchairs,
        int Stretchers)
{
    public DateOnly ArrivesOn => DateOnly.FromDateTime(Arrives.UtcDateTime);
}

/// <summary>
/// The rules that need a scenario's own files or its end: whose turn it was (P), families together (F, C), and spaces as the
/// file has them. Where the data leave doubt (an age, a place), a breach is what no reading of them excuses.
/// </summary>
internal sealed class Rulebook
{
    private const double ReachInKilometres = 60;

    private readonly Dictionary<Guid, Life> lives;
    private readonly Dictionary<string, Run> runs;
    private readonly Dictionary<string, (double North, double East)> points;
    private readonly Dictionary<string, string> countryOf;
    private readonly Dictionary<string, HashSet<string>> fearsInFile;
    private readonly Dictionary<Guid, string> codes;
    private readonly Dictionary<Guid, Guid> groupOf;

    private Rulebook(IEnumerable<Life> people, string registrations, string transports, string assemblyPoints)
    {
        lives = people.ToDictionary(life => life.Id);
        runs = Csv.Read(transports).Select(Read).OfType<Run>().GroupBy(run => run.Code).ToDictionary(group => group.Key, group =>
            group.First());
        points = Csv.Read(assemblyPoints).ToDictionary(row => row["code"].Trim(), row =>
            (Number(row["latitude"]), Number(row["longitude"])));
        countryOf = runs.Values.Where(run => run.Country is not null).GroupBy(run => run.To).ToDictionary(group => group.Key, group =>
            group.First().Country!);
        fearsInFile = FearsIn(registrations);
        codes = lives.Values.SelectMany(life => life.Seats).DistinctBy(seat => seat.Transport).ToDictionary(seat => seat.Transport, seat =>
            seat.Code);
        groupOf = Groups();
    }

    /// <summary>All rules over an export, by what the scenario's own files say of transports, places and fears.</summary>
    /// <param name="lines">The export: a timeline a line.</param>
    /// <param name="registrations">registrations.csv.</param>
    /// <param name="transports">transports.csv.</param>
    /// <param name="assemblyPoints">assembly-points.csv.</param>
    public static (IReadOnlyCollection<Life> Lives, Breaches Breaches) Check(IEnumerable<string> lines, string registrations,
        string transports, string assemblyPoints)
    {
        var countries = Csv.Read(transports).Select(Read).OfType<Run>().Where(run => run.Country is not null).GroupBy(run =>
            run.Code).ToDictionary(same => same.Key, same => same.First().Country!);
        var ledger = Ledger.Read(lines, new(countries, FearsIn(registrations)) { TimesAreTrue = true });
        var book = new Rulebook(ledger.Lives, registrations, transports, assemblyPoints);
        return (ledger.Lives, new(
        [
            .. ledger.Breaches, .. Found("C.split", book.FamiliesParted()), .. Found("F.plan", book.FamiliesSplit()),
            .. Found("P.turn", book.TurnsTaken()), .. Found("capacity.file", book.Overfull()),
        ]));

        static IEnumerable<Breach> Found(string code, IEnumerable<string> what) => what.Select(one => new Breach(code, one, Guid.Empty, 0));
    }

    private static Dictionary<string, HashSet<string>> FearsIn(string registrations) => Csv.Read(registrations)
        .Where(row => row.GetValueOrDefault("fear_of_return_to") is { Length: > 0 })
        .GroupBy(row => row["reference"].Trim())
        .ToDictionary(group => group.Key, group => group
            .SelectMany(row => row["fear_of_return_to"].Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                .Select(code => code.ToUpperInvariant()).ToHashSet());

    // C: no household with a child is split on the way.
    private IEnumerable<string> FamiliesParted()
    {
        var legs = from life in lives.Values
                   from boarded in life.Boarded
                   let household = life.HouseholdAt(boarded.Version)
                   where household is not null
                   let leg = life.Boarded.IndexOf(boarded) + 1
                   group (life, boarded) by (household, leg);
        foreach (var leg in legs)
            if (leg.Any(of => of.life.IsChild(of.boarded.At)) && leg.Select(of => of.boarded.Transport).Distinct().Count() > 1)
                yield return $"the household {leg.Key.household} with a child was split on leg {leg.Key.leg}";
    }

    // F: those of one household who are seated by one plan are seated on the same transports.
    private IEnumerable<string> FamiliesSplit() =>
        from life in lives.Values
        from plan in life.Seats.GroupBy(seat => seat.Plan)
        let household = life.HouseholdAt(plan.First().Version)
        where household is not null
        group string.Join(' ', plan.OrderBy(seat => seat.Leg).Select(seat => seat.Transport).Distinct()) by (household,
            plan.Key) into families
        where families.Distinct().Count() > 1
        select $"the household {families.Key.household} is seated on different transports";

    private IEnumerable<string> Overfull()
    {
        foreach (var (transport, code) in codes)
        {
            if (!runs.TryGetValue(code, out var run)) continue;
            var held = Taken(lives.Values.Where(life => life.Seats.Any(seat => seat.Transport == transport && seat.Released is null)),
                transport, run);
            var aboard = Taken(lives.Values.Where(life => life.IsAboard(transport)), transport, run);
            if (!Fits(held, run) || !Fits(aboard, run)) yield return $"{code} carries more than it has places for";
        }
        static bool Fits((int Seats, int Wheelchairs, int Stretchers) taken, Run run) =>
            taken.Seats <= run.Seats && taken.Wheelchairs <= run.Wheelchairs && taken.Stretchers <= run.Stretchers;
    }

    // P: no group stays for want of a seat while a less urgent one took a journey that the first could have taken instead.
    private IEnumerable<string> TurnsTaken()
    {
        var plans = lives.Values.SelectMany(life =>
            life.Seats.Select(seat => seat.Plan).Concat(life.LeftBehind.Select(left => left.Plan))).Distinct();
        foreach (var plan in plans)
        {
            var groups = lives.Values.GroupBy(life => groupOf[life.Id]).Select(group => group.ToList()).ToList();
            var free = codes.Where(code => runs.ContainsKey(code.Value)).ToDictionary(code => code.Key, code =>
                Free(code.Key, runs[code.Value], plan));
            var seated = (from members in groups
                          let seats = members.Select(life =>
                              life.Seats.Where(seat => seat.Plan == plan).OrderBy(seat => seat.Leg).ToList()).ToList()
                          where seats.All(own => own.Count > 0)
                          let way = seats[0].Select(seat => seat.Transport).Distinct().ToList()
                          where way.All(free.ContainsKey)
                          select (Members: members, Way: way, Turn: TurnOf(members, plan))).ToList();
            foreach (var members in groups.Where(members =>
                members.All(life => life.LeftBehind.Any(left => left.Plan == plan)) && members.Any(life =>
                life.LeftBehind.Any(left => left.Plan == plan && left.Reason == "no-seat"))))
            {
                var turn = TurnOf(members, plan);
                if (seated.FirstOrDefault(other => turn.CompareTo(other.Turn) < 0 && CouldGo(members, other.Way, plan)
                    && other.Way.All(transport => Room(members, other.Members, transport, free[transport]))) is { Members: not null } taken)
                    yield return $"{members[0].Id} stayed while {taken.Members[0].Id}, who is less urgent, took {string.Join(" and ", taken.Way.Select(Code))}";
            }
        }
    }

    // A household travels together. A decision on a child joins the child's household to the escort's.
    private Dictionary<Guid, Guid> Groups()
    {
        var (own, joined) = (lives.Values.ToDictionary(life => life.Id, HouseholdOf), new Dictionary<Guid, Guid>());
        foreach (var life in lives.Values)
            if (life.BestInterests.LastOrDefault() is { MayDepart: true, Escort: { } escort } && lives.TryGetValue(escort, out var adult)
                && Root(own[life.Id]) is var root && root != Root(own[adult.Id]))
                joined[root] = Root(own[adult.Id]);
        return own.ToDictionary(one => one.Key, one => Root(one.Value));

        Guid Root(Guid group)
        {
            while (joined.TryGetValue(group, out var next)) group = next;
            return group;
        }
    }

    private static Guid HouseholdOf(Life life) => life.Households.LastOrDefault() is { Version: > 0 } with ? with.Household : life.Id;

    // The neediest member's tier and score, then who waited longest: smaller goes first.
    private static (int Tier, int Score, DateTimeOffset Since) TurnOf(List<Life> members, Guid plan)
    {
        var (tier, score) = members.Select(life =>
        {
            var decided = life.Seats.Where(seat => seat.Plan == plan).Select(seat =>
                seat.Version).Concat(life.LeftBehind.Where(left => left.Plan == plan).Select(left => left.Version)).First();
            var known = life.Assessments.LastOrDefault(assessed => assessed.Version < decided);
            return (known?.Tier ?? 5, -(known?.Score ?? 0));
        }).Min();
        return (tier, score, members.Min(life => life.WaitingSince));
    }

    private bool CouldGo(List<Life> members, List<Guid> way, Guid plan)
    {
        var legs = way.Select(transport => runs[codes[transport]]).ToList();
        if (!points.TryGetValue(legs[0].From, out var start)) return false;
        // Who told no place may be anywhere: no breach can be shown for them.
        var places = members.SelectMany(life => life.Forms.Values).Select(form =>
            form.Position).OfType<(double North, double East)>().ToList();
        if (places.Count == 0 || places.Any(place => Told.Kilometres(place, start) > ReachInKilometres)) return false;
        return members.All(life =>
        {
            var decided = life.LeftBehind.First(left => left.Plan == plan).Version;
            if (life.Consents.LastOrDefault(consent => consent.Version < decided) is not { Given: true } consent
                || (consent.By == life.Id && life.IsChild(consent.At))) return false;
            if (life.IsChild(legs[0].Departs)
                && (members.All(other => other.IsChild(legs[0].Departs)) || life.Forms.Values.Any(form => form.SaidToBeAlone))
                && !(life.BestInterests.LastOrDefault(decision => decision.Version < decided) is { MayDepart: true, Escort: { } escort }
                    && members.Any(other => other.Id == escort))) return false;
            return legs.All(leg => MayTake(life, leg, decided));
        });
    }

    private bool MayTake(Life life, Run leg, long decided)
    {
        if (leg.Country is null) return true;
        if (new Person(life, [life]).Fears([leg.Country], life.Fears.Find(fear =>
            fear.Version > decided)?.Order ?? long.MaxValue) is not null || life.References.Any(reference =>
            fearsInFile.GetValueOrDefault(reference)?.Contains(leg.Country) == true)) return false;
        var from = countryOf.GetValueOrDefault(leg.From);
        if (from == leg.Country) return true;
        // The first country out of the crisis takes everybody in; after that only one's own does.
        if (from is not null && !life.Nationalities.Contains(leg.Country)) return false;
        var own = life.Forms.Values.All(form => form.DocumentStatus == "valid" && form.DocumentExpiry >= leg.ArrivesOn);
        return own || life.Papers.Any(paper =>
            paper.Version < decided && paper.RevokedAt > decided && paper.ValidUntil >= leg.ArrivesOn
            && (paper.Destination == leg.Country || paper.Transits.Contains(leg.Country)));
    }

    private (int, int, int) Free(Guid transport, Run run, Guid plan)
    {
        var (seats, wheelchairs, stretchers) = Taken(lives.Values.Where(life =>
            life.Seats.Any(seat => seat.Transport == transport && seat.Plan == plan)), transport, run);
        return (run.Seats - seats, run.Wheelchairs - wheelchairs, run.Stretchers - stretchers);
    }

    private bool Room(List<Life> members, List<Life> others, Guid transport, (int Seats, int Wheelchairs, int Stretchers) free)
    {
        var run = runs[codes[transport]];
        var spaces = members.Select(life => life.Mobility).ToList();
        var laps = Math.Min(members.Count(life => life.Mobility == "none" && life.IsSurelyInfant(run.Arrives)), members.Count(life =>
            life.Mobility == "none" && !life.IsChild(run.Departs)));
        var given = Taken(others, transport, run);
        return spaces.Count(space => space == "none") - laps <= free.Seats + given.Seats
            && spaces.Count(space => space == "wheelchair") <= free.Wheelchairs + given.Wheelchairs
            && spaces.Count(space => space == "stretcher") <= free.Stretchers + given.Stretchers;
    }

    /// <summary>Places taken on a transport; every adult in a seat takes one infant of the group on the lap.</summary>
    private (int Seats, int Wheelchairs, int Stretchers) Taken(IEnumerable<Life> people, Guid transport, Run run)
    {
        var (seats, wheelchairs, stretchers) = (0, 0, 0);
        foreach (var group in people.GroupBy(life => groupOf[life.Id]))
        {
            var sitting = group.Where(life => Space(life) == "none").ToList();
            seats += sitting.Count - Math.Min(sitting.Count(life => life.MayBeInfant(life.WaitingSince)), sitting.Count(life =>
                !life.IsChild(run.Departs)));
            wheelchairs += group.Count(life => Space(life) == "wheelchair");
            stretchers += group.Count(life => Space(life) == "stretcher");
        }
        return (seats, wheelchairs, stretchers);
        string Space(Life life) => life.Seats.LastOrDefault(seat => seat.Transport == transport)?.Space ?? "none";
    }

    private string Code(Guid transport) => codes.GetValueOrDefault(transport) ?? transport.ToString();

    private static Run? Read(Dictionary<string, string> row) =>
        Time(row["departs_at"]) is { } departs && Time(row["arrives_at"]) is { } arrives
            ? new(row["code"].Trim(), row["from"].Trim(), row["to"].Trim(), row["destination_country"].Trim() is { Length: > 0 } country
                ? country : null, departs, arrives,
                (int)Number(row["seats"]), (int)Number(row["wheelchair_spaces"]), (int)Number(row["stretcher_spaces"]))
            : null;

    private static DateTimeOffset? Time(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static double Number(string text) => double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
