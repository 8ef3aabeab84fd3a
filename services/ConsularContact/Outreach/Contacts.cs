using System.Collections.Immutable;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Outreach;

/// <summary>What became of an attempt. Open: recorded, and perhaps sent. Delayed: surely not sent.</summary>
internal enum AttemptState { Open, Delayed, Sent, Delivered, Failed, Uncertain }

/// <summary>One attempt to reach somebody.</summary>
internal sealed record Attempt(Guid Id, string Channel, string Provider, DateTimeOffset At)
{
    public AttemptState State { get; init; }
    public string? Why { get; init; }

    public bool IsOpen => State is AttemptState.Open or AttemptState.Delayed;
    public bool Failed => State == AttemptState.Failed;
}

/// <summary>What becomes of a wave's wish to reach somebody.</summary>
internal enum AskState { Open, Answered, Unreachable, Skipped }

/// <summary>A wave is to reach the person.</summary>
internal sealed record Ask(Guid WaveId, IReadOnlyList<string> Channels, bool Urgent, bool AwaitsAnswer, bool UnreachedOnly, DateTimeOffset At)
{
    public ImmutableList<Attempt> Attempts { get; init; } = [];
    public AskState State { get; init; }
    public string? Why { get; init; }

    /// <summary>Whether there is something left to do.</summary>
    public bool IsOpen => State == AskState.Open && (AwaitsAnswer || Attempts.TrueForAll(attempt => attempt.IsOpen || attempt.Failed));

    /// <summary>The id of the next attempt: whoever decides again on the same timeline finds the same one.</summary>
    public Guid NextAttempt(Guid person) => Ids.Of(person, $"outreach/{WaveId:N}", Attempts.Count);

    public bool Tried(string channel) => Attempts.Exists(attempt => attempt.Channel == channel);
}

/// <summary>An answer; its text is null once the person is erased.</summary>
internal sealed record Reply(Guid Id, Guid? AttemptId, string Channel, string Meaning, string? Text, DateTimeOffset At)
{
    public bool Handled { get; init; }
}

/// <summary>Somebody is to go and look.</summary>
internal sealed record FieldVisit(Guid Id, DateTimeOffset DueAt, DateTimeOffset At)
{
    public bool Overdue { get; init; }
    public bool Needless { get; init; }
    public FieldVisitMade? Made { get; init; }

    public bool IsOpen => Made is null && !Needless;
}

/// <summary>Everything that was tried to reach a person, and what they answered.</summary>
internal sealed record Contacts(Guid Id) : IFold<Contacts>
{
    public const string VisitNotMade = "field-visit-not-made";

    public OnFile File { get; private init; } = OnFile.Nobody;
    public ImmutableList<Ask> Asks { get; private init; } = [];
    public ImmutableList<Reply> Replies { get; private init; } = [];
    public ImmutableList<FieldVisit> Visits { get; private init; } = [];

    public IEnumerable<Attempt> Attempts => Asks.SelectMany(ask => ask.Attempts);

    /// <summary>Answers that an officer must read. A cry for help is on a list of its own, and still somebody must read its words.</summary>
    public IEnumerable<Reply> Unread => Replies.Where(reply => reply.Text is not null && !reply.Handled);

    public FieldVisit? OpenVisit => Visits.Find(visit => visit.IsOpen);

    /// <summary>When they were last written to or rung by itself, by any wave.</summary>
    public DateTimeOffset? LastMessageAt => Attempts.Where(attempt => attempt is { Failed: false, Channel: not Channels.Call }).Select(attempt => (DateTimeOffset?)attempt.At).Max();

    public IEnumerable<Deadline> Due => File.Exists && OpenVisit is { Overdue: false } visit ? [new(VisitNotMade, visit.Id, visit.DueAt)] : [];

    public Ask? Find(Guid wave) => Asks.Find(ask => ask.WaveId == wave);

    public Attempt? FindAttempt(Guid id) => Attempts.FirstOrDefault(attempt => attempt.Id == id);

    public static Decision Escalate(Contacts person, DateTimeOffset now) =>
        person.File.Exists && person.OpenVisit is { Overdue: false } visit && visit.DueAt <= now ? new FieldVisitOverdue(visit.Id, visit.DueAt, now) : Decision.Nothing;

