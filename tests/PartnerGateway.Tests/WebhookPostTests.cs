using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using CrisisCoordination.PartnerGateway.PartnerFeed;
using CrisisCoordination.PartnerGateway.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Xunit;

namespace CrisisCoordination.PartnerGateway.Tests;

/// <summary>Against a receiver that checks signatures by itself, as a partner would.</summary>
public sealed class WebhookPostTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Entry Boarded = new("unhcr", Guid.NewGuid(), Guid.NewGuid(), "boarded", Now, "{}");
    private readonly string secret = WebhookSignature.NewSecret();
    private readonly ConcurrentBag<string> taken = [];
    private readonly WebhookPost webhooks = Post(allowLoopback: true);
    private WebApplication receiver = null!;

    private string Url => receiver.Urls.Single();

    [Fact]
    public async Task A_receiver_can_check_who_sent_it()
    {
        var id = $"{Boarded.EventId}-unhcr";
        Assert.Equal(Delivery.Taken, (await SendAsync("/", id)).Delivery);
        Assert.Equal([id], taken);
    }

    [Fact]
    public async Task A_receiver_with_another_secret_refuses_it() =>
        Assert.Equal(Delivery.Later, (await webhooks.SendAsync(Url, WebhookSignature.NewSecret(), "id", WebhookSender.Body(7, Boarded), Now, TestContext.Current.CancellationToken)).Delivery);

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        Assert.Equal(Delivery.Later, (await SendAsync("/redirect", "id")).Delivery);
        Assert.Empty(taken);
    }

    [Fact]
    public async Task A_receiver_that_is_gone_says_so() => Assert.Equal(Delivery.Gone, (await SendAsync("/gone", "id")).Delivery);

    [Fact]
    public async Task A_busy_receiver_says_when_to_come_again() => Assert.Equal((Delivery.Later, TimeSpan.FromSeconds(120)), await SendAsync("/busy", "id"));

    [Fact]
    public async Task A_receiver_out_of_reach_is_tried_later() =>
        Assert.Equal((Delivery.Later, null), await webhooks.SendAsync("http://127.0.0.1:1/", secret, "id", [], Now, TestContext.Current.CancellationToken));

    [Fact]
    public async Task Without_leave_no_connection_goes_to_this_machine_whatever_its_name()
    {
        using var strict = Post(allowLoopback: false);
        Assert.Equal(Delivery.Later, (await strict.SendAsync(Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal), secret, "id", WebhookSender.Body(7, Boarded), Now, TestContext.Current.CancellationToken)).Delivery);
        Assert.Empty(taken);
    }

    [Fact]
    public void A_payload_says_where_to_look_and_no_more()
    {
        var body = Encoding.UTF8.GetString(WebhookSender.Body(7, Boarded));
        Assert.Equal($$$"""{"type":"person.boarded","timestamp":"2026-07-01T12:00:00+00:00","data":{"eventId":"{{{Boarded.EventId}}}","subject":"{{{Boarded.PersonId}}}","cursor":"6"}}""", body);
    }

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        receiver = builder.Build();
        receiver.MapPost("/", async (HttpContext http) =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            var (id, timestamp) = (http.Request.Headers["webhook-id"].ToString(), http.Request.Headers["webhook-timestamp"].ToString());
            var signed = HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), (byte[])[.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body.ToArray()]);
            if ($"v1,{Convert.ToBase64String(signed)}" != http.Request.Headers["webhook-signature"]) return Results.Unauthorized();
            taken.Add(id);
            return Results.NoContent();
        });
        receiver.MapPost("/redirect", () => Results.Redirect("/", permanent: false, preserveMethod: true));
        receiver.MapPost("/gone", () => Results.StatusCode(410));
        receiver.MapPost("/busy", (HttpContext http) => { http.Response.Headers.RetryAfter = "120"; return Results.StatusCode(429); });
        await receiver.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        webhooks.Dispose();
        await receiver.DisposeAsync();
    }

    private Task<(Delivery Delivery, TimeSpan? Wish)> SendAsync(string path, string id) =>
        webhooks.SendAsync(Url + path, secret, id, WebhookSender.Body(7, Boarded), Now, TestContext.Current.CancellationToken);

    private static WebhookPost Post(bool allowLoopback) =>
        new(new ConfigurationBuilder().AddInMemoryCollection([new("PartnerGateway:AllowLoopbackWebhooks", allowLoopback.ToString())]).Build());
}
