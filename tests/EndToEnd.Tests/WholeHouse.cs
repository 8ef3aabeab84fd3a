using CrisisCoordination.Access;
using CrisisCoordination.ConsularContact;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning;
using CrisisCoordination.HumanitarianAid;
using CrisisCoordination.PartnerGateway;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Testing;
using CrisisCoordination.TravelDocuments;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Xunit;

namespace CrisisCoordination.EndToEnd.Tests;

/// <summary>All six services in one house, with an account for every role.</summary>
public sealed class WholeHouse : House
{
    public static IReadOnlyList<Service> Services { get; } = Enum.GetValues<Service>();

    protected override async Task PrepareAsync()
    {
        await StartAsync(ConsularContactService.Define());
        await StartAsync(EvacuationPlanningService.Define());
        await StartAsync(TravelDocumentsService.Define(), "--TravelDocuments:Issuer=UTO");
        await StartAsync(HumanitarianAidService.Define());
        await StartAsync(PartnerGatewayService.Define());
        // Now, because sign-in may be slowed down once tests have given wrong passwords.
        foreach (var role in Roles.All) using (await SignedInAsync(Service.Access, role)) { }
    }

    public Task<HttpClient> SignedInAsync(Service service, string role) =>
        ClientOfAsync(service, $"test-{role}", role == Roles.Partner ? "IOM" : null, role);

    /// <summary>Signed in with a role that may call it, or not at all where anyone may.</summary>
    public async Task<HttpClient> AllowedAsync(Endpoint endpoint) =>
        endpoint.Allowed!.Roles is [var role, ..] ? await SignedInAsync(endpoint.Service, role) : Anyone(endpoint.Service);

    /// <summary>Everything that can be called, as the services themselves say.</summary>
    public IReadOnlyList<Endpoint> Endpoints => [.. Services.SelectMany(service =>
        Part<EndpointDataSource>(service).Endpoints.OfType<RouteEndpoint>().SelectMany(endpoint =>
            endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Select(method => new Endpoint(service, method, endpoint))))];
}

/// <summary>One thing that can be called.</summary>
public sealed record Endpoint(Service Service, string Method, RouteEndpoint Route)
{
    public Allowed? Allowed => Route.Metadata.GetMetadata<Allowed>();

    /// <summary>What it takes.</summary>
    public string ContentType => Route.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes.FirstOrDefault() ?? "application/json";

    /// <summary>As the description of the interface writes it.</summary>
    public string Path => Replaced(parameter => $"{{{parameter.Name}}}");

    /// <summary>An address of it that names things which do not exist.</summary>
    public string UnknownAddress => Replaced(_ => $"{Guid.NewGuid()}");

    public override string ToString() => $"{Method} {Service} {Path}";

    private string Replaced(Func<RoutePatternParameterPart, string> value) => string.Concat(Route.RoutePattern.PathSegments.Select(segment => "/" + string.Concat(segment.Parts.Select(part => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        RoutePatternParameterPart parameter => value(parameter),
        _ => throw new NotSupportedException($"{part}"),
    }))));
}

/// <summary>Where nothing happens but what a test asks for, and never mind how late: its events can be counted.</summary>
[CollectionDefinition]
public sealed class InTheWholeHouse : ICollectionFixture<WholeHouse>;

/// <summary>Where people are registered, move and arrive, and the services go on answering each other after a test has ended.</summary>
[CollectionDefinition]
public sealed class InTheBusyHouse : ICollectionFixture<WholeHouse>;
