using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using CrisisCoordination.EvacuationPlanning.Checking;
using CrisisCoordination.EvacuationPlanning.Explain;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CrisisCoordination.EvacuationPlanning.Plans;

/// <summary>
/// The proof of a plan. The checker asks about nationality and fears, which no plan keeps: so it runs while the facts are
/// still at hand, beside the answer to whoever drafted, and what it says is kept.
/// </summary>
internal sealed class CertifyPlanFeature(PlanShelf shelf, TimelineStore store, IHostApplicationLifetime life, ILogger<CertifyPlanFeature> log)
{
    /// <summary>The one fault of a plan that was made from other countries than the timelines tell.</summary>
    public const string PlacesChanged = "places-changed";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<Guid, Task> underWay = [];

    // One at a time: a large plan takes a processor for seconds.
    private static readonly SemaphoreSlim One = new(1);

    internal sealed record Against(Guid GroupId, string Code, string Words, int Full, int AllMoreUrgent, int NoPlaceLargeEnough);

    /// <param name="Hash">SHA-256 of the input's and the plan's hash: the same input under the same rules gives the same.</param>
    internal sealed record Certificate(
        Guid PlanId, string RuleVersion, bool Holds, ImmutableArray<Fault> Faults, ImmutableArray<PlannedTier> Tiers,
        string InputHash, string PlanHash, string Hash, Page<Against> StoodAgainst);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/plans/{planId:guid}/certificate", async (Guid planId, HttpContext http, TimelineStore store, PlanShelf shelf, CertifyPlanFeature feature, string? cursor = null, int? limit = null) =>
        {
            if (Page.Asked(cursor, limit, out var from, out var many) is { } wrong) return wrong.ToProblem();
            if (await shelf.FindAsync(planId, http.RequestAborted) is not { } plan) return ReviewPlanFeature.Unknown.ToProblem();
            await feature.WaitAsync(planId, http.RequestAborted);
            if (await shelf.VerdictAsync(planId, http.RequestAborted) is not { } verdict)
                return NotChecked.ToProblem();

            var bytes = await shelf.ContentAsync(planId, http.RequestAborted);
            var (content, hash) = (PlanContent.Read(bytes), PlanContent.HashOf(bytes));
            var (faults, reader) = (verdict.Faults, Reader.Of(http));
            // What the draft was is on its timeline, which nobody can change.
            if ((await store.LoadAsync<PublishedPlan>(planId, ct: http.RequestAborted)).State.Drafted?.Hash != hash) faults = [.. faults, new("plan-was-changed-after-it-was-drafted")];
            var page = Page.Of(verdict.StoodAgainst, from, many, one => reader.Known(one.Code) is var code ? new Against(one.GroupId, code, Words.Say(code), one.Full, one.AllMoreUrgent, one.NoPlaceLargeEnough) : null!);
            var shown = page.Items.Select(item => item.GroupId).ToHashSet();
            await http.LogReadAsync("plan certificate", content.Groups.Where(group => shown.Contains(group.Id)).SelectMany(group => group.Members).Select(person => (Guid?)person));
            return (IResult)TypedResults.Ok(new Certificate(
                planId, plan.RuleVersion, faults.IsEmpty, [.. faults.Select(fault => fault with { Code = reader.Known(fault.Code) })], content.Tiers, verdict.InputHash, hash,
                PlanContent.HashOf(System.Text.Encoding.ASCII.GetBytes($"{verdict.InputHash}/{hash}")), page));
        }).LogsRead("plan certificate").Allow(Roles.Coordinator, Roles.Auditor).WithSummary("The proof of a plan: what the independent checker says, and what stood against each group left behind");

    public static Refusal NotChecked => Refusal.Conflict("plan/not-checked",
        "This plan is still being checked, or the service stopped before it was. Ask again in a minute; if that does not help, make a new draft.");

    public void Begin(Guid planId, Guid crisisId, Proposal proposal) => underWay[planId] = Task.Run(async () =>
    {
        await One.WaitAsync(life.ApplicationStopping);
        try
        {
            var places = await PlacesAsync(crisisId, proposal.Input, life.ApplicationStopping);
            var verdict = Checker.Check(proposal.Input, places, proposal.Plan);
            // Told while the plan was made. What the checker finds then is no fault of the planner's.
            if (!verdict.Holds && !places.AgreeWith(proposal.Input)) verdict = verdict with { Faults = [new(PlacesChanged)] };
            if (!verdict.Holds) log.LogError("The plan {PlanId} has {Faults} faults, the first {Code}", planId, verdict.Faults.Length, verdict.Faults[0].Code);
            await shelf.PutVerdictAsync(planId, new(HashOf(proposal.Input, places), verdict.Faults, verdict.StoodAgainst), life.ApplicationStopping);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            log.LogError("Checking the plan {PlanId} failed with {Fault}", planId, fault.GetType().Name);
        }
        finally
        {
            One.Release();
            underWay.TryRemove(planId, out _);
        }
    }, life.ApplicationStopping);

    /// <summary>Until the check that runs in this process is done, within reason.</summary>
    public Task WaitAsync(Guid planId, CancellationToken ct) =>
        underWay.TryGetValue(planId, out var task) ? Task.WhenAny(task, Task.Delay(Patience, ct)) : Task.CompletedTask;

    /// <summary>From the timelines of the crisis and of every point, not from what the plan was made from.</summary>
    private async Task<KnownPlaces> PlacesAsync(Guid crisis, PlanInput input, CancellationToken ct)
    {
        var codes = input.Departures.SelectMany(run => (string[])[run.From, run.To, .. run.Alternates ?? []])
            .Concat(input.Points.Select(point => point.Code)).Distinct();
        var points = await store.ReadAsync([.. codes.Select(StreamId.AssemblyPoint)], ct);
        return KnownPlaces.From((await store.ReadAsync(crisis, ct)).Events.Select(e => e.Event), points.Select(point => point.Events.Select(e => e.Event)));
    }

    /// <summary>Of everything, whatever the order in which it came.</summary>
    internal static string HashOf(PlanInput input, KnownPlaces places)
    {
        using var bytes = new HashedBytes();
        JsonSerializer.Serialize(bytes, new KnownPlaces([.. places.Crisis.Order(StringComparer.Ordinal)], new SortedDictionary<string, KnownPoint>(places.Points.ToDictionary(), StringComparer.Ordinal)), PlanShelf.Json);
        JsonSerializer.Serialize(bytes, input with
        {
            CrisisCountries = [.. input.CrisisCountries.Order(StringComparer.Ordinal)],
            Points = [.. input.Points.OrderBy(point => point.Code, StringComparer.Ordinal)],
            Departures = [.. input.Departures.OrderBy(run => run.Id)],
            Groups = [.. input.Groups.OrderBy(group => group.Id).Select(group => group with { Travellers = [.. group.Travellers.OrderBy(traveller => traveller.PersonId)] })],
            Held = [.. input.Held.OrderBy(hold => hold.GroupId)],
        }, PlanShelf.Json);
        return bytes.Hash;
    }

    private sealed class HashedBytes : MemoryStream
    {
        private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public string Hash => Convert.ToHexStringLower(hash.GetHashAndReset());

        public override void Write(byte[] buffer, int offset, int count) => hash.AppendData(buffer, offset, count);

        public override void Write(ReadOnlySpan<byte> buffer) => hash.AppendData(buffer);

        protected override void Dispose(bool disposing)
        {
            hash.Dispose();
            base.Dispose(disposing);
        }
    }
}
