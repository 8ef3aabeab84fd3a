using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact;

/// <summary>
/// An officer settles many possible matches at once, as a list of some hundreds that an agency sent brings them up. Each pair is
/// decided by itself, in an append of its own: one that is refused stops no other, and a batch that was cut off is sent again.
/// </summary>
internal static class DecideMatches
{
    private const int Most = 200;
    private const string Merge = "merge", Dismiss = "dismiss";
    private const string Done = "done", Unchanged = "unchanged", Refused = "refused";

    /// <param name="PersonId">One of the two records.</param>
    /// <param name="OtherPersonId">The other.</param>
    /// <param name="Decision">merge or dismiss.</param>
    /// <param name="Stays">Which of the two stays when they are merged; left out, who travelled, was seen, or was there first.</param>
    internal sealed record Pair(Guid PersonId, Guid OtherPersonId, string Decision, Guid? Stays = null, string? Reason = null);

    private sealed record Body(IReadOnlyList<Pair> Decisions, DateTimeOffset? At = null);

    /// <param name="Outcome">done, unchanged (it was decided so before) or refused.</param>
    internal sealed record Result(Guid PersonId, Guid OtherPersonId, string Outcome, string? Code = null, string? Message = null);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/matches/decisions", async Task<IResult> (Body body, HttpContext http, TimelineStore store, CancellationToken ct) =>
        {
            if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
            if (body.Decisions.Count is 0 or > Most || body.Decisions.Any(pair => pair is null))
                return Refusal.Invalid("match/decisions", $"Send 1 to {Most} decisions at once.", "decisions").ToProblem();
            var (officer, results) = (http.User.Identity!.Name!, new List<Result>(body.Decisions.Count));
            foreach (var pair in body.Decisions) results.Add(await DecideAsync(pair, officer, at, store, ct));
            return TypedResults.Ok(new { results, done = results.Count(r => r.Outcome == Done), refused = results.Count(r => r.Outcome == Refused) });
        }).Allow(Roles.Officer).WithSummary("Settle many possible matches at once").WithDescription("""
            decision: merge or dismiss (with a reason). Each pair is decided by itself: results says what became of it.
            Sent again, what was done stays done.
            """);

    /// <summary>What goes on both timelines, together or not at all; a refusal stands on both.</summary>
    public static (Timeline.Decision OnOne, Timeline.Decision OnOther) Decide(
        Person one, Person other, Pair pair, string officer, DateTimeOffset at, DateTimeOffset now)
    {
        var reason = RegistrationRules.Text(pair.Reason);
        switch (pair.Decision)
        {
            case Dismiss:
                var dismissal = new DismissMatch(reason, officer, at);
                return (DismissMatch.Decide(one, other, dismissal), DismissMatch.Decide(other, one, dismissal));
            case Merge when reason is { Length: > 2000 }:
                return Both(MergePeople.ReasonTooLong);
            case Merge when pair.Stays is { } named && named != one.Id && named != other.Id:
                return Both(Refusal.Invalid("match/stays-unknown", "Name one of the two records as the one that stays.", "stays"));
            case Merge:
                var stays = pair.Stays is { } id ? id == one.Id ? one : other : Staying(one, other);
                var duplicate = stays == one ? other : one;
                var (onDuplicate, onStaying) = MergePeople.Decide(stays, duplicate, new(officer, reason, at) { Now = now });
                return stays == one ? (onStaying, onDuplicate) : (onDuplicate, onStaying);
            default:
                return Both(Refusal.Invalid("match/decision-unknown", $"A pair is settled by {Merge} or {Dismiss}.", "decision"));
        }

        static (Timeline.Decision, Timeline.Decision) Both(Refusal refusal) => (refusal, refusal);
    }

    // Whoever stands for others already goes on doing so: a batch sent again finds what it did.
    private static Person Staying(Person one, Person other) =>
        one.Matches.MergedInto == other.Id ? other : other.Matches.MergedInto == one.Id ? one
        : new[] { one, other }.OrderByDescending(p => p.Matches.Travelled).ThenByDescending(p => p.Standing)
            .ThenByDescending(p => p.Matches.Duplicates.Count).ThenBy(p => p.Registrations.FirstOrDefault()?.At).ThenBy(p => p.Id).First();

    private static async Task<Result> DecideAsync(Pair pair, string officer, DateTimeOffset at, TimelineStore store, CancellationToken ct)
    {
        if (pair.PersonId == pair.OtherPersonId) return Refuse(MergePeople.Same("otherPersonId"));
        var outcome = await store.AttemptAsync(async work =>
        {
            await work.ReadAsync([pair.PersonId, pair.OtherPersonId]);
            var (one, other) = (await work.LoadAsync<Person>(pair.PersonId), await work.LoadAsync<Person>(pair.OtherPersonId));
            var (onOne, onOther) = Decide(one, other, pair, officer, at, store.Time.GetUtcNow());
            await MergePeople.VoidOnEarlierAsync(work, one, onOne);
            await MergePeople.VoidOnEarlierAsync(work, other, onOther);
            return work.Append(pair.PersonId, onOne) ?? work.Append(pair.OtherPersonId, onOther);
        }, new By(officer), ct);
        return outcome.Refusal is { } refusal ? Refuse(refusal)
            : new(pair.PersonId, pair.OtherPersonId, outcome.Changed ? Done : Unchanged);

        Result Refuse(Refusal why) => new(pair.PersonId, pair.OtherPersonId, Refused, why.Code, why.Detail);
    }
}
