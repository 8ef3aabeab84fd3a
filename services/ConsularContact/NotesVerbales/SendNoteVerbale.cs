using CrisisCoordination.ConsularContact.ExitBarriers;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.NotesVerbales;

/// <summary>
/// A state is asked to let people leave. Whoever fears that state is never named to it (rule N): the note is refused, or goes
/// without them if the caller says so.
/// </summary>
internal sealed record SendNoteVerbale(Guid NoteId, string State, bool LeaveOut, DateTimeOffset DueAt, string Officer, DateTimeOffset At)
{
    private const int MostPeople = 500;

    private sealed record Body(string State, IReadOnlyList<Guid> People, bool LeaveOutWhoFear = false, DateTimeOffset? DueAt = null, DateTimeOffset? At = null);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/notes-verbales", async Task<IResult> (Body body, HttpContext http, TimelineStore store, CancellationToken ct) =>
        {
            if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
            if (CountryField.ReadPlace(body.State, "state", out var state) is { } nowhere) return nowhere.ToProblem();
            if (body.People.Distinct().ToArray() is not { Length: > 0 and <= MostPeople } people) return Refusal.Invalid("note-verbale/people", $"Name 1 to {MostPeople} people.", "people").ToProblem();
            if (body.DueAt <= at) return Refusal.Invalid("note-verbale/due-before", "The answer would be due before the note was sent. Give a later time, or leave dueAt out.", "dueAt").ToProblem();
            var command = new SendNoteVerbale(http.Ids().Next(), state, body.LeaveOutWhoFear, body.DueAt ?? at + Barriers.Patience, http.User.Identity!.Name!, at);
            IReadOnlyList<Guid> named = [];
            var outcome = await store.AttemptAsync(async work =>
            {
                await work.ReadAsync(people);
                var permits = new List<Permits>();
                foreach (var id in people) permits.Add(await work.LoadAsync<Permits>(id));
                var (refusal, decided) = Decide(permits, command);
                if (refusal is not null) return refusal;
                named = [.. decided.Select(d => d.StreamId).Where(id => id != command.NoteId)];
                return decided.Select(d => work.Append(d.StreamId, d.Event)).FirstOrDefault(refused => refused is not null);
            }, new By(command.Officer), ct);
            return outcome.Refusal is { } refused ? refused.ToProblem()
                : TypedResults.Created($"/notes-verbales/{command.NoteId}", new { noteId = command.NoteId, state, people = named, leftOut = people.Except(named) });
        }).Allow(Roles.Officer, Roles.Coordinator).LogsRead("note verbale").WithSummary("Ask a state to let people leave")
          .WithDescription("Refused as note-verbale/feared-state when one of the people fears that state, unless leaveOutWhoFear is true: then the note goes without them, and leftOut names them. dueAt: by when the state should answer; three days when left out.");

    /// <summary>The note first, then each person it names.</summary>
    internal static (Refusal? Refusal, IReadOnlyList<(Guid StreamId, Event Event)> Decided) Decide(IReadOnlyList<Permits> people, SendNoteVerbale command)
    {
        if (people.Any(person => !person.File.Stands)) return (Refusal.Invalid("note-verbale/person-unknown", "One of the people is not registered, was erased, or was merged into another record. Check the list.", "people"), []);
        var named = people.Where(person => !person.File.Fears.Bars(command.State)).ToArray();
        if (named.Length < people.Count && !command.LeaveOut)
            return (Refusal.Conflict("note-verbale/feared-state",
                $"{people.Count - named.Length} of the people fear serious harm from this state and must not be named to it (non-refoulement, rule N): {string.Join(", ", people.Except(named).Take(20).Select(person => person.Id))}. Leave them out, or send leaveOutWhoFear as true."), []);
        return named.Length == 0 ? (Refusal.Conflict("note-verbale/nobody-left", "All of the people fear this state, so there is nobody to ask for. Look for a way out through another state."), [])
            : (null, [(command.NoteId, new NoteVerbaleSent(command.State, [.. named.Select(person => person.Id)], command.Officer, command.At)),
                .. named.Select(person => (person.Id, (Event)new ExitPermissionAsked(command.NoteId, command.State, command.At) { DueAt = command.DueAt }))]);
    }
}
