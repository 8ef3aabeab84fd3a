using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using CrisisCoordination.ServiceDefaults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Xunit;

namespace CrisisCoordination.EndToEnd.Tests;

/// <summary>What holds for every endpoint of every service, also for those that will be added.</summary>
[Collection(typeof(InTheWholeHouse))]
public sealed class EveryEndpointTests(WholeHouse house)
{
    [Fact]
    public void Every_endpoint_says_who_may_call_it()
    {
        Assert.True(house.Endpoints.Count > 60, $"Only {house.Endpoints.Count} endpoints were found.");
        Assert.All(house.Endpoints, endpoint =>
        {
            Assert.True(endpoint.Allowed is not null, $"{endpoint} says neither Allow nor AllowAnyone.");
            Assert.True(endpoint.Allowed.Roles.Count > 0 || endpoint.Allowed.Why is { Length: > 10 }, $"{endpoint} is open to anyone without a reason.");
            Assert.Subset(Roles.All.ToHashSet(), endpoint.Allowed.Roles.ToHashSet());
        });
    }

    [Fact]
    public async Task Whoever_has_not_signed_in_gets_401_and_nothing_else()
    {
        foreach (var endpoint in house.Endpoints.Where(endpoint => endpoint.Allowed!.Roles.Count > 0))
        {
            using var anyone = house.Anyone(endpoint.Service);
            using var forged = house.Anyone(endpoint.Service);
            forged.DefaultRequestHeaders.Authorization = new("Bearer", "CfDJ8-forged");
            foreach (var client in (HttpClient[])[anyone, forged])
                await AnswersAsync(client, endpoint, HttpStatusCode.Unauthorized, "access/sign-in-needed", "no token that holds");
        }
    }

    [Fact]
    public async Task Whoever_has_another_role_gets_403_and_nothing_else()
    {
        foreach (var role in Roles.All)
            foreach (var endpoint in house.Endpoints.Where(endpoint => endpoint.Allowed!.Roles.Count > 0 && !endpoint.Allowed.Roles.Contains(role)))
            {
                using var client = await house.SignedInAsync(endpoint.Service, role);
                await AnswersAsync(client, endpoint, HttpStatusCode.Forbidden, "access/not-allowed", role);
            }
    }

    [Fact]
    public async Task Every_service_describes_all_of_its_endpoints()
    {
        foreach (var service in WholeHouse.Services)
        {
            using var anyone = house.Anyone(service);
            var description = await anyone.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
            Assert.StartsWith("3.1", description.GetProperty("openapi").GetString(), StringComparison.Ordinal);
            var described = description.GetProperty("paths").EnumerateObject()
                .SelectMany(path => path.Value.EnumerateObject().Select(method => $"{method.Name.ToUpperInvariant()} {path.Name}"));
            var mapped = house.Endpoints.Where(endpoint => endpoint.Service == service && endpoint.Route.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is not { ExcludeFromDescription: true })
                .Select(endpoint => $"{endpoint.Method} {endpoint.Path}").Where(endpoint => endpoint != "GET /openapi/{documentName}.json");
            Assert.Equal(mapped.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task Every_service_says_that_it_lives_and_is_ready()
    {
        foreach (var service in WholeHouse.Services)
        {
            using var anyone = house.Anyone(service);
            Assert.Equal(HttpStatusCode.OK, (await anyone.GetAsync("/health/live")).StatusCode);
            Assert.Equal("up", (await anyone.GetFromJsonAsync<JsonElement>("/health/ready")).GetProperty("database").GetString());
        }
    }

    private static async Task AnswersAsync(HttpClient client, Endpoint endpoint, HttpStatusCode status, string code, string who)
    {
        using var request = new HttpRequestMessage(new HttpMethod(endpoint.Method), endpoint.UnknownAddress);
        if (endpoint.Method is "POST" or "PUT") request.Content = new StringContent("{}", new MediaTypeHeaderValue(endpoint.ContentType));
        using var answer = await client.SendAsync(request);
        Assert.True(answer.StatusCode == status, $"{endpoint} answered {(int)answer.StatusCode} to {who}.");
        Assert.Equal(code, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString());
    }
}
