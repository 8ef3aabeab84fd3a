using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using CrisisCoordination.Triage;

namespace CrisisCoordination.ConsularContact;

/// <summary>A person's timeline, and all of them for the auditor.</summary>
internal static class ReadTimeline
{
    private const int MostPerPage = 1000;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/people/{personId:guid}/timeline", One).Allow(Roles.Officer, Roles.ProtectionOfficer, Roles.Auditor).LogsRead("timeline").WithSummary("A person's crisis timeline")
            .WithDescription("asOf: what had happened by then. knownAt: what had been recorded by then. Both: what was known at one time of another.");
        api.MapGet("/timelines", All).Allow(Roles.Auditor).LogsRead("export of all timelines").WithSummary("All timelines, one per line (NDJSON)")
            .WithDescription($"{Pages} The first after is left out. append and sequence give the order in which all events were recorded.");
        api.MapGet("/timelines/shared", Shared).Allow(Roles.Auditor).LogsRead("export of all timelines").WithSummary("The timelines of what people share, one per line (NDJSON)")
            .WithDescription($"Crises, households, points, transports, plans, teams, stocks, agencies; and of people who were erased, what is left. {Pages}");
    }

    private const string Pages = "Pages by after (the last timeline's id) and limit; the header Timelines-Next holds the next after, and is missing on the last page.";

    private static async Task<IResult> One(Guid personId, HttpContext http, TimelineStore store, CancellationToken ct, DateTimeOffset? asOf = null, DateTimeOffset? knownAt = null)
    {
        var timeline = await store.ReadAsync(personId, ct);
        if (timeline.Fold<Person>().Registrations.Count == 0) return PersonRefusals.Unknown.ToProblem();
        var protects = http.User.IsInRole(Roles.ProtectionOfficer);
        return TypedResults.Ok(Show(timeline, new Moment(asOf, knownAt), e => !protects && !http.User.IsInRole(Roles.Auditor) && IsTracing(e) ? null : protects ? e : Unprotected(e)));
    }

    private static Task All(HttpContext http, TimelineStore store, CrisisService service, CancellationToken ct, Guid? after = null, int limit = 200) =>
        ExportAsync(http, store, $"select stream_id from {service.Schema}.person where stream_id > $1 order by stream_id limit $2", after, limit, "personId", ct);

    private static Task Shared(HttpContext http, TimelineStore store, CrisisService service, CancellationToken ct, Guid? after = null, int limit = 200) =>
        ExportAsync(http, store, $"""
            select id from {service.TimelineSchema}.mt_streams s where id > $1 and not exists (select from {service.Schema}.person p where p.stream_id = s.id) order by id limit $2
            """, after, limit, "timelineId", ct);

    private static async Task ExportAsync(HttpContext http, TimelineStore store, string select, Guid? after, int limit, string id, CancellationToken ct)
    {
        await using var page = store.Database.CreateCommand(select);
        page.Parameters.Add(new() { Value = after ?? Guid.Empty });
        page.Parameters.Add(new() { Value = Math.Clamp(limit, 1, MostPerPage) + 1 });
        var ids = new List<Guid>();
        await using (var reader = await page.ExecuteReaderAsync(ct))
            while (await reader.ReadAsync(ct)) ids.Add(reader.GetGuid(0));
        if (ids.Count > Math.Clamp(limit, 1, MostPerPage))
        {
            ids.RemoveAt(ids.Count - 1);
            http.Response.Headers["Timelines-Next"] = ids[^1].ToString();
        }
        await http.LogReadAsync("export of all timelines", ids.Select(person => (Guid?)person));
        http.Response.ContentType = "application/x-ndjson";
        foreach (var some in ids.Chunk(100))
            foreach (var timeline in await store.ReadAsync(some, ct))
            {
                await JsonSerializer.SerializeAsync(http.Response.Body, Show(timeline, Moment.Now, Unprotected, id), EventJson.Options, ct);
                await http.Response.Body.WriteAsync("\n"u8.ToArray(), ct);
            }
    }

    // Whether somebody looks for a person is told on the list of those to ask, to those who may ask them.
    private static bool IsTracing(Event @event) => @event is TracingMatchFound or TracingMatchClosed or TracingAnswered or TracingAnswerOverdue or ArrivalTold or ArrivalTakenBack;

    // What tells of violence, torture or trafficking only protection officers read, here as everywhere (rule T).
    internal static Event Unprotected(Event @event) => @event switch
    {
        NeedsAssessed e => e with
        {
            Factors = e.Factors is null ? null : [.. e.Factors.Zip(e.Counted()).Where(told => !PriorityRule.IsRestricted(told.Second.Code)).Select(told => told.First)],
            FactorCodes = e.FactorCodes is null ? null : [.. e.FactorCodes.Where(factor => !PriorityRule.IsRestricted(factor.Code))],
            AsHeard = e.AsHeard is { } heard ? heard with { Factors = [.. heard.Factors.Where(factor => !PriorityRule.IsRestricted(factor.Code))] } : null,
        },
        ReferralOffered e => e with { Concern = null },
        ReferralDeclined e => e with { Reason = null },
        _ => @event,
    };

    /// <param name="read">What the reader may see of an event; null: not even that there is one.</param>
    private static Dictionary<string, object> Show(Timeline.Timeline timeline, Moment moment, Func<Event, Event?> read, string id = "personId") => new()
    {
        [id] = timeline.Id,
        ["version"] = timeline.Version,
        ["events"] = from recorded in timeline.Events
                     where moment.Holds(recorded)
                     let shown = read(recorded.Event)
                     where shown is not null
                     select new
                     {
                         recorded.Version,
                         type = EventTypes.NameOf(shown),
                         shown.At,
                         recorded.RecordedAt,
                         append = recorded.Position.TransactionId,
                         sequence = recorded.Position.SeqId,
                         recorded.User,
                         data = JsonSerializer.SerializeToElement(shown, shown.GetType(), EventJson.Options),
                     },
    };
}
