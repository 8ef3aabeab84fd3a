using System.Collections.Immutable;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Plans;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.EvacuationPlanning.Travel;

/// <summary>
/// What becomes of seats when a household changes (rule F). Who leaves it keeps their seat, as the others keep theirs, but
/// neither is bound to the other any more. Who joins a household that has seats elsewhere gives theirs up: the next plan
/// brings them together.
/// </summary>
internal static class RegroupFeature
{
    /// <summary>Parts the travelling party of the person where it is no longer one household, and frees what a rule bars to either part then.</summary>
    public static Scene Regroup(this Scene scene, Guid person, DateTimeOffset at)
    {
        var (next, concerned) = (scene, new SortedSet<Guid> { person });
        foreach (var seat in scene.StillFreeable(person))
        {
            var run = scene.Transports[seat.TransportId];
            var party = run.PartyOf(person).Select(id => scene.People[id]).ToList();
            concerned.UnionWith(party.Select(member => member.Id));
            // Who is on board already sits where they sit.
            if (party.Exists(member => run.Manifest[member.Id].State is not SpaceState.Held)) continue;
            var group = run.Manifest[person].GroupId;
            foreach (var part in Household.Of(party).OrderBy(part => part.Id == group ? 0 : 1).ThenByDescending(part => part.Members.Length).ThenBy(part => part.Id).Skip(1))
            {
                var moved = next.Moved(run, part, at);
                // An infant who sat on a lap that stays may need a seat that is not there.
                next = moved.Refusal is null ? moved : part.Members.Aggregate(next, (after, member) => after.FreeJourney(member.Id, Words.NoSeatWithFamily, at));
            }
        }
        return concerned.Aggregate(next, (after, member) => after.People.ContainsKey(member) ? after.FreeBarredSeats(member, wish: null, at) : after);
    }

    /// <summary>Frees what somebody who joined a household holds apart from it.</summary>
    /// <param name="household">Of all members.</param>
    public static Scene BringTogether(this Scene scene, Guid joined, IReadOnlyCollection<Guid> household, DateTimeOffset at)
    {
        var runs = Runs(scene.People[joined]);
        return runs.Count == 0 || scene.IsUnderWay(joined) || household.Where(other => other != joined).Select(other => Runs(scene.People[other])).All(others => others.Count == 0 || others.SetEquals(runs))
            ? scene : scene.FreeJourney(joined, Words.FamilyUnity, at);

        static ImmutableHashSet<Guid> Runs(Passenger person) => [.. person.OpenSeats.Select(seat => seat.TransportId)];
    }

    public static async Task BringTogetherAsync(Woken woken)
    {
        var joined = (await woken.Timeline.ReadAsync(woken.StreamId, woken.Stopping)).Events.Select(e => e.Event).OfType<HouseholdChanged>().SelectMany(e => e.Joined).ToHashSet();
        if (joined.Count == 0) return;
        var members = await TravellersOfCrisis.OfHouseholdsAsync(woken.Timeline.Database, [woken.StreamId], woken.Stopping);
        foreach (var person in joined)
            await woken.Timeline.AttemptAsync(async work =>
            {
                var around = await Scene.AroundAsync(work, person);
                var family = await Scene.LoadAsync(work, members, []);
                var household = family.People.Values.Where(member => member.HouseholdId == woken.StreamId || member.HouseholdsMerged.Contains(woken.StreamId)).Select(member => member.Id).ToArray();
                return around.People[person].HouseholdId != woken.StreamId ? null
                    : (around with { People = family.People.SetItems(around.People) }).BringTogether(person, household, woken.Now).Into(work);
            }, woken.By, woken.Stopping);
    }

    private static Scene Moved(this Scene scene, Transport run, Household part, DateTimeOffset at)
    {
        var laps = part.Members.Count(member => member.Mobility is Mobility.None && !member.IsMinorOn(Scene.DayOf(run)));
        var escorts = Scene.Party(part.Id, part.Members, Scene.DayOf(run)).Escorts;
        var members = part.Members.OrderBy(member => run.Manifest[member.Id].OnLap).ToList();
        var next = members.Aggregate(scene, (after, member) => after.AskTransport(run.Id, t => t.GiveUp(member.Id, Words.Regrouped, at)));
        foreach (var member in members)
        {
            var onLap = run.Manifest[member.Id].OnLap && laps-- > 0;
            next = next.AskTransport(run.Id, t => t.Take(member.Id, part.Id, run.Manifest[member.Id].Kind, onLap, at, escorts.Contains(member.Id), member.NeedsOxygen));
        }
        return next;
    }

    private static Scene FreeJourney(this Scene scene, Guid person, string reason, DateTimeOffset at) =>
        scene.StillFreeable(person).Aggregate(scene, (after, seat) => after.Free(person, seat, reason, at));
}
