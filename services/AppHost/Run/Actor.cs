using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CrisisCoordination.Contracts;
using Polly;
using Polly.Retry;

namespace CrisisCoordination.AppHost.Run;

/// <summary>A service's answer: what was asked for, or a refusal.</summary>
internal sealed record Answer(HttpStatusCode Status, JsonElement Body)
{
    public bool Done => (int)Status < 300;

    /// <summary>The refusal's stable code.</summary>
    public string Code => Body is { ValueKind: JsonValueKind.Object } body && body.TryGetProperty("type", out var type) ? type.GetString() ?? "" : $"{(int)Status}";

    /// <exception cref="RunException">It was refused, which the story does not foresee here.</exception>
    public JsonElement OrFail(string what) => Done ? Body : throw new RunException($"{what} was refused: {Code}. {(Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("detail", out var detail) ? detail.GetString() : "")}");
}

/// <summary>The story cannot go on; the message says where it stopped.</summary>
internal sealed class RunException(string message) : Exception(message);

/// <summary>
/// The way over which all parts are played: the services' public addresses, nothing else. A service that is down is waited
/// for; the key of a POST stays the same, so that what was done before the answer got lost is not done twice.
/// </summary>
internal sealed class Wire : IDisposable
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    private static readonly TimeSpan LongestOutage = TimeSpan.FromMinutes(5);

    private readonly HttpClient http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 32 }) { Timeout = TimeSpan.FromMinutes(5) };
    private readonly Addresses addresses;
    private readonly ResiliencePipeline<HttpResponseMessage> patiently;

    public Wire(Addresses addresses, TimeProvider? clock = null)
    {
        this.addresses = addresses;
        patiently = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = clock }
            .AddTimeout(LongestOutage)
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                ShouldHandle = async args => args.Outcome switch
                {
                    { Exception: HttpRequestException or IOException } => true,
                    { Result.StatusCode: HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout or HttpStatusCode.TooManyRequests } => true,
                    // A fault may be the last breath of a service that is being killed; one that stays is none.
                    { Result.StatusCode: HttpStatusCode.InternalServerError } => args.AttemptNumber < 5,
                    { Result: { StatusCode: HttpStatusCode.Conflict } conflict } => await SaysAsync(conflict, "idempotency/in-progress"),
                    _ => false,
                },
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromMilliseconds(100),
                MaxDelay = TimeSpan.FromSeconds(2),
                UseJitter = true,
                OnRetry = args =>
                {
                    args.Outcome.Result?.Dispose();
                    Interlocked.Increment(ref retries);
                    return default;
                },
            })
            .Build();
    }

    private int retries;

    /// <summary>How often a request had to be sent again.</summary>
    public int Retries => retries;

    public async Task<HttpResponseMessage> SendAsync(Service to, Func<HttpRequestMessage> request, CancellationToken ct)
    {
        try
        {
            return await patiently.ExecuteAsync(async ct =>
            {
                using var message = request();
                message.RequestUri = new Uri(addresses.Of(to), message.RequestUri!);
                var answer = await http.SendAsync(message, ct);
                return answer;
            }, ct);
        }
        catch (Polly.Timeout.TimeoutRejectedException)
        {
            throw new RunException($"{to} did not answer for {LongestOutage.TotalMinutes:0} minutes.");
        }
    }

    public void Dispose() => http.Dispose();

    public static async Task<bool> SaysAsync(HttpResponseMessage answer, string code)
    {
        await answer.Content.LoadIntoBufferAsync();
        return (await ReadAsync(answer)).Code == code;
    }

    public static async Task<Answer> ReadAsync(HttpResponseMessage answer)
    {
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        if (bytes.Length == 0 || answer.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) != true) return new(answer.StatusCode, default);
        return new(answer.StatusCode, JsonSerializer.Deserialize<JsonElement>(bytes));
    }
}

/// <summary>Somebody with an account who works with the services. Signs in when first needed, and again when the session has ended.</summary>
internal sealed class Actor(Wire wire, string account, string password) : IDisposable
{
    private const int Page = 500, BusyTries = 60;

    // Refusals that only mean: not at this moment.
    private static readonly string[] AskAgain = ["timeline/busy", "plan/list-behind", "plan/being-made"];

    private readonly SemaphoreSlim signingIn = new(1, 1);
    private volatile string? token;

    public string Account => account;

    public async Task<Answer> GetAsync(Service from, string path, CancellationToken ct)
    {
        using var answer = await SendAsync(from, () => new(HttpMethod.Get, path), ct);
        return await Wire.ReadAsync(answer);
    }

    /// <summary>A text that is no JSON document, such as a page of timelines.</summary>
    public async Task<string> GetTextAsync(Service from, string path, CancellationToken ct)
    {
        using var answer = await SendAsync(from, () => new(HttpMethod.Get, path), ct);
        if (!answer.IsSuccessStatusCode) (await Wire.ReadAsync(answer)).OrFail($"GET {path} for {account}");
        return await answer.Content.ReadAsStringAsync(ct);
    }

