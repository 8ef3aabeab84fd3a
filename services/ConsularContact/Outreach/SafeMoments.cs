using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.ConsularContact.Outreach;

/// <summary>
/// When a person may be contacted: at times that every form of theirs that names any calls safe. A form with other words
/// than an earlier one may be somebody else's doing, so none of them takes a limit away.
/// </summary>
internal sealed class SafeMoments
{
    /// <summary>What is sent takes a moment to arrive; so near to the end of a safe time nothing is begun.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly SafeTime[][] limits;

    private SafeMoments(SafeTime[][] limits) => this.limits = limits;

    /// <summary>A time that cannot be read is never there.</summary>
    public static SafeMoments Of(IEnumerable<Registration> forms) =>
        new([.. forms.Where(form => form.SafeTimes.Count > 0).Select(form => form.SafeTimes.Select(Read).OfType<SafeTime>().ToArray())]);

    public bool Holds(DateTimeOffset moment) => limits.All(times => times.Any(time => Holds(time, moment)));

    /// <summary>The first such moment from then on; null when there is never one.</summary>
    public DateTimeOffset? First(DateTimeOffset from) =>
        Holds(from) ? from : Beginnings(from).Where(Holds).Select(moment => (DateTimeOffset?)moment).FirstOrDefault();

    /// <summary>When a safe time that holds now ends; null when it never does.</summary>
    public DateTimeOffset? Until(DateTimeOffset moment) => limits.Length == 0 ? null
        : limits.Min(times => times.Where(time => time.Holds(moment)).Select(time => moment + Left(time, moment)).DefaultIfEmpty(moment).Max());

    private static bool Holds(SafeTime time, DateTimeOffset moment) => time.Holds(moment) && Left(time, moment) >= Margin;

    private static TimeSpan Left(SafeTime time, DateTimeOffset moment) => time.Until - TimeOnly.FromDateTime(moment.ToOffset(time.Offset).DateTime);

    // What does not hold in a whole day never does.
    private IEnumerable<DateTimeOffset> Beginnings(DateTimeOffset from) =>
        limits.SelectMany(times => times).Select(time => Next(time, from)).Where(moment => moment - from <= Day).Order();

    private static DateTimeOffset Next(SafeTime time, DateTimeOffset from)
    {
        var there = from.ToOffset(time.Offset);
        var today = new DateTimeOffset(there.Date + time.From.ToTimeSpan(), time.Offset);
        return (today < there ? today + Day : today).ToUniversalTime();
    }

    private static SafeTime? Read(string text) => SafeTime.TryRead(text, out var time) ? time : null;
}
