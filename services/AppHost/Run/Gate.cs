using System.Text.Json;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.AppHost.Run;

/// <summary>A departure as the service lists it.</summary>
internal sealed record Transport(Guid Id, string Code, string From, string To, string? Country, DateTimeOffset Departs, DateTimeOffset Arrives, int Seats)
{
    public static Transport Read(JsonElement listed) => new(
        listed.Id("transportId"), listed.Text("code") ?? "", listed.Text("from") ?? "", listed.Text("to") ?? "", listed.Text("destinationCountry"),
        listed.Time("departsAt") ?? throw new RunException("A transport lacks departsAt."), listed.Time("arrivesAt") ?? throw new RunException("A transport lacks arrivesAt."),
        (int)CrisisRun.Number(listed, "seats"));

    /// <summary>Countries reached straight from the crisis, those with most seats first.</summary>
    public static List<string> FirstRefuges(IReadOnlyList<Transport> transports)
    {
        var abroad = transports.Where(transport => transport.Country is not null).Select(transport => transport.To).ToHashSet();
        return [.. transports.Where(transport => transport.Country is not null && !abroad.Contains(transport.From))
            .GroupBy(transport => transport.Country!)
            .OrderByDescending(country => country.Sum(transport => transport.Seats)).ThenBy(country => country.Key, StringComparer.Ordinal)
            .Select(country => country.Key)];
    }
}

/// <summary>The last part of the story: who comes to the gate, who does not, who changes their mind there, and who arrives.</summary>
internal sealed class Gate(Scenario scenario, Cast cast, Caseload cases, Action<string> refused, CancellationToken ct)
{
    private const int AtOnce = 10;
    private static readonly TimeSpan BoardsBefore = TimeSpan.FromMinutes(30);

    private enum Comes { ToBoard, Not, ToWithdraw, ToTellOfFear }

    public async Task RunAsync(IReadOnlyList<Transport> transports, Step step)
    {
        // A transport boards when all that bring people to its point in time have arrived; one gate takes one after the
        // other, many gates are open at once.
        using var gates = new SemaphoreSlim(AtOnce);
        var arrivals = new Dictionary<Guid, Task>();
        foreach (var transport in transports.OrderBy(transport => transport.Departs).ThenBy(transport => transport.Code, StringComparer.Ordinal))
        {
            var before = transports.Where(other => other.To == transport.From && other.Arrives <= transport.Departs && other.Departs < transport.Departs).Select(other => arrivals[other.Id]).ToList();
            arrivals[transport.Id] = CarryAsync(transport, before, gates, step);
        }
        await Task.WhenAll(arrivals.Values);
    }

    private async Task CarryAsync(Transport transport, List<Task> before, SemaphoreSlim gates, Step step)
    {
        await Task.WhenAll(before);
        await gates.WaitAsync(ct);
        try
        {
            await BoardAsync(transport, transport.Departs - BoardsBefore, step);
            if (!Accepted(await PostAsync($"/transports/{transport.Id}/departure", new { at = transport.Departs }, $"departure/{transport.Code}"))) return;
            Accepted(await PostAsync($"/transports/{transport.Id}/arrival", new { at = transport.Arrives }, $"arrival/{transport.Code}"));
        }
        finally
        {
            gates.Release();
        }
    }

    private async Task BoardAsync(Transport transport, DateTimeOffset at, Step step)
    {
        var manifest = (await cast.Coordinator.GetAsync(Service.EvacuationPlanning, $"/transports/{transport.Id}/manifest", ct)).OrFail($"The manifest of {transport.Code}");
        var waiting = manifest.Items("people").Where(entry => entry.Text("state") == "held").Select(entry => cases.Find(entry.Id("personId"))).OfType<Case>()
            .OrderBy(one => one.Reference, StringComparer.Ordinal).ToList();
        var groups = waiting.ToLookup(one => Decide(cases.GroupOf(one), transport));
        foreach (var (choice, path, body) in new (Comes, Func<Case, string>, Func<Case, object>)[]
        {
            (Comes.Not, _ => $"/transports/{transport.Id}/no-shows", one => new { personId = one.Id, at }),
            (Comes.ToWithdraw, one => $"/people/{one.Id}/gate/consent-withdrawal", _ => new { at }),
            (Comes.ToTellOfFear, one => $"/people/{one.Id}/gate/fears", _ => new { countries = new[] { transport.Country }, at }),
        })
        {
            // One word is enough that a family does not travel; a fear is each one's own.
            var speakers = choice == Comes.ToTellOfFear ? groups[choice] : groups[choice].OrderBy(one => one.IsChild(at)).DistinctBy(cases.GroupOf);
            foreach (var one in speakers) Accepted(await PostAsync(path(one), body(one), $"gate/{transport.Code}/{one.Id}"));
        }

        // A child boards after the adult whom the child may not travel without.
        foreach (var one in groups[Comes.ToBoard].OrderBy(one => one.IsChild(at)))
            if (Accepted(await PostAsync($"/transports/{transport.Id}/boarding", new { personId = one.Id, at }, $"gate/{transport.Code}/{one.Id}"))) step.Done();
    }

    // Those who travel together decide together.
    private Comes Decide(string group, Transport transport) => scenario.Chance($"gate/{transport.Code}", group) switch
    {
        < 0.020 => Comes.Not,
        < 0.024 => Comes.ToWithdraw,
        < 0.028 when transport.Country is not null => Comes.ToTellOfFear,
        _ => Comes.ToBoard,
    };

    private Task<Answer> PostAsync(string path, object body, string key) => cast.Coordinator.PostAsync(Service.EvacuationPlanning, path, body, key, ct);

    private bool Accepted(Answer answer)
    {
        if (!answer.Done) refused(answer.Code);
        return answer.Done;
    }
}
