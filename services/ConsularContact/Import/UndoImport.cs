using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Import;

/// <summary>What came of taking one row back.</summary>
/// <param name="Kept">Why it stays; null when it is taken back.</param>
internal sealed record TakenBack(string? Kept, IReadOnlyList<Event> OnPerson, IReadOnlyList<Event> OnNew, bool Erases);

/// <summary>
/// Takes a whole import back: who came with it alone is erased, a registration of somebody known is taken off them. Nobody
/// vanishes for whom anybody has done anything since, or who has registered or been merged elsewhere: such a row is kept, and
/// says why. Fears stay where they were told (rule N), and so do households.
/// </summary>
internal sealed class UndoImport(TimelineStore store, CrisisService service)
{
    private const int AtOnce = 50;

    // What services do by themselves as soon as somebody is registered.
    private static readonly HashSet<Type> FollowsByItself =
    [
        typeof(NeedsAssessed), typeof(AidNeedOpened), typeof(AidNeedClosed), typeof(TravelDocumentApplicationOpened), typeof(ReferralOffered), typeof(ReferralOverdue),
        typeof(PossibleMatchFound), typeof(FearOfReturnStated), typeof(AffectedAreaEntered), typeof(AffectedAreaLeft), typeof(TracingMatchFound),
    ];

