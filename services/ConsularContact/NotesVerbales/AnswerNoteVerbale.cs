using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.NotesVerbales;

/// <summary>What the state said about one person.</summary>
internal sealed record Answer(Guid PersonId, bool Granted, DateOnly? ValidUntil = null, string? Reason = null);

/// <summary>A state answers a note, for all its people at once or for some at a time; a later answer replaces an earlier one.</summary>
internal sealed record AnswerNoteVerbale(Guid NoteId, IReadOnlyList<(Answer Answer, Guid BarrierId)> Answers, string Officer, DateTimeOffset At)
{
    private sealed record Body(IReadOnlyList<Answer> Answers, DateTimeOffset? At = null);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/notes-verbales/{noteId:guid}/answers", async Task<IResult> (Guid noteId, Body body, HttpContext http, TimelineStore store, CancellationToken ct) =>
        {
            if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
            var ids = http.Ids();
            var command = new AnswerNoteVerbale(noteId, [.. body.Answers.Select(answer => (answer with { Reason = RegistrationRules.Text(answer.Reason) }, ids.Next()))], http.User.Identity!.Name!, at);
            var outcome = await store.AttemptAsync(async work =>
            {
                var note = await work.LoadAsync<NoteVerbale>(noteId);
                if (Check(note, command) is { } refusal) return refusal;
                await work.ReadAsync(command.Answers.Select(a => a.Answer.PersonId));
                var people = new Dictionary<Guid, Permits>();
                foreach (var (answer, _) in command.Answers)
                {
                    var person = await work.LoadAsync<Permits>(answer.PersonId);
                    people[answer.PersonId] = person.File.MergedInto is { } stays ? await work.LoadAsync<Permits>(stays) : person;
                }
                return Decide(note, people, command).Select(d => work.Append(d.StreamId, d.Decision)).FirstOrDefault(refused => refused is not null);
            }, new By(command.Officer), ct);
            return outcome.Refusal is { } refused ? refused.ToProblem() : TypedResults.NoContent();
        }).Allow(Roles.Officer, Roles.Coordinator).WithSummary("Record what the state answered, per person")
          .WithDescription("answers: personId, granted, validUntil when a last day was named, reason when refused. People left out are still waiting.");

    internal static Refusal? Check(NoteVerbale note, AnswerNoteVerbale command) =>
        command.Answers.Count == 0 ? Refusal.Invalid("note-verbale/no-answers", "Give the answer for at least one of the people.", "answers")
        : note.Sent is not { } sent ? NoteVerbale.Unknown
        : command.Answers.GroupBy(a => a.Answer.PersonId).Any(group => group.Count() > 1) ? Refusal.Invalid("note-verbale/answered-twice", "One person is answered for twice. Check the list.", "answers")
        : command.Answers.Any(a => !sent.People.Contains(a.Answer.PersonId)) ? Refusal.Invalid("note-verbale/not-in-note", "One of the people is not named in this note. Check which note is answered.", "answers")
        : command.Answers.Any(a => a.Answer.Reason?.Length > 2000) ? Refusal.Invalid("note-verbale/reason-too-long", "A reason takes at most 2,000 characters.", "answers")
        : command.At < sent.At ? Refusal.Invalid("note-verbale/answered-before", "The answer cannot be older than the note. Check the time.", "at")
        : null;

    /// <param name="people">By the id that the note names, the record that stands for them now.</param>
    internal static IEnumerable<(Guid StreamId, Decision Decision)> Decide(NoteVerbale note, IReadOnlyDictionary<Guid, Permits> people, AnswerNoteVerbale command)
    {
        var news = command.Answers.Select(a => a.Answer).Where(answer => !note.Answers.TryGetValue(answer.PersonId, out var before) || before != answer.Granted).ToArray();
        if (news.Length > 0)
            yield return (note.Id, new NoteVerbaleAnswered([.. news.Where(answer => answer.Granted).Select(answer => answer.PersonId)], [.. news.Where(answer => !answer.Granted).Select(answer => answer.PersonId)], command.Officer, command.At));
        // Where the note names a person twice, the record that stands now is the one that counts.
        foreach (var (answer, barrierId) in command.Answers.OrderBy(a => people[a.Answer.PersonId].Id != a.Answer.PersonId).DistinctBy(a => people[a.Answer.PersonId].Id))
            yield return (people[answer.PersonId].Id, people[answer.PersonId].Answer(note.Id, note.Sent!.State, answer.Granted, answer.ValidUntil, answer.Reason, barrierId, command.Officer, command.At));
    }
}
