using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Places;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrisisCoordination.EvacuationPlanning.Gate;

/// <param name="Notes">Of people who came and are not registered: the timeline that each is to have, and what is known.</param>
internal sealed record Reconcile(
    Guid TransportId, IReadOnlyList<Guid> Present, IReadOnlyList<Guid> Missing, IReadOnlyList<Guid> Unexpected, IReadOnlyList<(Guid Id, string Note)> Notes,
    bool Close, string Officer, DateTimeOffset At);

/// <summary>Who was expected is there, or is missing; who came besides is noted. Counts may come late, twice, and from several hands.</summary>
internal static class ReconcileFeature
{
    private const int MostPeople = 5_000, LongestNote = 500;

    internal sealed record Counted(IReadOnlyList<Guid>? Present = null, IReadOnlyList<Guid>? Missing = null, IReadOnlyList<Other>? Unexpected = null, bool Close = false, DateTimeOffset? At = null);

    /// <summary>Somebody who came and was not on board by the manifest.</summary>
    internal sealed record Other(Guid? PersonId = null, string? Note = null);

    internal sealed record Settled(Guid PersonId, string Outcome, DateTimeOffset? At = null);

    internal sealed record MissingOne(Guid PersonId, bool Child);

    /// <param name="ToCount">On board by the manifest, and not counted yet.</param>
    /// <param name="Disputed">One count says that they are there, another that they are not: look, and settle it.</param>
    /// <param name="InDanger">Came to a country that they fear: nothing about them may reach its authorities (rule N).</param>
    internal sealed record Tally(
        Guid TransportId, ManifestState State, int Expected, int Present, IReadOnlyList<Guid> ToCount, IReadOnlyList<MissingOne> Missing,
        IReadOnlyList<Other> Unexpected, IReadOnlyList<Guid> Disputed, IReadOnlyList<Guid> InDanger);

    public static Scene Decide(Scene scene, Reconcile command)
    {
        var (transport, officer, at) = (command.TransportId, command.Officer, command.At);
        // A count that was taken offline may come before the report of the arrival.
        var next = scene.AskTransport(transport, t => t.ReportArrival(officer, at));
        foreach (var person in command.Present) next = next.Count(transport, person, present: true, officer, at);
        foreach (var person in command.Missing) next = next.Count(transport, person, present: false, officer, at);
        foreach (var person in command.Unexpected) next = next.ArriveUnexpectedly(transport, person, officer, at);
        foreach (var (id, _) in command.Notes) next = next.AskTransport(transport, _ => new UnexpectedFound(null, id, officer, at));
        if (!command.Close || next.Refusal is not null) return next;
        foreach (var space in next.Transports[transport].In(SpaceState.Boarded)) next = next.Count(transport, space.PersonId, present: false, officer, at);
        return next.AskTransport(transport, t => t.Reconcile(officer, at));
    }

