using CrisisCoordination.EvacuationPlanning.Gate;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrisisCoordination.EvacuationPlanning.Manifests;

internal static class SealManifestFeature
{
    private static readonly string[] Reasons = ["wrong-people", "capacity-changed", "departure-changed", "partner-asked"];

    internal sealed record Unsealing(string Reason, DateTimeOffset? At = null);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/transports/{transportId:guid}/manifest/seal", async (Guid transportId, AtTime? body, HttpContext http, TimelineStore store) =>
            http.Happen(body?.At, out var at) is { } refusal ? refusal.ToProblem()
                : await AnswerAsync(transportId, http, store, transport => transport.SealManifest(http.Officer(), at)))
           .Allow(Roles.Coordinator).WithSummary("Seal the manifest")
           .WithDescription("From then on no plan adds or moves people on it; the gate does. The first check-in seals it too.");

        api.MapPost("/transports/{transportId:guid}/manifest/unseal", async (Guid transportId, Unsealing body, HttpContext http, TimelineStore store) =>
            (http.Happen(body.At, out var at) ?? Known(body.Reason)) is { } refusal ? refusal.ToProblem()
                : await AnswerAsync(transportId, http, store, transport => transport.UnsealManifest(body.Reason, http.Officer(), at)))
           .Allow(Roles.Coordinator).WithSummary("Open the manifest to plans again, before departure");
    }

    private static Refusal? Known(string reason) =>
        Reasons.Contains(reason) ? null : Refusal.Invalid("manifest/reason-unknown", $"Say why: {string.Join(", ", Reasons)}.", "reason");

    private static async Task<IResult> AnswerAsync(Guid id, HttpContext http, TimelineStore store, Func<Transport, Decision> decide)
    {
        var transport = new Transport(id);
        var outcome = await store.AttemptAsync(async work =>
        {
            transport = await work.LoadAsync<Transport>(id);
            var decision = decide(transport);
            transport = decision.Events.Aggregate(transport, (next, e) => next.Apply(e));
            return work.Append(id, decision);
        }, new By(http.Officer()), http.RequestAborted);
        return outcome.ToResult(http, () => TypedResults.Ok(new { TransportId = id, transport.State, Seal = SealNow.Of(transport) }));
    }
}

/// <summary>The seal as those who hold a copy compare it.</summary>
/// <param name="Changed">The gate changed the manifest since: ask for it anew.</param>
internal sealed record SealNow(int Number, string Sha256, DateTimeOffset At, string By, bool Changed)
{
    public static SealNow? Of(Transport transport) =>
        transport.Seal is { } seal ? new(seal.Number, seal.Sha256, seal.At, seal.Officer, seal.Sha256 != transport.Sha256) : null;
}
