using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact;

/// <summary>A fear that is heard under one of two merged records holds for both (rule N): documents stand on the other one too.</summary>
internal static class SpreadFears
{
    public static void Add(Reactions reactions) => reactions.OnOtherRecords(Decide, typeof(FearOfReturnStated));

    /// <summary>To the one that stays only what was never said there: what the person took back is not stated anew by an old record.</summary>
    public static Decision Decide(Person from, Person to, DateTimeOffset now) =>
        !to.Exists ? Decision.Nothing
        : Decision.Of([.. to.Fearing(from, from.Matches.MergedInto is null ? to.Fears.Now : to.Fears.Ever, "", now)]);
}
