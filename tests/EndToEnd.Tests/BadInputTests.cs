using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CrisisCoordination.Contracts;
using Microsoft.AspNetCore.Http.Metadata;
using Xunit;

namespace CrisisCoordination.EndToEnd.Tests;

/// <summary>
/// Whatever is sent to whatever endpoint by somebody who may call it: the answer says what is wrong with it, and nothing
/// is half applied. The bodies are made from the endpoints' own description, so a new endpoint is tried by itself.
/// </summary>
[Collection(typeof(InTheWholeHouse))]
public sealed class BadInputTests(WholeHouse house)
{
    private const int TenMegabytes = 10 << 20;
    private static readonly byte[] TooMuch = Encoding.ASCII.GetBytes($"\"{new string('x', TenMegabytes)}\"");

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("\"text\"")]
    [InlineData("12345678901234567890")]
    [InlineData("{\"unknown\":1}")]
    [InlineData("<x/>")]
    [InlineData("\u0000\u0001\uFFFD")]
    public Task What_is_no_such_request_is_refused(string body) => IsRefusedAsync(
        (endpoint, _) => new ByteArrayContent(Encoding.UTF8.GetBytes(body)), $"»{body}«",
        // A body that may be left out may also be empty: then the thing that the address names is unknown, or there is nothing to do.
        mayBeTaken: endpoint => body is "" or "null" or "{}" or "{\"unknown\":1}" && endpoint.Route.Metadata.GetMetadata<IAcceptsMetadata>() is { IsOptional: true });

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("true")]
    [InlineData("-1e300")]
    [InlineData("\"x\"")]
    public Task Values_of_a_wrong_type_are_refused(string value) => IsRefusedAsync(
        (_, form) => form is null ? new StringContent(value) : new StringContent(form.Filled(schema => schema.Takes(value) ? null : JsonNode.Parse(value)).ToJsonString()),
        $"{value} everywhere");

    [Theory]
    [InlineData("\u0000")]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("\uFFFF\u202E\u200B")]
    [InlineData("'; drop table x; --")]
    public Task Texts_that_say_nothing_are_refused(string text) => IsRefusedAsync((_, form) => form is null ? new StringContent(text) : new StringContent(form.Sensible(text).ToJsonString()), $"»{text}« in every text");

    [Fact]
    public Task What_names_something_unknown_is_refused() => IsRefusedAsync(
        (_, form) => form is null ? new StringContent("a,b\n1,2\n") : new StringContent(form.Sensible("unknown").ToJsonString()), "unknown everywhere", where: endpoint => endpoint.Path.Contains('{'));

    [Fact]
    public async Task Ten_megabytes_are_too_large()
    {
        var before = await house.StoredAsync();
        foreach (var endpoint in Writing)
        {
            var limit = endpoint.Route.Metadata.GetMetadata<IRequestSizeLimitMetadata>()?.MaxRequestBodySize;
            await IsRefusedAsync(endpoint, new ByteArrayContent(TooMuch), "ten megabytes", limit > TenMegabytes ? null : HttpStatusCode.RequestEntityTooLarge);
        }
        Assert.Equal(before, await house.StoredAsync());
    }

    [Theory]
    [InlineData("\u0000")]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("99999999999999999999")]
    [InlineData("2026-02-30T25:00:00Z")]
    [InlineData("%_\\'\"; drop table x; --")]
    public async Task Whatever_is_asked_for_is_answered_or_refused(string value)
    {
        var before = await house.StoredAsync();
        var wrong = new List<string>();
        foreach (var endpoint in house.Endpoints.Where(endpoint => endpoint.Method is "GET"))
            foreach (var name in await JsonForm.AskedAsync(house, endpoint))
            {
                using var client = await house.AllowedAsync(endpoint);
                using var answer = await client.GetAsync($"{endpoint.UnknownAddress}?{name}={Uri.EscapeDataString(value)}");
                if ((int)answer.StatusCode >= 500 || (!answer.IsSuccessStatusCode && answer.Content.Headers.ContentType?.MediaType != "application/problem+json"))
                    wrong.Add($"{endpoint} answered {(int)answer.StatusCode} to {name}=»{value}«: {await answer.Content.ReadAsStringAsync()}");
            }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal(before, await house.StoredAsync());
    }

    private IEnumerable<Endpoint> Writing => house.Endpoints.Where(endpoint => endpoint.Method is "POST" or "PUT" or "PATCH");

    private async Task IsRefusedAsync(Func<Endpoint, JsonForm?, HttpContent> body, string what, Func<Endpoint, bool>? mayBeTaken = null, Func<Endpoint, bool>? where = null)
    {
        var before = await house.StoredAsync();
        var wrong = new List<string>();
        foreach (var endpoint in Writing.Where(where ?? (_ => true)))
            try
            {
                await IsRefusedAsync(endpoint, body(endpoint, await JsonForm.OfAsync(house, endpoint)), what, mayBeTaken: mayBeTaken?.Invoke(endpoint) == true);
            }
            catch (Xunit.Sdk.XunitException failure)
            {
                wrong.Add(failure.Message);
            }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal(before, await house.StoredAsync());
    }

    private async Task IsRefusedAsync(Endpoint endpoint, HttpContent body, string what, HttpStatusCode? status = null, bool mayBeTaken = false)
    {
        using var client = await house.AllowedAsync(endpoint);
        body.Headers.ContentType = new MediaTypeHeaderValue(endpoint.ContentType);
        using var request = new HttpRequestMessage(new HttpMethod(endpoint.Method), endpoint.UnknownAddress + await JsonForm.QueryAsync(house, endpoint)) { Content = body };
        using var answer = await client.SendAsync(request);
        if (mayBeTaken && answer.IsSuccessStatusCode) return;
        var said = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode is >= 400 and < 500 && (status ?? answer.StatusCode) == answer.StatusCode, $"{endpoint} answered {(int)answer.StatusCode} to {what}: {said}");
        Assert.True(answer.Content.Headers.ContentType?.MediaType == "application/problem+json", $"{endpoint} answered {(int)answer.StatusCode} with {answer.Content.Headers.ContentType} to {what}: {said}");
        var problem = JsonNode.Parse(said)!;
        Assert.True($"{problem["type"]}".Length > 0 && $"{problem["detail"]}".Length > 10 && (int?)problem["status"] == (int)answer.StatusCode, $"{endpoint} does not say what is wrong with {what}: {said}");
    }
}

