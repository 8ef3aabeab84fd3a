using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Areas;

/// <summary>Whenever it is told where somebody is, it is worked out anew inside which areas that is.</summary>
internal static class FollowPeople
{
    public static void Add(Reactions reactions) => reactions.On(JudgeAsync,
        typeof(CheckedIn), typeof(Sighted), typeof(RegistrationRepeated), typeof(RegistrationCorrected), typeof(RegistrationSeparated), typeof(DuplicateUnmerged), typeof(UnmergedFrom));

    private static async Task JudgeAsync(Woken woken)
    {
        // An area that changed in between is looked at again: its own sweep may have passed this person before.
        for (long before = -1, now = 0; before != now;)
        {
            before = now;
            await woken.Timeline.AttemptAsync(async work =>
            {
                var person = await work.LoadAsync<Exposed>(woken.StreamId);
                var ids = person.Exposure.Crises.ToArray();
                await work.ReadAsync(ids);
                var crises = new List<Crisis>();
                foreach (var id in ids) crises.Add(await work.LoadAsync<Crisis>(id));
                now = 0;
                foreach (var id in ids) now += (await work.ReadAsync(id)).Version;
                return work.Append(woken.StreamId, Exposed.Judge(person, crises));
            }, woken.By, woken.Stopping);
        }
    }
}
