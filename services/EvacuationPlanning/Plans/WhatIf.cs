using System.Collections.Immutable;
using CrisisCoordination.EvacuationPlanning.Fleet;
using CrisisCoordination.EvacuationPlanning.Places;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrisisCoordination.EvacuationPlanning.Plans;

/// <summary>What two more buses would bring, or a ship that is cancelled would cost. Nothing is stored and nothing is held.</summary>
internal static class WhatIfFeature
{
    private const int MostRows = 200, MostShown = 1_000, MostSeats = ImportTransportsFeature.MostSeats;

    /// <param name="Id">The transport's id or code.</param>
    /// <param name="ArrivesAt">Left out: it takes as long as before.</param>
    internal sealed record OtherRun(string Id, DateTimeOffset? DepartsAt = null, DateTimeOffset? ArrivesAt = null, int? Seats = null, int? WheelchairSpaces = null, int? StretcherSpaces = null);

    /// <param name="Add">As for POST /transports.</param>
    /// <param name="Cancel">Ids or codes.</param>
    internal sealed record Body(
        Guid CrisisId, string? CrisisCountry = null, DateTimeOffset? NotBefore = null, bool MoveHeld = false, int? FreezeMinutes = null, DateTimeOffset? At = null,
        IReadOnlyList<ScheduleTransport>? Add = null, IReadOnlyList<string>? Cancel = null, IReadOnlyList<OtherRun>? Change = null);

    /// <param name="Placed">As things stand.</param>
    /// <param name="WouldBePlaced">In the other case; and so the bound and the gap.</param>
    internal sealed record Tier(int Number, int People, int Placed, int WouldBePlaced, int Gained, int Lost, int AtMost, int Gap, double GapPercent);

    /// <param name="GroupIds">The most urgent first, and not more than a thousand of them.</param>
    internal sealed record Some(int Groups, int People, ImmutableArray<Guid> GroupIds);

    internal sealed record Answer(Guid CrisisId, DateTimeOffset FactsReadAt, int Placed, int WouldBePlaced, ImmutableArray<Tier> Tiers, Some Gain, Some Lose);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/plans/what-if", async (Body body, HttpContext http, Situations situations) =>
        {
            if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
            var (asked, wrong) = DraftPlanFeature.Ask(body.CrisisId, body.CrisisCountry, body.NotBefore, body.MoveHeld, body.FreezeMinutes, at);
            if (wrong is not null) return wrong.ToProblem();
            var (now, refusal) = await situations.ReadAsync(body.CrisisId, http.RequestAborted);
            if (refusal is not null) return refusal.ToProblem();
            var (other, mistake) = Otherwise(now!, body, at);
            if (mistake is not null) return mistake.ToProblem();

