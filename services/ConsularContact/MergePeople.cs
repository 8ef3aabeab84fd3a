using CrisisCoordination.ConsularContact.Households;
using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.ConsularContact.Matching;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact;

/// <summary>
/// Two records are one person (rule M): one of them stays and stands for both, the other says where to look. What the
/// duplicate was registered with counts for the one that stays. Consents do not: they hold for what the person was asked. What
/// they took back under one record is taken back under the other too.
/// </summary>
internal sealed record MergePeople(string? Officer, string? Reason, DateTimeOffset At)
{
    /// <summary>Which emergency travel document stands, by its application, where both records hold a valid one (rule D).</summary>
    public Guid? StandingDocument { get; init; }

    /// <summary>By our clock: whether a document is still valid does not depend on how somebody dates the merge.</summary>
    public DateTimeOffset Now { get; init; } = At;

    private sealed record Body(Guid DuplicateId, string? Reason = null, DateTimeOffset? At = null, Guid? StandingDocument = null);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/people/{personId:guid}/merge", async Task<IResult> (Guid personId, Body body, HttpContext http, TimelineStore store, CancellationToken ct) =>
        {
            if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
            if (body.Reason is { Length: > 2000 }) return ReasonTooLong.ToProblem();
            var command = new MergePeople(http.User.Identity!.Name!, RegistrationRules.Text(body.Reason), at)
            { StandingDocument = body.StandingDocument, Now = store.Time.GetUtcNow() };
            var outcome = await store.AttemptAsync(async work =>
            {
                await work.ReadAsync([personId, body.DuplicateId]);
                var stays = await work.LoadAsync<Person>(personId);
                var (onDuplicate, onStaying) = Decide(stays, await work.LoadAsync<Person>(body.DuplicateId), command);
                await VoidOnEarlierAsync(work, stays, onStaying);
                return work.Append(body.DuplicateId, onDuplicate) ?? work.Append(personId, onStaying);
            }, new By(command.Officer), ct);
            return outcome.ToResult(http, () => TypedResults.NoContent());
        }).Allow(Roles.Officer).WithSummary("Merge a duplicate into this person")
          .WithDescription("Both histories stay readable; POST /people/{personId}/unmerge undoes it. "
              + "Where both records hold a valid emergency travel document, `standingDocument` names the application of the one that stands; "
              + "the other becomes void.");

    /// <summary>A document that an earlier duplicate brought is void under that record too: it must not come back valid.</summary>
    public static async Task VoidOnEarlierAsync(Work work, Person stays, Decision onStaying)
    {
        foreach (var revoked in onStaying.Events.OfType<TravelDocumentRevoked>())
            if (stays.Papers.BroughtBy(revoked.ApplicationId) is { } earlier && (await work.LoadAsync<Person>(earlier)).Papers.Holds(revoked.ApplicationId))
                work.Append(earlier, revoked);
    }

    /// <summary>What goes on both timelines, together or not at all; a refusal stands on both.</summary>
    public static (Decision OnDuplicate, Decision OnStaying) Decide(Person stays, Person duplicate, MergePeople command)
    {
        if (Refuse(stays, duplicate, command.Now) is { } refusal) return (refusal, refusal);
        if (duplicate.Matches.MergedInto == stays.Id) return (Decision.Nothing, Decision.Nothing);
        var papers = EmergencyDocuments.Settle(stays, duplicate, command);
        if (papers.Refusal is { } twoDocuments) return (twoDocuments, twoDocuments);

        // Whoever typed a form cannot learn by it who else the person is, nor let an agency know of what others told.
        string[] agencies = [.. stays.Consents.Heard.Intersect(duplicate.Consents.Heard).Order(StringComparer.Ordinal)];
        string[] lapsed = [.. stays.Consents.InForms.Order(StringComparer.Ordinal)];
        // A household that only people themselves or agencies wrote would let whoever shares it into the family of the one that
        // stays (rule C). An officer who saw them brings the two together.
        var households = duplicate.Registrations.Exists(r => Senders.IsPost(r.Sender)) ? duplicate.Households.Except(stays.Households).Except(stays.Family.Left) : [];
        var alone = IsAloneAsAChild(stays, command.Now) || IsAloneAsAChild(duplicate, command.Now);
        var registrations = duplicate.Registrations.Where(r => stays.Registrations.TrueForAll(known => known.Id != r.Id)).ToList();
        return (
            Decision.Of([.. Fears(stays, duplicate, command), .. stays.Consents.TakenBackSince(duplicate.Consents, command.Officer ?? ""),
                .. papers.OnDuplicate, new MergedInto(stays.Id, agencies, command.At)]),
            Decision.Of(
            [
                new DuplicateMerged(duplicate.Id, command.Officer, command.Reason, registrations.ConvertAll(r => r.Id), [.. households.Order()], agencies, command.At)
                {
                    GuardiansToSee = [.. Ties.ToSee(duplicate.Family.Guardians, stays.Family.Guardians, alone)],
                    ChildAlone = alone,
                    ChildReported = duplicate.Family.Guardians.WasReported,
                    ChildCoded = duplicate.Alone.IsCoded,
                    MayAlsoBe = duplicate.Record.MayAlsoBe.Remove(stays.Id) is { Count: > 0 } others ? [.. others.Order()] : null,
                },
                .. registrations.Select(r => new RegistrationRepeated(r.Id, r.CrisisId, r.Reference, r.Channel, r.InAffectedArea, r.Repeated?.Score ?? 0, r.Repeated?.Evidence ?? [], r.Form, r.At)
                    { Sender = r.Sender, Post = r.Post, Exercise = r.Exercise, ReceivedAt = r.ReceivedAt, MergedFrom = duplicate.Id }),
                .. lapsed.Length > 0 ? (Event[])[new SharingConsentWithdrawn(lapsed, command.Now) { Lapsed = true }] : [],
                .. Fears(duplicate, stays, command),
                .. duplicate.Consents.TakenBackSince(stays.Consents, command.Officer ?? ""),
                .. papers.OnStaying,
                .. FamilyTies.Carried(duplicate.Id, duplicate.Family, stays.Family, alone, command),
                // What an officer was still to look at for the duplicate is looked at for the one that stays.
                .. duplicate.Matches.Found.Values.Where(found => found.OtherPersonId != stays.Id && duplicate.Matches.StateOf(found.OtherPersonId) == "open" && !stays.Matches.Knows(found.OtherPersonId))
                    .OrderBy(found => found.OtherPersonId).Select(found => found with { At = command.At }),
            ]));
    }

    /// <summary>
    /// A registration that is surely two known people's, who do not contradict each other, tells that they are one. Decided
    /// before the registration itself, so that the order in which the three came does not matter. A document never changes its
    /// record without an officer: whoever holds a valid one is not merged away by a form that anybody may have sent (rule D).
    /// </summary>
    public static IReadOnlyList<(Guid PersonId, IReadOnlyList<Event> Events)> Automatic(
        IReadOnlyList<Candidate> candidates, Func<Guid, Person> personOf, DateTimeOffset at, DateTimeOffset now)
    {
        var people = candidates.Where(c => c.Verdict.AgainstAutomatic is [Candidates.SeveralPersons]).Select(c => personOf(c.PersonId))
            .OrderByDescending(p => p.Matches.Travelled).ThenByDescending(p => p.Matches.Duplicates.Count)
            .ThenByDescending(p => p.Papers.ValidAt(now).Any()).ThenBy(p => p.Registrations[0].At).ThenBy(p => p.Id).ToList();
        if (people.Count < 2 || !AreOne(people, now)) return [];
        if (people.Where((p, i) => p.Papers.ValidAt(now).Any(document => i > 0 || document.MergedFrom is not null)).Any()) return [];
        var command = new MergePeople(null, null, at) { Now = now };
        var (stays, decided) = (people[0], new List<(Guid, IReadOnlyList<Event>)>());
        foreach (var duplicate in people.Skip(1))
        {
            var (onDuplicate, onStaying) = Decide(stays, duplicate, command);
            decided.AddRange((duplicate.Id, onDuplicate.Events), (stays.Id, onStaying.Events));
            stays = onStaying.Events.Aggregate(stays, (person, e) => person.Apply(e));
        }
        return decided;
    }

    internal static Refusal ReasonMissing { get; } = Refusal.Invalid("match/reason-missing", "Say in at most 2,000 characters why these are not one person.", "reason");
    internal static Refusal ReasonTooLong => Refusal.Invalid("match/reason-too-long", "Say in at most 2,000 characters why these are one person.", "reason");

    internal static Refusal Same(string field) => Refusal.Invalid("match/same-person", "This is one and the same record. Name two.", field);

    private static bool AreOne(List<Person> people, DateTimeOffset now) =>
        people.Skip(1).All(duplicate => Refuse(people[0], duplicate, now) is null)
        && people.SelectMany((one, i) => people.Skip(i + 1).Select(other => (one, other))).All(pair =>
            !pair.one.Matches.Apart.Contains(pair.other.Id) && !pair.other.Matches.Apart.Contains(pair.one.Id)
            && pair.one.Identities.All(mine => pair.other.Identities.All(theirs => !Match.Contradict(mine, theirs))));

    private static Refusal? Refuse(Person stays, Person duplicate, DateTimeOffset now) =>
        (stays.Record.RefuseMissing() ?? duplicate.Record.RefuseMissing()) is { } missing ? missing
        : stays.Id == duplicate.Id ? Same("duplicateId")
        : stays.IsExercise != duplicate.IsExercise ? Refusal.Conflict("match/exercise-and-actual", "One of them is in an exercise and the other in an actual crisis. They are never one record.")
        : stays.Matches.MergedInto is { } into ? PersonRefusals.Merged(into)
        : duplicate.Matches.MergedInto is { } elsewhere && elsewhere != stays.Id ? PersonRefusals.Merged(elsewhere)
        : duplicate.Matches.Duplicates.Count > 0
            ? Refusal.Conflict("match/has-duplicates", "The record to merge away stands for others already. Merge the other way round. If both stand for others, undo the merges of one of them and merge each of its records into the other.")
        : duplicate.Matches.Travelled
            ? Refusal.Conflict("match/duplicate-travels", "The person set out under the record to merge away. Merge the other way round; if both have set out, they are two people.")
        : duplicate.Matches.MergedInto is null && !stays.Matches.Travelled && stays.Standing < duplicate.Standing
            ? Refusal.Conflict("match/unseen-stays",
                "The record that would stay comes from a form that anyone can send, and somebody met the person of the other. "
                + "Merge the other way round: what was typed then joins what is known.")
        : duplicate.Matches.MergedInto is null && IsChildByOneOnly(stays.Childhood, duplicate.Childhood, DateOnly.FromDateTime(now.UtcDateTime))
            ? Refusal.Conflict("match/child-by-one", "One of these records says that the person is a child, and both together would say it no more. Correct the birth date first, with a second officer, and then merge.")
        : null;

    private static bool IsAloneAsAChild(Person person, DateTimeOffset now) => person.IsChildOn(now) && person.IsAlone;

    private static bool IsChildByOneOnly(Childhood stays, Childhood duplicate, DateOnly today) =>
        stays.And(duplicate) is var both && (stays.IsShortenedTo(both, today) || duplicate.IsShortenedTo(both, today));

    // Said under either record, it was the same mouth (rule N). It holds since it was said; a merge that is dated back loses none of it. An undone merge takes nothing back; only the person does.
    private static IEnumerable<Event> Fears(Person from, Person to, MergePeople command) =>
        to.Fearing(from, to.Fears.Now, command.Officer ?? "", command.Now);
}
