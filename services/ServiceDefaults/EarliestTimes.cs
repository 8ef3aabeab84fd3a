using CrisisCoordination.Contracts;
using CrisisCoordination.PersonRecord;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ServiceDefaults;

/// <summary>
/// No fact that somebody reports is older than what it is about. Asked of every timeline that is appended to, so that no door can
/// forget it. What happens now by our clock is never refused for its time, nor is what a service does by itself.
/// </summary>
public static class EarliestTimes
{
    /// <summary>Why these events cannot have been so then; null when they can.</summary>
    public static Refusal? Refuse(IEnumerable<Event> told, IReadOnlyList<Event> appended, By by, DateTimeOffset now)
    {
        // What a merge tells again was taken when it was told first, and what a form tells is held against the form.
        var forms = appended.Where(fact => fact is PersonRegistered or RegistrationRepeated).Select(fact => fact.At).ToHashSet();
        var reported = by.User is null ? [] : appended.Where(fact =>
            LifeDates.AreLimited(fact.GetType()) && fact.MergedFrom is null && fact.At < now - ReportedTime.Ahead && !forms.Contains(fact.At)).ToList();
        if (reported.Count == 0) return null;
        var dates = told.Concat(appended).Aggregate(LifeDates.Unknown, (known, fact) => known.After(fact));
        return reported.Select(dates.WrongWith).FirstOrDefault(wrong => wrong is not null) is { } wrong ? Refusals[wrong] : null;
    }

    /// <summary>A time long before the crisis that a registration belongs to; null when it can be.</summary>
    public static Refusal? Refuse(DateTimeOffset registeredAt, DateTimeOffset crisisOpenedAt) =>
        registeredAt < crisisOpenedAt - LifeDates.BeforeKnown
            ? BeforeCrisis("registeredAt") : null;

    // A person is first registered in a crisis: either way the time is told of another one, or its year is wrong.
    private static Refusal BeforeCrisis(string field) => Refusal.Invalid("request/at-before-crisis",
        $"`{field}` is more than a year before the crisis. Check the year, and that it is the right person and crisis.", field);

    private static readonly Dictionary<TooEarly, Refusal> Refusals = new()
    {
        [TooEarly.BeforeBirth] = Refusal.Invalid("request/at-before-birth", "`at` is before the person was born. Check the year; if the birth date is wrong, have the registration corrected first.", "at"),
        [TooEarly.BeforeCrisis] = BeforeCrisis("at"),
        [TooEarly.BeforeRegistration] = Refusal.Invalid("request/at-before-registration", "`at` is before the person was first registered, so nobody could ask them. Leave it out for \"now\", or give the time it happened.", "at"),
        [TooEarly.BeforeDeparture] = Refusal.Invalid("request/at-before-departure", "`at` is more than a day before the transport leaves. Leave it out for \"now\", or give the time it happened.", "at"),
        [TooEarly.BeforeArrival] = Refusal.Invalid("request/at-before-arrival", "`at` is more than a day before the person arrived. Leave it out for \"now\", or give the time it happened.", "at"),
    };
}