/// <summary>What an endpoint says that it takes, as far as it is JSON.</summary>
internal sealed class JsonForm(JsonElement description, JsonElement schema)
{
    private const int Deepest = 4;

    /// <summary>null when it takes something else, such as a table.</summary>
    public static async Task<JsonForm?> OfAsync(WholeHouse house, Endpoint endpoint)
    {
        var (description, operation) = await DescribedAsync(house, endpoint);
        return operation.TryGetProperty("requestBody", out var body) && body.GetProperty("content").TryGetProperty("application/json", out var json)
            ? new(description, json.GetProperty("schema")) : null;
    }

    /// <summary>Its query with well-formed values that name nothing.</summary>
    public static async Task<string> QueryAsync(WholeHouse house, Endpoint endpoint)
    {
        var (_, operation) = await DescribedAsync(house, endpoint);
        if (!operation.TryGetProperty("parameters", out var parameters)) return "";
        var query = parameters.EnumerateArray().Where(parameter => parameter.GetProperty("in").GetString() == "query")
            .Select(parameter => $"{parameter.GetProperty("name")}={(parameter.GetProperty("schema").TryGetProperty("format", out var format) && format.GetString() == "uuid" ? Guid.NewGuid() : "x")}");
        return $"?{string.Join('&', query)}";
    }