    /// <summary>An officer has looked: they arrived after all, they never were on board, or they are missing whatever was counted.</summary>
    public static Scene Settle(Scene scene, Guid transport, Guid person, string outcome, string officer, DateTimeOffset at)
    {
        if (outcome == Outcomes.Missing) return Miss(scene, transport, person, officer, at);
        var found = scene.AskTransport(transport, t => t.Settle(person, outcome == Outcomes.Arrived, officer, at))
            .Then(next => next.Ask(person, p => p.FindAfterArrival(transport, outcome == Outcomes.Arrived, officer, at)));
        // Who never was on board does not go on from where it went.
        return found.Refusal is not null || outcome == Outcomes.Arrived ? found
            : found.StillFreeable(person).Aggregate(found, (next, seat) => next.Free(person, seat, Words.JourneyBroken, at));
    }

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/transports/{transportId:guid}/reconciliation", async Task<IResult> (Guid transportId, Counted body, HttpContext http, TimelineStore store) =>
        {
            if ((http.Happen(body.At, out var at) ?? Readable(body)) is { } refusal) return refusal.ToProblem();
            Guid[] people = [.. (body.Unexpected ?? []).Select(other => other.PersonId).OfType<Guid>().Distinct()];
            var notes = (body.Unexpected ?? []).Select(other => other.Note?.Trim()).OfType<string>().Distinct().Select(note => (Id: http.Ids().Next(), Note: note)).ToList();
            var scene = Scene.Of([], []);
            var outcome = await store.AttemptAsync(async work =>
            {
                var transport = await work.LoadAsync<Transport>(transportId);
                if (transport.Schedule is null) return Transport.Unknown;
                var before = new HashSet<string>();
                foreach (var (_, note) in transport.Unexpected)
                    if (note is { } id && (await work.LoadAsync<Note>(id)).Text is { } text) before.Add(text);
                var fresh = notes.FindAll(note => !before.Contains(note.Note));
                Guid[] aboard = [.. transport.Lines.Where(space => space.State is SpaceState.Boarded or SpaceState.Arrived or SpaceState.Missing).Select(space => space.PersonId)];
                var came = (await Scene.LoadAsync(work, people, [])).People.Values;
                scene = await Scene.LoadAsync(work, [.. aboard, .. people], [transportId, .. came.SelectMany(person => person.OpenSeats).Select(seat => seat.TransportId)]);
                scene = Decide(scene, new(transportId, [.. (body.Present ?? []).Distinct()], [.. (body.Missing ?? []).Distinct()], people, fresh, body.Close, http.Officer(), at));
                foreach (var (id, note) in fresh) work.Append(id, new UnexpectedNoted(transportId, note, http.Officer(), at));
                return scene.Into(work);
            }, new By(http.Officer()), http.RequestAborted);
            return outcome.ToResult(http, () => TypedResults.Ok(Show(scene, transportId, scene.Transports[transportId].Unexpected.ConvertAll(other => new Other(other.PersonId)))));
        }).Allow(Roles.Coordinator).WithSummary("Count who came with a transport")
          .WithDescription("present and missing: who was on board by the manifest. unexpected: others, by personId or, where they are not registered, a note. close: whoever was not counted is missing. Counts add up; one that contradicts another changes nothing and is shown.");

        api.MapPost("/transports/{transportId:guid}/reconciliation/resolution", async Task<IResult> (Guid transportId, Settled body, HttpContext http, TimelineStore store) =>
        {
            if ((http.Happen(body.At, out var at) ?? Outcomes.Known(body.Outcome)) is { } refusal) return refusal.ToProblem();
            var outcome = await store.AttemptAsync(async work =>
            {
                var transport = await work.LoadAsync<Transport>(transportId);
                if (transport.Schedule is null) return Transport.Unknown;
                if (!transport.Manifest.ContainsKey(body.PersonId)) return Transport.NoSpace;
                return Settle(await (await Scene.AroundAsync(work, body.PersonId)).WithAsync(work, transportId), transportId, body.PersonId, body.Outcome, http.Officer(), at).Into(work);
            }, new By(http.Officer()), http.RequestAborted);
            return outcome.ToResult(http, () => TypedResults.Ok(new { transportId, body.PersonId, body.Outcome }));
        }).Allow(Roles.Coordinator).WithSummary("Settle what became of somebody missing or disputed")
          .WithDescription("outcome: arrived (found; they came with the transport), not-aboard (found elsewhere; they can be planned again) or missing.");

        api.MapGet("/transports/{transportId:guid}/reconciliation", async Task<IResult> (Guid transportId, HttpContext http, TimelineStore store) =>
        {
            var (transport, version) = await store.LoadAsync<Transport>(transportId, ct: http.RequestAborted);
            if (transport.Schedule is null) return Transport.Unknown.ToProblem();
            http.Response.Headers.ETag = $"\"{version}\"";
            var notes = (await store.ReadAsync([.. transport.Unexpected.Select(other => other.NoteId).OfType<Guid>()], http.RequestAborted)).ToDictionary(timeline => timeline.Id, timeline => timeline.Fold<Note>().Text);
            var people = (await store.ReadAsync([.. transport.In(SpaceState.Missing).Select(space => space.PersonId), .. transport.Unexpected.Select(other => other.PersonId).OfType<Guid>()], http.RequestAborted))
                .Select(timeline => timeline.Fold<Passenger>());
            var point = (await store.LoadAsync<Point>(StreamId.AssemblyPoint(transport.Schedule!.To), ct: http.RequestAborted)).State;
            var scene = Scene.Of(people, [transport]) with { Atlas = Atlas.Of([point]) };
            return TypedResults.Ok(Show(scene, transportId, transport.Unexpected.ConvertAll(other => new Other(other.PersonId, other.NoteId is { } note ? notes[note] : null))));
        }).LogsRead("reconciliation").Allow(Roles.Coordinator, Roles.ProtectionOfficer, Roles.Auditor).WithSummary("Who came with a transport, who is missing, who was not expected");
    }

    internal static bool IsChildOn(this Scene scene, Guid transport, Guid person) => scene.People[person].IsMinorOn(Scene.DayOf(scene.Transports[transport]));

    private static Scene Miss(Scene scene, Guid transport, Guid person, string officer, DateTimeOffset at)
    {
        var (run, child) = (scene.Transports[transport], scene.IsChildOn(transport, person));
        switch (run.Manifest[person].State)
        {
            case SpaceState.Missing when run.Disputed.Contains(person):
                return scene.AskTransport(transport, _ => new SpaceMissing(person, child, officer, at));
            case SpaceState.Arrived:
                var missed = scene.Ask(person, p => p.HasGoneOnFrom(transport) ? Decision.Nothing : p.MissAtArrival(transport, child, officer, at));
                return missed.Decided.IsEmpty ? missed.Refuse(Refusal.Conflict("reconciliation/travelled-on", "This person has travelled on since and cannot be missing from this transport. Settle it as arrived."))
                    : missed.AskTransport(transport, _ => new SpaceMissing(person, child, officer, at));
            default:
                return scene.Count(transport, person, present: false, officer, at);
        }
    }

    private static Scene Count(this Scene scene, Guid transport, Guid person, bool present, string officer, DateTimeOffset at)
    {
        var child = scene.People.ContainsKey(person) && scene.IsChildOn(transport, person);
        var counted = scene.AskTransport(transport, t => t.Count(person, present, child, officer, at));
        // Only who was counted as there has arrived; of whom the counts disagree nothing new is said.
        return counted.Refusal is not null || counted.Decided.Count == scene.Decided.Count || counted.Decided[^1].Event is CountDisputed ? counted
            : counted.Ask(person, p => present ? p.ArriveWith(transport, officer, at) : p.MissAtArrival(transport, child, officer, at));
    }

    private static Scene ArriveUnexpectedly(this Scene scene, Guid transport, Guid person, string officer, DateTimeOffset at)
    {
        var run = scene.Transports[transport];
        if (scene.Refusal is not null || run.Unexpected.Exists(other => other.PersonId == person)) return scene;
        if (run.Manifest.GetValueOrDefault(person) is { IsTaken: true })
            return scene.Refuse(Refusal.Invalid("reconciliation/expected", $"Person {person} was on board by the manifest. Report them under `present`.", "unexpected"));
        return scene.StillFreeable(person).Aggregate(scene, (next, seat) => next.Free(person, seat, Words.TravelledOtherwise, at))
            .Ask(person, p => p.ArriveUnexpectedly(transport, scene.LegOf(p, transport).ToCountry, scene.WhyFeared(p, transport), officer, at))
            .AskTransport(transport, _ => new UnexpectedFound(person, null, officer, at));
    }

    private static Tally Show(Scene scene, Guid id, IReadOnlyList<Other> unexpected)
    {
        var transport = scene.Transports[id];
        return new(
            id, transport.State, transport.Lines.Count(space => space.State is SpaceState.Boarded or SpaceState.Arrived or SpaceState.Missing), transport.In(SpaceState.Arrived).Count(),
            transport.Arrived ? [.. transport.In(SpaceState.Boarded).Select(space => space.PersonId)] : [],
            [.. transport.In(SpaceState.Missing).Select(space => new MissingOne(space.PersonId, scene.IsChildOn(id, space.PersonId)))],
            unexpected, [.. transport.Disputed],
            [.. transport.Unexpected.Select(other => other.PersonId).OfType<Guid>().Where(person => scene.People.GetValueOrDefault(person) is { } came && IsFeared(came))]);

        // Where it is not known in which country they are, it may be that one.
        bool IsFeared(Passenger person) => person.Fears.Bars(scene.Atlas.Find(transport.Schedule!.To)?.Country?.Country);
    }

    private static Refusal? Readable(Counted body)
    {
        var others = body.Unexpected ?? [];
        if ((body.Present?.Count ?? 0) + (body.Missing?.Count ?? 0) + others.Count > MostPeople)
            return Refusal.Invalid("reconciliation/too-many", $"One count takes at most {MostPeople} people. Send it in parts.", "present");
        if ((body.Present ?? []).Intersect(body.Missing ?? []).Any())
            return Refusal.Invalid("reconciliation/present-and-missing", "Somebody is said to be present and missing. Count again and say one of both.", "missing");
        if (others.Any(other => other is null || other.PersonId is null == other.Note is null))
            return Refusal.Invalid("reconciliation/unexpected", "Say of each unexpected person either who it is (personId) or what is known of them (note).", "unexpected");
        if (others.Any(other => other.Note is { } note && (note.Trim() is not { Length: > 0 and <= LongestNote } || note.Any(c => char.IsControl(c) && c is not '\n'))))
            return Refusal.Invalid("reconciliation/note", $"Write a note in 1 to {LongestNote} characters.", "unexpected");
        return body is { Close: false } && (body.Present?.Count ?? 0) + (body.Missing?.Count ?? 0) + others.Count == 0
            ? Refusal.Invalid("reconciliation/empty", "Nobody was counted. Name who is present, or close the count.", "present") : null;
    }

    private static class Outcomes
    {
        public const string Arrived = "arrived", NotAboard = "not-aboard", Missing = "missing";

        public static Refusal? Known(string outcome) => outcome is Arrived or NotAboard or Missing ? null
            : Refusal.Invalid("reconciliation/outcome", $"What became of them is one of {Arrived}, {NotAboard}, {Missing}.", "outcome");
    }

    /// <summary>What was noted of somebody who is not registered.</summary>
    private sealed record Note(Guid Id) : IFold<Note>
    {
        public string? Text { get; private init; }

        public static Note Start(Guid id) => new(id);

        public Note Apply(Event @event) => @event is UnexpectedNoted e ? this with { Text = e.Note } : this;
    }
}
