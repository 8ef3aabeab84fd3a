using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using CrisisCoordination.Access;
using CrisisCoordination.AppHost.Servers;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace CrisisCoordination.Testing;

/// <summary>
/// A house of a test class's own: real PostgreSQL, real RabbitMQ, the Access service, and whichever services the class
/// starts, each with its own database role and broker user.
/// </summary>
public class House : IAsyncLifetime
{
    private const string Administrator = "administrator", Password = "a-long-enough-secret-7";

    private readonly Deployment deployment;
    private readonly Dictionary<Service, WebApplication> running = [];
    private readonly Dictionary<string, string> tokens = [];
    private readonly SemaphoreSlim signingIn = new(1);

    public House() => deployment = new Deployment(ServersAsync);

    /// <summary>Wraps the keys of this house.</summary>
    public byte[] MasterKey { get; } = RandomNumberGenerator.GetBytes(32);

    /// <summary>Its database and virtual host.</summary>
    public Deployment Deployment => deployment;

    public async ValueTask InitializeAsync()
    {
        await deployment.InitializeAsync();
        await using var owner = NpgsqlDataSource.Create(deployment.Postgres + ";Pooling=false");
        await TimelineSchema.MigrateAsync(owner, "timeline", deployment.Roles);
        await StartAsync(AccessService.Define());
        await PrepareAsync();
    }

    /// <summary>Where it stands: on the run's shared servers unless the class says otherwise.</summary>
    protected virtual Task<ServerConnections> ServersAsync() => TestServers.GetAsync();

    /// <summary>Starts what the test class needs.</summary>
    protected virtual Task PrepareAsync() => Task.CompletedTask;

    /// <summary>Starts a service on a free port and waits until it is ready.</summary>
    public async Task<WebApplication> StartAsync(CrisisService service, params string[] settings)
    {
        var connections = deployment.Services[service.Schema];
        var app = service.Build(
        [
            $"--ConnectionStrings:Postgres={connections.Postgres};Maximum Pool Size=20;Timeout=60;Command Timeout=120", $"--ConnectionStrings:RabbitMq={connections.Amqp}",
            $"--Timeline:MasterKey={Convert.ToBase64String(MasterKey)}", "--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Warning",
            $"--Access:Administrator={Administrator}", $"--Access:AdministratorPassword={Password}", .. settings,
        ]);
        running[service.Service] = app;
        await app.StartAsync();
        using var http = Anyone(service.Service);
        await Eventually.TrueAsync(async () => (await http.GetAsync("/health/ready")).IsSuccessStatusCode, $"{service.Service} is ready");
        return app;
    }

    /// <summary>Stops a service; the others go on.</summary>
    public async Task StopAsync(Service service)
    {
        if (!running.Remove(service, out var app)) return;
        await app.StopAsync();
        await app.DisposeAsync();
    }

    /// <summary>A running service's parts.</summary>
    public T Part<T>(Service service) where T : notnull => running[service].Services.GetRequiredService<T>();

    /// <summary>How many events are stored. The feed's end would not do: it waits for every open transaction of the cluster.</summary>
    public async Task<long> StoredAsync()
    {
        await using var count = Part<NpgsqlDataSource>(running.Keys.First()).CreateCommand("select count(*) from timeline.mt_events");
        return (long)(await count.ExecuteScalarAsync())!;
    }

    /// <summary>A client that has not signed in.</summary>
    public HttpClient Anyone(Service service) => new() { BaseAddress = new Uri(running[service].Urls.First()) };

    /// <summary>A client signed in with an account of these roles, made when first asked for.</summary>
    public async Task<HttpClient> ClientAsync(Service service, params string[] roles) => await ClientOfAsync(service, $"test-{string.Join('-', roles)}", null, roles);

    /// <summary>A client signed in with that account.</summary>
    public Task<HttpClient> ClientOfAsync(Service service, string account, string? agency, params string[] roles) => ClientOfPostAsync(service, account, agency, "test", roles);

    /// <summary>A client signed in with that account, which belongs to a post or to none.</summary>
    public async Task<HttpClient> ClientOfPostAsync(Service service, string account, string? agency, string? post, params string[] roles)
    {
        await signingIn.WaitAsync();
        try
        {
            if (!tokens.ContainsKey(account))
            {
                using var access = Anyone(Service.Access);
                access.DefaultRequestHeaders.Authorization = new("Bearer", tokens.GetValueOrDefault(Administrator) ?? (tokens[Administrator] = await SignInAsync(Administrator)));
                (await access.PostAsJsonAsync("/accounts", new { account, password = Password, roles, agency, post })).EnsureSuccessStatusCode();
                tokens[account] = await SignInAsync(account);
            }
        }
        finally
        {
            signingIn.Release();
        }
        var client = Anyone(service);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tokens[account]);
        return client;
    }

    private async Task<string> SignInAsync(string account)
    {
        using var access = Anyone(Service.Access);
        var answer = await access.PostAsJsonAsync("/sign-in", new { account, password = Password });
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString()!;
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var service in running.Keys.ToArray()) await StopAsync(service);
        NpgsqlConnection.ClearAllPools();
        await deployment.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
