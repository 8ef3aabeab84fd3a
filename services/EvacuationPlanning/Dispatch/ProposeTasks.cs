using System.Collections.Immutable;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.Timeline;
using Position = CrisisCoordination.Contracts.Position;

namespace CrisisCoordination.EvacuationPlanning.Dispatch;

/// <summary>A task as it should be by who holds seats now.</summary>
internal sealed record Wanted(
    Guid Id, string Kind, string AssemblyPoint, Guid? FetchedFrom, ImmutableArray<Guid> People, ImmutableArray<string> Skills, ImmutableArray<string> Languages, DateTimeOffset DueAt);

/// <summary>
/// What a departure needs on the ground, from its manifest and the people on it. Who begins the journey here is fetched,
/// brought, escorted and given papers at most once each; who changes here is already in somebody's care.
/// </summary>
internal static class ProposeTasks
{
    // The team must stand at the gate before the first people come, and papers must be in hand before that.
    private static readonly TimeSpan AtGate = TimeSpan.FromHours(2), Papers = TimeSpan.FromHours(3);

    private const double SamePlaceInKilometres = 1;
    private static readonly double Reach = new Terms().ReachInKilometres;

    /// <param name="point">Where the transport leaves from; null when that is not known.</param>
    public static IReadOnlyList<Wanted> For(Transport transport, IReadOnlyDictionary<Guid, Charge> people, Position? point)
    {
        if (transport is not { Schedule: { } schedule, Departed: false, Cancelled: false }) return [];
        var aboard = transport.Lines.Where(space => space.IsTaken && people.ContainsKey(space.PersonId)).OrderBy(space => space.PersonId).ToList();
        var day = Scene.DayOf(transport);
        var wanted = new List<Wanted>();
        Add(FieldTask.GateDuty, "", aboard.ConvertAll(space => people[space.PersonId]), [], AtGate);

        var starting = aboard.Where(space => people[space.PersonId].Passenger is { Erased: false, CameWith: null, Seats: var seats } && seats.MinBy(seat => seat.Leg)?.TransportId == transport.Id).ToList();
        Add(FieldTask.DocumentHandover, "", [.. starting.Select(space => people[space.PersonId]).Where(one => one.Passenger.AsTraveller(day).EmergencyDocument is not null)], [], Papers);
        foreach (var party in starting.GroupBy(space => space.GroupId, space => people[space.PersonId]))
        {
            var members = party.ToList();
            var fetched = Fetched(members, point, day);
            foreach (var (place, together) in Places(fetched))
                Add(FieldTask.PickUp, $"/{place.Id}", together, [
                    "driver", .. together.Exists(one => one.Passenger.Mobility is not Mobility.None) ? ["wheelchair-vehicle"] : Array.Empty<string>(),
                    .. together.Exists(NeedsMedic) ? ["medical"] : Array.Empty<string>(), .. together.Exists(one => IsAlone(one, day)) ? ["child-protection"] : Array.Empty<string>()], AtGate, place.Id);
            var carried = members.Where(one => one.Passenger.Mobility is not Mobility.None && !fetched.Contains(one)).ToList();
            Add(FieldTask.MedicalTransfer, $"/{party.Key}", carried, ["wheelchair-vehicle", .. carried.Exists(NeedsMedic) ? ["medical"] : Array.Empty<string>()], AtGate,
                carried.Find(one => one.Position is not null)?.Id);
            var alone = members.Where(one => IsAlone(one, day)).ToList();
            var escorts = members.Where(one => alone.Exists(child => child.Passenger.EscortId == one.Id));
            Add(FieldTask.Escort, $"/{party.Key}", alone.Count == 0 ? [] : [.. alone.Concat(escorts).Distinct().OrderBy(one => one.Id)], ["child-protection"], AtGate);
        }
        return wanted;

        void Add(string kind, string which, List<Charge> who, string[] skills, TimeSpan ahead, Guid? fetchedFrom = null)
        {
            if (who.Count == 0) return;
            string[] languages = kind is FieldTask.GateDuty ? [] : [.. who.Select(one => one.Form?.InterpreterLanguage).OfType<string>().Distinct().Order(StringComparer.Ordinal)];
            wanted.Add(new(StreamId.Task(transport.Id, kind + which), kind, schedule.From, fetchedFrom, [.. who.Select(one => one.Id)],
                [.. skills.Order(StringComparer.Ordinal)], [.. languages], schedule.DepartsAt - ahead));
        }
    }

