using System.Collections.Immutable;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Dispatch;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Position = CrisisCoordination.EvacuationPlanning.Planning.Position;

namespace CrisisCoordination.EvacuationPlanning.Plans;

/// <param name="CrisisCountry">Alpha-3; a transport to it stays inside. Without it the transports tell which points are inside.</param>
/// <param name="NotBefore">Nothing that departs earlier is planned. A transport reported as departed never is.</param>
internal sealed record PublishPlan(Guid PlanId, Guid CrisisId, string? CrisisCountry, DateTimeOffset? NotBefore, string Coordinator, DateTimeOffset At);

/// <summary>
/// Makes a plan and seats people by it. Seats already held stay; what is free is filled. Each append asks people and
/// transports as they are by then, and whatever was stored before a crash is simply held when the plan is asked for again.
/// </summary>
internal sealed class PublishPlanFeature(TimelineStore store, Feed feed)
{
    // Large enough that a transport's timeline is not read for every family, small enough that a conflict costs little.
    private const int GroupsAtOnce = 150, PeopleAtOnce = 200;

    internal sealed record Body(Guid CrisisId, string? CrisisCountry = null, DateTimeOffset? NotBefore = null, DateTimeOffset? At = null);

    internal sealed record PublishedPlan(Guid PlanId) : IFold<PublishedPlan>
    {
        public PlanPublished? Published { get; private init; }

        public static PublishedPlan Start(Guid id) => new(id);

        public PublishedPlan Apply(Event @event) => @event is PlanPublished e ? this with { Published = e } : this;

