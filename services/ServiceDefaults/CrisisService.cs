using System.Reflection;
using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;
using MassTransit;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CrisisCoordination.ServiceDefaults;

/// <summary>
/// What a service of the house is made of: its timelines, its read models, what wakes it, and its endpoints. Everything
/// that all services share (bus, relay, telemetry, health, sign-in, problems) comes with it.
/// </summary>
/// <remarks>
/// Configuration: <c>ConnectionStrings:Postgres</c> (the service's own role), <c>ConnectionStrings:RabbitMq</c> (amqp uri with the
/// service's own user and the virtual host), <c>Timeline:MasterKey</c> (base64 of 32 bytes), <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> (optional).
/// </remarks>
public sealed class CrisisService
{
    private readonly List<IProjection> inline = [], following = [];
    private readonly List<Action<IServiceCollection>> services = [];
    private readonly List<Action<IEndpointRouteBuilder>> endpoints = [];
    private readonly List<(string Table, string Sql)> tables = [];
    private readonly List<Func<IServiceProvider, CancellationToken, Task>> first = [];
    private readonly List<(string What, Func<IServiceProvider, CancellationToken, Task> Work)> beside = [];

    private CrisisService(Service service) => Service = service;

    /// <summary>Which one.</summary>
    public Service Service { get; }

    /// <summary>Its schema in the database: <c>humanitarian_aid</c>.</summary>
    public string Schema => EventTypes.Alias(Service.ToString());

    /// <summary>Its queue, and the prefix of every other thing it has on the broker: <c>humanitarian-aid</c>.</summary>
    public string Queue => Schema.Replace('_', '-');

    /// <summary>The schema of the timelines.</summary>
    public string TimelineSchema { get; private set; } = "timeline";

    /// <summary>What wakes it.</summary>
    public Reactions Reactions { get; } = new();

    internal IReadOnlyList<(string Table, string Sql)> OwnTables => tables;

    internal IReadOnlyList<IProjection> Following => following;

    internal IEnumerable<IProjection> ReadModels => inline.Concat(following);

    internal IReadOnlyList<Func<IServiceProvider, CancellationToken, Task>> First => first;

    internal IReadOnlyList<(string What, Func<IServiceProvider, CancellationToken, Task> Work)> WorkBeside => beside;

    /// <summary>A read model written with the events that this service appends.</summary>
    public CrisisService Inline(IProjection projection)
    {
        inline.Add(Once(projection));
        return this;
    }

    /// <summary>A read model that follows the feed: for events that other services append too.</summary>
    public CrisisService Follow(IProjection projection)
    {
        following.Add(Once(projection));
        return this;
    }

    // Two writers of one table would each undo the other's order.
    private IProjection Once(IProjection projection) =>
        inline.Concat(following).All(known => known.Table != projection.Table) ? projection : throw new ArgumentException($"{projection.Table} is a read model already.", nameof(projection));

    /// <summary>A table of its own that is no read model (staging, counters). Made if missing; <c>{schema}</c> stands for the service's.</summary>
    public CrisisService Table(string name, string createIfMissing)
    {
        tables.Add((name, createIfMissing.Replace("{schema}", Schema)));
        return this;
    }

    /// <summary>What must be done once its tables stand and before it is ready; tried until it succeeds.</summary>
    public CrisisService Before(Func<IServiceProvider, CancellationToken, Task> work)
    {
        first.Add(work);
        return this;
    }

    /// <summary>Work that goes on beside the requests for as long as the service runs; started again when it fails.</summary>
    public CrisisService Beside(string what, Func<IServiceProvider, CancellationToken, Task> work)
    {
        beside.Add((what, work));
        return this;
    }

    /// <summary>More services for its endpoints and reactions.</summary>
    public CrisisService With(Action<IServiceCollection> add)
    {
        services.Add(add);
        return this;
    }

    /// <summary>Endpoints; each says who may call it (<see cref="AllowedExtensions"/>).</summary>
    public CrisisService Map(params Action<IEndpointRouteBuilder>[] map)
    {
        endpoints.AddRange(map);
        return this;
    }

    /// <summary>A service with nothing in it yet.</summary>
    public static CrisisService Of(Service service) => new(service);

