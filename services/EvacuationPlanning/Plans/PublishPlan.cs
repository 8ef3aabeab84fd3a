using System.Collections.Immutable;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Explain;
using CrisisCoordination.EvacuationPlanning.Gate;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace CrisisCoordination.EvacuationPlanning.Plans;

internal sealed record PublishPlan(Guid PlanId, string Coordinator, DateTimeOffset At);

/// <summary>A plan as its timeline has it.</summary>
internal sealed record PublishedPlan(Guid PlanId) : IFold<PublishedPlan>
{
    public PlanDrafted? Drafted { get; private init; }

    public PlanPublished? Published { get; private init; }

    public static PublishedPlan Start(Guid id) => new(id);

    public PublishedPlan Apply(Event @event) => @event switch
    {
        PlanDrafted e => this with { Drafted = e },
        PlanPublished e => this with { Published = e },
        _ => this,
    };
}

/// <summary>What became of a plan when it was published.</summary>
/// <param name="NotSeatedForChanges">People for whom it was to change something and did not, because they or a transport had changed since.</param>
internal sealed record Publication(
    Guid PlanId, Guid CrisisId, string RuleVersion, int People, int Groups, int Seated, IReadOnlyDictionary<string, int> LeftBehind, int NotSeatedForChanges,
    string Coordinator, DateTimeOffset At)
{
    public static Publication Of(Guid planId, PlanPublished e, Reader reader) =>
        new(planId, e.CrisisId, e.RuleVersion, e.People, e.Groups, e.Seated, reader.Known(e.LeftBehind), e.Unchanged, e.Coordinator, e.At);
}

/// <summary>
/// Holds the seats of a drafted plan. Each append asks people and transports as they are by then; whoever has changed since
/// is left out, and whatever was stored before a crash is found done when the publication is asked for again.
/// </summary>
internal sealed class PublishPlanFeature(TimelineStore store, Situations situations, PlanShelf shelf, CertifyPlanFeature certify)
{
    // Large enough that a transport's timeline is not read for every family, small enough that a conflict costs little.
    private const int GroupsAtOnce = 150, PeopleAtOnce = 200;