        public object Answer => new
        {
            PlanId,
            Published!.CrisisId,
            Published.RuleVersion,
            Published.People,
            Published.Groups,
            Published.Seated,
            Published.LeftBehind,
            Published.Coordinator,
            Published.At,
        };
    }

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/plans", async (Body body, HttpContext http, PublishPlanFeature feature, IHostApplicationLifetime life) =>
        {
            if (http.Happened(body.At, out var at) is { } early) return early.ToProblem();
            if (body.CrisisCountry is { } country && !Countries.IsCode(country))
                return Refusal.Invalid("plan/country-unknown", "Write the country of the crisis as its three-letter code (ISO 3166-1), such as SDN.", "crisisCountry").ToProblem();
            // Once begun it is finished even if the asker has gone: half a plan would seat half of the people.
            var (plan, refusal) = await feature.PublishOnceAsync(
                new(http.Ids().Next(), body.CrisisId, body.CrisisCountry, body.NotBefore?.ToUniversalTime(), http.Officer(), at), life.ApplicationStopping);
            return refusal is not null ? refusal.ToProblem() : (IResult)TypedResults.Created($"/plans/{plan!.PlanId}", plan.Answer);
        }).Allow(Roles.Coordinator);

        api.MapGet("/plans/{planId:guid}", async (Guid planId, HttpContext http, TimelineStore store) =>
            await store.LoadAsync<PublishedPlan>(planId, ct: http.RequestAborted) is ({ Published: not null } plan, _)
                ? (IResult)TypedResults.Ok(plan.Answer)
                : Refusal.NotFound("plan/unknown", "There is no such plan. It may not have been finished; ask for it again.").ToProblem())
           .Allow(Roles.Coordinator, Roles.Auditor);
    }

    /// <summary>One plan of a crisis at a time.</summary>
    public async Task<(PublishedPlan? Plan, Refusal? Refusal)> PublishOnceAsync(PublishPlan command, CancellationToken ct)
    {
        await using var turn = await store.Database.OpenConnectionAsync(ct);
        var name = $"evacuation_planning/plan/{command.CrisisId}";
        if (!await Ask("select pg_try_advisory_lock(hashtextextended($1, 0))"))
            return (null, Refusal.Conflict("plan/being-made", "Another plan for this crisis is being made. Wait until it is published and look at it first."));
        try
        {
            return await PublishAsync(command, ct);
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

    private async Task<(PublishedPlan? Plan, Refusal? Refusal)> PublishAsync(PublishPlan command, CancellationToken ct)
    {
        if ((await store.LoadAsync<PublishedPlan>(command.PlanId, ct: ct)).State is { Published: not null } before) return (before, null);
        if (!(await store.ReadAsync(command.CrisisId, ct)).Events.Any(e => e.Event is CrisisOpened))
            return (null, Refusal.NotFound("crisis/unknown", "There is no such crisis. Open it first, or look it up in the list of crises."));
        if (!await TravellersOfCrisis.IsUpToDateAsync(feed, store.Time, ct))
            return (null, Refusal.Conflict("plan/list-behind", "The list of people is still being brought up to date. Ask again in a minute."));

        var people = await LoadAsync<Passenger>(await TravellersOfCrisis.ToPlanAsync(store, command.CrisisId, ct), ct);
        people.RemoveAll(person => person.State is not (TravelState.Waiting or TravelState.Held));
        var households = Household.Of(people).ToList();

        var left = new Dictionary<Guid, string>();
        await JoinFamiliesAsync(command, households, left, ct);
        await SeatGroupsAsync(command, households, left, ct);
        await TellLeftBehindAsync(command, left, ct);

        var published = new PlanPublished(
            command.CrisisId, Planner.RuleVersion, people.Count, households.Count, people.Count - left.Count,
            left.Values.CountBy(reason => reason).OrderBy(count => count.Key, StringComparer.Ordinal).ToDictionary(), command.Coordinator, command.At);
        return await FinishAsync(command, published, ct);
    }

    /// <summary>Who belongs to a family that holds seats can only travel on those transports.</summary>
    private async Task JoinFamiliesAsync(PublishPlan command, List<Household> households, Dictionary<Guid, string> left, CancellationToken ct)
    {
        var joining = households.Where(household => household.Holders.Any() && household.Waiting.Any()).ToList();
        if (joining.Count == 0) return;
        var transports = (await TransportsAsync(ct)).ToDictionary(transport => transport.Id);
        var seatings = joining.ConvertAll(household =>
        {
            var holder = household.Holders.First();
            var seats = holder.OpenSeats.OrderBy(seat => seat.Leg).ToList();
            return new Seating(
                transports[seats[0].TransportId].Manifest[holder.Id].GroupId,
                [.. household.Waiting.Select(member => member.Id)],
                [.. household.Members.Where(member => !member.HoldsSeat || member.OpenSeats.Select(seat => seat.TransportId).SequenceEqual(seats.Select(seat => seat.TransportId))).Select(member => member.Id)],
                [.. seats.Select((seat, index) => new Leg(transports[seat.TransportId].AsDeparture(), index == 0 ? null : seats[index - 1].Country, seat.Country))]);
        });
        var day = DateOnly.FromDateTime(seatings.SelectMany(seating => seating.Legs).Min(leg => leg.Departure.DepartsAt).UtcDateTime);
        foreach (var (seating, refusal) in await SeatAsync(command, seatings, day, ct))
            foreach (var mover in seating.Movers)
                left[mover] = refusal.Code.StartsWith("travel/", StringComparison.Ordinal) ? refusal.Code["travel/".Length..] : Words.NoSeatWithFamily;
    }

    private async Task SeatGroupsAsync(PublishPlan command, List<Household> households, Dictionary<Guid, string> left, CancellationToken ct)
    {
        var transports = await TransportsAsync(ct);
        transports.RemoveAll(run => run.Cancelled);
        var points = await PointsAsync(ct);
        // What has departed or is sealed still tells in which country its points lie, and has no space to give.
        var network = Network.From(command.CrisisCountry ?? "", points.Values, transports.Select(run => run.IsClosed ? run.AsDeparture() with { Spaces = default } : run.AsDeparture()));
        var terms = new Terms { NotBefore = command.NotBefore ?? DateTimeOffset.MinValue };
        var day = DateOnly.FromDateTime(transports.Where(run => !run.IsClosed && run.Schedule!.DepartsAt >= terms.NotBefore)
            .Select(run => run.Schedule!.DepartsAt).DefaultIfEmpty(command.At).Min().UtcDateTime);
        var ends = transports.ToDictionary(run => run.Id, run => points.GetValueOrDefault(run.Schedule!.To)?.Position);

        var waiting = households.Where(household => !household.Holders.Any()).ToDictionary(household => household.Id);
        var taken = transports.Where(run => !run.IsClosed && run.Taken != default).Select(run => new HeldSpaces(run.Id, [run.Id], run.Taken, 0));
        var plan = Planner.Plan(network, waiting.Values.Select(household => household.AsGroup(day, ends.GetValueOrDefault)), taken, terms);

        foreach (var group in plan.LeftBehind)
            foreach (var member in waiting[group.GroupId].Members)
                left[member.Id] = group.Reasons[0].Code;

        var legs = network.Legs.ToDictionary(leg => leg.Departure.Id);
        var seatings = plan.Journeys.Select(journey =>
        {
            ImmutableArray<Guid> members = [.. waiting[journey.GroupId].Members.Select(member => member.Id)];
            return new Seating(journey.GroupId, members, members, [.. journey.Departures.Select(departure => legs[departure.Id])]);
        });
        // In the order of their turn: whoever is more urgent is stored first.
        foreach (var batch in seatings.Chunk(GroupsAtOnce))
            foreach (var (seating, _) in await SeatAsync(command, batch, day, ct))
                foreach (var mover in seating.Movers)
                    left[mover] = Words.ChangedWhilePlanning;
    }

    /// <summary>Seats what still fits, in one append; returns the rest and why.</summary>
    private async Task<IReadOnlyList<(Seating, Refusal)>> SeatAsync(PublishPlan command, IReadOnlyList<Seating> batch, DateOnly day, CancellationToken ct)
    {
        var refused = new List<(Seating, Refusal)>();
        var outcome = await store.AttemptAsync(async work =>
        {
            refused.Clear();
            var scene = await Scene.LoadAsync(
                work, [.. batch.SelectMany(seating => seating.Party).Distinct()], [.. batch.SelectMany(seating => seating.Legs).Select(leg => leg.Departure.Id).Distinct()]);
            foreach (var seating in batch)
            {
                var seated = scene.Seat(command.PlanId, seating, day, command.At);
                if (seated.Refusal is { } refusal) refused.Add((seating, refusal));
                else scene = seated;
            }
            return scene.Into(work);
        }, new By(command.Coordinator), ct);

        if (outcome.Refusal is not { } busy) return refused;
        if (batch.Count == 1) return [(batch[0], busy)];
        // Somebody keeps changing one of them: the others need not wait for that.
        return [
            .. await SeatAsync(command, [.. batch.Take(batch.Count / 2)], day, ct),
            .. await SeatAsync(command, [.. batch.Skip(batch.Count / 2)], day, ct)];
    }

    private async Task TellLeftBehindAsync(PublishPlan command, Dictionary<Guid, string> left, CancellationToken ct)
    {
        foreach (var page in left.Chunk(PeopleAtOnce))
            await store.AttemptAsync(async work =>
            {
                var scene = await Scene.LoadAsync(work, [.. page.Select(person => person.Key)], []);
                return page.Aggregate(scene, (next, person) => next.Ask(person.Key, p => p.LeaveBehind(command.PlanId, person.Value, command.At))).Into(work);
            }, new By(command.Coordinator), ct);
    }

    /// <summary>The plan stands, and the teams are sent, in one append.</summary>
    private async Task<(PublishedPlan? Plan, Refusal? Refusal)> FinishAsync(PublishPlan command, PlanPublished published, CancellationToken ct)
    {
        var plan = new PublishedPlan(command.PlanId);
        var ids = await IdsAsync("transport", ct);
        var outcome = await store.AttemptAsync(async work =>
        {
            await work.ReadAsync(ids.SelectMany(id => (Guid[])[id, StreamId.Task(id, FieldTask.GateDuty), StreamId.Task(id, FieldTask.MedicalTransfer)]));
            foreach (var id in ids)
            {
                var transport = await work.LoadAsync<Transport>(id);
                if (transport.Departed) continue;
                foreach (var (kind, people) in FieldTask.For(transport))
                {
                    var task = await work.LoadAsync<FieldTask>(StreamId.Task(id, kind));
                    work.Append(task.Id, task.Dispatch(transport, kind, people, command.At));
                }
            }
            plan = (await work.LoadAsync<PublishedPlan>(command.PlanId)).Apply(published);
            return work.Append(command.PlanId, published);
        }, new By(command.Coordinator), ct);
        return (plan, outcome.Refusal);
    }

    private async Task<List<T>> LoadAsync<T>(IReadOnlyList<Guid> ids, CancellationToken ct) where T : IFold<T>
    {
        var all = new List<T>(ids.Count);
        foreach (var page in ids.Chunk(PeopleAtOnce))
            all.AddRange((await store.ReadAsync(page, ct)).Select(timeline => timeline.Fold<T>()));
        return all;
    }

    private async Task<List<Transport>> TransportsAsync(CancellationToken ct) => await LoadAsync<Transport>(await IdsAsync("transport", ct), ct);

    private async Task<IReadOnlyList<Guid>> IdsAsync(string table, CancellationToken ct)
    {
        await using var command = store.Database.CreateCommand($"select stream_id from evacuation_planning.{table} order by key");
        await using var reader = await command.ExecuteReaderAsync(ct);
        var ids = new List<Guid>();
        while (await reader.ReadAsync(ct)) ids.Add(reader.GetGuid(0));
        return ids;
    }

    private async Task<Dictionary<string, AssemblyPoint>> PointsAsync(CancellationToken ct)
    {
        await using var command = store.Database.CreateCommand("select code, name, latitude, longitude, connection_minutes from evacuation_planning.assembly_point");
        await using var reader = await command.ExecuteReaderAsync(ct);
        var points = new Dictionary<string, AssemblyPoint>(StringComparer.Ordinal);
        while (await reader.ReadAsync(ct))
            points.Add(reader.GetString(0), new(reader.GetString(0), reader.GetString(1), new Position(reader.GetDouble(2), reader.GetDouble(3)),
                Connection: reader.IsDBNull(4) ? null : TimeSpan.FromMinutes(reader.GetInt32(4))));
        return points;
    }
}
