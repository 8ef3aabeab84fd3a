using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact;

/// <summary>What is told under one record of somebody and holds under the others that were merged with it.</summary>
internal static class OtherRecords
{
    /// <param name="decide">From the record it was told under, to another of the same person, at the time of the reaction.</param>
    /// <param name="on">The events that tell it.</param>
    public static void OnOtherRecords(this Reactions reactions, Func<Person, Person, DateTimeOffset, Decision> decide, params Type[] on) =>
        reactions.On(
            woken => woken.Timeline.AttemptAsync(async work =>
            {
                var person = await work.LoadAsync<Person>(woken.StreamId);
                foreach (var id in person.Matches.Duplicates.Keys.Concat(person.Matches.MergedInto is { } stays ? [stays] : []).Order())
                    work.Append(id, decide(person, await work.LoadAsync<Person>(id), woken.Now));
                return null;
            }, woken.By, woken.Stopping),
            on);
}
