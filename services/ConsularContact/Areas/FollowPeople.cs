using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Areas;

/// <summary>Whenever it is told where somebody is, it is worked out anew inside which areas that is.</summary>
internal static class FollowPeople
{
    public static void Add(Reactions reactions) => reactions.On(JudgeAsync,
        typeof(CheckedIn), typeof(Sighted), typeof(RegistrationRepeated), typeof(RegistrationCorrected), typeof(RegistrationSeparated), typeof(DuplicateUnmerged), typeof(UnmergedFrom),
        typeof(MissingAtArrival));

    private static async Task JudgeAsync(Woken woken)
    {
        Guid[] ids;
        long judgedBy;
        do
        {
            (ids, judgedBy) = ([], 0);
            await woken.Timeline.AttemptAsync(async work =>
            {
                var person = await work.LoadAsync<Exposed>(woken.StreamId);
                ids = [.. person.Exposure.Crises];
                await work.ReadAsync(ids);
                var crises = new List<Crisis>(ids.Length);
                foreach (var id in ids) crises.Add(await work.LoadAsync<Crisis>(id));
                judgedBy = crises.Sum(crisis => (long)crisis.Messages.Count);
                return work.Append(woken.StreamId, Exposed.Judge(person, crises));
            }, woken.By, woken.Stopping);
        }
        // An area that changed meanwhile: its own sweep may have passed this person before.
        while ((await woken.Timeline.ReadAsync(ids, woken.Stopping)).Sum(timeline => (long)timeline.Fold<Crisis>().Messages.Count) != judgedBy);
    }
}
