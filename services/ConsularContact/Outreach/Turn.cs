using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Outreach;

/// <summary>What is next for a person in a wave, and not before when. A way: try or repeat it; none: the wave lets go of them.</summary>
/// <param name="Why">Why it lets go, as a code.</param>
internal sealed record Next(DateTimeOffset NotBefore, string? Way, string? Why = null);

/// <summary>How patient a wave is with a person.</summary>
internal static class Pace
{
    private static readonly TimeSpan[] Usual = [TimeSpan.FromHours(12), TimeSpan.FromHours(24), TimeSpan.FromHours(24)], Urgent = [TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromHours(4)];

    /// <summary>Nobody gets more than one message in this time, unless it is urgent.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromHours(6);

    /// <summary>How long an answer is waited for after that many attempts; ever longer.</summary>
    public static TimeSpan After(int attempts, bool urgent) => (urgent ? Urgent : Usual)[Math.Clamp(attempts, 1, Usual.Length) - 1];

    /// <summary>By when somebody must have gone to look.</summary>
    public static TimeSpan VisitWithin(bool urgent) => urgent ? TimeSpan.FromHours(24) : TimeSpan.FromHours(72);
}

/// <summary>A provider, as the decision needs it.</summary>
/// <param name="Repeats">Whether a message sent again with the same key reaches the person once.</param>
internal sealed record Means(string Name, bool Repeats);

/// <summary>
/// One look at a person on behalf of a wave: what to write down, then what to send, or how long to wait. Writing down comes
/// first, so whoever is cut off afterwards knows of the attempt and makes no second one.
/// </summary>
internal sealed record Turn(Decision Decision)
{
    /// <summary>To be sent once the decision is stored.</summary>
    public Attempt? Send { get; private init; }

    /// <summary>When to look again.</summary>
    public DateTimeOffset? Until { get; private init; }

    /// <summary>What is next, whatever the time is.</summary>
    public static Next? NextOf(Addressee person, Ask ask)
    {
        if (!person.Exists || !ask.IsOpen) return null;
        if (ask.Attempts.Find(attempt => attempt.IsOpen) is { } open)
            return BarredBecause(person, ask) is { } barred ? new(open.At, null, barred)
                : open.Channel == Channels.Call ? new(open.At + Pace.After(ask.Attempts.Count, ask.Urgent), null, null)
                : new(open.At, open.Channel);
        if (BarredBecause(person, ask) is { } why) return new(ask.At, null, why);
        var last = ask.Attempts.LastOrDefault();
        var patient = last is null ? ask.At : last.Failed ? last.At : last.At + Pace.After(ask.Attempts.Count, ask.Urgent);
        if (person.Ways.FirstOrDefault(way => ask.Channels.Contains(way) && !ask.Tried(way)) is not { } next) return new(patient, null, GivenUp(ask));
        var quiet = !ask.Urgent && next != Channels.Call && person.Contacts.LastMessageAt is { } before && before + Pace.Quiet > patient ? before + Pace.Quiet : patient;
        return person.Safe.First(quiet) is { } moment ? new(moment, next) : new(patient, null, GivenUp(ask));
    }

    /// <param name="person">Whom.</param>
    /// <param name="others">Their other records.</param>
    /// <param name="wave">On whose behalf.</param>
    /// <param name="meansOf">What there is to send with; null: nothing any more.</param>
    /// <param name="now">The time.</param>
    public static Turn Of(Addressee person, IEnumerable<Addressee> others, Guid wave, Func<string, Means?> meansOf, DateTimeOffset now)
    {
        if (person.Contacts.Find(wave) is not { } ask || NextOf(person, ask) is not { } next) return new(Decision.Nothing);
        if (next.NotBefore > now) return new(Decision.Nothing) { Until = next.NotBefore };
        if (ask.Attempts.Find(attempt => attempt.IsOpen) is { } open) return Go(person, ask, open, next, meansOf, now);
        if (next.Way is not { } way) return new(LetGo(person, ask, next.Why!, now));
        if (others.Any(other => other.Contacts.Find(wave)?.Attempts.Exists(attempt => !attempt.Failed) == true)) return new(new OutreachSkipped(wave, "other-record", now));
        // The safe time in which it should have been sent may be over.
        if (!person.Safe.Holds(now)) return new(Decision.Nothing) { Until = person.Safe.First(now) ?? now + Pace.Quiet };
        var id = ask.NextAttempt(person.Id);
        if (meansOf(way) is not { } means) return new(Decision.Of(new ContactAttempted(id, wave, way, "none", now), new ContactFailed(id, "no-provider", now)));
        return new(new ContactAttempted(id, wave, way, means.Name, now)) { Send = way == Channels.Call ? null : new(id, way, means.Name, now) };
    }

    // An attempt that was written down and has no outcome: it may have been sent, unless it says that it was not.
    private static Turn Go(Addressee person, Ask ask, Attempt open, Next next, Func<string, Means?> meansOf, DateTimeOffset now)
    {
        var unsent = open.State == AttemptState.Delayed;
        if (next.Way is null)
            return new(open.Channel == Channels.Call ? next.Why is { } why ? LetGo(person, ask, why, now) : new ContactFailed(open.Id, "not-called", now)
                : Decision.Of([Ended(), .. LetGo(person, ask, next.Why!, now).Events]));
        // What was safe when it began may be so no more; and by and by the next way's turn has come.
        if (meansOf(open.Channel) is not { } means || (!unsent && !means.Repeats) || !person.Ways.Contains(open.Channel) || now >= open.At + Pace.After(ask.Attempts.Count, ask.Urgent)) return new(Ended());
        if (!person.Safe.Holds(now)) return new(Decision.Nothing) { Until = person.Safe.First(now) ?? now + Pace.Quiet };
        return new(unsent ? new ContactAttempted(open.Id, ask.WaveId, open.Channel, means.Name, now) : Decision.Nothing) { Send = open };

        Event Ended() => unsent ? new ContactFailed(open.Id, "not-sent", now) : new ContactUncertain(open.Id, now);
    }

    private static string? BarredBecause(Addressee person, Ask ask) =>
        person.MergedInto is not null ? "merged"
        // A wave may be for those who have left.
        : person.Left && person.Whereabouts.Condition!.At >= ask.At ? "left"
        : person.Detained ? "detained"
        : ask.UnreachedOnly && ask.Attempts.IsEmpty && person.Whereabouts.ContactAt >= ask.At ? "reached"
        : null;

    private static string GivenUp(Ask ask) => ask.Attempts.IsEmpty ? "no-safe-way" : ask.Attempts.TrueForAll(attempt => attempt.Failed) ? "not-delivered" : "no-answer";

    private static Decision LetGo(Addressee person, Ask ask, string why, DateTimeOffset now) => why switch
    {
        "no-safe-way" or "not-delivered" or "no-answer" when ask.AwaitsAnswer => Decision.Of(
        [
            new PersonUnreachable(ask.WaveId, why, now),
            // One visit finds out for all waves.
            .. person.Contacts.OpenVisit is null ? (Event[])[new FieldVisitAsked(Ids.Of(person.Id, "field-visit", person.Contacts.Visits.Count), ask.WaveId, now + Pace.VisitWithin(ask.Urgent), now)] : [],
        ]),
        "not-delivered" => new OutreachSkipped(ask.WaveId, "not-sent", now),
        _ => new OutreachSkipped(ask.WaveId, why, now),
    };
}
