using System.Diagnostics;
using System.Globalization;
using CrisisCoordination.EvacuationPlanning.Checking;
using CrisisCoordination.EvacuationPlanning.Planning;

namespace CrisisCoordination.Benchmarks;

/// <summary>A plan for 5,000 and for 100,000 people, beside two simpler ways of making one, and beside a solver's answers on small ones.</summary>
internal static class Plans
{
    private const int Small = 200;

    public static Task RunAsync(Ground ground)
    {
        Console.WriteLine("\nPlanning: people out of the crisis country, tier by tier, and the most that any plan could bring out beside as many of the tiers before");
        foreach (var (people, departures) in ((int, int)[])[(5_000, 120), (100_000, 500)]) Large(people, departures, ground.Runs);
        Others();
        return AgainstSolverAsync();
    }

    private static void Large(int people, int departures, int runs)
    {
        var (network, groups) = Evacuation.Of(people, departures);
        Console.WriteLine($"\n  {people:N0} people, {groups.Count:N0} groups, {departures} departures in 10 days");
        using var self = Process.GetCurrentProcess();
        var (times, processor) = (new List<double>(), new List<double>());
        Plan plan = null!;
        var before = GC.GetTotalAllocatedBytes();
        for (var run = 0; run < runs; run++)
        {
            var (watch, used) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
            plan = Planner.Plan(network, groups, []);
            times.Add(watch.Elapsed.TotalSeconds);
            processor.Add((Environment.CpuUsage.TotalTime - used).TotalSeconds);
        }
        var allocated = (GC.GetTotalAllocatedBytes() - before) / runs;
        self.Refresh();
        Say($"  planned in {times.Order().ElementAt(runs / 2):0.00} s, {processor.Order().ElementAt(runs / 2):0.00} s of the processor, first time {times[0]:0.00} s, {allocated / 1e6:0} MB allocated, at most {self.PeakWorkingSet64 / 1e6:0} MB in memory");

        var checking = Environment.CpuUsage.TotalTime;
        var verdict = Checker.Check(Evacuation.InputOf(network, groups), Evacuation.Places, plan);
        Say($"  checked in {(Environment.CpuUsage.TotalTime - checking).TotalSeconds:0.0} s of the processor: {Said(verdict)}");

        var arrival = FirstComeFirstServed(network, groups, group => (0, group.WaitingSince.Ticks));
        var tiered = FirstComeFirstServed(network, groups, group => (group.Tier, group.WaitingSince.Ticks));
        Console.WriteLine("  tier   people   planned   at home   at most     gap   first come   greedy by tier");
        foreach (var tier in plan.Tiers)
            Say($"  {tier.Tier,4} {tier.People,8} {tier.Placed,9} {tier.AtHome,9} {tier.AtMost,9} {100.0 * tier.Gap / Math.Max(1, tier.AtMost),6:0.00} % {arrival.GetValueOrDefault(tier.Tier),11} {tiered.GetValueOrDefault(tier.Tier),16}");
        if (people > 50_000) Replans.Run(network, groups, plan, times.Order().ElementAt(runs / 2), runs);
        Say($"   all {plan.Tiers.Sum(tier => tier.People),8} {plan.Tiers.Sum(tier => tier.Placed),9} {plan.Tiers.Sum(tier => tier.AtHome),9} {"",20} {arrival.Values.Sum(),11} {tiered.Values.Sum(),16}");
    }

    private static string Said(Verdict verdict) => verdict.Holds ? "holds, certificate included" : $"{verdict.Faults.Length} faults, the first: {verdict.Faults[0]}";

    /// <summary>One evacuation may be kinder to a bound than another.</summary>
    private static void Others()
    {
        Console.WriteLine("\n  gap of each tier in other evacuations of 100,000 people");
        foreach (var seed in (int[])[1, 2, 3, 5, 6, 7, 8])
        {
            var (network, groups) = Evacuation.Of(100_000, 500, seed);
            var plan = Planner.Plan(network, groups, []);
            var gaps = plan.Tiers.Select(tier => FormattableString.Invariant($"{100.0 * tier.Gap / Math.Max(1, tier.AtMost),6:0.00} %"));
            Console.WriteLine($"  {seed}: {string.Join(' ', gaps)}; {Said(Checker.Check(Evacuation.InputOf(network, groups), Evacuation.Places, plan))}");
        }
    }

    /// <summary>The baselines: each takes the best way that is left when its turn comes, and nobody ever moves.</summary>
    private static Dictionary<int, int> FirstComeFirstServed(Network network, IReadOnlyList<Group> groups, Func<Group, (int, long)> turn)
    {
        var terms = new Terms();
        var (passages, search) = (new Passages(network, terms), new JourneySearch(network, terms));
        var free = network.Legs.Select(leg => leg.Departure.Spaces).ToArray();
        var placed = new Dictionary<int, int>();
        foreach (var group in groups.OrderBy(turn).Where(group => WhoMayGo.KeptBy(group).IsEmpty))
            if (search.Find(passages.Of(group, network.WithinReach(group.Start, terms.ReachInKilometres)).Passage, new FreeRoom(free, group.Need), Outcome.None) is { } way)
            {
                foreach (var leg in way) free[leg] -= group.Need;
                placed[group.Tier] = placed.GetValueOrDefault(group.Tier) + group.Souls;
            }
        return placed;
    }

    internal static async Task AgainstSolverAsync()
    {
        Console.WriteLine($"\n  {Small} small evacuations against an exact solver, tier by tier");
        if (((string[])["/usr/bin/cbc", "/usr/bin/glpsol"]).FirstOrDefault(File.Exists) is not { } solver)
        {
            Console.WriteLine("  skipped: neither cbc nor glpsol is installed (apt-get install coinor-cbc)");
            return;
        }

        await Compare("the best plan that, like ours, leaves nobody behind who fits in the place of one less urgent", keepUrgency: true);
        await Compare("most people of each tier, whoever is passed over", keepUrgency: false);

        async Task Compare(string question, bool keepUrgency)
        {
            var (same, leading, people, most, worst) = (0, 0, 0, 0, 0.0);
            for (var seed = 1; seed <= Small; seed++)
            {
                var (network, groups) = Evacuation.Of(people: 24 + (seed % 5 * 8), departures: 16, seed);
                var ours = Planner.Plan(network, groups, []).Tiers.Select(tier => tier.Placed).ToArray();
                var best = await Exact.SolveAsync(solver, network, groups, keepUrgency);
                if (ours.SequenceEqual(best)) same++;
                if (ours[0] == best[0]) leading++;
                else worst = Math.Max(worst, 1 - (ours[0] / (double)best[0]));
                (people, most) = (people + ours.Sum(), most + best.Sum());
            }
            Say($"  {Path.GetFileName(solver)}, asked for {question}:");
            Say($"    equal in every tier {same} of {Small}, in the leading tier {leading}, at worst {100 * worst:0.0} % behind there; {people} people planned, {most} by the solver");
        }
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
