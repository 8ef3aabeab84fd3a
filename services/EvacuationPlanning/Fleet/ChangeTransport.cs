using System.Globalization;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Gate;
using CrisisCoordination.EvacuationPlanning.Places;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Outcome = CrisisCoordination.Timeline.Outcome;

namespace CrisisCoordination.EvacuationPlanning.Fleet;

/// <summary>What is different about a transport from now on; what is left out stays as it is.</summary>
/// <param name="Reason">Why, in a few words; nothing about a person.</param>
/// <param name="ArrivesAt">Left out when only <paramref name="DepartsAt"/> changes: as much later as it departs later.</param>
/// <param name="DestinationCountry">Need not be told; where it is, it must be the country in which the point lies.</param>
/// <param name="Alternates">Codes of all points that it may be diverted to; an empty list where there are none.</param>
internal sealed record ChangeTransport(
    string Reason, string? DepartsAt = null, string? ArrivesAt = null, int? Seats = null, int? WheelchairSpaces = null, int? StretcherSpaces = null,
    int? EscortSeats = null, int? MostInfants = null, int? MostCarried = null, int? OxygenPlaces = null, string? To = null, string? DestinationCountry = null,
    string? Kind = null, string? Operator = null, DateTimeOffset? At = null, IReadOnlyList<string>? Alternates = null)
{
    public Fields AsRow()
    {
        (string Column, string? Told)[] cells =
        [
            ("departs_at", DepartsAt), ("arrives_at", ArrivesAt), ("seats", Text(Seats)), ("wheelchair_spaces", Text(WheelchairSpaces)), ("stretcher_spaces", Text(StretcherSpaces)),
            ("escort_seats", Text(EscortSeats)), ("most_infants", Text(MostInfants)), ("most_carried", Text(MostCarried)), ("oxygen_places", Text(OxygenPlaces)),
            ("to", To), ("destination_country", DestinationCountry), ("kind", Kind), ("operator", Operator),
            ("alternates", Alternates is null ? null : string.Join(';', Alternates)),
        ];
        return new(cells.Where(cell => cell.Told is not null).ToDictionary(cell => cell.Column, cell => cell.Told!.Trim()));

        static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);
    }

    public bool SaysNothing => this with { Reason = "", At = null } == new ChangeTransport("");
}

/// <summary>Who is on board of a transport that goes where a rule bars them.</summary>
internal sealed record Alarm(Guid PersonId, string Reason, string Detail);

/// <param name="Lost">Every seat that is free now, on the transport and on the legs before and after it.</param>
/// <param name="Kept">How many people still have a space on the transport.</param>
/// <param name="MustGetOff">Who is on board of a transport that has not departed and lost the space.</param>
/// <param name="Alarms">Under way to where they may not go: whoever meets them must know now.</param>
internal sealed record ChangeAnswer(Guid TransportId, IReadOnlyList<FreedSeat> Lost, int Kept, IReadOnlyList<Guid> MustGetOff, IReadOnlyList<Alarm> Alarms)
{
    public static ChangeAnswer Of(Guid run, Scene before, Scene after)
    {
        var lost = FreedSeat.Of(after);
        return new(
            run, lost, after.Transports[run].Lines.Count(space => space.IsTaken),
            [.. lost.Where(seat => before.Transports[seat.TransportId].Manifest[seat.PersonId].State is SpaceState.Boarded).Select(seat => seat.PersonId).Distinct()],
            [.. after.Decided.Select(d => d.Event is CarriedWhereBarred barred && Words.Discreet(barred.Reason) is var reason ? new Alarm(d.Stream, reason, Words.Say(reason)) : null).OfType<Alarm>()]);
    }
}