    /// <summary>Follows the manifest: proposes, revises or calls off. What is done is done, but for people who came later.</summary>
    /// <param name="team">The one that has it.</param>
    /// <param name="why">The code if it is to be called off.</param>
    public static Decision Follow(this FieldTask task, Guid transport, Wanted? wanted, Team? team, string why, DateTimeOffset at) => (wanted, task.State) switch
    {
        (null, TaskState.Unknown or TaskState.Done or TaskState.CalledOff) => Decision.Nothing,
        // A team on its way brings its people to an end; it says itself how it ended.
        (null, TaskState.Accepted or TaskState.UnderWay) when why == "departed" => Decision.Nothing,
        (null, _) => new TaskCalledOff(why, at),
        (_, TaskState.Done) when task.Kind is FieldTask.GateDuty => Decision.Nothing,
        ({ } w, TaskState.Unknown or TaskState.CalledOff or TaskState.Done) => new TaskProposed(transport, w.Kind, w.AssemblyPoint, w.FetchedFrom, w.People, w.Skills, w.Languages, w.DueAt, at),
        ({ } w, _) when task.Is(w) => Decision.Nothing,
        ({ } w, var state) => Revise(task, new(w.AssemblyPoint, w.FetchedFrom, w.People, w.Skills, w.Languages, w.DueAt, at), state is TaskState.UnderWay ? null : team),
    };

    // A team that cannot do what it has become lets go of it, unless it has set out: then it says itself what it can.
    private static Decision Revise(FieldTask task, TaskRevised now, Team? team) =>
        team is not null && task.Apply(now) is var next && !(team.Can(next) && (team.Carries(next) || next.Count <= task.Count))
            ? Decision.Of([.. task.Withdraw("changed", null, now.At).Events, now]) : now;

    /// <summary>Without those whom another task of the kind has already served, and without who came to the gate by themselves.</summary>
    /// <param name="tasks">All there are for the departure.</param>
    /// <param name="atGate">Who was checked in or is on board. A team that has accepted may have brought them, and says so itself.</param>
    public static IEnumerable<Wanted> Unserved(IEnumerable<Wanted> all, IReadOnlyCollection<FieldTask> tasks, IReadOnlySet<Guid> atGate) =>
        from wanted in all
        let served = tasks.Where(task => task.Kind == wanted.Kind && task.State is TaskState.Done).SelectMany(task => task.People).ToHashSet()
        let free = wanted.Kind is FieldTask.PickUp or FieldTask.MedicalTransfer && !tasks.Any(task => task.Id == wanted.Id && task.State is (TaskState.Accepted or TaskState.UnderWay))
        let left = wanted.Kind is FieldTask.GateDuty ? wanted.People : [.. wanted.People.Where(person => !served.Contains(person) && !(free && atGate.Contains(person)))]
        where left.Length > 0
        select wanted with { People = left };

    private static bool Is(this FieldTask task, Wanted wanted) =>
        (task.AssemblyPoint, task.FetchedFrom, task.DueAt) == (wanted.AssemblyPoint, wanted.FetchedFrom, wanted.DueAt)
        && task.People.SequenceEqual(wanted.People) && task.Skills.SequenceEqual(wanted.Skills) && task.Languages.SequenceEqual(wanted.Languages);

    // Whoever is too far away; and a whole family in which nobody can bring the others.
    private static HashSet<Charge> Fetched(List<Charge> members, Position? point, DateOnly day)
    {
        var helpless = !members.Exists(one => one.IsAble(day)) && members.Exists(one => one.Passenger.Mobility is Mobility.None) && members.Exists(one => one.Position is not null);
        return [.. members.Where(one => helpless || (point is not null && one.Position?.KilometresTo(point) > Reach))];
    }

    // People at one place are fetched together; whose place is not known is fetched with the family.
    private static List<(Charge Place, List<Charge> Together)> Places(IEnumerable<Charge> fetched)
    {
        var places = new List<(Charge Place, List<Charge> Together)>();
        foreach (var one in fetched.OrderBy(one => one.Position is null).ThenBy(one => one.Id))
            if (places.FindIndex(place => one.Position is null || place.Place.Position!.KilometresTo(one.Position) <= SamePlaceInKilometres) is >= 0 and var at) places[at].Together.Add(one);
            else places.Add((one, [one]));
        return places;
    }

    private static bool NeedsMedic(Charge one) => one.Passenger.Mobility is Mobility.Stretcher || one.Needs.Contains("SM");

    private static bool IsAlone(Charge one, DateOnly day) => one.Passenger.AsTraveller(day) is { IsUnaccompanied: true, IsMinor: true };
}
