using System.Collections.Immutable;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Checking;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.EvacuationPlanning.Plans;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using CrisisCoordination.Triage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using LeftBehind = CrisisCoordination.Contracts.LeftBehind;
using Mobility = CrisisCoordination.Contracts.Mobility;

namespace CrisisCoordination.EvacuationPlanning.Explain;

/// <summary>Who asks: what somebody fears and where they are held learns who may read their timeline; of violence and trafficking, protection officers (rule T).</summary>
internal sealed record Reader(bool MayReadTimelines, bool IsProtectionOfficer)
{
    public static Reader Of(HttpContext http) => new(
        http.User.IsInRole(Roles.Officer) || http.User.IsInRole(Roles.ProtectionOfficer) || http.User.IsInRole(Roles.Auditor), http.User.IsInRole(Roles.ProtectionOfficer));

    /// <summary>What a code says to them.</summary>
    public string Known(string code) => MayReadTimelines ? code : Words.Discreet(code);

    public IReadOnlyDictionary<string, int> Known(IReadOnlyDictionary<string, int> counts) =>
        counts.GroupBy(count => Known(count.Key)).OrderBy(same => same.Key, StringComparer.Ordinal).ToDictionary(same => same.Key, same => same.Sum(count => count.Value));
}

/// <summary>The event that says it.</summary>
internal sealed record Source(Guid PersonId, Guid EventId, long Version, string? Type, DateTimeOffset At, DateTimeOffset RecordedAt)
{
    public static Source? Of(RecordedEvent? recorded, Reader reader) => recorded is null ? null : new(
        recorded.StreamId, recorded.Id, recorded.Version, reader.MayReadTimelines || !Evidence.IsRestricted(recorded.Event) ? EventTypes.NameOf(recorded.Event) : null,
        recorded.Event.At, recorded.RecordedAt);
}

/// <summary>One reason, in words, with what to do and the event that says so.</summary>
/// <param name="Says">To be read to the person.</param>
/// <param name="Next">What the officer can do about it.</param>
/// <param name="PersonId">Whom it concerns; null where all of them, or where the reader may not know.</param>
internal sealed record Said(string Code, string Says, string Next, Guid? PersonId, string? Country, IReadOnlyList<string> Transports, Source? Event)
{
    /// <summary>The same reason on several transports is one.</summary>
    public static ImmutableArray<Said> Of(IEnumerable<Reason> reasons, Guid asked, IReadOnlyDictionary<Guid, IReadOnlyList<RecordedEvent>> told, Reader reader) =>
    [
        .. reasons.GroupBy(reason => (reason.Code, reason.PersonId, Country: reason.Code == "no-seat" ? null : reason.Country)).Select(same =>
        {
            var ((code, person, country), known) = (same.Key, reader.Known(same.Key.Code));
            IReadOnlyList<string> transports = [.. same.Select(reason => reason.Departure).OfType<string>().Where(run => run.Length > 0).Distinct()];
            if (known != code) return new(known, PublicReasonTexts.ForPerson(known, Concern.All), PublicReasonTexts.Next(known), null, null, transports, null);
            var evidence = told.TryGetValue(person ?? asked, out var events) ? Evidence.Of(code, country, events) : null;
            if (evidence is not null && Evidence.NamesNoState(code, country, evidence.Event)) code = PublicReasonTexts.FearUnnamed;
            return new Said(code, PublicReasonTexts.ForPerson(code, Concern.Of(person ?? asked, asked), told: false), PublicReasonTexts.Next(code), person, country, transports,
                Source.Of(evidence, reader));
        }).DistinctBy(said => (said.Code, said.PersonId, said.Country)),
    ];
}

internal sealed record Stop(string Code, string? Name);

/// <summary>A leg that somebody takes, or could.</summary>
/// <param name="MinutesToChange">Since the leg before arrived.</param>
/// <param name="Document">own, emergency; null where no border is crossed.</param>
internal sealed record LegShown(
    Guid TransportId, string TransportCode, string Kind, Stop From, Stop To, string? DestinationCountry, DateTimeOffset DepartsAt, DateTimeOffset ArrivesAt, int? MinutesToChange,
    Mobility? Space, bool? OnLap, SeatState? State, string? Document, DateOnly? DocumentValidUntil, Spaces? Free);

internal sealed record JourneyShown(Guid PlanId, string? Country, bool EndsAtHome, IReadOnlyList<LegShown> Legs, IReadOnlyList<Guid> TravelsWith);