    /// <summary>Why somebody stays, and whose reason it is.</summary>
    private readonly record struct Kept(string Reason, Guid? Of)
    {
        public static Kept By(PlannedGroup group, Guid person) => new(group.Reason!, PlannedGroup.Whose(group.Reason, group.ReasonOf, person));
    }

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/plans/{planId:guid}/publication", async (Guid planId, AtTime? body, HttpContext http, PublishPlanFeature feature, IHostApplicationLifetime life) =>
        {
            if (http.Happen(body?.At, out var at) is { } early) return early.ToProblem();
            // Once begun it is finished even if the asker has gone: half a plan would seat half of the people.
            var (published, refusal) = await feature.PublishOnceAsync(new(planId, http.Officer(), at), life.ApplicationStopping);
            return refusal is not null ? refusal.ToProblem() : (IResult)TypedResults.Ok(Publication.Of(planId, published!, Reader.Of(http)));
        }).Allow(Roles.Coordinator).WithSummary("Holds the seats of a drafted plan and tells everybody");

    /// <summary>One plan of a crisis at a time.</summary>
    public async Task<(PlanPublished? Published, Refusal? Refusal)> PublishOnceAsync(PublishPlan command, CancellationToken ct)
    {
        if (await shelf.FindAsync(command.PlanId, ct) is not { } plan) return (null, ReviewPlanFeature.Unknown);
        await using var turn = await store.Database.OpenConnectionAsync(ct);
        var name = $"evacuation_planning/plan/{plan.Asked.CrisisId}";
        if (!await Ask("select pg_try_advisory_lock(hashtextextended($1, 0))"))
            return (null, Refusal.Conflict("plan/being-made", "A plan for this crisis is being published. Wait until that is done and look at it first."));
        try
        {
            return await PublishAsync(command, plan, ct);
        }
        finally
        {
            // The pool would keep the session, and the lock with it.
            try { await Ask("select pg_advisory_unlock(hashtextextended($1, 0))"); }
            catch (Exception e) when (e is NpgsqlException or InvalidOperationException) { NpgsqlConnection.ClearPool(turn); }
        }

        async Task<bool> Ask(string sql)
        {
            await using var ask = new NpgsqlCommand(sql, turn) { Parameters = { new() { Value = name } } };
            return await ask.ExecuteScalarAsync(CancellationToken.None) is true;
        }
    }

    private async Task<(PlanPublished? Published, Refusal? Refusal)> PublishAsync(PublishPlan command, DraftedPlan plan, CancellationToken ct)
    {
        if ((await store.LoadAsync<PublishedPlan>(command.PlanId, ct: ct)).State.Published is { } before) return (before, null);
        if (await shelf.OvertakenByAsync(command.PlanId, ct) is { } other)
            return (null, Refusal.Conflict("plan/outdated", $"Another plan ({other}) was published after this one was drafted. Make a new draft and look at what it changes."));
        var (countries, unknown) = await situations.CrisisCountriesAsync(plan.Asked.CrisisId, ct);
        if (unknown is not null) return (null, unknown);
        await certify.WaitAsync(command.PlanId, ct);
        if (await shelf.VerdictAsync(command.PlanId, ct) is not { } verdict) return (null, CertifyPlanFeature.NotChecked);
        if (verdict.Faults is [{ Code: CertifyPlanFeature.PlacesChanged }])
            return (null, Refusal.Conflict("plan/places-changed", "In which country the crisis or a point is was told anew while this plan was made. It is not published; make a new draft."));
        if (verdict.Faults is [var fault, ..])
            return (null, Refusal.Conflict("plan/faulty", $"The checker found a fault in this plan ({fault.Code}). It is not published; make a new draft, and report the fault."));

        var content = PlanContent.Read(await shelf.ContentAsync(command.PlanId, ct));
        var (left, unchanged) = (new Dictionary<Guid, Kept>(), 0);
        foreach (var group in content.Groups.Where(group => group.Reason is not null))
            foreach (var person in group.Concerned) left[person] = Kept.By(group, person);

        unchanged += await ReleaseAsync(command, content, left, ct);
        unchanged += await SeatGroupsAsync(command, plan.Asked, countries!, content, left, ct);
        await TellLeftBehindAsync(command, [.. left], ct);
        return await FinishAsync(command, new(
            plan.Asked.CrisisId, plan.RuleVersion, plan.People, plan.Groups, plan.People - left.Count,
            left.Values.CountBy(kept => kept.Reason).OrderBy(count => count.Key, StringComparer.Ordinal).ToDictionary(), command.Coordinator, command.At)
        { Unchanged = unchanged }, ct);
    }

    /// <summary>Whoever loses a journey gives it up, and is told why in the same append. Returns how many people keep theirs after all.</summary>
    private async Task<int> ReleaseAsync(PublishPlan command, PlanContent content, Dictionary<Guid, Kept> left, CancellationToken ct)
    {
        var kept = new HashSet<Guid>();
        foreach (var page in content.Groups.Where(group => group is { Change: Change.Lost, Was.IsEmpty: false }).Chunk(GroupsAtOnce))
            await GiveUpAsync(page);
        foreach (var person in kept) left.Remove(person);
        return kept.Count;

        async Task GiveUpAsync(PlannedGroup[] page)
        {
            var outcome = await store.AttemptAsync(async work =>
            {
                var scene = await Scene.LoadAsync(work, [.. page.SelectMany(group => group.Members)], [.. page.SelectMany(group => Runs(content, group.Was)).Distinct()]);
                kept.ExceptWith(page.SelectMany(group => group.Members));
                foreach (var group in page)
                {
                    if (group.Members.All(person => !scene.People[person].HoldsSeat)) continue;
                    var freed = scene.GiveUp(group.Members, Runs(content, group.Was), group.Why ?? Words.MadeRoom, command.At, person => PlannedGroup.Whose(group.Why, group.WhyOf, person));
                    if (freed.Refusal is not null) kept.UnionWith(group.Members);
                    else scene = group.Members.Aggregate(freed, (next, person) => next.Ask(person, p => p.LeaveBehind(command.PlanId, group.Reason!, command.At, Kept.By(group, person).Of)));
                }
                return scene.Into(work);
            }, new By(command.Coordinator), ct);
            if (outcome.Refusal is null) return;
            // Somebody keeps changing one of them: that group keeps what it holds, and the others need not wait for it.
            if (page.Length == 1)
            {
                kept.UnionWith(page[0].Members);
                return;
            }
            await GiveUpAsync(page[..(page.Length / 2)]);
            await GiveUpAsync(page[(page.Length / 2)..]);
        }
    }

    private static ImmutableArray<Guid> Runs(PlanContent content, ImmutableArray<int> way) => [.. way.Select(run => content.Runs[run].Id)];

    /// <summary>Returns for how many people nothing changed because they or a transport had changed.</summary>
    private async Task<int> SeatGroupsAsync(PublishPlan command, Asked asked, IReadOnlyList<string> countries, PlanContent content, Dictionary<Guid, Kept> left, CancellationToken ct)
    {
        var transports = await situations.TransportsAsync(ct);
        var now = Situation.Of([], transports, await Situations.PointsAsync(store.Database, ct), countries, command.At);
        var legs = now.Network().Legs.ToDictionary(leg => leg.Departure.Id);
        var day = DateOnly.FromDateTime(transports.Where(run => !run.IsClosed && run.Schedule!.DepartsAt >= asked.NotBefore)
            .Select(run => run.Schedule!.DepartsAt).DefaultIfEmpty(command.At).Min().UtcDateTime);

        var (seatings, unchanged) = (new List<Seating>(), 0);
        foreach (var group in content.Groups.Where(group => group.Change is Change.Gained or Change.Moved))
        {
            var way = Runs(content, group.Now);
            // Done before the service stopped in the middle.
            if (way.All(run => group.Concerned.All(person => now.Transports[run].Manifest.GetValueOrDefault(person) is { IsTaken: true }))) continue;
            if (way.All(legs.ContainsKey))
                seatings.Add(new(group.Id, group.Concerned, group.Members, [.. way.Select(run => legs[run])]) { Leaves = group.Movers is null ? Runs(content, group.Was) : [], Need = group.Need });
            else Refused(group.Concerned, !group.Was.IsEmpty);
        }

        var batch = new List<IReadOnlyList<Seating>>();
        foreach (var step in SeatingOrder.Of(seatings, transports.ToDictionary(run => run.Id, run => run.IsClosed ? default : run.Free)))
        {
            batch.Add(step);
            if (batch.Sum(one => one.Count) >= GroupsAtOnce) await SeatAllAsync();
        }
        await SeatAllAsync();
        return unchanged;

        async Task SeatAllAsync()
        {
            foreach (var seating in await SeatAsync(command, batch, day, ct)) Refused(seating.Movers, !seating.Leaves.IsEmpty);
            batch.Clear();
        }

        // Who was to be moved keeps what they hold.
        void Refused(ImmutableArray<Guid> people, bool holds)
        {
            unchanged += people.Length;
            foreach (var person in people)
                if (!holds) left[person] = new(Words.ChangedWhilePlanning, null);
        }
    }

    /// <summary>Seats what still fits, in one append; returns the rest.</summary>
    private async Task<IReadOnlyList<Seating>> SeatAsync(PublishPlan command, IReadOnlyList<IReadOnlyList<Seating>> steps, DateOnly day, CancellationToken ct)
    {
        if (steps.Count == 0) return [];
        var refused = new List<Seating>();
        var outcome = await store.AttemptAsync(async work =>
        {
            refused.Clear();
            var all = steps.SelectMany(step => step).ToList();
            var scene = await Scene.LoadAsync(
                work, [.. all.SelectMany(seating => seating.Party).Distinct()], [.. all.SelectMany(seating => seating.Legs.Select(leg => leg.Departure.Id).Concat(seating.Leaves)).Distinct()]);
            foreach (var step in steps)
            {
                (scene, var unable) = scene.SeatTogether(command.PlanId, step, day, command.At);
                refused.AddRange(unable);
            }
            return scene.Into(work);
        }, new By(command.Coordinator), ct);

        if (outcome.Refusal is null) return refused;
        if (steps.Count == 1) return steps[0];
        // Somebody keeps changing one of them: the others need not wait for that.
        return [
            .. await SeatAsync(command, [.. steps.Take(steps.Count / 2)], day, ct),
            .. await SeatAsync(command, [.. steps.Skip(steps.Count / 2)], day, ct)];
    }

    private async Task TellLeftBehindAsync(PublishPlan command, KeyValuePair<Guid, Kept>[] left, CancellationToken ct)
    {
        foreach (var page in left.Chunk(PeopleAtOnce))
        {
            var outcome = await store.AttemptAsync(async work =>
            {
                var scene = await Scene.LoadAsync(work, [.. page.Select(person => person.Key)], []);
                return page.Aggregate(scene, (next, person) => next.Ask(person.Key, p => p.LeaveBehind(command.PlanId, person.Value.Reason, command.At, person.Value.Of))).Into(work);
            }, new By(command.Coordinator), ct);
            if (outcome.Refusal is null || page.Length == 1) continue;
            // Somebody keeps changing one of them: the others are told.
            await TellLeftBehindAsync(command, page[..(page.Length / 2)], ct);
            await TellLeftBehindAsync(command, page[(page.Length / 2)..], ct);
        }
    }

    private async Task<(PlanPublished? Published, Refusal? Refusal)> FinishAsync(PublishPlan command, PlanPublished published, CancellationToken ct)
    {
        var plan = new PublishedPlan(command.PlanId);
        var outcome = await store.AttemptAsync(async work =>
        {
            plan = await work.LoadAsync<PublishedPlan>(command.PlanId);
            if (plan.Published is not null) return null;
            plan = plan.Apply(published);
            PlanShelf.NotePublished(work, command.PlanId, store.Time.GetUtcNow());
            return work.Append(command.PlanId, published);
        }, new By(command.Coordinator), ct);
        return (plan.Published, outcome.Refusal);
    }
}
