using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Npgsql;

namespace CrisisCoordination.ConsularContact.NotesVerbales;

/// <summary>Which notes were sent, and what came back for whom.</summary>
internal static class ShowNotesVerbales
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/notes-verbales", async Task<IResult> (string? cursor, int? limit, NpgsqlDataSource database, CrisisService service, CancellationToken ct) =>
            TypedResults.Ok(await database.PageAsync(
                $"select sort, stream_id, state, people, granted, refused, officer, sent_at from {service.Schema}.note_verbale where true", "sort", cursor, limit,
                row => new
                {
                    noteId = row.GetGuid(1),
                    state = row.GetString(2),
                    people = row.GetInt32(3),
                    granted = row.GetInt32(4),
                    refused = row.GetInt32(5),
                    waiting = row.GetInt32(3) - row.GetInt32(4) - row.GetInt32(5),
                    officer = row.GetString(6),
                    sentAt = row.GetFieldValue<DateTimeOffset>(7),
                }, [], ct))).Allow(Roles.Officer, Roles.Coordinator).WithSummary("Notes verbales, newest first");

        api.MapGet("/notes-verbales/{noteId:guid}", async Task<IResult> (Guid noteId, TimelineStore store, CancellationToken ct) =>
        {
            var (note, version) = await store.LoadAsync<NoteVerbale>(noteId, ct: ct);
            if (note.Sent is not { } sent) return NoteVerbale.Unknown.ToProblem();
            var people = await store.ReadAsync([.. sent.People], ct);
            return TypedResults.Ok(new
            {
                noteId,
                version,
                sent.State,
                sent.Officer,
                sentAt = sent.At,
                people = people.Select(timeline => timeline.Fold<Permits>()).Select(person => new
                {
                    personId = person.Id,
                    answer = note.Answers.TryGetValue(person.Id, out var granted) ? granted ? "granted" : "refused" : "waiting",
                    readyToLeave = person.IsReady,
                }),
            });
        }).Allow(Roles.Officer, Roles.Coordinator).LogsRead("note verbale").WithSummary("A note verbale and its answers");
    }
}
