using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CrisisCoordination.ConsularContact.Finding;
using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.ConsularContact.Outreach.Sending;
using CrisisCoordination.ConsularContact.Whereabouts;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Outreach;

/// <summary>
/// What providers tell us: that a message arrived or did not, and what people answered. An answer that says how they are is
/// a check-in; any other waits for an officer to read it.
/// </summary>
internal static class HearProviders
{
    private const int LongestText = 2000, MostBytes = 64 << 10, MostOfOneNumber = 20;
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(14);

    private sealed record Receipt(Guid Attempt, string Status, string? Reason = null, DateTimeOffset? At = null);

    private sealed record Answer(string Id, string Text, Guid? Attempt = null, string? From = null, DateTimeOffset? At = null);

    public static void Map(IEndpointRouteBuilder api)
    {
        const string signed = "the provider signs what it tells";
        api.MapPost("/outreach/providers/{channel}/receipts", (string channel, HttpContext http, TimelineStore store, Providers providers, CrisisService service, CancellationToken ct) =>
            HearAsync<Receipt>(channel, http, providers, store, (receipt, now) => ReceiveAsync(receipt, now, channel, store, service, ct), ct))
            .Accepts<Receipt>("application/json").AllowAnyone(signed).WithSummary("A provider says what became of a message")
            .WithDescription("Signed as in Standard Webhooks (webhook-id, webhook-timestamp, webhook-signature). attempt: the key of the message. status: delivered or failed. Told twice it changes nothing.");

        api.MapPost("/outreach/providers/{channel}/replies", (string channel, HttpContext http, TimelineStore store, Providers providers, CrisisService service, CancellationToken ct) =>
            HearAsync<Answer>(channel, http, providers, store, (answer, now) => AnswerAsync(answer, now, channel, store, service, ct), ct))
            .Accepts<Answer>("application/json").AllowAnyone(signed).WithSummary("A provider hands an answer on")
            .WithDescription("Signed as receipts are. id: the provider's own, told twice it counts once. attempt: what it answers to; where the provider does not know, from: the number. 1 or a word for safe, 2 or a word for help is a check-in; anything else is read by an officer.");
    }

    /// <summary>Only what its sender signed, within a few minutes, is read at all.</summary>
    private static async Task<IResult> HearAsync<T>(string channel, HttpContext http, Providers providers, TimelineStore store, Func<T, DateTimeOffset, Task<IResult>> take, CancellationToken ct)
    {
        if (providers.WebhookSecret(channel) is not { } secret) return Refusal.NotFound("outreach/provider-unknown", "No provider of that channel is set up to tell us anything.").ToProblem();
        using var body = new MemoryStream();
        var buffer = new byte[8192];
        for (int read; (read = await http.Request.Body.ReadAsync(buffer, ct)) > 0;)
        {
            if (body.Length + read > MostBytes) return Refusal.Invalid("outreach/too-long", "That is longer than a receipt or an answer can be.").ToProblem();
            body.Write(buffer, 0, read);
        }
        var now = store.Time.GetUtcNow();
        if (!ProviderSignature.Holds(secret, http.Request.Headers, body.GetBuffer().AsSpan(0, (int)body.Length), now))
            return Refusal.Forbidden("outreach/signature", "The signature does not hold, or is older than five minutes. Sign the body with the shared secret.").ToProblem();
        return Read<T>(body.GetBuffer().AsSpan(0, (int)body.Length)) is { } told ? await take(told, now)
            : Refusal.Invalid("outreach/unreadable", "The JSON cannot be read: a value is missing, of another type, or unknown.").ToProblem();
    }

    private static T? Read<T>(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, EventJson.Options);
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private static async Task<IResult> ReceiveAsync(Receipt receipt, DateTimeOffset now, string channel, TimelineStore store, CrisisService service, CancellationToken ct)
    {
        if (receipt.Status is not ("delivered" or "failed")) return Refusal.Invalid("outreach/status", "The status is delivered or failed.", "status").ToProblem();
        if (await PersonOfAsync(receipt.Attempt, store, service, ct) is not { } person) return UnknownAttempt.ToProblem();
        var outcome = await store.DecideAsync<Contacts>(person, contacts => Decide(contacts, receipt.Attempt, receipt.Status == "delivered", receipt.Reason, ReportedTime.Clamp(receipt.At, now)), Told(channel), ct);
        return outcome.Refusal?.ToProblem() as IResult ?? TypedResults.NoContent();
    }

    internal static Decision Decide(Contacts person, Guid attemptId, bool delivered, string? reason, DateTimeOffset at) => person.FindAttempt(attemptId) switch
    {
        null => UnknownAttempt,
        { State: AttemptState.Delivered } => Decision.Nothing,
        _ when delivered => new ContactDelivered(attemptId, at),
        { Failed: true } => Decision.Nothing,
        _ => new ContactFailed(attemptId, Code(reason), at),
    };

