using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Detention;

/// <summary>
/// Telling a consular post that a person is detained: only if the person wants it, and never a state that they fear (rule N;
/// Vienna Convention on Consular Relations Art. 36 (1) (b)). The fear is asked about when the wish is recorded and again
/// when the notice is given.
/// </summary>
internal static class GiveNotice
{
    internal sealed record Ask(Guid DetentionId, Guid NoticeId, string To, bool Consent, string Officer, DateTimeOffset At);

    private sealed record AskBody(string To, bool Consent, DateTimeOffset? At = null);
    private sealed record Body(DateTimeOffset? At = null);

    private static Refusal Feared => Refusal.Conflict("detention/notice-to-feared-state",
        "The person fears serious harm from this state, so its post is never told (non-refoulement, rule N). Only the person can take that back, to a protection officer.");

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/people/{personId:guid}/detentions/{detentionId:guid}/notices", async Task<IResult> (Guid personId, Guid detentionId, AskBody body, HttpContext http, TimelineStore store, CancellationToken ct) =>
        {
            if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
            if (CountryField.ReadPlace(body.To, "to", out var to) is { } nowhere) return nowhere.ToProblem();
            var (id, officer) = (http.Ids().Next(), http.User.Identity!.Name!);
            var outcome = await store.DecideAsync<Detainee>(personId, person => Decide(person, new Ask(detentionId, id, to, body.Consent, officer, at)), new By(officer), ct);
            return outcome.ToResult(http, () => TypedResults.Created($"/people/{personId}/detentions", new { personId, detentionId, noticeId = id, dueAt = at + Detainee.NoticeWithin }));
        }).Allow(Roles.Officer, Roles.ProtectionOfficer).WithSummary("Record that the detained person wants a post to be told")
          .WithDescription("consent: that the person themselves wants it. Without it, and for a state that they fear, the answer is a refusal.");

        MapStep("given", "Record that the post was told", Given);
        MapStep("withdrawal", "Record that the person does not want the post to be told any more", Withdraw);

        void MapStep(string step, string summary, Func<Detainee, Guid, Guid, string, DateTimeOffset, Decision> decide) =>
            api.MapPost($"/people/{{personId:guid}}/detentions/{{detentionId:guid}}/notices/{{noticeId:guid}}/{step}", async Task<IResult> (
                Guid personId, Guid detentionId, Guid noticeId, Body body, HttpContext http, TimelineStore store, CancellationToken ct) =>
            {
                if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
                var officer = http.User.Identity!.Name!;
                var outcome = await store.DecideAsync<Detainee>(personId, person => decide(person, detentionId, noticeId, officer, at), new By(officer), ct);
                return outcome.ToResult(http, () => TypedResults.NoContent());
            }).Allow(Roles.Officer, Roles.ProtectionOfficer).WithSummary(summary);
    }

    internal static Decision Decide(Detainee person, Ask command) =>
        !command.Consent ? Refusal.Invalid("detention/no-consent", "A post is told only if the detained person themselves wants it. Ask them; if they do, send consent as true.", "consent")
        : person.File.Missing is { } missing ? missing
        : person.Find(command.DetentionId) is not { } stay ? Detainee.UnknownStay
        : !stay.IsOpen ? Detainee.Ended
        : person.File.Fears.Bars(command.To) ? Feared
        : stay.Notices.Any(notice => notice.IsOpen && notice.To == command.To) ? Refusal.Conflict("detention/notice-already-asked", "This notice is asked for already. Give it, or record that it was given.")
        : new DetentionNoticeAsked(stay.Id, command.NoticeId, command.To, command.Officer, command.At + Detainee.NoticeWithin, command.At);

    internal static Decision Given(Detainee person, Guid detentionId, Guid noticeId, string officer, DateTimeOffset at) =>
        Find(person, detentionId, noticeId) is var (notice, refusal) && refusal is not null ? refusal
        : notice!.GivenAt is not null ? Decision.Nothing
        : notice.Withdrawn ? Refusal.Conflict("detention/wish-taken-back", "The person took back the wish that this post is told. It must not be told.")
        : person.File.Fears.Bars(notice.To) ? Feared
        : new DetentionNoticeGiven(detentionId, noticeId, officer, at);

    internal static Decision Withdraw(Detainee person, Guid detentionId, Guid noticeId, string officer, DateTimeOffset at) =>
        Find(person, detentionId, noticeId) is var (notice, refusal) && refusal is not null ? refusal
        : notice!.Withdrawn ? Decision.Nothing
        : notice.GivenAt is not null ? Refusal.Conflict("detention/notice-given", "The post was told already. Tell the person so, and tell the post that they want no contact.")
        : new DetentionNoticeWithdrawn(detentionId, noticeId, officer, at);

    private static (Notice? Notice, Refusal? Refusal) Find(Detainee person, Guid detentionId, Guid noticeId) =>
        person.File.Missing is { } missing ? (null, missing)
        : person.Find(detentionId) is not { } stay ? (null, Detainee.UnknownStay)
        : stay.Notices.Find(notice => notice.Id == noticeId) is not { } notice ? (null, Refusal.NotFound("detention/notice-unknown", "This detention has no notice with that id. Look at the person's detentions."))
        : (notice, null);
}