internal static class ChangeTransportFeature
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/transports/{transportId:guid}/changes", async (Guid transportId, ChangeTransport body, HttpContext http, TimelineStore store) =>
        {
            if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
            if (WhyUnnamed(body.Reason) is { } unnamed) return unnamed.ToProblem();
            if (body.SaysNothing) return Refusal.Invalid("transport/nothing-changes", "Say what changes: times, spaces, where it goes, or who runs it.").ToProblem();
            var (outcome, answer) = await store.ChangeAsync(transportId, (stands, now) =>
            {
                var row = body.AsRow();
                var to = ImportTransportsFeature.Read(row, now, stands);
                return row.Faults is [var (column, code, message), ..] ? (stands, ScheduleTransportFeature.Fault(column, code, message)) : (to, null);
            }, body.Reason.Trim(), http.Officer(), at, http.RequestAborted);
            return outcome.ToResult(http, () => TypedResults.Ok(answer));
        }).Allow(Roles.Coordinator);

        api.MapPost("/transports/{transportId:guid}/cancellation", async (Guid transportId, CancelTransport body, HttpContext http, TimelineStore store) =>
        {
            if ((http.Happen(body.At, out var at) ?? WhyUnnamed(body.Reason)) is { } refusal) return refusal.ToProblem();
            var (outcome, answer) = await store.AnswerAsync(
                transportId, (scene, _) => scene.Cancel(transportId, body.Reason.Trim(), http.Officer(), at), http.Officer(), http.RequestAborted);
            return outcome.ToResult(http, () => TypedResults.Ok(answer));
        }).Allow(Roles.Coordinator);
    }

    internal sealed record CancelTransport(string Reason, DateTimeOffset? At = null);

    /// <summary>Makes one change, and stores it with all that it means for those who hold seats.</summary>
    /// <param name="read">What stands from now on, given what stands and the time; or what is wrong.</param>
    public static Task<(Outcome Outcome, ChangeAnswer? Answer)> ChangeAsync(
        this TimelineStore store, Guid run, Func<TransportScheduled, DateTimeOffset, (TransportScheduled To, Refusal? Fault)> read,
        string reason, string officer, DateTimeOffset at, CancellationToken ct) =>
        store.AnswerAsync(run, (scene, connection) =>
        {
            if (scene.Transports[run].Schedule is not { } stands) return scene.Refuse(Transport.Unknown);
            var (to, fault) = read(stands, at);
            return fault is not null ? scene.Refuse(fault) : scene.Change(run, to, connection, reason, officer, at);
        }, officer, ct, stands => read(stands, at).To.Codes());

    /// <param name="points">What other points the transport names then.</param>
    private static async Task<(Outcome, ChangeAnswer?)> AnswerAsync(
        this TimelineStore store, Guid run, Func<Scene, Func<string, TimeSpan>, Scene> decide, string officer, CancellationToken ct, Func<TransportScheduled, IEnumerable<string>>? points = null)
    {
        ChangeAnswer? answer = null;
        var outcome = await store.AttemptAsync(async work =>
        {
            var before = await WithHoldersAsync(work, run);
            if (before.Transports[run].Schedule is { } stands && points?.Invoke(stands) is { } named) before = await before.KnowingAsync(work, named);
            var after = decide(before, point => before.Atlas.Find(point)?.Opened?.ConnectionMinutes is { } minutes ? TimeSpan.FromMinutes(minutes) : new Terms().Connection);
            if (after.Refusal is null) answer = ChangeAnswer.Of(run, before, after);
            return after.Into(work);
        }, new By(officer), ct);
        return (outcome, outcome.Refusal is null ? answer : null);
    }

    // Everybody on it or standing by for it, those who travel with them on other legs, and all that any of them has a seat on.
    internal static async Task<Scene> WithHoldersAsync(Work work, Guid run)
    {
        var transport = await work.LoadAsync<Transport>(run);
        var aboard = transport.Lines.Where(space => space.IsTaken).Select(space => space.PersonId).Concat(transport.Standby.SelectMany(group => group.People)).ToList();
        var seats = (await Scene.LoadAsync(work, aboard, [])).People.Values.SelectMany(person => person.Seats).Select(seat => seat.TransportId).Append(run);
        var runs = (await Scene.LoadAsync(work, [], [.. seats])).Transports.Values;
        var parties = runs.SelectMany(other =>
        {
            var groups = aboard.Select(person => other.Manifest.GetValueOrDefault(person)).OfType<Space>().Select(space => space.GroupId).ToHashSet();
            return other.Lines.Where(space => space.IsTaken && groups.Contains(space.GroupId)).Select(space => space.PersonId);
        });
        var people = (await Scene.LoadAsync(work, [.. aboard, .. parties], [])).People;
        return await Scene.LoadAsync(work, [.. people.Keys], [.. people.Values.SelectMany(person => person.Seats).Select(seat => seat.TransportId).Append(run)]);
    }

    private static Refusal? WhyUnnamed(string reason) => reason.Trim() is { Length: > 0 and <= 200 } text && !text.Any(char.IsControl) ? null
        : Refusal.Invalid("transport/reason", "Say in 1 to 200 characters why, for everybody who reads the timeline later.", "reason");
}
