namespace CrisisCoordination.Contracts;

/// <summary>The person, or somebody for them, said how they are.</summary>
/// <param name="State">A code: safe, needs-help, moving, left.</param>
/// <param name="Source">Who said it: self, family, officer, partner, message.</param>
/// <param name="Place">The place in words.</param>
/// <param name="Position">Where they are, when it was told.</param>
/// <param name="At">When it was so; often earlier than it was recorded.</param>
[Stored("checked_in")]
[AppendedBy(Service.ConsularContact)]
public sealed record CheckedIn(
    Guid CheckInId, string State, string Source, [property: Personal] string? Place, [property: Personal] Position? Position, DateTimeOffset At) : Event(At)
{
    /// <summary>
    /// Written down by neither the person nor a consular or protection officer: it tells how they are, and does not count for where they
    /// are when rule N asks. False in events from before it was asked.
    /// </summary>
    public bool Relayed { get; init; }
}

/// <summary>Somebody else saw the person.</summary>
/// <param name="By">Who saw them, in words.</param>
/// <param name="Place">The place in words.</param>
/// <param name="Position">Where, when it was told.</param>
/// <param name="At">When they were seen.</param>
[Stored("sighted")]
[AppendedBy(Service.ConsularContact)]
public sealed record Sighted(
    Guid SightingId, [property: Personal] string? By, [property: Personal] string? Place, [property: Personal] Position? Position, DateTimeOffset At) : Event(At);

/// <summary>Somebody who registered themselves was not heard of for a day: they are reminded (rule K).</summary>
/// <param name="LastContactAt">When they were last in contact.</param>
[Stored("confirmation_missed")]
[AppendedBy(Service.ConsularContact)]
public sealed record ConfirmationMissed(DateTimeOffset LastContactAt, DateTimeOffset At) : Event(At);

/// <summary>Somebody who registered themselves was not heard of for three days: what they told no longer counts as true.</summary>
/// <param name="LastContactAt">When they were last in contact.</param>
[Stored("self_registration_expired")]
[AppendedBy(Service.ConsularContact)]
public sealed record SelfRegistrationExpired(DateTimeOffset LastContactAt, DateTimeOffset At) : Event(At);

/// <summary>By where they were last known to be, the person is now inside an affected area of the crisis.</summary>
/// <param name="At">When they were there, or when the area came to them.</param>
[Stored("affected_area_entered")]
[AppendedBy(Service.ConsularContact)]
public sealed record AffectedAreaEntered(Guid CrisisId, DateTimeOffset At) : Event(At);

/// <summary>By where they were last known to be, the person is no longer inside an affected area of the crisis.</summary>
/// <param name="At">When they were elsewhere, or when the area no longer reached them.</param>
[Stored("affected_area_left")]
[AppendedBy(Service.ConsularContact)]
public sealed record AffectedAreaLeft(Guid CrisisId, DateTimeOffset At) : Event(At);
