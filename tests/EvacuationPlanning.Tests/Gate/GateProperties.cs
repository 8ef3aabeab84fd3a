using System.Collections.Immutable;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Gate;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.EvacuationPlanning.Plans;
using CrisisCoordination.EvacuationPlanning.Travel;
using FsCheck;
using FsCheck.Fluent;
using Xunit;
using static CrisisCoordination.EvacuationPlanning.Tests.Sudan;

namespace CrisisCoordination.EvacuationPlanning.Tests.Gate;

/// <summary>Two convoys at one time and a ship after them, a family of three and others, and gates where anything happens in any order.</summary>
public sealed class GateProperties
{
    private enum What { Plan, Seal, Unseal, CheckIn, Board, NoShow, StandBy, GoAway, Fill, WalkUp, Withdraw, Fear, Depart, Arrive, Count, Close }

    private sealed record Step(What What, int Person, int Run);

    private const int People = 7;
    private static readonly HouseholdJoined Home = new(Id(60), null, Noon);
    private static readonly int[] Family = [1, 2, 3];
    private static readonly Transport OtherConvoy = Transport.Start(Id(104)).After(Convoy(3).Schedule! with { Code = "other", Seats = 3, WheelchairSpaces = 0 });
    private static readonly Transport[] Runs = [Convoy(4, 1, 0), OtherConvoy, Ship(3)];

    private static Scene Start => SceneOf(
        [
            Adult(1, Home), Child(2, Home), Infant(3, Home), Adult(4), Adult(5, new NeedsAssessed(2, 5, "test", null, Noon)), Adult(6),
            Told(7, new() { BirthDate = new(1950), Nationality = "IND", Mobility = Mobility.Wheelchair, Document = new("passport", "X", new(2030, 1, 1), DocumentStatus.Valid) }),
        ], Runs);

