using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrisisCoordination.EvacuationPlanning.Fleet;

/// <param name="To">A state's alpha-3 code, or an operator or agency by name.</param>
/// <param name="Seats">How many they have from now on; fewer than before are given back, none gives all back.</param>
internal sealed record PromiseSeats(string To, int Seats, string? Note = null, DateTimeOffset? At = null);

/// <summary>Seats that another state or operator fills are not ours to plan until they are given back. Nobody loses a seat to a promise.</summary>
internal static class PromiseSeatsFeature
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/transports/{transportId:guid}/promises", async (Guid transportId, PromiseSeats body, HttpContext http, TimelineStore store) =>
        {
            if ((http.Happen(body.At, out var at) ?? Fault(body)) is { } refusal) return refusal.ToProblem();
            var promise = new PromisedSeats(body.To.Trim(), body.Seats, string.IsNullOrWhiteSpace(body.Note) ? null : body.Note.Trim());
            var outcome = await store.DecideAsync<Transport>(transportId, transport => transport.Promise(promise, http.Officer(), at), new(http.Officer()), http.RequestAborted);
            return outcome.ToResult(http, () => TypedResults.Ok(new { transportId, promise.To, promise.Seats }));
        }).Allow(Roles.Coordinator);

    public static Decision Promise(this Transport transport, PromisedSeats promise, string officer, DateTimeOffset at) =>
        transport.Schedule is not { } now ? Transport.Unknown
            : transport.Change(now with { Promised = [.. now.PromisedToOthersThan(promise.To), .. promise.Seats > 0 ? [promise] : Array.Empty<PromisedSeats>()] }, "", officer, at);

    private static Refusal? Fault(PromiseSeats body) => body switch
    {
        _ when body.To.Trim() is not { Length: > 0 and <= 60 } to || to.Any(c => char.IsControl(c) || c is ':' or ';') =>
            Refusal.Invalid("transport/promised-to", "Name whom the seats are promised to in 1 to 60 characters, without colons and semicolons.", "to"),
        { Seats: < 0 or > ImportTransportsFeature.MostSeats } => Refusal.Invalid("transport/number-out-of-range", $"This must be a whole number from 0 to {ImportTransportsFeature.MostSeats}.", "seats"),
        { Note: { } note } when note.Length > 200 || note.Any(char.IsControl) => Refusal.Invalid("transport/note", "A note has at most 200 characters that can be printed.", "note"),
        _ => null,
    };
}
