using System.Globalization;
using System.Text;
using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Http.Metadata;

namespace CrisisCoordination.ConsularContact.Import;

/// <summary>
/// Takes in a file of registrations, CSV or .xlsx. It is kept and answered for at once, and worked through in the background.
/// The same file of the same sender for the same crisis is one import, however often it is sent.
/// </summary>
internal static class SendFile
{
    private const int MostBytes = 64 << 20, Beginning = 256 << 10;
    private const string Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/imports", SendAsync).Accepts<string>("text/csv", Xlsx).WithMetadata(new MostSize(MostBytes)).Allow(Roles.Officer).WithSummary("Import a file of registrations")
            .WithDescription("CSV (any usual separator and encoding) or .xlsx. sender: who the list comes from, \"agency \" and the code for an agency's. Rows are taken as a post's own registrations where sender is the post of your account, or where you say vouched=true: that a post took these people down, which you answer for by your name. Any other list is hearsay: each row makes a record of its own and waits for an officer, as an agency's forms do. The answer says as whose it was taken. dryRun=true: everything is read, checked and matched, and nothing is taken in; POST /imports/{importId}/commit then takes it in.");

    private sealed record MostSize(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;

    private static async Task<IResult> SendAsync(
        Guid crisis, string sender, HttpContext http, ImportRegistrations imports, ImportedFiles files, TimelineStore store, CrisisService service, TimeProvider clock, CancellationToken ct, string? dryRun = null, string? vouched = null)
    {
        if (vouched is not (null or "true" or "false"))
            return Refusal.Invalid("import/vouched", "vouched is true or false.", "vouched").ToProblem();
        var agency = AgencyState.TimelineOf(Plain(RegistrationRules.Text(sender) ?? ""));
        var isAgency = (await store.LoadAsync<Agency>(agency, ct: ct)).State.Registered;
        if (Sender(sender, isAgency, Posts.Of(http.User), vouched == "true", out var from) is { } nobody) return nobody.ToProblem();
        if (dryRun is not (null or "true" or "false")) return Refusal.Invalid("import/dry-run", "dryRun is true or false.", "dryRun").ToProblem();
        if ((await store.LoadAsync<Crisis>(crisis, ct: ct)).State.Opened is null) return Crisis.Unknown.ToProblem();
        var (dry, sent) = (dryRun == "true", http.Ids().Next());
        var (hash, refusal) = await KeepAsync(sent, http.Request.Body, files, ct);
        if (refusal is not null) return refusal.ToProblem();

        await using var insert = store.Database.CreateCommand($"""
            with fresh as (insert into {service.Schema}.import (id, crisis_id, sender, sha256, account, started_at, post, dry) values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning id)
            select id from fresh union all select id from {service.Schema}.import where crisis_id = $2 and sender = $3 and sha256 = $4 limit 1
            """);
        foreach (var value in new object[] { sent, crisis, from, hash!, http.User.Identity!.Name!, clock.GetUtcNow(), (object?)Posts.Of(http.User) ?? DBNull.Value, dry })
            insert.Parameters.Add(new() { Value = value });
        var id = (Guid)(await insert.ExecuteScalarAsync(ct))!;
        // What was stopped, taken back or only tried is asked for again; what stands or is on its way is answered for.
        if (id != sent)
        {
            await files.HandOverAsync(sent, id, ct);
            await SteerImport.StartAgainAsync(store.Database, service, id, dry, clock.GetUtcNow(), ct);
        }
        imports.Wake();
        return TypedResults.Accepted($"/imports/{id}", new { importId = id, sender = from });
    }

    /// <summary>
    /// As whose a file is taken. What it is called decides nothing in its favour: it is a post's where the account belongs to that
    /// post, or where the officer answers for it. An agency's list is the agency's however it is written, and whoever vouches.
    /// </summary>
    /// <param name="isAgency">It is the code of an agency that takes part.</param>
    /// <param name="post">The post of the account.</param>
    internal static Refusal? Sender(string said, bool isAgency, string? post, bool vouched, out string sender)
    {
        sender = RegistrationRules.Text(said) ?? "";
        if (sender.Length is 0 or > 100)
            return Refusal.Invalid("import/sender",
                "Say who sends the file, in at most 100 characters; references are told apart by sender.", "sender");
        var plain = Plain(sender);
        if (Same(plain, SelfRegistration.Sender))
            return Refusal.Invalid("import/sender-reserved",
                $"“{SelfRegistration.Sender}” is what people register themselves under. Name the post or the agency that the list comes from.",
                "sender");
        if ((isAgency ? plain : After(Senders.Agency(""))) is { } code)
        {
            if (!code.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
                return Refusal.Invalid("import/sender-agency",
                    "After “agency” write the agency's code alone, as its accounts have it (“agency UNHCR”). "
                    + "A post whose name begins so is written otherwise.", "sender");
            sender = Senders.Agency(code);
        }
        else if (After(Senders.List("")) is { } name) sender = Senders.List(name);
        else if (!vouched && (post is null || !Same(plain, Plain(post)))) sender = Senders.List(sender);
        return null;

        string? After(string prefix) => plain.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) ? plain[prefix.Length..] : null;

        static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
    }

    // As a reader sees it: no letter of another width, no mark that does not show, one space where there are several.
    private static string Plain(string text) => string.Join(' ', string.Concat(text.Normalize(NormalizationForm.FormKC)
        .Where(c => char.GetUnicodeCategory(c) is not (UnicodeCategory.Format or UnicodeCategory.Control)))
        .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Whether an agency takes part under a code.</summary>
    private sealed record Agency(bool Registered) : IFold<Agency>
    {
        public static Agency Start(Guid id) => new(false);

        public Agency Apply(Event @event) => @event is AgencyRegistered ? new(true) : this;
    }

    private static async Task<(byte[]? Hash, Refusal? Refusal)> KeepAsync(Guid id, Stream body, ImportedFiles files, CancellationToken ct)
    {
        var beginning = new byte[Beginning];
        var length = await body.ReadAtLeastAsync(beginning, beginning.Length, throwOnEndOfStream: false, ct);
        await using var whole = new Continued(beginning.AsMemory(0, length), body);
        if (length == 0) return (null, Refusal.Invalid("import/empty", "The file has no rows. Send a table whose first row names the columns. Nothing was read."));
        if (!Workbook.IsOne(beginning.AsSpan(0, length)))
            return NoTable(beginning.AsSpan(0, length)) is { } refusal ? (null, refusal) : (await files.KeepAsync(id, whole, ct), null);

        using var workbook = new MemoryStream();
        await whole.CopyToAsync(workbook, ct);
        using var csv = new MemoryStream();
        await using (var text = new StreamWriter(csv, new UTF8Encoding(false), leaveOpen: true))
            if (Workbook.WriteCsv(workbook, text, ct) is { } fault) return (null, Refusal.Invalid(fault.Code, fault.Message));
        csv.Position = 0;
        return (await files.KeepAsync(id, csv, ct), null);
    }

    /// <summary>What is plainly no table of text, told before anybody waits for it.</summary>
    private static Refusal? NoTable(ReadOnlySpan<byte> file) =>
        file.StartsWith((byte[])[0xD0, 0xCF, 0x11, 0xE0])
            ? Refusal.Invalid("import/old-workbook", "This is an .xls workbook or one with a password. Save it as .xlsx without a password, or as CSV.")
        : file.StartsWith("%PDF"u8) || (file.Contains((byte)0) && !file.StartsWith((byte[])[0xFF, 0xFE]) && !file.StartsWith((byte[])[0xFE, 0xFF]))
            ? Refusal.Invalid("import/not-a-table", "This is not a table of text with a line for each person. Save the table as CSV (UTF-8) or as .xlsx.")
        : file.Length == Beginning && !file.Contains((byte)'\n') && !file.Contains((byte)'\r')
            ? Refusal.Invalid("import/not-a-table", "This is not a table of text with a line for each person. Save the table as CSV (UTF-8) or as .xlsx.")
        : null;

    /// <summary>What was read already, and the rest.</summary>
    private sealed class Continued(ReadOnlyMemory<byte> read, Stream rest) : ForwardStream
    {
        private ReadOnlyMemory<byte> read = read;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (read.IsEmpty) return await rest.ReadAsync(buffer, cancellationToken);
            var size = Math.Min(buffer.Length, read.Length);
            read[..size].CopyTo(buffer);
            read = read[size..];
            return size;
        }
    }
}
