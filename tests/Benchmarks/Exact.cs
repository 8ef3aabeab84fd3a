using System.Diagnostics;
using System.Globalization;
using System.Text;
using CrisisCoordination.EvacuationPlanning.Planning;

namespace CrisisCoordination.Benchmarks;

/// <summary>Asks a solver of whole-number programs for the best plan: most people of the first tier, then of the second, and so on.</summary>
internal static class Exact
{
    private static readonly Func<Spaces, int>[] Kinds = [spaces => spaces.Seats, spaces => spaces.Wheelchairs, spaces => spaces.Stretchers];

    /// <summary>One group left behind that would fit on this way of its own in the place of another, less urgent one.</summary>
    private readonly record struct Slight(int Left, int Way, int Other);

    /// <summary>People tier by tier.</summary>
    /// <param name="keepUrgency">Of the plans that leave nobody behind who fits in the place of one less urgent, as the planner must; otherwise of all plans.</param>
    public static async Task<int[]> SolveAsync(string solver, Network network, IReadOnlyList<Group> groups, bool keepUrgency)
    {
        var terms = new Terms();
        var passages = new Passages(network, terms);
        var turns = groups.OrderBy(group => group.Turn, Turn.Order).ToList();
        var ways = turns.ConvertAll(group => WhoMayGo.KeptBy(group).IsEmpty && network.WithinReach(group.Start, terms.ReachInKilometres) is { IsEmpty: false } starts
            ? WaysOut(network, terms, passages.Of(group, starts).Passage) : []);
        // There are too many ways to slight somebody to forbid them all at once: those that the solver chose are forbidden, and it is asked again.
        for (var forbidden = new HashSet<Slight>(); ;)
        {
            var kept = new List<(int Tier, int People)>();
            var chosen = new Dictionary<int, int>();
            foreach (var tier in turns.Select(group => group.Tier).Distinct().ToList())
            {
                chosen = await AskAsync(solver, Program(network, turns, ways, forbidden, kept, tier));
                kept.Add((tier, turns.Index().Where(turn => turn.Item.Tier == tier && chosen.ContainsKey(turn.Index)).Sum(turn => turn.Item.Souls)));
            }
            var before = forbidden.Count;
            if (keepUrgency) forbidden.UnionWith(Slights(network, turns, ways, chosen));
            if (forbidden.Count == before) return [.. kept.Select(tier => tier.People)];
        }
    }

    private static List<int[]> WaysOut(Network network, Terms terms, Passage passage)
    {
        var ways = new List<int[]>();
        foreach (var leg in passage.LegsOut)
            if (passage.Starts.Contains(network.Legs[leg].From))
                Extend([leg]);
        return ways;

        void Extend(int[] way)
        {
            var last = network.Legs[way[^1]];
            if (last.LeavesCrisis) ways.Add(way);
            else if (way.Length < terms.MostLegs)
                foreach (var next in passage.LegsOut)
                    if (network.Legs[next].From == last.To && network.Legs[next].DepartsAt >= last.ArrivesAt + terms.Connection.Ticks)
                        Extend([.. way, next]);
        }
    }

