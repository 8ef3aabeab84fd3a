using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.ConsularContact.Whereabouts;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.SelfService;

/// <summary>An officer looks at what a token's holder told of a merged record, and accepts or declines it.</summary>
/// <param name="Reason">Why it is declined.</param>
internal sealed record AnswerProposal(Guid ProposalId, bool Accepts, string? Reason, string Officer, DateTimeOffset At)
{
    /// <summary>Age is asked today.</summary>
    public DateTimeOffset Now { get; init; } = At;

    private const string Accepted = "Told by the holder of the tracking token; accepted by an officer.";

    private sealed record Acceptance(DateTimeOffset? At = null);

    private sealed record Decline(string Reason, DateTimeOffset? At = null);

    public static void Map(IEndpointRouteBuilder api)
    {
        var proposals = api.MapGroup("/people/{personId:guid}/proposals");
        proposals.MapGet("", ListAsync).Allow(Roles.Officer).LogsRead("proposals")
            .WithSummary("What the holder of a tracking token proposes for this person");
        proposals.MapPost("/{proposalId:guid}/acceptance", AcceptAsync).Allow(Roles.Officer).WithSummary("Accept a proposal")
            .WithDescription("Ask the person first. Consent to share is recorded by itself, as heard from them.");
        proposals.MapPost("/{proposalId:guid}/decline", DeclineAsync).Allow(Roles.Officer).WithSummary("Decline a proposal");
    }

    public static Decision Decide(Proposals proposals, Person person, LastKnown whereabouts, AnswerProposal command)
    {
        if (person.Unavailable is { } unavailable) return unavailable;
        if (proposals.Find(command.ProposalId, command.Accepts, out var told) is { } refusal) return refusal;
        if (proposals.IsAnswered(command.ProposalId)) return Decision.Nothing;
        if (!command.Accepts)
            return command.Reason is { Length: <= 2000 } reason
                ? new ProposalDeclined(command.ProposalId, command.Officer, reason, command.At)
                : Refusal.Invalid("proposal/reason-missing", "Say in a sentence why it is declined.", "reason");
        var applied = told switch
        {
            { What: Proposals.Registration, Form: { } form, RegistrationId: var registration } =>
                CorrectRegistration.Decide(person, new(registration, form, Accepted, command.ProposalId, command.Officer, command.At, command.Now)),
            { What: Proposals.CheckIn, State: { } state } said =>
                CheckIn.Decide(whereabouts, new(command.ProposalId, state, "self", new(said.Place, said.Position), said.At)),
            { What: Proposals.Withdrawal } => Consent.Withdraw(person, command.Officer, command.At),
            _ => Decision.Nothing,
        };
        // The token was given for the record before the merge; what it says about agencies is no consent for this one.
        return applied.Refusal is not null ? applied
            : Decision.Of([
                new ProposalAccepted(command.ProposalId, command.Officer, command.At),
                .. applied.Events.Where(e => e is not SharingConsentGiven),
            ]);
    }

    private static Task<IResult> AcceptAsync(
        Guid personId, Guid proposalId, Acceptance? body, HttpContext http, TimelineStore store, CancellationToken ct) =>
        AnswerAsync(personId, new(proposalId, true, null, http.User.Identity!.Name!, default), body?.At, http, store, ct);

    private static Task<IResult> DeclineAsync(
        Guid personId, Guid proposalId, Decline body, HttpContext http, TimelineStore store, CancellationToken ct) =>
        AnswerAsync(
            personId, new(proposalId, false, RegistrationRules.Text(body.Reason), http.User.Identity!.Name!, default), body.At, http, store, ct);

    private static async Task<IResult> AnswerAsync(
        Guid personId, AnswerProposal command, DateTimeOffset? said, HttpContext http, TimelineStore store, CancellationToken ct)
    {
        if (http.Happen(said, out var at) is { } early) return early.ToProblem();
        var outcome = await store.AttemptAsync(async work =>
        {
            var timeline = await work.ReadAsync(personId);
            var (proposals, person) = (timeline.Fold<Proposals>(), timeline.Fold<Person>());
            return work.Append(personId, Decide(proposals, person, timeline.Fold<LastKnown>(), command with { At = at, Now = store.Time.GetUtcNow() }));
        }, new By(command.Officer), ct);
        return outcome.ToResult(http, () => TypedResults.NoContent());
    }

    private static async Task<IResult> ListAsync(Guid personId, TimelineStore store, CancellationToken ct)
    {
        var timeline = await store.ReadAsync(personId, ct);
        var (person, proposals) = (timeline.Fold<Person>(), timeline.Fold<Proposals>());
        if (person.Unavailable is { } unavailable) return unavailable.ToProblem();
        return TypedResults.Ok(new
        {
            items = proposals.Open.Select(told => new
            {
                told.ProposalId,
                told.RegistrationId,
                told.What,
                told.State,
                told.Place,
                told.Position,
                told.Form,
                changes = CorrectRegistration.Fields(person.Registrations.Find(r => r.Id == told.RegistrationId)?.Form, told.Form),
                told.At,
                told.DueAt,
                overdue = proposals.IsLate(told),
            }),
            next = (string?)null,
        });
    }
}
