using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Tracing;

/// <summary>
/// The one who is sought was asked and says whether the seeker may know. For a child a guardian decides, or a protection
/// officer by what is best for the child. Without a yes the seeker learns nothing, not even that somebody was found.
/// </summary>
/// <param name="ByProtection">A protection officer records it.</param>
internal sealed record AnswerTracing(Guid RequestId, bool Agreed, string? By, Guid? GuardianId, string? Message, bool ByProtection, string Officer, DateTimeOffset At, DateTimeOffset Now)
{
    private const string Self = "self", Guardian = "guardian", BestInterests = "best-interests", Wish = "wish";

    private sealed record Body(bool Agreed, string By, Guid? GuardianId = null, string? Message = null, DateTimeOffset? At = null);

    private sealed record NotThem(string Note, DateTimeOffset? At = null);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/people/{personId:guid}/tracing-matches/{requestId:guid}/answer", async Task<IResult> (Guid personId, Guid requestId, Body body, HttpContext http, TimelineStore store, CancellationToken ct) =>
        {
            if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
            var command = new AnswerTracing(requestId, body.Agreed, body.By, body.GuardianId, RegistrationRules.Text(body.Message), http.User.IsInRole(Roles.ProtectionOfficer), http.User.Identity!.Name!, at, store.Time.GetUtcNow());
            var outcome = await store.AttemptAsync(async work =>
            {
                var person = await work.LoadAsync<Sought>(personId);
                if (person.Find(requestId, command.ByProtection) is not { } asked) return Unknown;
                var (answer, told) = Decide(person, await work.LoadAsync<Seeker>(asked.SeekerId), command);
                return work.Append(personId, answer) ?? work.Append(asked.SeekerId, told);
            }, new By(command.Officer), ct);
            return outcome.ToResult(http, () => TypedResults.NoContent());
        }).Allow(Roles.Officer, Roles.ProtectionOfficer).WithSummary("Record whether a person who is sought wants to be found")
          .WithDescription("by: self; guardian (with guardianId) or best-interests (a protection officer) for a child; wish, for a person whose wish is on record that anyone may know. message: what the seeker is told.");

        api.MapPost("/people/{personId:guid}/tracing-matches/{requestId:guid}/closing", async Task<IResult> (Guid personId, Guid requestId, NotThem body, HttpContext http, TimelineStore store, CancellationToken ct) =>
        {
            if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
            var (officer, protection) = (http.User.Identity!.Name!, http.User.IsInRole(Roles.ProtectionOfficer));
            var outcome = await store.DecideAsync<Sought>(personId, person => Close(person, requestId, RegistrationRules.Text(body.Note), protection, officer, at), new By(officer), ct);
            return outcome.ToResult(http, () => TypedResults.NoContent());
        }).Allow(Roles.Officer, Roles.ProtectionOfficer).WithSummary("Record that it is not this person who is sought");
    }

    public static Refusal Unknown => Refusal.NotFound("tracing/match-unknown", "There is nothing of this kind for this person.");

    /// <summary>What goes on the timeline of the one who is sought, and on the seeker's; a refusal stands on both.</summary>
    internal static (Decision Answer, Decision Told) Decide(Sought person, Seeker seeker, AnswerTracing command)
    {
        if (person.Find(command.RequestId, command.ByProtection) is not { } asked || seeker.Find(asked.RequestId) is not { } search) return Both(Unknown);
        if (Refuse(person, seeker, asked, search, command) is { } refusal) return Both(refusal);
        if (asked.Answer?.Agreed == command.Agreed) return (Decision.Nothing, Decision.Nothing);
        return (new TracingAnswered(asked.RequestId, command.Agreed, command.By!, command.GuardianId, command.Officer, command.At),
            command.Agreed ? new RelativeFound(asked.RequestId, person.Id, command.Message, command.At) : Decision.Nothing);

        static (Decision, Decision) Both(Refusal refusal) => (refusal, refusal);
    }

    private static Refusal ProtectionOfficerNeeded { get; } = Refusal.Forbidden("tracing/protection-officer-needed", "A protection officer decides this for the child. Ask one.");

    private static Refusal ToldAlready { get; } =
        Refusal.Conflict("tracing/told-already", "The seeker was told already. If the person is in danger now, tell a protection officer.");

    private static Refusal? Refuse(Sought person, Seeker seeker, Asked asked, Search search, AnswerTracing command)
    {
        var child = person.Person.IsChildOn(command.Now);
        return command switch
        {
            { By: not (Self or Guardian or BestInterests or Wish) } => Refusal.Invalid("tracing/by-unknown", "Say who decided: self, guardian, best-interests or wish.", "by"),
            { Message.Length: > 2000 } => Refusal.Invalid("tracing/message-too-long", "The message takes at most 2,000 characters.", "message"),
            _ when asked.Closed => Refusal.Conflict("tracing/closed", "It was recorded that this is not the person who is sought, or the request was withdrawn."),
            _ when asked.Answer is { Agreed: true } && !command.Agreed => ToldAlready,
            _ when command.Agreed && (seeker.Person.Unavailable is not null || !search.IsOpen && search.Found?.PersonId != person.Id) => Refusal.Conflict("tracing/request-ended", "Nobody looks for this person with that request any more."),
            { By: Self or Wish } when child => Refusal.Invalid("tracing/child-cannot-decide", "A child does not decide this alone. Ask a guardian, or a protection officer.", "by"),
            { By: Guardian or BestInterests } when !child => Refusal.Invalid("tracing/adult-decides", "An adult decides for themselves whether they want to be found.", "by"),
            { By: Wish } when person.Wish != Sought.Anyone => Refusal.Conflict("tracing/wish-says-otherwise", "The person did not say that anyone may know. Ask them."),
            { By: BestInterests, ByProtection: false } => ProtectionOfficerNeeded,
            { By: Guardian, ByProtection: false } when person.Person.Family.Separation is not null => ProtectionOfficerNeeded,
            { By: Guardian } when command.GuardianId is not { } guardian || guardian == seeker.Id || person.Person.Family.Guardians.All.GetValueOrDefault(guardian)?.Standing is not TieStanding.Confirmed =>
                Refusal.Invalid("tracing/not-the-guardian", "Name a confirmed guardian of this child who is not the seeker. If nobody has confirmed them, see them together and confirm the family: POST /households/{householdId}/confirmation.", "guardianId"),
            _ => null,
        };
    }

    internal static Decision Close(Sought person, Guid request, string? note, bool protection, string officer, DateTimeOffset at) =>
        note is not { Length: <= 2000 } ? Refusal.Invalid("tracing/note-missing", "Say in at most 2,000 characters why it is not this person.", "note")
        : person.Find(request, protection) is not { } asked ? Unknown
        : asked.Answer is { Agreed: true } ? ToldAlready
        : asked.Closed ? Decision.Nothing : new TracingMatchClosed(request, "not-the-person", note, officer, at);
}
