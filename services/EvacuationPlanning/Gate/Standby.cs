using System.Collections.Immutable;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Places;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.EvacuationPlanning.Plans;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Npgsql;

namespace CrisisCoordination.EvacuationPlanning.Gate;

/// <summary>
/// Those who are at the gate without a space on the transport: who belongs together, whose turn it is (rule P), and how a
/// group is seated there. A seat elsewhere is given up in the same breath and not before.
/// </summary>
internal static class Standby
{
    public const string SeatedElsewhere = "seated-elsewhere", WentAway = "left";

    /// <summary>
    /// The transport with those who stand by, the people asked for, their households, those they travel with and their
    /// escorts, and every transport that any of them has to do with.
    /// </summary>
    public static async Task<Scene> LoadAsync(Work work, NpgsqlDataSource database, Guid transport, params Guid[] asked)
    {
        var run = await work.LoadAsync<Transport>(transport);
        Guid[] waiting = [.. run.Standby.SelectMany(group => group.People.Concat(group.With))];
        var people = (await Scene.LoadAsync(work, [.. asked, .. waiting], [])).People;
        var ids = people.Keys.ToHashSet();
        if (asked.Length > 0)
        {
            Guid[] homes = [.. asked.SelectMany(id => Homes(people[id])).Distinct()];
            var family = (await Scene.LoadAsync(work, homes.Length == 0 ? [] : await TravellersOfCrisis.OfHouseholdsAsync(database, homes), [])).People.Values.Where(member => Homes(member).Intersect(homes).Any());
            ids.UnionWith(family.Select(member => member.Id));
            foreach (var id in asked) ids.UnionWith((await Scene.AroundAsync(work, id)).People.Keys);
            ids.UnionWith((await Scene.LoadAsync(work, ids, [])).People.Values.Select(member => member.EscortId).OfType<Guid>());
        }
        people = (await Scene.LoadAsync(work, ids, [])).People;
        return await Scene.LoadAsync(work, ids, [transport, .. people.Values.SelectMany(person => person.Seats.Select(seat => seat.TransportId).Concat(new[] { person.StandsBy, person.CameWith }.OfType<Guid>()))]);

        static IEnumerable<Guid> Homes(Passenger person) => person.HouseholdsMerged.Concat(person.HouseholdId is { } home ? [home] : []);
    }

    /// <summary>Those who stand by, as they belong together now, in the order of their turn.</summary>
    public static ImmutableArray<(Household Household, Group Group)> Waiting(this Scene scene, Guid transport)
    {
        var run = scene.Transports[transport];
        return [.. run.Standby
            .SelectMany(group => Household.Of([.. group.People.Where(id => scene.People[id].StandsBy == transport).Concat(group.With).Distinct().Select(id => scene.People[id]).Where(person => scene.IsHere(person, transport))]))
            .Where(household => household.Members.Any(member => !scene.IsOn(member, transport)) && !scene.IsParted(household, transport))
            .Select(household => (household, household.AsGroup(Scene.DayOf(run), (_, _) => null)))
            .OrderBy(waiting => waiting.Item2.Turn, Turn.Order)];
    }

    /// <summary>With whom the person is seated at this gate: their household as far as it is not under way, or alone where an adult of it asks so and no child is left alone by it.</summary>
    public static Household GroupOf(this Scene scene, Guid transport, Guid person, Wish? wish)
    {
        var around = scene.People.Values.Where(other => other.Id == person || scene.IsHere(other, transport)).ToList();
        var whole = Household.Of(around).First(household => household.Members.Any(member => member.Id == person));
        if (wish is null || whole.Members.Length == 1) return whole;
        var day = Scene.DayOf(scene.Transports[transport]);
        var rest = Scene.Party(whole.Id, whole.Members.Where(member => member.Id != person), day);
        return whole.Members.Any(member => member.Id == wish.Of && !member.IsMinorOn(day) && member.LivesWith(scene.People[person])) && !scene.People[person].IsMinorOn(day)
            && rest.Travellers.All(traveller => WhoMayGo.KeptBy(rest, traveller)?.Code != "child-without-escort")
            ? new(person, [scene.People[person]]) : whole;
    }

    /// <summary>Seats those of the household who have no space on the transport, or refuses for all of them.</summary>
    public static Scene SeatAtGate(this Scene scene, Guid transport, Household household, DateTimeOffset at)
    {
        var run = scene.Transports[transport];
        if (run.Schedule is null) return scene.Refuse(Transport.Unknown);
        if (household.Members.Any(member => !scene.Atlas.For(member.Crises).KnowsCrisis)) return scene.Refuse(CrisisCountries.NotTold);
        ImmutableArray<Guid> movers = [.. household.Members.Where(member => !scene.IsOn(member, transport)).Select(member => member.Id)];
        var group = household.Members.Select(member => run.Manifest.GetValueOrDefault(member.Id)).FirstOrDefault(space => space is { IsTaken: true })?.GroupId ?? household.Id;
        // The gate sees them; but who was last said to be in another country than this one is looked for there first.
        var party = scene.Located(Scene.Party(group, household.Members, Scene.DayOf(run)), transport, walkUp: true);
        var onLap = SeatingExtensions.OnLaps(scene, new(group, movers, [.. household.Members.Select(member => member.Id)], [scene.LegOf(household.Members[0], transport)]), party);
        foreach (var mover in movers.OrderBy(onLap.Contains))
        {
            var leg = scene.LegOf(scene.People[mover], transport);
            var (plan, number, of, lost) = scene.Instead(run, mover, leg);
            scene = lost.Aggregate(scene, (next, seat) => next.Free(mover, seat, Words.MovedAtGate, at))
                .Ask(mover, person => person.Hold(plan, leg, number, of, party, at))
                .AskTransport(transport, t => t.Take(mover, group, scene.People[mover].Mobility, onLap.Contains(mover), at, party.Escorts.Contains(mover), scene.People[mover].NeedsOxygen, atGate: true))
                .LeaveOtherGate(mover, at);
        }
        return scene;
    }

