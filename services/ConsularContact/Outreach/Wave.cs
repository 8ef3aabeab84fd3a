using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Outreach;

/// <summary>A wave: whom it is for and whether it goes on.</summary>
internal sealed record Wave(Guid Id, OutreachWaveStarted? Started, string State) : IFold<Wave>
{
    public const string Running = "running", Paused = "paused", Cancelled = "cancelled", Ended = "ended";

    public static Refusal Unknown => Refusal.NotFound("outreach/wave-unknown", "There is no wave with this id among your post's. GET /outreach/waves lists them.");

    public bool IsOver => State is Cancelled or Ended;

    public static Wave Start(Guid id) => new(id, null, Running);

    public Wave Apply(Event @event) => @event switch
    {
        OutreachWaveStarted e => this with { Started = e },
        OutreachWavePaused => this with { State = Paused },
        OutreachWaveResumed => this with { State = Running },
        OutreachWaveCancelled => this with { State = Cancelled },
        OutreachWaveEnded => this with { State = Ended },
        _ => this,
    };

    /// <summary>Follows the feed: when a wave is in this table, whoever was registered before it began is in theirs.</summary>
    public static IProjection ReadModel(string schema) => new Projection<Wave>($"{schema}.outreach_wave", 1,
        [
            ("crisis_id", "uuid not null"), ("template_id", "uuid not null"), ("state", "text not null"), ("urgent", "boolean not null"), ("posts", "text[] null"),
            ("officer", "text not null"), ("started_at", "timestamptz not null"), ("sort", "text collate \"C\" not null"),
        ],
        wave => wave.Started is { } s ? [[s.CrisisId, s.TemplateId, wave.State, s.Urgent, s.Posts?.ToArray(), s.Officer, s.At.ToUniversalTime(), $"{DateTime.MaxValue.Ticks - s.At.UtcTicks:D19}{wave.Id:N}"]] : [],
        [typeof(OutreachWaveStarted), typeof(OutreachWavePaused), typeof(OutreachWaveResumed), typeof(OutreachWaveCancelled), typeof(OutreachWaveEnded)],
        "create unique index on {table} (sort)");
}