            var (answer, shown) = Compare(now!, other!, asked!);
            await http.LogReadAsync("what if", shown.Select(person => (Guid?)person));
            return (IResult)TypedResults.Ok(answer);
        }).LogsRead("what if").Allow(Roles.Coordinator).WithSummary("What other transports would change; nothing is stored and nothing is held");

    internal static (Answer Answer, ImmutableArray<Guid> Shown) Compare(Situation now, Situation other, Asked asked)
    {
        var (one, two) = (Proposal.Of(now, asked), Proposal.Of(other, asked));
        var before = one.Groups.ToDictionary(group => group.Id);
        var gain = two.Groups.Where(group => !group.Now.IsEmpty && before[group.Id].Now.IsEmpty).ToList();
        var lose = two.Groups.Where(group => group.Now.IsEmpty && !before[group.Id].Now.IsEmpty).ToList();
        var placed = one.Tiers.ToDictionary(tier => tier.Tier, tier => tier.Placed);
        return (
            new(asked.CrisisId, now.ReadAt, one.Tiers.Sum(tier => tier.Placed), two.Tiers.Sum(tier => tier.Placed),
                [.. two.Tiers.Select(tier => new Tier(
                    tier.Tier, tier.People, placed[tier.Tier], tier.Placed, People(gain.Where(group => group.Tier == tier.Tier)), People(lose.Where(group => group.Tier == tier.Tier)),
                    tier.AtMost, tier.Gap, tier.GapPercent))],
                Show(gain), Show(lose)),
            [.. gain.Take(MostShown).Concat(lose.Take(MostShown)).SelectMany(group => group.Concerned)]);

        static int People(IEnumerable<PlannedGroup> groups) => groups.Sum(group => group.Concerned.Length);
        static Some Show(List<PlannedGroup> groups) => new(groups.Count, People(groups), [.. groups.Take(MostShown).Select(group => group.Id)]);
    }

    /// <summary>The same people with the transports as they would be; or what is wrong with the question.</summary>
    internal static (Situation? Situation, Refusal? Refusal) Otherwise(Situation now, Body body, DateTimeOffset at)
    {
        var (add, cancel, change) = (body.Add ?? [], body.Cancel ?? [], body.Change ?? []);
        if (add.Count + cancel.Count + change.Count == 0)
            return Wrong("what-if/nothing", "Say what would be different: transports to add, to cancel or to change.", null);
        if (add.Count > MostRows || cancel.Count > MostRows || change.Count > MostRows)
            return Wrong("what-if/too-many", $"At most {MostRows} transports can be added, cancelled or changed at once. Ask in parts.", null);
        var runs = now.Departures.ToDictionary(run => run.Id);
        var codes = now.Departures.ToDictionary(run => run.Code, run => run.Id, StringComparer.Ordinal);

        foreach (var named in cancel)
            if (Find(named) is not { } run) return (null, Transport.Unknown);
            else if (now.HasDeparted(run.Id)) return (null, Departed);
            else runs.Remove(run.Id);

        foreach (var (index, other) in change.Index())
        {
            if (other is null || Find(other.Id) is not { } run) return (null, Transport.Unknown);
            if (now.IsClosed(run.Id)) return (null, Departed);
            if (other.DepartsAt is { } departed && !Fields.IsOfOurTime(departed)) return Wrong("transport/time-out-of-range", Fields.OutOfRange, $"change[{index}].departsAt");
            if (other.ArrivesAt is { } arrived && !Fields.IsOfOurTime(arrived)) return Wrong("transport/time-out-of-range", Fields.OutOfRange, $"change[{index}].arrivesAt");
            var departs = other.DepartsAt?.ToUniversalTime() ?? run.DepartsAt;
            var schedule = now.Transports[run.Id].Schedule!;
            schedule = schedule with
            {
                Seats = other.Seats ?? schedule.Seats,
                WheelchairSpaces = other.WheelchairSpaces ?? schedule.WheelchairSpaces,
                StretcherSpaces = other.StretcherSpaces ?? schedule.StretcherSpaces,
            };
            var changed = run with { DepartsAt = departs, ArrivesAt = other.ArrivesAt?.ToUniversalTime() ?? departs + (run.ArrivesAt - run.DepartsAt), Spaces = schedule.Offers() };
            if (changed.ArrivesAt <= changed.DepartsAt) return Wrong("transport/arrives-before-it-departs", "The transport would arrive before it departs. Check both times and their offsets.", $"change[{index}].arrivesAt");
            if (schedule is not { Seats: >= 0 and <= MostSeats, WheelchairSpaces: >= 0 and <= MostSeats, StretcherSpaces: >= 0 and <= MostSeats })
                return Wrong("transport/number-out-of-range", $"This must be a whole number from 0 to {MostSeats}.", $"change[{index}].seats");
            runs[run.Id] = changed;
        }

        foreach (var (index, entry) in add.Index())
        {
            if (entry is null) return Wrong("transport/missing", "One of the transports to add is empty. Write it as you would enter it.", $"add[{index}]");
            var row = entry.AsRow();
            var told = ImportTransportsFeature.Read(row, at);
            if (row.Faults is [var (column, code, message), ..])
                return (null, ScheduleTransportFeature.Fault(column, code, message) is var fault ? fault with { Field = $"add[{index}].{fault.Field}" } : null);
            foreach (var (field, point) in new[] { ("from", told.From), ("to", told.To) }.Concat((told.Alternates ?? []).Select(code => ("alternates", code))))
                if (!now.Points.ContainsKey(point)) return Wrong("transport/point-unknown", $"There is no assembly point {point}. Enter it first, with its country, or correct the code.", $"add[{index}].{field}");
            if (told.DestinationCountry is { } country && now.Points[told.To].Country is { } stands && stands != country)
                return (null, PlacesOfTransports.Contradicted($"{told.To} lies in {stands} by the list of points", country) with { Field = $"add[{index}].destinationCountry" });
            var added = new Transport(StreamId.Transport(told.Code)).Apply(told).AsDeparture();
            if (codes.ContainsKey(told.Code) || !runs.TryAdd(added.Id, added)) return Wrong("transport/code-taken", $"The code {told.Code} already stands for a transport. Give the new one a code of its own, or change that one.", $"add[{index}].code");
        }
        return (now with { Departures = [.. runs.Values] }, null);

        Departure? Find(string? named) => named is null ? null
            : Guid.TryParse(named, out var id) && runs.TryGetValue(id, out var byId) ? byId
            : codes.TryGetValue(named, out id) && runs.TryGetValue(id, out var byCode) ? byCode : null;
    }

    private static Refusal Departed => Refusal.Conflict("transport/closed", "This transport has departed, or its manifest is sealed; nothing about it can be otherwise. Leave it out of the question.");

    private static (Situation?, Refusal?) Wrong(string code, string detail, string? field) => (null, Refusal.Invalid(code, detail, field));
}
