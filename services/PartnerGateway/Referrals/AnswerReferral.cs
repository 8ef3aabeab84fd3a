using CrisisCoordination.Contracts;
using CrisisCoordination.PartnerGateway.Agencies;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.PartnerGateway.Referrals;

/// <param name="Agency">The key of the agency that answers.</param>
internal sealed record AnswerReferral(Guid ReferralId, string Agency, ReferralAnswer Answer, string? Reason, DateTimeOffset At);

internal sealed record DeclineReferral(string Reason);

/// <summary>The agency takes the case, or says why it does not.</summary>
internal static class AnswerReferralFeature
{
    private const int LongestReason = 2000;

    public static Decision Decide(PersonForPartners person, AnswerReferral command)
    {
        // Whose referral it is, is nobody else's business: another agency's does not exist.
        if (person.Referrals.GetValueOrDefault(command.ReferralId) is not { } referral || !referral.IsTo(command.Agency))
            return Refusal.NotFound("referral/unknown", "There is no such referral to your agency. Look it up in the list of referrals.");
        if (referral.Answer == command.Answer) return Decision.Nothing;
        if (referral.Answer != ReferralAnswer.None)
            return Refusal.Conflict("referral/answered", $"Your agency has {(referral.Answer == ReferralAnswer.Accepted ? "accepted" : "declined")} this referral already. Call the officer who made it if that has changed.");
        // The same words whatever the reason: one of them is that the person fears the agency's state.
        if (!person.MayAnswer(command.Agency))
            return Refusal.Conflict("referral/consent-withdrawn", "Your agency is no longer told of this person. Delete what you hold about them.");
        return command.Answer == ReferralAnswer.Accepted
            ? new ReferralAccepted(referral.Id, referral.Agency, command.At)
            : new ReferralDeclined(referral.Id, referral.Agency, command.Reason, command.At);
    }

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/referrals/{personId:guid}/{referralId:guid}/acceptance", (Guid personId, Guid referralId, TimelineStore store, HttpContext http) =>
            AnswerAsync(personId, referralId, ReferralAnswer.Accepted, null, store, http)).Allow(Roles.Partner);
        api.MapPost("/referrals/{personId:guid}/{referralId:guid}/decline", (Guid personId, Guid referralId, DeclineReferral command, TimelineStore store, HttpContext http) =>
            string.IsNullOrWhiteSpace(command.Reason) || command.Reason.Length > LongestReason
                ? Task.FromResult<IResult>(Refusal.Invalid("referral/reason", $"Say why your agency does not take the case, in at most {LongestReason} characters.", "reason").ToProblem())
                : AnswerAsync(personId, referralId, ReferralAnswer.Declined, command.Reason, store, http)).Allow(Roles.Partner);
    }

    private static async Task<IResult> AnswerAsync(Guid personId, Guid referralId, ReferralAnswer answer, string? reason, TimelineStore store, HttpContext http)
    {
        var (agency, refusal) = await Agency.OfCallerAsync(http, store);
        if (refusal is not null) return refusal.ToProblem();
        var outcome = await store.AttemptAsync(async work =>
        {
            await work.ReadAsync([personId, Agency.StreamId(agency)]);
            var person = await work.LoadAsync<PersonForPartners>(personId) with
            {
                Agencies = new Dictionary<string, AgencyState> { [agency] = (await work.LoadAsync<Agency>(Agency.StreamId(agency))).State },
            };
            return work.Append(personId, Decide(person, new(referralId, agency, answer, reason, store.Time.GetUtcNow())));
        }, new By(http.User.Identity!.Name), http.RequestAborted);
        return outcome.ToResult(http, () => TypedResults.NoContent());
    }
}
