using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.PartnerGateway.Webhooks;

/// <summary>One signed POST to an agency's address. Names are resolved here, and each address is looked at before it is connected to.</summary>
internal sealed class WebhookPost : IDisposable
{
    private readonly bool allowLoopback;
    private readonly HttpClient client;

    public WebhookPost(IConfiguration configuration)
    {
        allowLoopback = configuration.GetValue("PartnerGateway:AllowLoopbackWebhooks", false);
        client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectCallback = ConnectAsync,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            MaxResponseHeadersLength = 16,
            ActivityHeadersPropagator = null,
        })
        { Timeout = TimeSpan.FromSeconds(15) };
    }

    public Refusal? Check(string url) => WebhookAddress.Check(url, allowLoopback);

    /// <summary>What became of it, and how long the receiver asks to be left alone. A receiver out of reach is one to try later.</summary>
    public async Task<(Delivery Delivery, TimeSpan? Wish)> SendAsync(string url, string secret, string id, byte[] body, DateTimeOffset now, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } } };
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("CrisisCoordination", "1"));
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", now.ToUnixTimeSeconds().ToString());
        request.Headers.Add("webhook-signature", WebhookSignature.Sign(secret, id, now, body));
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            var wish = response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - now : null;
            return (RetrySchedule.Judge((int)response.StatusCode), wish);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            return (Delivery.Later, null);
        }
    }

    public void Dispose() => client.Dispose();

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, ct);
        var allowed = addresses.Where(address => WebhookAddress.IsAllowed(address, allowLoopback)).ToArray();
        if (allowed.Length == 0) throw new HttpRequestException("The name leads to no public address.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