internal sealed record FactorShown(string Code, int Points, string Says);

internal sealed record UrgencyShown(int Tier, int Score, string? RuleVersion, IReadOnlyList<FactorShown> Factors, DateTimeOffset? WaitingSince, int GroupTier, int GroupScore, int People, Source? Event);

internal sealed record SeatsMissing(string Transport, string From, DateTimeOffset Before, int Seats, int Wheelchairs, int Stretchers, int Laps, int Carried, int Oxygen);

internal sealed record ChangeShown(
    string Code, string Says, IReadOnlyList<Guid> People, string? Destination, IReadOnlyList<string> Transits, DateOnly? ValidUntil, Stop? BroughtTo, int? Kilometres, IReadOnlyList<SeatsMissing> Missing);

/// <summary>All of the changes together, and the way that is open then.</summary>
internal sealed record WouldChange(IReadOnlyList<ChangeShown> Changes, IReadOnlyList<LegShown> Then);

/// <summary>The plan of the crisis that was published last, and what it came to for them.</summary>
/// <param name="Full">Departures that they could have caught and that lacked room, by the plan's certificate; null while it is being made, or where room was not what they lacked.</param>
/// <param name="AllMoreUrgent">Those of them on which everybody is more urgent.</param>
internal sealed record LastPlan(
    Guid PlanId, string Outcome, string? Reason, DateTimeOffset At, string? RuleVersion, int? People, int? Seated, int? Full, int? AllMoreUrgent, int? NoPlaceLargeEnough, Source Event);

/// <summary>What is known of a plan when somebody asks about one group.</summary>
internal sealed record PlanAsked(Guid PlanId, PlanPublished? Published, StoodAgainst? Against);

internal sealed record Happened(string Code, string Says, Guid? TransportId, Guid? PlanId, Source Event);

internal sealed record Explanation(
    Guid PersonId, TravelState State, Guid? MergedInto, bool Consent, UrgencyShown Urgency, JourneyShown? Journey, IReadOnlyList<Said> Reasons, Standing? Position, LastPlan? LastPlan,
    WouldChange? WouldChange, IReadOnlyList<Happened> History, string RuleVersion)
{
    /// <summary>All that is said, with whom it is about and its figures: for programs, and as a sentence for the officer and one for the person.</summary>
    public IReadOnlyList<Statement> Statements { get; init; } = [];

    /// <summary>Those for the person, in order, to be read to them.</summary>
    public IReadOnlyList<string> Sentences => [.. Statements.Select(statement => statement.Person).Distinct()];
}

