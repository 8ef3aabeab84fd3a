using CrisisCoordination.PartnerGateway.Agencies;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.PartnerGateway.Webhooks;

internal sealed record Subscribe(string Url);

/// <summary>An agency names an address where it wants to be told; it sees the secret this once.</summary>
internal static class SubscribeFeature
{
    private sealed record Item(Guid SubscriptionId, string Url, long SentUpto, int Failures, DateTimeOffset? NextTryAt, DateTimeOffset? DisabledAt, string? DisabledWhy, DateTimeOffset CreatedAt);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/subscriptions", SubscribeAsync).Allow(Roles.Partner).AnswersWithSecret();
        api.MapGet("/subscriptions", ListAsync).Allow(Roles.Partner);
    }

    private static async Task<IResult> SubscribeAsync(Subscribe command, TimelineStore store, Subscriptions subscriptions, WebhookPost webhooks, HttpContext http)
    {
        var (agency, refusal) = await Agency.OfCallerAsync(http, store);
        if ((refusal ?? webhooks.Check(command.Url)) is { } refused) return refused.ToProblem();
        var (id, secret) = (http.Ids().Next(), WebhookSignature.NewSecret());
        return await subscriptions.AddAsync(id, agency, command.Url, secret, store.Time.GetUtcNow(), http.RequestAborted)
            ? TypedResults.Created($"/subscriptions/{id}", new { subscriptionId = id, url = command.Url, secret })
            : Refusal.Conflict("subscription/exists", $"Your agency has a subscription to this address already, or has {Subscriptions.Most} of them. Delete one first; its secret is not shown again.").ToProblem();
    }

    private static async Task<IResult> ListAsync(TimelineStore store, Subscriptions subscriptions, HttpContext http)
    {
        var (agency, refusal) = await Agency.OfCallerAsync(http, store);
        if (refusal is not null) return refusal.ToProblem();
        var items = (await subscriptions.OfAgencyAsync(agency, http.RequestAborted))
            .Select(s => new Item(s.Id, s.Url, s.N, s.Failures, s.Failures > 0 && s.DisabledAt is null ? s.NextAt : null, s.DisabledAt, s.DisabledWhy, s.CreatedAt));
        return TypedResults.Ok(new { items, next = (string?)null });
    }
}

internal static class UnsubscribeFeature
{
    public static void Map(IEndpointRouteBuilder api) => api.MapDelete("/subscriptions/{id:guid}", async (Guid id, TimelineStore store, Subscriptions subscriptions, HttpContext http) =>
    {
        var (agency, refusal) = await Agency.OfCallerAsync(http, store);
        if (refusal is not null) return refusal.ToProblem();
        return await subscriptions.RemoveAsync(id, agency, http.RequestAborted) ? TypedResults.NoContent()
            : (IResult)Refusal.NotFound("subscription/unknown", "Your agency has no such subscription.").ToProblem();
    }).Allow(Roles.Partner);
}
