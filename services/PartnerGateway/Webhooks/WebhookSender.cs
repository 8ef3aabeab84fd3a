using System.Collections.Concurrent;
using System.Text.Json;
using CrisisCoordination.PartnerGateway.PartnerFeed;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.PartnerGateway.Webhooks;

/// <summary>
/// Tells subscribers what is new: in order for each, at least once, each for itself so that a slow one delays no other.
/// One process sends. A payload says only where to look; who reads the feed there leaves a trace.
/// </summary>
internal sealed class WebhookSender(TimelineStore store, Feed feed, Deliveries deliveries, Disclosures disclosures, Subscriptions subscriptions, WebhookPost webhooks, ILogger<WebhookSender> log)
{
    private const int Page = 50, AtOnce = 32;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    private sealed record Payload(string Type, DateTimeOffset Timestamp, Pointer Data, bool? Exercise);

    /// <param name="Cursor">Reading the feed after this gives the event first.</param>
    private sealed record Pointer(Guid EventId, Guid Subject, string Cursor);

    public Task RunAsync(CancellationToken ct) => feed.TakeTurnsAsync("partner_gateway/webhooks", async (turn, ct) =>
    {
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var busy = new ConcurrentDictionary<Guid, Task>();
        try
        {
            while (true)
            {
                // Who was being served when the rows were read may have moved on since.
                var served = busy.Keys.ToHashSet();
                foreach (var subscription in await Subscriptions.DueAsync(turn, store.Time.GetUtcNow(), ct))
                    if (busy.Count < AtOnce && !served.Contains(subscription.Id))
                        busy[subscription.Id] = Task.Run(() => ServeAsync(subscription, busy, lost.Token), CancellationToken.None);
                await Task.Delay(Look, store.Time, ct);
            }
        }
        finally
        {
            await lost.CancelAsync();
            await Task.WhenAll(busy.Values);
        }
    }, ct);

    public static byte[] Body(long n, Entry entry) => JsonSerializer.SerializeToUtf8Bytes(
        new Payload(entry.Kind == Entry.Tombstone ? entry.Kind : $"person.{entry.Kind.Replace('-', '_')}", entry.At.ToUniversalTime(), new(entry.EventId, entry.PersonId, (n - 1).ToString()), entry.Exercise ? true : null), EventJson.Options);

    private async Task ServeAsync(Subscription subscription, ConcurrentDictionary<Guid, Task> busy, CancellationToken ct)
    {
        try
        {
            await DeliverAsync(subscription, ct);
        }
        catch (OperationCanceledException) { /* the turn is over */ }
        catch (Exception fault)
        {
            log.LogWarning("The webhook {Subscription} could not be served: {Fault}", subscription.Id, fault.GetType().Name);
            await Task.Delay(Look, store.Time, CancellationToken.None);
        }
        finally
        {
            busy.TryRemove(subscription.Id, out _);
        }
    }

    private async Task DeliverAsync(Subscription subscription, CancellationToken ct)
    {
        if (await subscriptions.SecretAsync(subscription.Id, ct) is not { } secret) return;
        foreach (var (n, entry) in await deliveries.PageAsync(subscription.Agency, subscription.N, Page, ct))
        {
            // At the moment of sending, for each: the one before may have taken long.
            var person = (await store.OfAsync([entry.PersonId], ct))[entry.PersonId];
            if (entry.MayBeSent(person))
            {
                await disclosures.NoteAsync(subscription.Agency, [(entry.PersonId, n)], "webhook", null, ct);
                var (delivery, wish) = await webhooks.SendAsync(subscription.Url, secret, $"{entry.EventId}-{subscription.Agency}", Body(n, entry), store.Time.GetUtcNow(), ct);
                if (delivery != Delivery.Taken)
                {
                    await StopAsync(subscription, delivery, wish, ct);
                    return;
                }
            }
            if (!await subscriptions.AdvanceAsync(subscription, n, store.Time.GetUtcNow(), ct)) return;
            subscription = subscription with { N = n, Failures = 0 };
        }
    }

    private async Task StopAsync(Subscription subscription, Delivery delivery, TimeSpan? wish, CancellationToken ct)
    {
        var (now, failures) = (store.Time.GetUtcNow(), subscription.Failures + 1);
        if (delivery == Delivery.Gone) await subscriptions.DisableAsync(subscription, "The receiver answered 410.", now, ct);
        else if (RetrySchedule.Next(failures, now, wish, Random.Shared.NextDouble()) is { } next) await subscriptions.PostponeAsync(subscription, failures, next, ct);
        else await subscriptions.DisableAsync(subscription, "The receiver could not be reached for three days.", now, ct);
    }
}