/// <summary>Why a person is where they are, for an officer to read to them.</summary>
internal static class ExplainEvacuationFeature
{
    private const int NewestHappenings = 20;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/people/{personId:guid}/evacuation", async Task<IResult> (Guid personId, HttpContext http, TimelineStore store, PlanShelf shelf) =>
        {
            var ct = http.RequestAborted;
            var (outlook, missing) = await Outlook.LoadAsync(store, personId, ct);
            if (outlook is null) return missing!.ToProblem();
            var others = outlook.Household.Members.Select(member => member.Id).Where(id => id != personId).ToList();
            if (others.Count > 0) await http.LogReadAsync("evacuation", others.Select(id => (Guid?)id));

            var runs = (await store.ReadAsync([.. outlook.Person.Seats.Select(seat => seat.TransportId).Distinct()], ct)).ToDictionary(timeline => timeline.Id, timeline => timeline.Fold<Transport>());
            var waits = outlook.Person.State is TravelState.Waiting or TravelState.Held;
            var crisis = outlook.Person.Crises.Order().First();
            var standing = waits ? await Queue.StandingAsync(store.Database, crisis, outlook.Group.Turn, outlook.Household.Members.Select(member => member.Id), ct) : null;
            var plan = (await shelf.LastPublishedAsync(crisis, ct) ?? PlanOf(outlook.Told[personId])) is { } last
                ? new PlanAsked(last, (await store.LoadAsync<PublishedPlan>(last, ct: ct)).State.Published,
                    (await shelf.VerdictAsync(last, ct))?.StoodAgainst.FirstOrDefault(against => against.GroupId == outlook.Household.Id)) : null;
            http.Response.Headers.ETag = $"\"{outlook.Told[personId][^1].Version}\"";
            return TypedResults.Ok(Explain(outlook, runs, standing, plan, Reader.Of(http)));
        }).LogsRead("evacuation").Allow(Roles.Coordinator, Roles.Officer, Roles.ProtectionOfficer, Roles.Auditor)
          .WithSummary("Why somebody is or is not on a transport, in words to read to them")
          .WithDescription("""
              reasons: everything that keeps them here, each with the event that says so. wouldChange: what together would open a way, by the rules of the planner, and which.
              statements: all that is said, as codes with whom each concerns and its figures, and as a sentence for the officer and one for the person. sentences: those for the person, to be read to them.
              """);

    internal static Explanation Explain(Outlook outlook, IReadOnlyDictionary<Guid, Transport> runs, Standing? standing, PlanAsked? plan, Reader reader)
    {
        var (person, group) = (outlook.Person, outlook.Group);
        var events = outlook.Told[person.Id];
        var family = person.State is TravelState.Waiting && outlook.Household.Holders.Any() ? BesideFamily.Of(outlook.Household, group, outlook.Ways) : null;
        var prospect = person.State is TravelState.Waiting && family is null ? WhatWouldChange.Of(outlook.Ways, group) : null;
        ImmutableArray<Reason> reasons = person.State is TravelState.Merged ? [new(Words.Merged, person.Id)] : family?.Reasons ?? prospect?.Reasons ?? [];
        var explanation = new Explanation(
            person.Id, person.State, person.MergedInto, person.AsTraveller(outlook.Day).Consent, Urgency(person, group, events, reader), Journey(outlook, runs), Said.Of(reasons, person.Id, outlook.Told, reader), standing,
            Last(events, plan, reader),
            prospect is { Changes.Length: > 0 } ? new([.. prospect.Changes.Select(change => Show(change, outlook.Points))], [.. Show(prospect.Legs, outlook.Points)]) : null,
            History(events, person.Id, group.Souls, reader), Planner.RuleVersion);
        return explanation with { Statements = Statements.Of(outlook, explanation, reasons, prospect, family, reader) };
    }

    private static UrgencyShown Urgency(Passenger person, Group group, IReadOnlyList<RecordedEvent> events, Reader reader)
    {
        var recorded = events.LastOrDefault(e => e.Event is NeedsAssessed);
        var assessed = (NeedsAssessed?)recorded?.Event;
        var codes = (assessed?.Counted() ?? []).Select(factor => factor.Code).ToHashSet();
        var factors = PriorityRule.Factors.Where(factor => codes.Contains(factor.Code) && (reader.IsProtectionOfficer || !factor.Restricted));
        return new(person.Tier, person.Score, assessed?.RuleVersion, [.. factors.Select(factor => new FactorShown(factor.Code, factor.Points, factor.Sentence))],
            person.RegisteredAt, group.Tier, group.Score, group.Souls, Source.Of(recorded, reader));
    }

    private static JourneyShown? Journey(Outlook outlook, IReadOnlyDictionary<Guid, Transport> runs)
    {
        var seats = outlook.Person.Seats.Where(seat => runs[seat.TransportId].Schedule is not null).OrderBy(seat => seat.Leg).ToList();
        if (seats.Count == 0) return null;
        var legs = new List<LegShown>();
        var (country, before) = ((string?)null, (TransportScheduled?)null);
        foreach (var seat in seats)
        {
            var run = runs[seat.TransportId];
            var schedule = run.Schedule!;
            var crosses = seat.Country != country;
            var traveller = outlook.Person.AsTraveller(Scene.DayOf(run));
            var arrives = DateOnly.FromDateTime(schedule.ArrivesAt.UtcDateTime);
            var own = !traveller.ExitBarrier && traveller.DocumentValidUntil >= arrives;
            legs.Add(new(
                seat.TransportId, seat.Code, schedule.Kind, At(schedule.From, outlook.Points), At(schedule.To, outlook.Points), seat.Country, schedule.DepartsAt, schedule.ArrivesAt,
                before is null ? null : (int)(schedule.DepartsAt - before.ArrivesAt).TotalMinutes, seat.Space, run.Manifest.GetValueOrDefault(outlook.Person.Id)?.OnLap, seat.State,
                !crosses ? null : own ? "own" : "emergency", !crosses ? null : own ? traveller.DocumentValidUntil : traveller.EmergencyDocument?.ValidUntil, null));
            (country, before) = (seat.Country, schedule);
        }
        var party = runs[seats[0].TransportId].PartyOf(outlook.Person.Id).Where(other => other != outlook.Person.Id);
        return new(seats[0].PlanId, seats[^1].Country, outlook.Person.AsTraveller(outlook.Day).Nationalities.Contains(Jurisdictions.Whole(seats[^1].Country ?? "")), legs, [.. party]);
    }

    // Who was left for the same reason before is not told so again, so the event may be older than the plan.
    private static LastPlan? Last(IReadOnlyList<RecordedEvent> events, PlanAsked? plan, Reader reader) =>
        events.LastOrDefault(e => e.Event is LeftBehind or SeatHeld) is not { } recorded ? null
        : recorded.Event is LeftBehind left && plan is { Against: var against }
            ? new(plan.PlanId, "left-behind", reader.Known(left.Reason), plan.Published?.At ?? left.At, plan.Published?.RuleVersion, plan.Published?.People, plan.Published?.Seated,
                against is { Full: > 0 } ? against.Full : null, against is { Full: > 0 } ? against.AllMoreUrgent : null, against is { Full: > 0 } ? against.NoPlaceLargeEnough : null, Source.Of(recorded, reader)!)
        : recorded.Event is SeatHeld held && plan is not null
            ? new(held.PlanId, "seated", null, held.At, plan.Published?.RuleVersion, plan.Published?.People, plan.Published?.Seated, null, null, null, Source.Of(recorded, reader)!)
        : null;

    private static Guid? PlanOf(IReadOnlyList<RecordedEvent> events) => events.Select(e => e.Event switch { LeftBehind left => left.PlanId, SeatHeld held => held.PlanId, _ => (Guid?)null }).LastOrDefault(plan => plan is not null);

    /// <summary>What was given up and why they were left, newest last.</summary>
    private static ImmutableArray<Happened> History(IReadOnlyList<RecordedEvent> events, Guid person, int people, Reader reader)
    {
        return
        [
            .. events.Select(recorded => recorded.Event switch
            {
                LeftBehind e => Tell(recorded, e.Reason, e.Of, null, e.PlanId),
                SeatReleased e => Tell(recorded, e.Reason, e.Of, e.TransportId, null),
                CarriedWhereBarred e => Tell(recorded, e.Reason, person, e.TransportId, null),
                NoShow e => Tell(recorded, Transport.NoShowReason, person, e.TransportId, null),
                _ => null,
            }).OfType<Happened>().TakeLast(NewestHappenings),
        ];

        Happened Tell(RecordedEvent recorded, string reason, Guid? of, Guid? transport, Guid? plan)
        {
            var known = reader.Known(reason);
            var concerns = known != reason ? Concern.All : of is { } one ? Concern.Of(one, person) : people == 1 ? Concern.Of(person, person) : Concern.All;
            return new(known, PublicReasonTexts.ForPerson(known, concerns, told: false), transport, plan, Source.Of(recorded, reader)!);
        }
    }

    private static ChangeShown Show(Change change, IReadOnlyDictionary<string, AssemblyPoint> points) => new(
        change.Code, ExplanationText.Change(change.Code), [.. change.People.Where(id => id != WhatWouldChange.SomeAdult)], change.Destination, change.Transits, change.ValidUntil,
        change.Point is { } point ? At(point.Code, points) : null, change.Kilometres,
        [.. change.Missing.Select(missing => new SeatsMissing(missing.Departure.Code, missing.Departure.From, missing.Departure.DepartsAt,
            Math.Max(missing.Spaces.Seats, missing.Spaces.Ordinary), missing.Spaces.Wheelchairs, missing.Spaces.Stretchers, missing.Spaces.Laps, missing.Spaces.Carried, missing.Spaces.Oxygen))]);

    internal static IEnumerable<LegShown> Show(IEnumerable<Leg> legs, IReadOnlyDictionary<string, AssemblyPoint> points)
    {
        Departure? before = null;
        foreach (var (run, _, to) in legs)
        {
            yield return new(run.Id, run.Code, run.Kind, At(run.From, points), At(run.To, points), to, run.DepartsAt, run.ArrivesAt, before is null ? null : (int)(run.DepartsAt - before.ArrivesAt).TotalMinutes, null, null, null, null, null, run.Spaces);
            before = run;
        }
    }

    private static Stop At(string code, IReadOnlyDictionary<string, AssemblyPoint> points) => new(code, points.GetValueOrDefault(code)?.Name);
}
