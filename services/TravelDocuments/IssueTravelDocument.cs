using System.Buffers.Binary;
using System.Security.Cryptography;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CrisisCoordination.TravelDocuments;

/// <summary>
/// Issues the approved document: a single sheet, code PU, for one journey. It is short-lived (Directive (EU) 2019/997
/// Art. 6: little longer than the journey, normally at most 15 days), and whatever was issued to the person before is void.
/// </summary>
/// <param name="Number">Drawn from a cryptographic source.</param>
/// <param name="ValidUntil">The last day; null for the longest time.</param>
internal sealed record IssueTravelDocument(Guid ApplicationId, string Officer, string Issuer, string Number, DateOnly? ValidUntil, DateTimeOffset At)
{
    private const int MostDays = 15;

    /// <summary>By our clock: who is a child does not depend on how somebody dates the document.</summary>
    public DateTimeOffset Now { get; init; } = At;

    /// <param name="file">Whose document it is.</param>
    /// <param name="command">What is asked.</param>
    /// <param name="duplicates">The records that were merged into theirs: one valid document per person, whichever record it was issued under (rule D).</param>
    public static Decision Decide(TravelDocumentFile file, IssueTravelDocument command, params IEnumerable<TravelDocumentFile> duplicates)
    {
        if (file.Closed(command.ApplicationId) is { } closed) return closed;
        var application = file.Application(command.ApplicationId)!;
        if (!application.VerifiedFor(file.Holder)) return ApproveApplication.NotVerified;
        if (application.ApprovedBy is null || Application.SameOfficer(application.ApprovedBy, application.VerifiedBy))
            return Refusal.Conflict("travel-document/not-approved", "No second officer approved this journey yet. Ask a colleague to approve it; issue it then.");
        // Approved before every code was asked about.
        if (CountryField.ReadPlace(application.Destination, "destination", out _) is { } nowhere) return nowhere;
        if (CountryField.ReadPlaces(application.Transits, "transits", out _) is { } unknown) return unknown;
        if (file.Refoulement(application.Destination!, application.Transits) is { } refoulement) return refoulement;
        if (file.NobodyAgreed(command.Now) is { } nobody) return nobody;

        if (command.At < application.DoneAt) return FileRefusals.TooEarly("The journey was approved", application.DoneAt);
        var day = DateOnly.FromDateTime(command.At.UtcDateTime);
        // Merges bring the document along. One that was made before they did left it where it was.
        if (duplicates.FirstOrDefault(other => other.Applications.Any(before => before.IsValidOn(day) && file.Application(before.Id) is null)) is { } holder)
            return Refusal.Conflict("travel-document/holds-one", $"A document stands that was issued under a record since merged into this one: {holder.PersonId}. Make that one void first, or let the person travel with it.");

        var until = command.ValidUntil ?? day.AddDays(MostDays);
        if (until <= day || until > day.AddDays(MostDays))
            return Refusal.Invalid("travel-document/validity", $"An emergency document is valid for 1 to {MostDays} days after it is issued. Choose a last day between {day.AddDays(1):yyyy-MM-dd} and {day.AddDays(MostDays):yyyy-MM-dd}.", "validUntil");
        if (file.Holder.Name(out var name) is { } unwritable) return unwritable;

        return Decision.Of(
        [
            .. file.Applications.Where(before => before.Stands).Select(before => new TravelDocumentRevoked(before.Id, "replaced", command.At)),
            new TravelDocumentIssued(application.Id, application.Destination!, application.Transits, until, command.Officer,
                command.Number, file.Holder.Zone(name, command.Issuer, command.Number, until), command.At) { Exercise = file.Exercise },
        ]);
    }

    // The zone names the holder: it is read where reads leave a trace.
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/people/{personId:guid}/travel-documents/{applicationId:guid}/issue", async Task<IResult> (
            Guid personId, Guid applicationId, Body? body, TimelineStore store, IOptions<Issuer> issuer, HttpContext http) =>
        {
            if (http.Happen(body?.At, out var at) is { } refusal) return refusal.ToProblem();
            var by = http.User.Identity!.Name!;
            var outcome = await RunAsync(store, personId, number =>
                new(applicationId, by, issuer.Value.Code, number, body?.ValidUntil, at) { Now = store.Time.GetUtcNow() }, Draw, new(by), http.RequestAborted);
            return outcome.ToResult(http, () =>
            {
                var issued = outcome.Events.Select(e => e.Event).OfType<TravelDocumentIssued>().Single();
                return TypedResults.Created($"/people/{personId}/travel-documents", new { issued.Number, issued.ValidUntil, issued.Destination, issued.Transits, exercise = issued.Exercise ? true : (bool?)null });
            });
        }).Allow(Roles.DocumentOfficer);

    /// <summary>Each attempt draws a number of its own: one that was drawn before, by whomever, is refused by the table of numbers and the next attempt draws again.</summary>
    internal static Task<Outcome> RunAsync(TimelineStore store, Guid personId, Func<string, IssueTravelDocument> command, Func<string> draw, By by, CancellationToken ct) =>
        store.AttemptAsync(async work =>
        {
            var issue = command(draw());
            work.Also("insert into travel_documents.issued_number (number) values ($1)", new NpgsqlParameter<string> { TypedValue = issue.Number });
            var (file, duplicates) = (await work.LoadAsync<TravelDocumentFile>(personId), new List<TravelDocumentFile>());
            foreach (var id in file.Duplicates) duplicates.Add(await work.LoadAsync<TravelDocumentFile>(id));
            return await work.AppendAsync(file, Decide(file, issue, duplicates));
        }, by, ct);

    private static string Draw() => TravelDocumentNumber.From(BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(ulong))));

    private sealed record Body(DateOnly? ValidUntil = null, DateTimeOffset? At = null);
}
