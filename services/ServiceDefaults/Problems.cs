using System.Text.Json;
using System.Text.RegularExpressions;
using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace CrisisCoordination.ServiceDefaults;

/// <summary>
/// Errors over HTTP: RFC 9457 problem details whose <c>type</c> is the refusal's stable code.
/// </summary>
public static partial class Problems
{
    /// <summary>The refusal as an answer.</summary>
    public static ProblemHttpResult ToProblem(this Refusal refusal) => TypedResults.Problem(Describe(refusal));

    /// <summary>The answer for an outcome: its refusal, or <paramref name="done"/> with the version as ETag.</summary>
    public static IResult ToResult(this Outcome outcome, HttpContext http, Func<IResult> done)
    {
        if (outcome.Refusal is { } refusal) return refusal.ToProblem();
        http.Response.Headers.ETag = $"\"{outcome.Version}\"";
        return done();
    }

    internal static ProblemHttpResult Unreadable(string detail, string field) => TypedResults.Problem(Problem(400, "request/malformed", detail, field));

    /// <summary>The version the caller last saw (If-Match), or null when they did not say.</summary>
    public static long? IfMatch(this HttpContext http) =>
        long.TryParse(http.Request.Headers.IfMatch.ToString().Trim('"', 'W', '/'), out var version) ? version : null;

    internal static void MapFaults(WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            // A caller's mistake is not our fault to log, and its message may quote what they sent.
            SuppressDiagnosticsCallback = fault => fault.Exception is BadHttpRequestException,
            ExceptionHandler = AnswerFaultAsync,
        });
        app.UseStatusCodePages(async context =>
        {
            var http = context.HttpContext;
            var (code, detail) = http.Response.StatusCode switch
            {
                400 => ("request/malformed", "The request cannot be read. Check its fields against the API description at /openapi/v1.json."),
                401 => ("access/sign-in-needed", "Sign in first: send the bearer token that POST /sign-in of the Access service gave you."),
                403 => ("access/not-allowed", "Your role may not do this. Ask a colleague whose role allows it."),
                404 => ("request/unknown-address", "There is nothing at this address."),
                405 => ("request/method-not-allowed", "This address does not take that method."),
                413 => ("request/too-large", "The request is larger than this endpoint takes. Send it in parts."),
                415 => ("request/unsupported-type", "This content type is not taken here. Most endpoints take application/json."),
                429 => ("request/too-many", "Too many requests. Wait a little and try again."),
                _ => ($"request/{http.Response.StatusCode}", "The request was refused."),
            };
            await TypedResults.Problem(Problem(http.Response.StatusCode, code, detail)).ExecuteAsync(http);
        });
    }

    /// <summary>
    /// Answers a body that says it is too large before reading it, and lets the server read it away: a connection cut in the
    /// middle of sending would show the sender a broken line and not the reason.
    /// </summary>
    internal static Task RefuseTooLargeAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is not { IsReadOnly: false, MaxRequestBodySize: { } limit } size || !(http.Request.ContentLength > limit))
            return next(http);
        size.MaxRequestBodySize = null;
        http.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
        return Task.CompletedTask;
    }

    private static async Task AnswerFaultAsync(HttpContext http)
    {
        var fault = http.Features.Get<IExceptionHandlerFeature>()?.Error;
        var problem = fault switch
        {
            BadHttpRequestException { StatusCode: 413 } => Problem(413, "request/too-large", "The request is larger than this endpoint takes. Send it in parts."),
            BadHttpRequestException { StatusCode: 415 } => Problem(415, "request/unsupported-type", "This content type is not taken here. Most endpoints take application/json."),
            BadHttpRequestException { InnerException: JsonException json } => Malformed(json),
            BadHttpRequestException bad => Unbound(bad),
            JsonException json => Malformed(json),
            _ when IsOutage(fault) => Problem(503, "database/unavailable", "The database cannot be reached. Nothing was stored. Try again in a moment."),
            _ => Problem(500, "fault", "Something went wrong on our side and was logged. Nothing was stored. Try again, and report it if it stays."),
        };
        if (problem.Status == 503) http.Response.Headers.RetryAfter = "5";
        http.Response.StatusCode = problem.Status!.Value;
        await TypedResults.Problem(problem).ExecuteAsync(http);
    }

    /// <summary>Whether the database was out of reach, so that the same may succeed later; anything else is a fault that lasts.</summary>
    public static bool IsOutage(Exception? fault) => fault switch
    {
        PostgresException postgres => postgres.IsTransient || postgres.SqlState is "57P01" or "57P02" or "57P03" or "53300",
        NpgsqlException or TimeoutException or System.Net.Sockets.SocketException => true,
        { InnerException: { } inner } => IsOutage(inner),
        _ => false,
    };

    // The framework says it in terms of our code, and names what is at fault in them.
    private static ProblemDetails Unbound(BadHttpRequestException bad) => Bound().Match(bad.Message) is { Success: true } at
        ? Problem(400, "request/malformed", $"`{at.Groups["name"].Value}` {(bad.Message.StartsWith("Failed", StringComparison.Ordinal) ? "cannot be read. Write a time as 2023-04-15T08:00:57Z, a number in digits, and an id as a list gave it" : "is missing. Add it")}; /openapi/v1.json describes it.", at.Groups["name"].Value)
        : bad.Message.Contains("no body was provided", StringComparison.Ordinal) ? Problem(400, "request/malformed", "The request has no body. Send what it takes as JSON; /openapi/v1.json describes it.")
        : Problem(bad.StatusCode, "request/malformed", bad.Message);

    [GeneratedRegex("""\A(Failed to bind parameter|Required parameter) "[^"]*?(?<name>\w+)" """, RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Bound();

    [GeneratedRegex("""missing required properties including: (?<names>'\w+'(, '\w+')*)""", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Lacking();

    private static ProblemDetails Malformed(JsonException json)
    {
        if (Lacking().Match(json.Message) is not { Success: true } lacking) return Unread(json);
        var within = json.Path is { Length: > 2 } path ? path[2..] + "." : "";
        string[] names = [.. lacking.Groups["names"].Value.Split(", ").Select(name => within + name.Trim('\''))];
        return Problem(400, "request/malformed", $"The JSON lacks {string.Join(", ", names)}. Add what is missing.", names[0]);
    }

    private static ProblemDetails Unread(JsonException json) =>
        Problem(400, "request/malformed", json is UnreadableException ? json.Message : $"The JSON cannot be read{(json.Path is { Length: > 1 } path ? $" at {path}" : "")}: a value is missing, of another type, or unknown.",
            json.Path is { Length: > 2 } field ? field[2..] : null);

    private static ProblemDetails Describe(Refusal refusal) => Problem(
        refusal.Kind switch { RefusalKind.NotFound => 404, RefusalKind.Gone => 410, RefusalKind.Conflict => 409, RefusalKind.Forbidden => 403, RefusalKind.Stale => 412, _ => 422 },
        refusal.Code, refusal.Detail, refusal.Field);

    private static ProblemDetails Problem(int status, string code, string detail, string? field = null)
    {
        var problem = new ProblemDetails { Status = status, Type = code, Title = detail.Split(". ")[0].TrimEnd('.') + ".", Detail = detail };
        if (field is not null) problem.Extensions["field"] = field;
        return problem;
    }
}
