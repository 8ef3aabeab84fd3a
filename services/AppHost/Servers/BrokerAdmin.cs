using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace CrisisCoordination.AppHost.Servers;

/// <summary>Virtual hosts and users through RabbitMQ's management API: some 25 ms a call, where <c>rabbitmqctl</c> takes a second.</summary>
internal sealed class BrokerAdmin : IDisposable
{
    private readonly HttpClient http;

    public BrokerAdmin(Uri management)
    {
        http = new HttpClient { BaseAddress = new Uri(management.GetLeftPart(UriPartial.Authority).Replace(management.UserInfo + "@", "")), Timeout = TimeSpan.FromSeconds(30) };
        http.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(management.UserInfo))));
    }

    public async Task<bool> IsReadyAsync(CancellationToken cancellation)
    {
        using var response = await http.GetAsync("/api/vhosts", cancellation);
        return response.IsSuccessStatusCode;
    }

    /// <summary>Virtual hosts, users, permissions and policies in RabbitMQ's definitions format; what exists is brought up to date.</summary>
    public async Task ApplyAsync(JsonObject definitions, CancellationToken cancellation)
    {
        using var response = await http.PostAsJsonAsync("/api/definitions", definitions, cancellation);
        await EnsureAsync(response, cancellation);
    }

    public async Task DeleteVirtualHostAsync(string name, CancellationToken cancellation)
    {
        using var response = await http.DeleteAsync($"/api/vhosts/{Uri.EscapeDataString(name)}", cancellation);
        if (response.StatusCode != HttpStatusCode.NotFound) await EnsureAsync(response, cancellation);
    }

    public async Task DeleteUsersAsync(IEnumerable<string> names, CancellationToken cancellation)
    {
        using var response = await http.PostAsJsonAsync("/api/users/bulk-delete", new { users = names }, cancellation);
        await EnsureAsync(response, cancellation);
    }

    public void Dispose() => http.Dispose();

    private static async Task EnsureAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.IsSuccessStatusCode) return;
        throw new ServersUnavailableException($"RabbitMQ refused {response.RequestMessage?.RequestUri?.AbsolutePath}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancellation)}");
    }
}