    public static Contacts Start(Guid id) => new(id);

    public Contacts Apply(Event @event) => (this with { File = File.After(@event) }).Told(@event);

    private Contacts Told(Event @event) => @event switch
    {
        OutreachAsked e when Find(e.WaveId) is null => this with { Asks = Asks.Add(new(e.WaveId, e.Channels, e.Urgent, e.AwaitsAnswer, e.NotReachedForHours is not null, e.At)) },
        OutreachSkipped e => WithAsk(e.WaveId, ask => ask with { State = AskState.Skipped, Why = e.Why }),
        PersonUnreachable e => WithAsk(e.WaveId, ask => ask with { State = AskState.Unreachable, Why = e.Why }),
        ContactAttempted e => WithAsk(e.WaveId, ask => ask with
        {
            Attempts = ask.Attempts.FindIndex(attempt => attempt.Id == e.AttemptId) is var i and >= 0
                ? ask.Attempts.SetItem(i, ask.Attempts[i] with { State = AttemptState.Open }) : ask.Attempts.Add(new(e.AttemptId, e.Channel, e.Provider, e.At)),
        }),
        ContactDelayed e => WithAttempt(e.AttemptId, attempt => attempt.IsOpen ? attempt with { State = AttemptState.Delayed } : attempt),
        ContactSent e => WithAttempt(e.AttemptId, attempt => attempt.IsOpen || attempt.State == AttemptState.Uncertain ? attempt with { State = AttemptState.Sent } : attempt),
        // Receipts overtake each other: what arrived has arrived.
        ContactDelivered e => WithAttempt(e.AttemptId, attempt => attempt with { State = AttemptState.Delivered, Why = null }),
        ContactFailed e => WithAttempt(e.AttemptId, attempt => attempt.State == AttemptState.Delivered ? attempt : attempt with { State = AttemptState.Failed, Why = e.Why }),
        ContactUncertain e => WithAttempt(e.AttemptId, attempt => attempt.IsOpen ? attempt with { State = AttemptState.Uncertain } : attempt),
        ReplyReceived e => this with { Replies = Replies.Add(new(e.ReplyId, e.AttemptId, e.Channel, e.Meaning, e.Text, e.At)) },
        ReplyHandled e => this with { Replies = Replies.ConvertAll(reply => reply.Id == e.ReplyId ? reply with { Handled = true } : reply) },
        FieldVisitAsked e => this with { Visits = Visits.Add(new(e.VisitId, e.DueAt, e.At)) },
        FieldVisitMade e => WithVisit(e.VisitId, visit => visit with { Made = e }),
        FieldVisitOverdue e => WithVisit(e.VisitId, visit => visit with { Overdue = true }),
        CheckedIn e => Heard(e.At),
        RegistrationRepeated { MergedFrom: null } e => Heard(e.At),
        _ => this,
    };

    // Contact is an answer to whatever was tried before it; one told late that happened earlier is not.
    private Contacts Heard(DateTimeOffset at) => this with
    {
        Asks = Asks.ConvertAll(ask => ask.State is AskState.Open or AskState.Unreachable && ask.Attempts is [var first, ..] && first.At <= at ? ask with { State = AskState.Answered, Why = null } : ask),
        Visits = Visits.ConvertAll(visit => visit.IsOpen && visit.At <= at ? visit with { Needless = true } : visit),
    };

    private Contacts WithAsk(Guid wave, Func<Ask, Ask> change) =>
        Asks.FindIndex(ask => ask.WaveId == wave) is var i and >= 0 ? this with { Asks = Asks.SetItem(i, change(Asks[i])) } : this;

    private Contacts WithAttempt(Guid id, Func<Attempt, Attempt> change) =>
        Asks.FindIndex(ask => ask.Attempts.Exists(attempt => attempt.Id == id)) is var i and >= 0
            ? this with { Asks = Asks.SetItem(i, Asks[i] with { Attempts = Asks[i].Attempts.ConvertAll(attempt => attempt.Id == id ? change(attempt) : attempt) }) } : this;

    private Contacts WithVisit(Guid id, Func<FieldVisit, FieldVisit> change) => this with { Visits = Visits.ConvertAll(visit => visit.Id == id ? change(visit) : visit) };
}
