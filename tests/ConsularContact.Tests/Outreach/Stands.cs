using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CrisisCoordination.Tests.ConsularContact.Outreach;

/// <summary>Stands in for a provider's gateway: takes messages over real HTTP, tells repeats by their key, and fails when told to.</summary>
internal sealed class StandInGateway : IAsyncDisposable
{
    private readonly WebApplication app;

    private StandInGateway(WebApplication app) => this.app = app;

    public sealed record Got(Guid Key, string Channel, string To, string Text, string Language, DateTimeOffset? ValidUntil);

    /// <summary>What people would get on their telephones.</summary>
    public ConcurrentDictionary<Guid, Got> Delivered { get; } = [];

    /// <summary>Every request, repeats too.</summary>
    public ConcurrentQueue<Guid> Asked { get; } = [];

    /// <summary>Answers instead of taking; null: takes it.</summary>
    public Func<Got, int, HttpStatusCode?> Fault { get; set; } = (_, _) => null;

    public Uri Address => new(app.Urls.First());

    public static async Task<StandInGateway> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls=http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        var gateway = new StandInGateway(builder.Build());
        gateway.app.MapPost("/", async (HttpContext http) =>
        {
            var got = (await JsonSerializer.DeserializeAsync<Got>(http.Request.Body, JsonSerializerOptions.Web))!;
            gateway.Asked.Enqueue(got.Key);
            if (http.Request.Headers.Authorization != "Bearer gateway-secret" || http.Request.Headers["Idempotency-Key"] != $"{got.Key}") return Results.StatusCode(401);
            if (gateway.Fault(got, gateway.Asked.Count(key => key == got.Key)) is { } fault)
            {
                // 200 here: it was taken and the answer got lost.
                if (fault != HttpStatusCode.OK) return Results.StatusCode((int)fault);
                gateway.Delivered.TryAdd(got.Key, got);
                http.Abort();
                return Results.Empty;
            }
            gateway.Delivered.TryAdd(got.Key, got);
            return Results.Accepted();
        });
        await gateway.app.StartAsync();
        return gateway;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}

/// <summary>Stands in for a mail server: enough of RFC 5321 to take a mail, or to refuse or lose it at a chosen point.</summary>
internal sealed class StandInMailServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Task serving;

    public StandInMailServer()
    {
        listener.Start();
        serving = ServeAsync();
    }

    /// <summary>Whole mails, as they were sent.</summary>
    public ConcurrentQueue<(string To, string Mail)> Mails { get; } = [];

    /// <summary>By recipient: null takes it, a line is said instead, and an empty line breaks the connection once the mail was taken.</summary>
    public Func<string, string?> AtRecipient { get; set; } = _ => null;

    public Func<string, string?> AtEnd { get; set; } = _ => null;

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await serving;
        stop.Dispose();
    }

    private async Task ServeAsync()
    {
        var talks = new List<Task>();
        try
        {
            while (true) talks.Add(TalkAsync(await listener.AcceptTcpClientAsync(stop.Token)));
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException) { }
        await Task.WhenAll(talks);
    }

    private async Task TalkAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
            await using var writer = new StreamWriter(client.GetStream(), new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
            var to = "";
            await writer.WriteLineAsync("220 stand-in");
            while (await reader.ReadLineAsync(stop.Token) is { } line)
                switch (line.Split(' ', ':')[0].ToUpperInvariant())
                {
                    case "RCPT":
                        to = line[(line.IndexOf('<') + 1)..line.IndexOf('>')];
                        await writer.WriteLineAsync(AtRecipient(to) ?? "250 ok");
                        break;
                    case "DATA":
                        await writer.WriteLineAsync("354 go on");
                        var mail = new StringBuilder();
                        while (await reader.ReadLineAsync(stop.Token) is { } part && part != ".") mail.AppendLine(part);
                        var said = AtEnd(to);
                        if (said is null or "") Mails.Enqueue((to, mail.ToString()));
                        if (said is "") return;
                        await writer.WriteLineAsync(said ?? "250 taken");
                        break;
                    case "QUIT":
                        await writer.WriteLineAsync("221 bye");
                        return;
                    default:
                        await writer.WriteLineAsync("250 ok");
                        break;
                }
        }
        catch (Exception end) when (end is IOException or OperationCanceledException) { }
    }
}