    private static string Program(Network network, List<Group> turns, List<List<int[]>> ways, IReadOnlyCollection<Slight> forbidden, List<(int Tier, int People)> kept, int tier)
    {
        var variables = ways.SelectMany((own, group) => own.Select((way, index) => (Group: group, Way: way, Name: $"x{group}_{index}"))).ToList();
        string Sum(IEnumerable<(int Weight, string Name)> terms) => string.Join(" + ", terms.Where(term => term.Weight != 0).Select(term => $"{term.Weight} {term.Name}").DefaultIfEmpty("0 nobody"));
        string People(int of) => Sum(variables.Where(variable => turns[variable.Group].Tier == of).Select(variable => (turns[variable.Group].Souls, variable.Name)));

        var program = new StringBuilder("Maximize\n people: ").Append(People(tier)).Append("\nSubject To\n");
        foreach (var group in variables.GroupBy(variable => variable.Group)) program.Append(Sum(group.Select(variable => (1, variable.Name)))).Append(" <= 1\n");
        foreach (var leg in Enumerable.Range(0, network.Legs.Length))
            foreach (var kind in Kinds)
                program.Append(Load(leg, kind)).Append(CultureInfo.InvariantCulture, $" <= {kind(network.Legs[leg].Departure.Spaces)}\n");
        // Who is left behind though the other goes is kept out by a leg of each way that others than that one fill.
        var full = new HashSet<string>();
        foreach (var (left, way, other) in forbidden)
        {
            var need = turns[left].Need;
            var barriers = new List<string>();
            foreach (var leg in ways[left][way])
                foreach (var (kind, of) in Kinds.Index().Where(kind => kind.Item(need) > 0))
                {
                    var (least, name) = (of(network.Legs[leg].Departure.Spaces) - of(need) + 1, $"b{leg}_{kind}_{other}_{of(need)}");
                    barriers.Add(name);
                    if (full.Add(name)) program.Append(Load(leg, of, but: other)).Append(CultureInfo.InvariantCulture, $" - {Math.Max(0, least)} {name} >= 0\n");
                }
            program.Append(Sum(variables.Where(variable => variable.Group == left).Select(variable => (1, variable.Name)).Concat(barriers.Select(name => (1, name)))))
                .Append(" - ").AppendJoin(" - ", variables.Where(variable => variable.Group == other).Select(variable => variable.Name)).Append(" >= 0\n");
        }
        foreach (var (before, people) in kept) program.Append(People(before)).Append(CultureInfo.InvariantCulture, $" >= {people}\n");
        return program.Append("Binary\n nobody\n").AppendJoin('\n', variables.Select(variable => variable.Name).Concat(full)).Append("\nEnd\n").ToString();

        string Load(int leg, Func<Spaces, int> kind, int but = -1) => Sum(variables.Where(variable => variable.Group != but && variable.Way.Contains(leg)).Select(variable => (kind(turns[variable.Group].Need), variable.Name)));
    }

    private static IEnumerable<Slight> Slights(Network network, List<Group> turns, List<List<int[]>> ways, Dictionary<int, int> chosen)
    {
        var free = network.Legs.Select(leg => leg.Departure.Spaces).ToArray();
        foreach (var (group, way) in chosen)
            foreach (var leg in ways[group][way]) free[leg] -= turns[group].Need;
        return from left in Enumerable.Range(0, turns.Count)
               where !chosen.ContainsKey(left)
               from choice in chosen
               where choice.Key > left
               let place = ways[choice.Key][choice.Value]
               from own in ways[left].Index()
               where own.Item.All(leg => (place.Contains(leg) ? free[leg] + turns[choice.Key].Need : free[leg]).Hold(turns[left].Need))
               select new Slight(left, own.Index, choice.Key);
    }

    private static async Task<Dictionary<int, int>> AskAsync(string solver, string program)
    {
        var folder = Directory.CreateTempSubdirectory("crisis-plan-");
        try
        {
            var (model, answer) = (Path.Combine(folder.FullName, "plan.lp"), Path.Combine(folder.FullName, "answer.txt"));
            await File.WriteAllTextAsync(model, program);
            string[] arguments = solver.EndsWith("cbc", StringComparison.Ordinal)
                ? [model, "ratioGap", "0", "solve", "solution", answer] : ["--lp", model, "-o", answer];
            using var process = Process.Start(new ProcessStartInfo(solver, arguments) { RedirectStandardOutput = true })!;
            await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            var chosen = new Dictionary<int, int>();
            foreach (var line in await File.ReadAllLinesAsync(answer))
            {
                var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                var at = Array.FindIndex(words, word => word is ['x', >= '0' and <= '9', ..]);
                if (at < 0) continue;
                var value = words.Skip(at + 1).Select(word => double.TryParse(word, CultureInfo.InvariantCulture, out var number) ? number : (double?)null).FirstOrDefault(number => number is not null);
                if (value is not > 0.5) continue;
                var parts = words[at][1..].Split('_');
                chosen[int.Parse(parts[0], CultureInfo.InvariantCulture)] = int.Parse(parts[1], CultureInfo.InvariantCulture);
            }
            return chosen;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