    /// <summary>The web application, ready to run.</summary>
    public WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        var configuration = builder.Configuration;
        TimelineSchema = configuration["Timeline:Schema"] ?? TimelineSchema;
        var master = Convert.FromBase64String(Required(configuration, "Timeline:MasterKey"));

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1 << 20;
        });
        builder.Logging.ClearProviders().AddSimpleConsole(console => { console.SingleLine = true; console.UseUtcTimestamp = true; console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ "; });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("MassTransit", LogLevel.Warning).AddFilter("Npgsql", LogLevel.Warning);

        var s = builder.Services;
        s.TryAddSingleton(TimeProvider.System);
        s.AddSingleton(this);
        s.AddSingleton(_ => DataSource(Required(configuration, "ConnectionStrings:Postgres")));
        s.AddSingleton(services => new TimelineStore(
            services.GetRequiredService<NpgsqlDataSource>(), new TimelineOptions { Schema = TimelineSchema, MasterKey = master, Inline = inline, Refuses = EarliestTimes.Refuse }, services.GetRequiredService<TimeProvider>()));
        s.AddSingleton(services => new Feed(services.GetRequiredService<TimelineStore>())
        {
            TurnLost = (name, fault) => services.GetRequiredService<ILogger<Feed>>().LogWarning("Lost the turn of {Name}: {Fault}", name, fault.Message),
        });
        s.AddSingleton(services => new Projections(services.GetRequiredService<TimelineStore>(), services.GetRequiredService<Feed>(), Schema, following)
        {
            Unreadable = (stream, fault) => services.GetRequiredService<ILogger<Projections>>().LogCritical("The data sealed on {StreamId} does not open ({Fault}): it was changed in the database, or the master key was", stream, fault.Message),
        });
        s.AddSingleton(services => new Deadlines(services.GetRequiredService<TimelineStore>(), services.GetRequiredService<Feed>(), Schema)
        {
            Failed = (stream, deadline, fault) => services.GetRequiredService<ILogger<Deadlines>>().LogError("The deadline {Kind} of {StreamId} failed with {Fault}", deadline.Kind, stream, fault.GetType().Name),
        });
        s.AddSingleton(services => new Idempotency(services.GetRequiredService<NpgsqlDataSource>(), Schema, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<MasterKey>()));
        s.AddSingleton<LockedAccounts>();
        s.AddSingleton<Parking>();
        s.AddSingleton<Figures>();
        s.AddSingleton(new BrokerAddress(new Uri(Required(configuration, "ConnectionStrings:RabbitMq"))));

        s.AddProblemDetails();
        s.Configure<JsonOptions>(json => EventJson.Apply(json.SerializerOptions));
        s.AddOpenApi("v1", openApi => openApi.AddOperationTransformer((operation, context, _) =>
        {
            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<Allowed>().LastOrDefault() is { } allowed)
                operation.Description = $"{operation.Description}{(operation.Description is null ? "" : "\n\n")}{(allowed.Why is { } why ? $"Open to anyone: {why}" : $"For: {string.Join(", ", allowed.Roles)}.")}";
            return Task.CompletedTask;
        }));

        s.AddAuthentication(BearerTokenDefaults.AuthenticationScheme).AddBearerToken(token => token.BearerTokenExpiration = TimeSpan.FromHours(1));
        s.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder()
            // No endpoint, or the router's own that answers 405 or 415: there is nothing to protect, and the true answer helps.
            .RequireAssertion(asked => asked.Resource is HttpContext http && http.GetEndpoint() is not RouteEndpoint).Build());
        // So that the answer can name the field at fault (Problems).
        s.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        s.AddSingleton(new MasterKey(master));
        s.AddSingleton(new Seals(master));
        TokenKeys.Add(s, TimelineSchema, mayCreate: Service == Service.Access);
        s.AddSingleton<TokenKeys>();
        s.AddOptions<BearerTokenOptions>(BearerTokenDefaults.AuthenticationScheme).PostConfigure<TokenKeys>((token, keys) =>
        {
            token.BearerTokenProtector = new TicketDataFormat(keys.CreateProtector("bearer"));
            token.RefreshTokenProtector = new TicketDataFormat(keys.CreateProtector("refresh"));
        });

        Bus.Add(s, this);
        Telemetry.Add(builder, this);
        foreach (var add in services) add(s);
        s.AddHostedService(services => services.GetRequiredService<Background>());

        var app = builder.Build();
        Problems.MapFaults(app);
        app.UseRouting();
        app.Use(Problems.RefuseTooLargeAsync);
        app.UseAuthentication();
        var locked = app.Services.GetRequiredService<LockedAccounts>();
        app.Use(next => http => locked.InvokeAsync(http, next));
        app.UseAuthorization();
        var idempotency = app.Services.GetRequiredService<Idempotency>();
        app.Use(next => http => idempotency.InvokeAsync(http, next));
        app.MapOpenApi().AllowAnyone("the description of the interface holds no data");
        app.MapGet("/health/live", () => TypedResults.Ok()).AllowAnyone("says only that the process answers").ExcludeFromDescription();
        app.MapGet("/health/ready", ReadyAsync).AllowAnyone("says only whether the service can work").ExcludeFromDescription();
        Figures.Map(app);
        var all = app.MapGroup("").AddEndpointFilterFactory(QueryTimes.Filter);
        foreach (var map in endpoints) map(all);
        return app;
    }

    /// <summary>Builds and runs it until told to stop.</summary>
    public async Task<int> RunAsync(string[] args)
    {
        await using var app = Build(args);
        await app.RunAsync();
        return 0;
    }

    // Without the broker the service still takes registrations; without the database it can do nothing.
    private static async Task<IResult> ReadyAsync(NpgsqlDataSource database, LiveBus bus, Background background, HttpContext http)
    {
        if (!background.Prepared) return TypedResults.Json(new { database = "preparing" }, statusCode: 503);
        await using var ping = database.CreateCommand("select 1");
        await ping.ExecuteScalarAsync(http.RequestAborted);
        return TypedResults.Ok(new { database = "up", broker = bus.Current.CheckHealth().Status.ToString().ToLowerInvariant() });
    }

    // What the connection string says itself comes later and holds: a slow machine may need more patience.
    internal static NpgsqlDataSource DataSource(string connectionString) =>
        NpgsqlDataSource.Create($"Max Auto Prepare=100;Auto Prepare Min Usages=2;No Reset On Close=true;Timeout=5;Command Timeout=30;Keepalive=30;{connectionString}");

    private static string Required(ConfigurationManager configuration, string name) =>
        configuration[name] is { Length: > 0 } value ? value
            : throw new InvalidOperationException($"The setting {name} is missing. Start the house with `dotnet run --project services/AppHost`, or see docker-compose.yml for the settings of a service.");
}