    private sealed record Body(string Reason);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/imports/{importId:guid}/undo", async Task<IResult> (Guid importId, Body body, HttpContext http, ImportRegistrations imports, TimelineStore store, CrisisService service, CancellationToken ct) =>
        {
            if (await ShowImport.StateAsync(store.Database, service, importId, ct) is not { } import) return ShowImport.Unknown.ToProblem();
            if (RegistrationRules.Text(body.Reason) is not { Length: <= 2000 } reason) return Refusal.Invalid("import/reason-missing", "Say in a sentence why the import is taken back.", "reason").ToProblem();
            var state = import.Dry ? ImportState.Checked
                : await SteerImport.ChangeAsync(store.Database, service, importId, "hold = 'undoing', undo_reason = $2, undo_account = $3", [ImportState.Done, ImportState.Cancelled], ct, reason, http.User.Identity!.Name!);
            if (state is not (ImportState.Done or ImportState.Cancelled or ImportState.Undoing or ImportState.Undone))
                return SteerImport.WrongState(state, [ImportState.Done, ImportState.Cancelled]).ToProblem();
            imports.Wake();
            return TypedResults.Accepted($"/imports/{importId}", new { importId });
        }).Allow(Roles.Officer).WithSummary("Take a whole import back")
            .WithDescription("People who came with it alone are erased. Rows of people for whom anything was done since are kept, each with the reason: GET /imports/{importId}/rows?outcome=kept.");

    /// <summary>What is done about one row.</summary>
    /// <param name="brought">All registrations on this timeline that came with the import.</param>
    /// <param name="newPersonId">Where a registration goes that is taken off somebody.</param>
    public static TakenBack Decide(Timeline.Timeline timeline, Guid registrationId, IReadOnlySet<Guid> brought, Guid newPersonId, string officer, string ground, DateTimeOffset at)
    {
        var person = timeline.Fold<Person>();
        // Cut off after it was done and before it was noted.
        if (person.Erased || timeline.Events.Any(e => e.Event is RegistrationSeparated { RegistrationId: var id, NewPersonId: var to } && id == registrationId && to == newPersonId)) return Back([], []);
        if (person.Matches.MergedInto is not null || person.Matches.Duplicates.Count > 0) return Keep("merged with another record since");
        if (person.Registrations.Find(r => r.Id == registrationId) is not { } registration) return Keep("moved to another person since");
        if (registration.Repeated is null && person.Registrations.Count > 1) return Keep("registered again since");

        var transactions = timeline.Events.Where(e => RegistrationOf(e.Event) is { } id && brought.Contains(id)).Select(e => e.Position.TransactionId).ToHashSet();
        var began = timeline.Events.First(e => RegistrationOf(e.Event) == registrationId).Version;
        var since = timeline.Events.FirstOrDefault(e => e.Version > began && !transactions.Contains(e.Position.TransactionId) && !(e.User is null && FollowsByItself.Contains(e.Event.GetType())));
        if (since is not null) return Keep($"{EventTypes.NameOf(since.Event)} since");

        if (registration.Repeated is null) return Back([new PersonErased(officer, ground, at)], [], erases: true);
        if (person.Childhood.IsShortenedTo(person.Childhood.After(new RegistrationSeparated(registrationId, newPersonId, officer, ground, at)), DateOnly.FromDateTime(at.UtcDateTime)))
            return Keep("only this row says that the person is a child, or for how long");
        var others = person.Registrations.Where(r => r.Id != registrationId).SelectMany(r => r.Form?.ShareWith ?? []).ToHashSet(StringComparer.Ordinal);
        var transaction = timeline.Events.First(e => e.Version == began).Position.TransactionId;
        string[] agencies = [.. timeline.Events.Where(e => e.Position.TransactionId == transaction).Select(e => e.Event).OfType<SharingConsentGiven>().SelectMany(e => e.Agencies)
            .Intersect(registration.Form?.ShareWith ?? []).Except(others).Intersect(person.SharesWith).Order(StringComparer.Ordinal)];
        return Back(
            [new RegistrationSeparated(registrationId, newPersonId, officer, ground, at), .. agencies.Length > 0 ? (Event[])[new SharingConsentWithdrawn(agencies, at)] : []],
            // Nobody: the record that the registration goes to is as empty as one that was erased.
            [
                new PersonRegistered(registrationId, registration.CrisisId, registration.Reference, registration.Channel, registration.InAffectedArea, null, registration.At) { Sender = registration.Sender, Post = registration.Post },
                new PersonErased(officer, ground, at),
            ]);

        static TakenBack Back(IReadOnlyList<Event> onPerson, IReadOnlyList<Event> onNew, bool erases = false) => new(null, onPerson, onNew, erases);
        static TakenBack Keep(string why) => new(why, [], [], false);
        static Guid? RegistrationOf(Event e) => e switch
        {
            PersonRegistered one => one.RegistrationId,
            RegistrationRepeated { MergedFrom: null } one => one.RegistrationId,
            RegistrationSeparated one => one.RegistrationId,
            _ => null,
        };
    }

    /// <summary>Takes some rows of an import back, the last first, so that whom one row brought and another repeated is free of the second. False when none is left.</summary>
    public async Task<bool> WorkAsync(Guid importId, string officer, CancellationToken ct)
    {
        var rows = await RowsAsync(importId, ct);
        foreach (var (row, personId, registrationId, brought) in rows)
        {
            string? kept = null;
            var newPersonId = Ids.Of(importId, "taken-back", row);
            var (by, now) = (new By(officer), store.Time.GetUtcNow());
            TakenBack Decided(Timeline.Timeline timeline) => Decide(timeline, registrationId, brought, newPersonId, officer, $"import {importId} taken back", now);
            var erases = false;
            var outcome = await store.AttemptAsync(async work =>
            {
                var decided = Decided(await work.ReadAsync(personId));
                (kept, erases) = (decided.Kept, decided.Erases);
                if (erases) return null;
                work.Append(personId, Decision.Of(decided.OnPerson));
                work.Append(newPersonId, Decision.Of(decided.OnNew));
                return null;
            }, by, ct);
            // Decided again: somebody may have been given help in between.
            if (erases)
                outcome = await store.EraseAsync(personId, timeline =>
                {
                    var decided = Decided(timeline);
                    kept = decided.Kept;
                    return Decision.Of(decided.OnPerson);
                }, by, ct);
            // While others keep changing somebody, nothing was done: the row is come back to.
            if (outcome.Refusal is null) await MarkAsync(importId, row, kept, ct);
        }
        return rows.Count > 0;
    }

    private async Task<List<(int Row, Guid PersonId, Guid RegistrationId, IReadOnlySet<Guid> Brought)>> RowsAsync(Guid importId, CancellationToken ct)
    {
        await using var select = store.Database.CreateCommand($"""
            select r.row_number, r.person_id, r.registration_id, (select array_agg(o.registration_id) from {service.Schema}.import_row o where o.import_id = r.import_id and o.person_id = r.person_id and o.how <> 'known')
            from {service.Schema}.import_row r where r.import_id = $1 and r.how in ('new', 'repeated') order by r.row_number desc limit {AtOnce}
            """);
        select.Parameters.Add(new() { Value = importId });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var rows = new List<(int, Guid, Guid, IReadOnlySet<Guid>)>();
        while (await reader.ReadAsync(ct)) rows.Add((reader.GetInt32(0), reader.GetGuid(1), reader.GetGuid(2), reader.GetFieldValue<Guid[]>(3).ToHashSet()));
        return rows;
    }

    private async Task MarkAsync(Guid importId, int row, string? kept, CancellationToken ct)
    {
        await using var mark = store.Database.CreateCommand($"update {service.Schema}.import_row set how = $3, why = $4 where import_id = $1 and row_number = $2");
        mark.Parameters.Add(new() { Value = importId });
        mark.Parameters.Add(new() { Value = row });
        mark.Parameters.Add(new() { Value = kept is null ? "taken-back" : "kept" });
        mark.Parameters.Add(new() { Value = (object?)kept ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        await mark.ExecuteNonQueryAsync(ct);
    }
}
