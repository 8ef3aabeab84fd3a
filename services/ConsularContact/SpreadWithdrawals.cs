using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact;

/// <summary>
/// A consent that is taken back under one of two merged records is taken back under the other too (rules V and Q): agencies go on
/// reading of each record by itself, and an undone merge must not bring a consent back that the person took away.
/// </summary>
internal static class SpreadWithdrawals
{
    public static void Add(Reactions reactions) => reactions.On(
        woken => woken.Timeline.AttemptAsync(async work =>
        {
            var person = await work.LoadAsync<Person>(woken.StreamId);
            foreach (var id in person.Matches.Duplicates.Keys.Concat(person.Matches.MergedInto is { } stays ? [stays] : []).Order())
                work.Append(id, Decide(person, await work.LoadAsync<Person>(id)));
            return null;
        }, woken.By, woken.Stopping),
        typeof(EvacuationConsentWithdrawn), typeof(SharingConsentWithdrawn));

    public static Decision Decide(Person from, Person to) =>
        to.Exists ? Decision.Of([.. from.Consents.TakenBackSince(to.Consents, "")]) : Decision.Nothing;
}
