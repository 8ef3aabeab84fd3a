using CrisisCoordination.ConsularContact.Areas;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact;

/// <summary>
/// Takes in CAP 1.2 messages: an alert opens a crisis, updates change its areas, a cancel ends what it names. The same message
/// again changes nothing, and messages may come in any order.
/// </summary>
internal static class OpenCrisis
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/crises", Take).Accepts<string>("application/xml", "application/cap+xml", "text/xml").Allow(Roles.Officer, Roles.Coordinator).WithSummary("Take in a CAP 1.2 alert, update or cancel")
            .WithDescription("An alert opens a crisis; an update changes its areas; a cancel ends what it names in references. In which order they come does not matter. One that has expired (expired: true) keeps its areas until an update or a cancel comes.");
        api.MapGet("/crises", List).Allow([.. Roles.All]).WithSummary("The crises");
        api.MapGet("/crises/{crisisId:guid}", Read).Allow([.. Roles.All]).WithSummary("One crisis");
    }

    private static async Task<IResult> Take(HttpContext http, TimelineStore store, CrisisService service, FollowAreas follow, CancellationToken ct)
    {
        var (alert, fault) = await CapAlert.ReadAsync(http.Request.Body, ct);
        if (alert is null) return fault!.ToProblem();
        if (http.Happen(alert.Sent, out _, "sent") is { } untimely) return untimely.ToProblem();
        var by = new By(http.User.Identity!.Name);
        // Two at once may each find nothing: the read model's unique names let one through, and the other finds it then.
        for (var again = false; ; again = true)
        {
            var known = await FindAsync(store, service, alert, ct);
            if (known.Count > 1) return Refusal.Conflict("crisis/alert-of-two", "This message refers to messages of two crises. Send one for each.").ToProblem();
            var id = known.Count == 1 ? known[0] : http.Ids().Next();
            var outcome = await store.DecideAsync<Crisis>(id, crisis => Decide(crisis, alert), by, ct);
            if (outcome.Refusal is { Code: "timeline/busy" } && !again) continue;
            if (outcome.Changed) follow.Wake();
            var crisis = outcome.Refusal is null ? (await store.LoadAsync<Crisis>(id, ct: ct)).State : null;
            return outcome.ToResult(http, () => known.Count == 0 ? TypedResults.Created($"/crises/{id}", Answer(crisis!, alert)) : TypedResults.Ok(Answer(crisis!, alert)));
        }
    }

    internal static Decision Decide(Crisis crisis, CapAlert alert) =>
        crisis.Knows(alert.Self) ? Decision.Nothing
        : crisis.Opened is not { } opened
            ? alert.MessageType == CapAlert.Cancel
                ? Refusal.Conflict("crisis/alert-unknown", "None of the messages that this one cancels is known here. Send the alert first, then this again.")
                : new CrisisOpened(alert.Self.Identifier, alert.Self.Sender, alert.Status, alert.Name!, alert.Areas, alert.Sent) { References = alert.References, Expires = alert.Expires }
        // What is an exercise never becomes real by an update, nor the other way round.
        : opened.Status != alert.Status ? Refusal.Conflict("crisis/status-differs", $"The crisis is of status {opened.Status} and this message is not. A crisis of another status is opened by an alert of its own.")
        : alert.MessageType == CapAlert.Cancel ? new CrisisAlertCancelled(alert.Self.Identifier, alert.Self.Sender, alert.References, alert.Sent)
        : new CrisisUpdated(alert.Self.Identifier, alert.Self.Sender, alert.References, alert.Name!, alert.Areas, alert.Sent) { Expires = alert.Expires };

    private static object Answer(Crisis crisis, CapAlert alert) =>
        new { crisisId = crisis.Id, alert.Self.Identifier, crisis.Opened!.Status, crisis.Name, areas = crisis.Areas.Select(a => a.Name), crisis.Ended, expires = crisis.Current?.Expires, inForce = crisis.Current?.Self == alert.Self };

    private static async Task<List<Guid>> FindAsync(TimelineStore store, CrisisService service, CapAlert alert, CancellationToken ct)
    {
        await using var find = store.Database.CreateCommand($"""
            select distinct m.stream_id from {service.Schema}.crisis_message m join unnest($1, $2) as named (sender, identifier) using (sender, identifier)
            """);
        var named = alert.References.Prepend(alert.Self).ToArray();
        find.Parameters.Add(new() { Value = named.Select(m => m.Sender).ToArray() });
        find.Parameters.Add(new() { Value = named.Select(m => m.Identifier).ToArray() });
        await using var reader = await find.ExecuteReaderAsync(ct);
        var found = new List<Guid>();
        while (await reader.ReadAsync(ct)) found.Add(reader.GetGuid(0));
        return found;
    }

    private static async Task<IResult> List(TimelineStore store, CrisisService service, CancellationToken ct)
    {
        await using var list = store.Database.CreateCommand($"select stream_id, identifier, sender, status, name, opened_at, ended, expires_at from {service.Schema}.crisis order by opened_at desc limit 500");
        await using var reader = await list.ExecuteReaderAsync(ct);
        var items = new List<object>();
        while (await reader.ReadAsync(ct))
            items.Add(new { crisisId = reader.GetGuid(0), identifier = reader.GetString(1), sender = reader.GetString(2), status = reader.GetString(3), name = reader.GetString(4), openedAt = reader.GetFieldValue<DateTimeOffset>(5), ended = reader.GetBoolean(6), expires = reader.IsDBNull(7) ? (DateTimeOffset?)null : reader.GetFieldValue<DateTimeOffset>(7), expired = !reader.IsDBNull(7) && reader.GetFieldValue<DateTimeOffset>(7) <= store.Time.GetUtcNow() });
        return TypedResults.Ok(new { items, next = (string?)null });
    }

    private static async Task<IResult> Read(Guid crisisId, TimelineStore store, CancellationToken ct) =>
        (await store.LoadAsync<Crisis>(crisisId, ct: ct)).State is { Opened: { } opened } crisis
            ? TypedResults.Ok(new
            {
                crisisId,
                opened.Identifier,
                opened.Sender,
                opened.Status,
                crisis.Name,
                crisis.Areas,
                countries = crisis.Countries?.Countries,
                countriesToldBy = crisis.Countries?.Officer,
                proposedCountries = crisis.ProposedCountries?.Countries,
                countriesProposedBy = crisis.ProposedCountries?.Officer,
                countriesProposedBecause = crisis.ProposedCountries?.Reason,
                openedAt = opened.At,
                crisis.Ended,
                expires = crisis.Current?.Expires,
                expired = crisis.HasExpired(store.Time.GetUtcNow()),
                messages = crisis.Messages.OrderBy(m => m.Sent).Select(m => new { m.Self.Identifier, m.Self.Sender, m.Sent, m.Expires, kind = m.Cancels ? "cancel" : m.References.Count > 0 ? "update" : "alert", inForce = m == crisis.Current }),
            }) : Crisis.Unknown.ToProblem();
}
