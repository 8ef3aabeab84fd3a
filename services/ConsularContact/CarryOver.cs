using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact;

/// <summary>
/// Where somebody is and what keeps them there follows them when two records of theirs are merged: it is told again on the
/// timeline that stands for both, each fact with the time at which it happened. When the merge is undone the folds there drop
/// it, and what was done about it meanwhile is told on the record it goes back to.
/// </summary>
internal static class CarryOver
{
    public static void Add(Reactions reactions) => reactions
        .On(woken => woken.Timeline.AttemptAsync(async work =>
        {
            var duplicate = await work.ReadAsync(woken.StreamId);
            return duplicate.Fold<OnRecord>().File.MergedInto is { } stays ? work.Append(stays, There(duplicate.Id, Told(duplicate), Told(await work.ReadAsync(stays)))) : null;
        }, woken.By, woken.Stopping), typeof(MergedInto))
        .On(woken => woken.Timeline.AttemptAsync(async work =>
        {
            var duplicate = await work.ReadAsync(woken.StreamId);
            return duplicate.Fold<OnRecord>() is { File.MergedInto: null, WasMergedInto: { } stays }
                ? work.Append(duplicate.Id, Back(duplicate.Id, Told(duplicate), stays, Told(await work.ReadAsync(stays)))) : null;
        }, woken.By, woken.Stopping), typeof(UnmergedFrom));

    /// <summary>What the timeline that stays does not tell yet.</summary>
    public static Decision There(Guid duplicateId, IReadOnlyList<Event> duplicate, IReadOnlyList<Event> stays) => Missing(Standing(duplicate), Standing(stays), duplicateId);

    /// <summary>What was done, while the two were one, about what goes back.</summary>
    public static Decision Back(Guid duplicateId, IReadOnlyList<Event> duplicate, Guid staysId, IReadOnlyList<Event> stays)
    {
        var carried = stays.Where(e => e.MergedFrom == duplicateId).Select(Subject).OfType<Guid>().ToHashSet();
        return Missing(stays.Where(e => Subject(e) is { } subject && carried.Contains(subject)), duplicate, staysId);
    }

    // What came with a merge that was undone since was dropped, and is no fact of this record.
    private static IEnumerable<Event> Standing(IReadOnlyList<Event> told)
    {
        var undone = told.Index().Where(e => e.Item is DuplicateUnmerged).GroupBy(e => ((DuplicateUnmerged)e.Item).DuplicateId, e => e.Index).ToDictionary(merge => merge.Key, merge => merge.Max());
        return told.Where((e, i) => e.MergedFrom is not { } from || i > undone.GetValueOrDefault(from, -1));
    }

    private static Decision Missing(IEnumerable<Event> told, IEnumerable<Event> known, Guid from)
    {
        var there = known.Select(e => (e.GetType(), Subject(e), e.At)).ToHashSet();
        return Decision.Of(told.Where(e => Subject(e) is { } subject && there.Add((e.GetType(), subject, e.At))).Select(e => e with { MergedFrom = from }));
    }

    private static List<Event> Told(Timeline.Timeline timeline) => [.. timeline.Events.Select(e => e.Event)];

    // What is carried, and which one it is about. One sequence of events about one thing is carried as a whole.
    private static Guid? Subject(Event @event) => @event switch
    {
        CheckedIn e => e.CheckInId,
        Sighted e => e.SightingId,
        ExitBarrierRaised e => e.BarrierId,
        ExitBarrierResolved e => e.BarrierId,
        ExitBarrierOverdue e => e.BarrierId,
        ExitPermissionAsked e => e.NoteId,
        ExitPermissionOverdue e => e.NoteId,
        ExitPermissionGranted e => e.NoteId,
        ExitPermissionRefused e => e.NoteId,
        ExitPermissionExpired e => e.NoteId,
        DetentionReported e => e.DetentionId,
        DetentionNoticeAsked e => e.DetentionId,
        DetentionNoticeWithdrawn e => e.DetentionId,
        DetentionNoticeGiven e => e.DetentionId,
        DetentionNoticeOverdue e => e.DetentionId,
        DetaineeVisited e => e.DetentionId,
        DetentionVisitOverdue e => e.DetentionId,
        DetaineeCounselNamed e => e.DetentionId,
        DetentionEnded e => e.DetentionId,
        _ => null,
    };

    private sealed record OnRecord(OnFile File, Guid? WasMergedInto) : IFold<OnRecord>
    {
        public static OnRecord Start(Guid id) => new(OnFile.Nobody, null);

        public OnRecord Apply(Event @event) => new(File.After(@event), @event is UnmergedFrom e ? e.PersonId : WasMergedInto);
    }
}
