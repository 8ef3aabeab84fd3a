using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Http;

namespace CrisisCoordination.EvacuationPlanning.Gate;

/// <summary>What a gate is told about one person.</summary>
/// <param name="OthersTravelOn">The rest of the household travels without them, because an adult of it asks so.</param>
/// <param name="WishOf">That adult.</param>
internal sealed record AtGate(Guid PersonId, DateTimeOffset? At = null, bool OthersTravelOn = false, Guid? WishOf = null);

/// <summary>A space that is free again.</summary>
internal sealed record FreedSeat(Guid PersonId, Guid TransportId, string Reason)
{
    public static IReadOnlyList<FreedSeat> Of(Scene decided) =>
        [.. decided.Decided.Select(d => d.Event is SpaceFreed freed ? new FreedSeat(freed.PersonId, d.Stream, Words.Discreet(freed.Reason)) : null).OfType<FreedSeat>()];
}

/// <param name="Released">All seats that are free again, of the person and of those who travel with them.</param>
/// <param name="StillOnBoard">Transports under way with the person on board: whoever meets them must know.</param>
/// <param name="SeatedNext">Whom a space that became free went to: call them, they stand by.</param>
internal sealed record GateAnswer(IReadOnlyList<FreedSeat> Released, IReadOnlyList<Guid> StillOnBoard, IReadOnlyList<SeatedNext> SeatedNext);

/// <summary>Somebody who stood by and has a space now.</summary>
internal sealed record SeatedNext(Guid PersonId, Guid TransportId);

internal static class GateExtensions
{
    /// <summary>When it happened, and whether an adult of the household asks that the others travel on.</summary>
    public static Refusal? Told(this HttpContext http, DateTimeOffset? told, bool othersTravelOn, Guid? wishOf, out DateTimeOffset at, out Wish? wish)
    {
        wish = othersTravelOn && wishOf is { } adult ? new(adult) : null;
        return http.Happen(told, out at) ?? (othersTravelOn && wish is null
            ? Refusal.Invalid("gate/whose-wish", "A household travels together unless an adult of it asks otherwise. Name the adult who asks.", "wishOf")
            : null);
    }

    /// <summary>One decision around one person, stored as one append.</summary>
    public static Task<IResult> AnswerAsync(this TimelineStore store, HttpContext http, Guid person, Func<Scene, Scene> decide, params Guid[] transports) =>
        AnswerAsync(store, http, person, (_, scene) => Task.FromResult(decide(scene)), transports);

    /// <param name="decide">May look up more than the scene tells.</param>
    public static async Task<IResult> AnswerAsync(this TimelineStore store, HttpContext http, Guid person, Func<Work, Scene, Task<Scene>> decide, params Guid[] transports)
    {
        Scene? decided = null;
        var outcome = await store.AttemptAsync(async work =>
        {
            var scene = await Scene.AroundAsync(work, person);
            foreach (var transport in transports) scene = await scene.WithAsync(work, transport);
            return (decided = await decide(work, scene)).Into(work);
        }, new By(http.Officer()), http.RequestAborted);
        // The answer says who is next; if this process dies first, the reaction seats them.
        var next = new List<SeatedNext>();
        if (outcome.Refusal is null)
            foreach (var transport in decided!.Decided.Where(d => d.Event is SpaceFreed).Select(d => d.Stream).Distinct())
                next.AddRange((await Standby.FillAsync(store, decided.Transports[transport], new By(http.Officer()), store.Time.GetUtcNow(), http.RequestAborted)).Select(seated => new SeatedNext(seated, transport)));
        return outcome.ToResult(http, () => TypedResults.Ok(new GateAnswer(
            FreedSeat.Of(decided!),
            [.. decided!.People[person].OpenSeats.Where(seat => decided.Transports[seat.TransportId] is { Departed: true, Arrived: false }).Select(seat => seat.TransportId)], next)));
    }
}