    private static async Task<IResult> AnswerAsync(Answer answer, DateTimeOffset now, string channel, TimelineStore store, CrisisService service, CancellationToken ct)
    {
        if (answer.Id is not { Length: > 0 and <= 200 }) return Refusal.Invalid("outreach/reply-id", "Give the answer's id, so that it counts once.", "id").ToProblem();
        if (RegistrationRules.Text(answer.Text) is not { } text) return Refusal.Invalid("outreach/reply-text", "The answer has no text.", "text").ToProblem();
        var id = ReplyId(channel, answer.Id);
        var (attempt, certain) = answer.Attempt is { } told ? (told, true) : answer.From is { } from ? await AttemptToAsync(from, channel, now, store, service, ct) : (default, false);
        if (await PersonOfAsync(attempt, store, service, ct) is not { } person) return UnknownAttempt.ToProblem();
        // An answer to a record that was merged since is an answer of whoever stands for it.
        var outcome = await store.AttemptAsync(async work =>
        {
            var record = await work.LoadAsync<Addressee>(person);
            if (record.MergedInto is { } into) record = await work.LoadAsync<Addressee>(into);
            return work.Append(record.Id, Decide(record, id, attempt, channel, text.Length <= LongestText ? text : text[..LongestText], certain, ReportedTime.Clamp(answer.At, now)));
        }, Told(channel), ct);
        return outcome.Refusal?.ToProblem() as IResult ?? TypedResults.NoContent();
    }

    /// <param name="certain">Whether it is known who of those with one number wrote it. A word of somebody unknown is nobody's check-in.</param>
    internal static Decision Decide(Addressee person, Guid replyId, Guid? attemptId, string channel, string text, bool certain, DateTimeOffset at)
    {
        if (!person.Exists) return UnknownAttempt;
        if (person.Contacts.Replies.Exists(reply => reply.Id == replyId)) return Decision.Nothing;
        var meaning = certain ? Meaning.Of(text) : Meaning.Other;
        // What is nothing but the word needs no reading.
        var needsReading = meaning == Meaning.Other || Letters.Words(text).Count > 1;
        var reply = new ReplyReceived(replyId, attemptId, channel, meaning, needsReading ? text : null, at);
        if (meaning == Meaning.Other) return reply;
        var checkIn = CheckIn.Decide(person.Whereabouts, new(Ids.Of(person.Id, $"reply/{replyId:N}", 0), meaning, "message", new(null, null), at));
        return checkIn.Refusal is { } refusal ? refusal : Decision.Of([reply, .. checkIn.Events]);
    }

    /// <summary>The last attempt at a number, and whether only one person can have answered.</summary>
    private static async Task<(Guid Attempt, bool Certain)> AttemptToAsync(string from, string channel, DateTimeOffset now, TimelineStore store, CrisisService service, CancellationToken ct)
    {
        if (from.Length > 254 || SearchWords.Asked(from) is not { } asked) return default;
        var ids = new List<Guid>();
        await using (var find = store.Database.CreateCommand($"""
            select f.stream_id from {service.Schema}.findable f where f.words @@ cast($1 as tsquery)
            and exists (select from {service.Schema}.outreach o where o.stream_id = f.stream_id and o.channel is not null) limit {MostOfOneNumber}
            """))
        {
            find.Parameters.Add(new() { Value = asked });
            await using var reader = await find.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct)) ids.Add(reader.GetGuid(0));
        }
        var tried = (await store.ReadAsync(ids, ct)).Select(timeline => timeline.Fold<Addressee>()).Where(person => SameNumber(person.AddressFor(channel), from))
            .Select(person => person.Contacts.Attempts.Where(attempt => attempt.Channel == channel && attempt.At > now - Remembered).OrderBy(attempt => attempt.At).LastOrDefault()).OfType<Attempt>()
            .OrderByDescending(attempt => attempt.At).ToList();
        return tried.Count == 0 ? default : (tried[0].Id, tried.Count == 1);
    }

    private static bool SameNumber(string? address, string from) => Letters.Joined(from) is { Length: >= 6 } digits && Letters.Joined(address) is { Length: >= 6 } known && (digits.EndsWith(Last(known), StringComparison.Ordinal) || known.EndsWith(Last(digits), StringComparison.Ordinal));

    // Nobody knows whether the country's code was written before it.
    private static string Last(string digits) => digits[Math.Max(0, digits.Length - 9)..];

    private static async Task<Guid?> PersonOfAsync(Guid attempt, TimelineStore store, CrisisService service, CancellationToken ct)
    {
        await using var find = store.Database.CreateCommand($"select stream_id from {service.Schema}.outreach where attempts @> array[$1] limit 1");
        find.Parameters.Add(new() { Value = attempt });
        return await find.ExecuteScalarAsync(ct) as Guid?;
    }

    internal static Guid ReplyId(string channel, string id)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes($"reply/{channel}/{id}"), hash);
        hash[6] = (byte)(hash[6] & 0x0F | 0x80); // RFC 9562, version 8
        hash[8] = (byte)(hash[8] & 0x3F | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }

    // A provider's words are its own; a code is all that goes onto a timeline in the open.
    private static string Code(string? reason) => string.Concat((reason ?? "").ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-') is { Length: > 0 and <= 40 } code && code.Count(char.IsAsciiDigit) <= 4 ? code : "not-delivered";

    private static By Told(string channel) => new($"provider:{channel}");

    private static Refusal UnknownAttempt => Refusal.NotFound("outreach/attempt-unknown", "Nothing was sent under this key or to this number, or the person's data was erased.");
}
