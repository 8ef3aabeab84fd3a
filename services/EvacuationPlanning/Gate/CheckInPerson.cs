using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Manifests;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrisisCoordination.EvacuationPlanning.Gate;

internal sealed record CheckInPerson(Guid TransportId, Guid PersonId, string? Gate, string Officer, DateTimeOffset At);

internal static class CheckInPersonFeature
{
    private const int LongestGate = 50;

    /// <param name="Token">The tracking token of somebody who registered themselves.</param>
    /// <param name="Document">A number, or the machine readable zone, of whatever document they show.</param>
    internal sealed record ShownAtGate(Guid? PersonId = null, string? Token = null, string? Document = null, string? Gate = null, DateTimeOffset? At = null);

    /// <summary>Somebody as the officer compares them with who stands there.</summary>
    /// <param name="OnConditions">A health worker said what must be kept to on the way; the aid service tells what.</param>
    internal sealed record Seen(
        Guid PersonId, string? FamilyName, string? GivenNames, string? NameInOriginalScript, Sex? Sex, BirthDate? BirthDate, Age Age, Mobility Space, bool OnLap, SpaceState State, bool OnConditions);

    internal sealed record CheckInAnswer(Guid TransportId, string? Gate, Seen Person, IReadOnlyList<Seen> TravelsWith, SealNow? Seal);

    /// <summary>Every rule is asked when the seat is held, here, at boarding and at departure.</summary>
    public static Scene Decide(Scene scene, CheckInPerson command)
    {
        var (transport, person) = (command.TransportId, scene.People[command.PersonId]);
        var checkedIn = scene.AskTransport(transport, t => t.CheckIn(person.Id, command.Gate, command.Officer, command.At));
        var seat = person.OpenSeats.FirstOrDefault(open => open.TransportId == transport);
        return checkedIn.Refusal == Transport.NoSpace ? scene.Refuse(person.NotOnThisOne)
            : checkedIn.Refusal is not null || checkedIn.Decided.IsEmpty ? checkedIn
            : checkedIn.Ask(person.Id, p => seat is null ? Transport.NoSpace
                : p.CheckIn(scene.LegOf(person, seat), scene.PartyOn(transport, person.Id, atGate: true), command.Gate, command.Officer, command.At));
    }

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/transports/{transportId:guid}/check-in", async Task<IResult> (Guid transportId, ShownAtGate body, HttpContext http, TimelineStore store, CancellationToken ct) =>
        {
            if ((http.Happen(body.At, out var at) ?? Named(body.Gate)) is { } refusal) return refusal.ToProblem();
            var (found, unknown) = await Shown.FindAsync(store, transportId, body.PersonId, body.Token, body.Document, ct);
            if (unknown is not null) return unknown.ToProblem();
            var (person, gate) = (found!.Value, body.Gate?.Trim());
            Scene? decided = null;
            var outcome = await store.AttemptAsync(async work =>
            {
                var scene = await Scene.AroundAsync(work, person);
                scene = await scene.WithAsync(work, transportId);
                return (decided = Decide(scene, new(transportId, person, gate, http.Officer(), at))).Into(work);
            }, new By(http.Officer()), ct);
            if (outcome.Refusal is not null) return outcome.Refusal.ToProblem();

            var run = decided!.Transports[transportId];
            var party = run.PartyOf(person).Where(other => other != person).Prepend(person).ToArray();
            var names = (await store.ReadAsync(party, ct)).ToDictionary(timeline => timeline.Id, timeline => timeline.Fold<Listed>());
            await http.LogReadAsync("check-in", party.Select(id => (Guid?)id));
            return outcome.ToResult(http, () => TypedResults.Ok(new CheckInAnswer(
                transportId, run.Manifest[person].Gate, See(person), [.. party.Skip(1).Select(See)], SealNow.Of(run))));

            Seen See(Guid id)
            {
                var (form, space) = (names[id].Form, run.Manifest[id]);
                return new(id, form?.FamilyName, form?.GivenNames, form?.NameInOriginalScript, form?.Sex, form?.BirthDate,
                    decided.People[id].AsTraveller(Scene.DayOf(run)).Age, space.Kind, space.OnLap, space.State, decided.People[id].TravelsOnConditions);
            }
        }).LogsRead("check-in").Allow(Roles.Coordinator).WithSummary("Check somebody in at the gate")
          .WithDescription("By personId, by the token of somebody who registered themselves, or by document: the number or the machine readable zone of what they show. Answers who it must be and with whom they travel. onConditions: read GET /people/{personId}/fit-to-travel of the aid service before they board.");

    internal static Refusal? Named(string? gate) =>
        gate is null || (gate.Trim() is { Length: > 0 and <= LongestGate } name && !name.Any(char.IsControl)) ? null
            : Refusal.Invalid("check-in/gate", $"Name the gate in 1 to {LongestGate} characters, or leave it out where there is only one.", "gate");
}