    /// <summary>What can be said in its query; nothing where it is not described.</summary>
    public static async Task<IReadOnlyList<string>> AskedAsync(WholeHouse house, Endpoint endpoint) =>
        (await DescriptionAsync(house, endpoint.Service)).GetProperty("paths").TryGetProperty(endpoint.Path, out var path) && path.TryGetProperty(endpoint.Method.ToLowerInvariant(), out var operation)
            && operation.TryGetProperty("parameters", out var parameters)
            ? [.. parameters.EnumerateArray().Where(parameter => parameter.GetProperty("in").GetString() == "query").Select(parameter => parameter.GetProperty("name").GetString()!)] : [];

    private static readonly Dictionary<Service, JsonElement> Descriptions = [];

    private static async Task<(JsonElement Description, JsonElement Operation)> DescribedAsync(WholeHouse house, Endpoint endpoint)
    {
        var description = await DescriptionAsync(house, endpoint.Service);
        return (description, description.GetProperty("paths").GetProperty(endpoint.Path).GetProperty(endpoint.Method.ToLowerInvariant()));
    }

    private static async Task<JsonElement> DescriptionAsync(WholeHouse house, Service service)
    {
        if (Descriptions.TryGetValue(service, out var known)) return known;
        using var anyone = house.Anyone(service);
        return Descriptions[service] = await anyone.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
    }

    /// <summary>A body with every member that it knows; a value of null leaves a member as <see cref="Sensible"/> has it.</summary>
    public JsonNode Filled(Func<JsonForm, JsonNode?> value, int depth = 0)
    {
        if (Members is not { } members || depth == Deepest) return value(this) ?? Sensible("unknown");
        return new JsonObject(members.EnumerateObject().Select(member =>
        {
            var inner = new JsonForm(description, member.Value);
            return KeyValuePair.Create(member.Name, value(inner) ?? inner.Filled(value, depth + 1));
        })!);
    }

    /// <summary>A well-formed value, with this text where it takes any.</summary>
    public JsonNode Sensible(string text)
    {
        if (Members is not null) return Filled(inner => inner.Members is null ? inner.Sensible(text) : null, 1);
        var self = Resolved;
        if (self.TryGetProperty("enum", out var choices)) return JsonNode.Parse(choices[0].GetRawText())!;
        return (Types.FirstOrDefault(type => type != "null"), self.TryGetProperty("format", out var format) ? format.GetString() : null) switch
        {
            ("string" or null, "uuid") => Guid.NewGuid().ToString(),
            ("string" or null, "date-time") => "2025-03-10T03:00:00Z",
            ("string" or null, "date") => "2025-03-10",
            ("integer" or "number", _) => -1,
            ("boolean", _) => true,
            ("array", _) => new JsonArray(self.TryGetProperty("items", out var items) ? new JsonForm(description, items).Sensible(text) : null),
            ("object", _) => new JsonObject(),
            _ => text,
        };
    }

    /// <summary>Whether that literal is of a type it takes.</summary>
    public bool Takes(string literal)
    {
        var kind = JsonNode.Parse(literal)!.GetValueKind() switch
        {
            JsonValueKind.Object => "object",
            JsonValueKind.Array => "array",
            JsonValueKind.String => "string",
            JsonValueKind.Number => "number",
            _ => "boolean",
        };
        return Members is not null ? kind == "object" : Types.Contains(kind);
    }

    private IReadOnlyList<string> Types => Resolved.TryGetProperty("type", out var type)
        ? type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(one => one.GetString()!)] : [type.GetString()!] : [];

    private JsonElement? Members => Resolved.TryGetProperty("properties", out var members) ? members : null;

    private JsonElement Resolved => Resolve(schema);

    private JsonElement Resolve(JsonElement schema)
    {
        if (schema.TryGetProperty("$ref", out var reference)) return Resolve(Find(reference.GetString()!));
        foreach (var choice in (string[])["oneOf", "anyOf", "allOf"])
            if (schema.TryGetProperty(choice, out var among))
                return Resolve(among.EnumerateArray().First(one => !one.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String || type.GetString() != "null"));
        return schema;
    }

    private JsonElement Find(string reference) => reference.Split('/').Skip(1).Aggregate(description, (at, part) => at.GetProperty(part));
}
