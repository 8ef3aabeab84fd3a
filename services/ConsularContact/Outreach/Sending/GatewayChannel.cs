using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using CrisisCoordination.ServiceDefaults;

namespace CrisisCoordination.ConsularContact.Outreach.Sending;

/// <summary>
/// Short messages and calls through a provider's HTTP gateway. It tells repeats by the key, so whatever went wrong in
/// between, the same message is simply handed over again.
/// </summary>
internal sealed class GatewayChannel(Uri address, string secret) : IChannel, IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(2), ActivityHeadersPropagator = null }) { Timeout = Timeout.InfiniteTimeSpan };

    private sealed record Body(Guid Key, string Channel, string To, string Text, string Language, DateTimeOffset? ValidUntil);

    public string Name => "gateway";

    public bool Repeats => true;

    public async Task<Sent> SendAsync(Composed message, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = JsonContent.Create(new Body(message.Key, message.Channel, message.Address, message.Text, message.Language, message.ValidUntil), options: EventJson.Options),
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", secret) },
        };
        request.Headers.Add("Idempotency-Key", $"{message.Key}");
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            return Judge(answer.StatusCode);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            return Sent.Later;
        }
    }

    /// <summary>Only what the gateway says about this very message is a refusal; a wrong secret or address is ours to put right.</summary>
    internal static Sent Judge(HttpStatusCode status) => (int)status switch
    {
        >= 200 and < 300 => Sent.Taken,
        // It has the key already.
        409 => Sent.Taken,
        400 or 410 or 422 => Sent.Refused($"gateway-{(int)status}"),
        _ => Sent.Later,
    };

    public void Dispose() => http.Dispose();
}