    /// <summary>The next in turn who fit and whom every rule admits get what is free; whoever does not fit is passed over, and keeps their turn.</summary>
    public static Scene FillFromStandby(this Scene scene, Guid transport, DateTimeOffset at)
    {
        if (scene.Transports[transport] is not { Seal: not null, Departed: false }) return scene;
        foreach (var (household, _) in scene.Waiting(transport))
            if (scene.SeatAtGate(transport, household, at) is { Refusal: null } seated)
                scene = seated;
        return scene;
    }

    /// <summary>Gives what is free on the transport to those who stand by.</summary>
    public static Task FillAsync(TimelineStore store, Guid transport, By by, DateTimeOffset at, CancellationToken ct) => store.AttemptAsync(
        async work => (await work.LoadAsync<Transport>(transport)).Standby.IsEmpty ? null : (await LoadAsync(work, store.Database, transport)).FillFromStandby(transport, at).Into(work), by, ct);

    /// <summary>The same, and who of those that waited has a space then: also where the reaction was quicker, for nobody else would call them.</summary>
    public static async Task<IReadOnlyList<Guid>> FillAsync(TimelineStore store, Transport waitedFor, By by, DateTimeOffset at, CancellationToken ct)
    {
        var waited = waitedFor.Standby.SelectMany(group => group.People).ToHashSet();
        if (waited.Count == 0) return [];
        await FillAsync(store, waitedFor.Id, by, at, ct);
        return [.. (await store.LoadAsync<Transport>(waitedFor.Id, ct: ct)).State.Lines.Where(space => space.IsTaken && waited.Contains(space.PersonId)).Select(space => space.PersonId)];
    }

    /// <summary>Whatever frees a space, and whoever is killed after it: the next in turn get it. So it is where a space is free and somebody who waits may go now.</summary>
    public static void Add(Reactions reactions) => reactions.On(
        woken => FillAsync(woken.Timeline, woken.StreamId, woken.By, woken.Now, woken.Stopping),
        typeof(SpaceFreed), typeof(StandbyJoined), typeof(ManifestSealed), typeof(TransportResized), typeof(SeatsGivenBack)).On(
        async woken =>
        {
            if ((await woken.Timeline.LoadAsync<Passenger>(woken.StreamId, ct: woken.Stopping)).State.StandsBy is { } transport)
                await FillAsync(woken.Timeline, transport, woken.By, woken.Now, woken.Stopping);
        },
        typeof(EvacuationConsentGiven), typeof(TravelDocumentIssued), typeof(FitToTravelAssessed), typeof(BestInterestsDecided), typeof(ChildSeparationEnded),
        typeof(ExitBarrierResolved), typeof(DetentionEnded), typeof(FearOfReturnStated), typeof(FearOfReturnWithdrawn), typeof(RegistrationRepeated), typeof(RegistrationCorrected),
        typeof(RegistrationSeparated), typeof(DuplicateUnmerged), typeof(CheckedIn));

    public static bool IsOn(this Scene scene, Passenger person, Guid transport) => scene.Transports[transport].Manifest.GetValueOrDefault(person.Id) is { IsTaken: true };

    /// <summary>Whether some of them are checked in or on board at another gate: the others are not led away from them.</summary>
    public static bool IsParted(this Scene scene, Household household, Guid transport) =>
        household.Members.Any(member => member.OpenSeats.Any(seat => seat.TransportId != transport && seat.State is not SeatState.Held));

    // Who has left already, or was brought somewhere else, is no longer one of those who stand here.
    private static bool IsHere(this Scene scene, Passenger person, Guid transport) =>
        person is { IsKnown: true, Erased: false, MergedInto: null, HasArrived: false }
        && person.OpenSeats.All(seat => seat.State is SeatState.Held || !scene.Transports[seat.TransportId].Departed)
        && (person.Places.Arrival is not { } arrival || person.Places.Latest.Any(word => word.Since > arrival.Since)
            || scene.Transports.GetValueOrDefault(arrival.Id!.Value)?.Schedule is not { } came || came.To == scene.Transports[transport].Schedule?.From);

    private static Scene LeaveOtherGate(this Scene scene, Guid person, DateTimeOffset at) => scene.People[person].StandsBy is not { } place ? scene
        : scene.AskTransport(place, t => t.LeaveStandby([person], SeatedElsewhere, at)).Ask(person, p => p.EndStandby(SeatedElsewhere, at));

    // What they give up for the space, and which leg of their journey it is: the one that goes the same way, where the
    // later ones can still be reached, and else a new journey. One that stays inside the country goes on with the next plan.
    private static (Guid Plan, int Number, int Of, List<Seat> Lost) Instead(this Scene scene, Transport run, Guid person, Leg leg)
    {
        var open = scene.StillFreeable(person);
        var s = run.Schedule!;
        return open.Find(seat => scene.Transports[seat.TransportId].Schedule is { } old && old.From == s.From && old.To == s.To) is { } same
            && open.TrueForAll(seat => seat.Leg <= same.Leg || seat.DepartsAt >= s.ArrivesAt)
            ? (same.PlanId, same.Leg, same.Legs, open.FindAll(seat => seat.Leg <= same.Leg))
            : (run.Id, 1, leg.ToCountry is null ? 2 : 1, open);
    }
}