    /// <summary>All items of a list, page by page.</summary>
    public async IAsyncEnumerable<JsonElement> ListAsync(Service from, string path, [EnumeratorCancellation] CancellationToken ct)
    {
        string? cursor = null;
        do
        {
            var page = (await GetAsync(from, $"{path}{(path.Contains('?') ? '&' : '?')}limit={Page}{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}", ct)).OrFail($"GET {path} for {account}");
            foreach (var item in page.GetProperty("items").EnumerateArray()) yield return item;
            cursor = page.TryGetProperty("next", out var next) && next.ValueKind is not JsonValueKind.Null ? next.ToString() : null;
        }
        while (cursor is not null);
    }

    /// <param name="to">The service.</param>
    /// <param name="path">The address there.</param>
    /// <param name="body">Sent as JSON; the same for the same key, also in a later start.</param>
    /// <param name="key">Names the step, and whom it concerns.</param>
    /// <param name="ct">Stops waiting.</param>
    public Task<Answer> PostAsync(Service to, string path, object? body, string key, CancellationToken ct) =>
        PostAsync(to, path, () => JsonContent.Create(body ?? new { }, options: Wire.Json), key, ct);

    public Task<Answer> PostFileAsync(Service to, string path, byte[] file, string type, string key, CancellationToken ct) =>
        PostAsync(to, path, () => new ByteArrayContent(file) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } }, key, ct);

    /// <summary>Puts a registration of a person right, by the version that was read just before.</summary>
    /// <param name="person">Whose registration.</param>
    /// <param name="birthDate">What they said.</param>
    /// <param name="reason">In a sentence.</param>
    /// <param name="ct">Stops waiting.</param>
    public async Task<Answer> RecordBirthDateAsync(Guid person, string birthDate, string reason, CancellationToken ct)
    {
        for (var attempt = 0; ; attempt++)
        {
            using var read = await SendAsync(Service.ConsularContact, () => new(HttpMethod.Get, $"/people/{person}"), ct);
            var registration = (await Wire.ReadAsync(read)).OrFail("Reading a person").Items("registrations").First();
            var form = JsonObject.Create(registration.GetProperty("form"))!;
            form["birthDate"] = birthDate;
            using var answer = await SendAsync(Service.ConsularContact, () => new(HttpMethod.Put, $"/people/{person}/registrations/{registration.Id("registrationId")}")
            {
                Content = JsonContent.Create(new { registration = form, reason }, options: Wire.Json),
                Headers = { { "If-Match", read.Headers.ETag!.ToString() } },
            }, ct);
            // Somebody changed the person in between.
            if (answer.StatusCode is not (HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict) || attempt == BusyTries) return await Wire.ReadAsync(answer);
        }
    }

    public void Dispose() => signingIn.Dispose();

    private async Task<Answer> PostAsync(Service to, string path, Func<HttpContent> body, string key, CancellationToken ct)
    {
        for (var attempt = 0; ; attempt++)
        {
            using var answer = await SendAsync(to, () => new(HttpMethod.Post, path)
            {
                Content = body(),
                // An answer is kept under its key, also the one that says to try again.
                Headers = { { "Idempotency-Key", attempt == 0 ? key : $"{key}/{attempt}" } },
            }, ct);
            var read = await Wire.ReadAsync(answer);
            if (!AskAgain.Contains(read.Code) || attempt == BusyTries) return read;
            await Task.Delay(TimeSpan.FromMilliseconds(50 * Math.Min(attempt + 1, 40)), ct);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(Service to, Func<HttpRequestMessage> request, CancellationToken ct)
    {
        while (true)
        {
            var used = token ?? await SignInAsync(null, ct);
            var answer = await wire.SendAsync(to, () =>
            {
                var message = request();
                message.Headers.Authorization = new("Bearer", used);
                return message;
            }, ct);
            if (answer.StatusCode != HttpStatusCode.Unauthorized) return answer;
            answer.Dispose();
            await SignInAsync(used, ct);
        }
    }

    private async Task<string> SignInAsync(string? ended, CancellationToken ct)
    {
        await signingIn.WaitAsync(ct);
        try
        {
            if (token is { } other && other != ended) return other;
            using var answer = await wire.SendAsync(Service.Access, () => new(HttpMethod.Post, "/sign-in")
            {
                Content = new StringContent(JsonSerializer.Serialize(new { account, password }), Encoding.UTF8, "application/json"),
            }, ct);
            token = (await Wire.ReadAsync(answer)).OrFail($"Signing in as {account}").GetProperty("accessToken").GetString()!;
            return token;
        }
        finally
        {
            signingIn.Release();
        }
    }
}

internal static class JsonReading
{
    /// <summary>A text member, or null.</summary>
    public static string? Text(this JsonElement element, string member) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static Guid Id(this JsonElement element, string member) =>
        element.Text(member) is { } text && Guid.TryParse(text, out var id) ? id : throw new RunException($"An answer lacks {member}: {string.Join(", ", element.ValueKind == JsonValueKind.Object ? element.EnumerateObject().Select(p => p.Name) : [])}.");

    public static Guid? IdOrNone(this JsonElement element, string member) =>
        element.Text(member) is { } text && Guid.TryParse(text, out var id) ? id : null;

    public static DateTimeOffset? Time(this JsonElement element, string member) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(member, out var value) && value.TryGetDateTimeOffset(out var time) ? time : null;

    public static IEnumerable<JsonElement> Items(this JsonElement element, string member) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];

    public static IEnumerable<string> Texts(this JsonElement element, string member) => element.Items(member).Select(item => item.GetString()).OfType<string>();
}
