using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;
using CrisisCoordination.Triage;

namespace CrisisCoordination.HumanitarianAid;

/// <summary>
/// Closes what nobody waits for any more: the needs of a record that was merged into another, and those that only a
/// registration told of which was taken off the person. What is allocated already still goes its way.
/// </summary>
internal static class CloseNeeds
{
    public static Decision Decide(PersonInNeed person, DateTimeOffset now)
    {
        var told = person.Needs?.Now ?? NeedsNow.None;
        return Decision.Of(person.AidNeeds
            .Where(need => need.State == "open" && (person.MergedInto is not null || !told.HasFlag(Enum.Parse<NeedsNow>(need.Kind, ignoreCase: true))))
            .Select(need => new AidNeedClosed(need.Id, person.MergedInto is not null ? "merged" : "not-theirs", now)));
    }
}
