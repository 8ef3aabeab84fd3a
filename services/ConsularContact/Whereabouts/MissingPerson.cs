using System.Collections.Immutable;
using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Whereabouts;

/// <summary>Was on board when a transport left and not when it arrived; officers are reminded until they are found (rule K).</summary>
internal sealed record MissingPerson(Guid Id) : IFold<MissingPerson>
{
    public const string NotFound = "missing-person";

    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <param name="Pause">Until the reminder after the next: each pause is twice the one before, up to a day.</param>
    internal sealed record Case(Guid TransportId, bool Child, DateTimeOffset Since, DateTimeOffset DueAt, TimeSpan Pause, bool Overdue = false);

    public ImmutableDictionary<Guid, Case> Open { get; private init; } = ImmutableDictionary<Guid, Case>.Empty;

    public IEnumerable<Deadline> Due => Open.Values.Select(missing => new Deadline(NotFound, missing.TransportId, missing.DueAt));

    public static Decision Escalate(MissingPerson person, DateTimeOffset now) => Decision.Of(person.Open.Values.Where(missing => missing.DueAt <= now).OrderBy(missing => missing.TransportId)
        .Select(missing => new MissingPersonOverdue(missing.TransportId, missing.DueAt, now + missing.Pause, now)));

    public static MissingPerson Start(Guid id) => new(id);

    public MissingPerson Apply(Event @event) => @event switch
    {
        MissingAtArrival e => this with { Open = Open.SetItem(e.TransportId, new(e.TransportId, e.Child, e.At, e.DueAt, e.DueAt - e.At)) },
        MissingPersonOverdue e when Open.GetValueOrDefault(e.TransportId) is { } missing => this with
        {
            Open = Open.SetItem(e.TransportId, missing with { DueAt = e.NextDueAt, Overdue = true, Pause = missing.Pause * 2 < Longest ? missing.Pause * 2 : Longest }),
        },
        FoundAfterArrival e => this with { Open = Open.Remove(e.TransportId) },
        PersonErased => this with { Open = Open.Clear() },
        _ => this,
    };
}