    [Fact]
    public void Whatever_happens_at_the_gates_no_space_is_given_twice_nobody_is_in_two_places_and_no_family_is_parted() =>
        Prop.ForAll(Arb.From(Steps), steps =>
        {
            var scene = Start;
            foreach (var step in steps)
            {
                var after = Take(scene, step);
                if (after.Refusal is not null) continue;
                if (Fault(scene, after, step) is { } fault) throw new InvalidOperationException($"{step}: {fault}");
                scene = after.Settled();
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1500).WithQuietOnSuccess(true));

    private static Scene Take(Scene scene, Step step)
    {
        var (run, person, held) = (Runs[step.Run].Id, Id(step.Person), scene.People[Id(step.Person)]);
        switch (step.What)
        {
            case What.Plan:
                var household = Household.Of([.. scene.People.Values.Where(one => one.State is TravelState.Waiting or TravelState.Held)]).FirstOrDefault(one => one.Members.Contains(held));
                if (household is null || household.Holders.Any()) return scene;
                ImmutableArray<Guid> ids = [.. household.Members.Select(member => member.Id)];
                return scene.Seat(Guid.CreateVersion7(), new Seating(household.Id, ids, ids, [scene.LegOf(held, run)]), new(2023, 4, 23), Noon);
            case What.Seal: return scene.AskTransport(run, t => t.SealManifest("o", Noon));
            case What.Unseal: return scene.AskTransport(run, t => t.UnsealManifest("wrong-people", "o", Noon));
            case What.CheckIn: return CheckInPersonFeature.Decide(scene, new(run, person, null, "o", Noon));
            case What.Board: return BoardPersonFeature.Decide(scene, new(run, person, "o", Noon));
            case What.NoShow: return RecordNoShowFeature.Decide(scene, new(run, person, null, "o", Noon));
            case What.StandBy: return StandByFeature.Decide(scene, new(run, person, null, "o", Noon));
            case What.GoAway: return StandByFeature.Leave(scene, run, person, Noon);
            case What.Fill: return scene.FillFromStandby(run, Noon);
            case What.WalkUp: return WalkUpFeature.Decide(scene, new(run, person, null, null, "o", Noon));
            case What.Withdraw: return WithdrawConsentFeature.Decide(scene, new(person, null, "o", Noon));
            case What.Fear: return StateFearFeature.Decide(scene, new(person, ["SAU"], null, "o", Noon));
            case What.Depart: return DepartTransportFeature.Decide(scene, new(run, "o", Noon));
            case What.Arrive: return ArriveWithTransportFeature.Decide(scene, new(run, "o", Noon));
            default: return ReconcileFeature.Decide(scene, new(run, step.What is What.Count && scene.Transports[run].Manifest.GetValueOrDefault(person) is { State: SpaceState.Boarded } ? [person] : [], [], [], [], step.What is What.Close, "o", Noon));
        }
    }

    private static string? Fault(Scene before, Scene after, Step step)
    {
        foreach (var run in after.Transports.Values)
        {
            var was = before.Transports[run.Id];
            var taken = run.Lines.Where(space => space.IsTaken).ToList();
            var used = taken.Aggregate(default(Spaces), (sum, space) => sum + space.Needs);
            if (!run.Offered.Hold(used) || used != run.Taken) return $"{run.Schedule!.Code} is over-full";
            if (was.Departed && after.Decided.Any(d => d.Stream == run.Id && d.Event is SpaceTaken or SpaceBoarded or SpaceCheckedIn or SpaceFreed)) return $"{run.Schedule!.Code} changed after it left";
            if (was.Seal is not null && step.What is What.Plan && run.Taken != was.Taken) return $"a plan changed {run.Schedule!.Code} though it is sealed";
            if (run.Seal is null && !run.Departed && run.In(SpaceState.Boarded).Any(space => !was.Manifest.ContainsKey(space.PersonId) || was.Manifest[space.PersonId].State is not SpaceState.Boarded)) return "somebody boarded a draft";
            if (run.Departed && run.NotAboard.Any()) return $"{run.Schedule!.Code} left with somebody who is not on board";
            foreach (var person in after.People.Values)
            {
                var seat = person.OpenSeats.FirstOrDefault(open => open.TransportId == run.Id);
                var space = run.Manifest.GetValueOrDefault(person.Id);
                var state = space is { IsTaken: true } and not { State: SpaceState.Arrived } ? space.State.ToString() : null;
                if (state != seat?.State.ToString()) return $"the person has {seat?.State.ToString() ?? "nothing"} where the transport has {state ?? "nothing"}";
                if (!run.Departed && run.Standby.Exists(group => group.People.Contains(person.Id)) != (person.StandsBy == run.Id)) return "the list and the person disagree on who stands by";
                if (person.StandsBy == run.Id && taken.Exists(own => own.PersonId == person.Id)) return "somebody stands by who has a space";
            }
            // Who was left behind by a departure is no longer with the others; all who are here sit together.
            if (!run.Departed && Family.Any(id => Has(run, id)) && !Family.All(id => Has(run, id) || after.Transports.Values.Any(other => other.Departed && other.Manifest.ContainsKey(Id(id))) || Family.Any(one => after.Transports.Values.Any(other => other.Departed && Has(other, one)))))
                return $"the family is parted on {run.Schedule!.Code}";
        }
        foreach (var person in after.People.Values)
            foreach (var seat in person.OpenSeats)
                if (person.OpenSeats.Any(other => other != seat && Overlap(after.Transports[seat.TransportId], after.Transports[other.TransportId]))) return "somebody has two seats at one time";
        return null;

        static bool Has(Transport run, int id) => run.Manifest.GetValueOrDefault(Id(id)) is { IsTaken: true };

        static bool Overlap(Transport one, Transport other) => one.Schedule!.DepartsAt < other.Schedule!.ArrivesAt && other.Schedule.DepartsAt < one.Schedule.ArrivesAt;
    }

    private static Gen<Step[]> Steps =>
        (from what in Gen.Elements(
            What.Plan, What.Plan, What.Plan, What.Plan, What.Seal, What.Unseal, What.CheckIn, What.CheckIn, What.CheckIn, What.Board, What.Board, What.Board, What.Board, What.NoShow, What.StandBy, What.StandBy,
            What.StandBy, What.GoAway, What.Fill, What.Fill, What.WalkUp, What.WalkUp, What.WalkUp, What.Withdraw, What.Fear, What.Depart, What.Arrive, What.Count, What.Close)
         from person in Gen.Choose(1, People)
         from run in Gen.Choose(0, Runs.Length - 1)
         select new Step(what, person, run)).ArrayOf().Resize(60);
}
