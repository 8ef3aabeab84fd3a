using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.ConsularContact.Whereabouts;
using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Outreach;

/// <summary>A person as a filter sees them.</summary>
/// <param name="Affected">The crises in whose area they registered.</param>
internal sealed record Reachable(
    Guid Id, Guid[] Crises, Guid[] Affected, string[] Posts, string[] Nationalities, string[] Needs, string State, DateTimeOffset ContactAt, Position? Position,
    string? Language, string[] Ways, bool Detained)
{
    /// <summary>They registered themselves and missed the day's confirmation.</summary>
    public bool Unconfirmed { get; init; }

    /// <summary>When they were last written to; only their timeline tells.</summary>
    public DateTimeOffset? WrittenAt { get; init; }

    public static IProjection ReadModel(string schema) => new Projection<Addressee>($"{schema}.reachable", 2,
        [
            ("crisis_ids", "uuid[] not null"), ("affected_ids", "uuid[] not null"), ("posts", "text[] not null"), ("nationalities", "text[] not null"), ("needs", "text[] not null"),
            ("state", "text not null"), ("contact_at", "timestamptz not null"), ("latitude", "double precision null"), ("longitude", "double precision null"),
            ("language", "text null"), ("ways", "text[] not null"), ("detained", "boolean not null"), ("unconfirmed", "boolean not null"),
        ],
        person => person.Reachable is { } r
            ? [[r.Crises, r.Affected, r.Posts, r.Nationalities, r.Needs, r.State, r.ContactAt.ToUniversalTime(), r.Position?.Latitude, r.Position?.Longitude, r.Language, r.Ways, r.Detained, r.Unconfirmed]]
            : [],
        [
            typeof(PersonRegistered), typeof(RegistrationRepeated), typeof(RegistrationCorrected), typeof(RegistrationSeparated), typeof(DuplicateUnmerged), typeof(MergedInto), typeof(UnmergedFrom),
            typeof(CheckedIn), typeof(Sighted), typeof(Arrived), typeof(MissingAtArrival), typeof(DetentionReported), typeof(DetentionEnded), typeof(PersonErased), typeof(ConfirmationMissed), typeof(SelfRegistrationExpired),
        ],
        "create index on {table} using gin (crisis_ids)", "create index on {table} (stream_id) where unconfirmed");
}

/// <summary>Whom a filter asks for.</summary>
internal static class Filter
{
    private const int Items = 50, LongestHours = 24 * 366;
    private const double SmallestRadius = 0.5, LargestRadius = 20038;

    public static string[] States { get; } = [.. LastKnown.States, Addressee.NotKnown];

    /// <summary>In its one spelling; what cannot be read stays, for <see cref="Fault"/> to refuse.</summary>
    public static OutreachFilter Normalise(OutreachFilter filter) => filter with
    {
        Nationalities = [.. (filter.Nationalities ?? []).Select(country => Countries.TryParse(country, out var code) ? code : country).Distinct()],
        Needs = [.. (filter.Needs ?? []).Select(need => need?.Trim() ?? "").Select(need => need.Length == 2 ? need.ToUpperInvariant() : need.ToLowerInvariant()).Distinct()],
        States = [.. (filter.States ?? []).Select(state => state?.Trim().ToLowerInvariant() ?? "").Distinct()],
    };

    public static Refusal? Fault(OutreachFilter filter) =>
        new[] { filter.Nationalities, filter.Needs, filter.States }.Any(list => list.Count > Items) ? Refusal.Invalid("outreach/filter-too-long", $"A filter names at most {Items} of a kind.", "filter")
        : filter.Nationalities.Any(country => !Countries.IsCode(country ?? "")) ? Refusal.Invalid("outreach/nationality-unknown", "A nationality is not known. Write its name or its three-letter code.", "filter.nationalities")
        : filter.Needs.Except([.. RegistrationRules.NeedsNow, .. RegistrationRules.SpecificNeeds]).Any()
            ? Refusal.Invalid("outreach/need-unknown", $"Name needs by their words or codes: {string.Join(", ", [.. RegistrationRules.NeedsNow, .. RegistrationRules.SpecificNeeds])}.", "filter.needs")
        : filter.States.Except(States).Any() ? Refusal.Invalid("outreach/state-unknown", $"Say how people are: {string.Join(", ", States)}.", "filter.states")
        : filter.NotReachedForHours is < 1 or > LongestHours ? Refusal.Invalid("outreach/hours", $"Give 1 to {LongestHours} hours, or leave it out.", "filter.notReachedForHours")
        : filter.NotWrittenToForHours is < 1 or > LongestHours ? Refusal.Invalid("outreach/hours", $"Give 1 to {LongestHours} hours, or leave it out.", "filter.notWrittenToForHours")
        : filter.Centre is null != filter.RadiusKilometres is null ? Refusal.Invalid("outreach/radius-missing", "A circle has a centre and a radius. Give both, or none.", "filter.radiusKilometres")
        : filter.RadiusKilometres is { } radius && !(radius is >= SmallestRadius and <= LargestRadius) ? Refusal.Invalid("outreach/radius", $"Give a radius of {SmallestRadius} to {LargestRadius} kilometres.", "filter.radiusKilometres")
        : Spots.Read(null, filter.Centre, out _) is { } nowhere ? nowhere with { Field = "filter.centre" }
        : null;

    /// <summary>Whether the wave is for that person.</summary>
    /// <param name="posts">Whose people; null: everybody's.</param>
    public static bool Covers(this OutreachFilter filter, Reachable person, Crisis crisis, IReadOnlyList<string>? posts, DateTimeOffset now) =>
        person.Crises.Contains(crisis.Id)
        && (posts is null || person.Posts.Intersect(posts).Any())
        && (filter.Nationalities.Count == 0 || person.Nationalities.Intersect(filter.Nationalities).Any())
        && (filter.Needs.Count == 0 || person.Needs.Intersect(filter.Needs).Any())
        && (filter.States.Count == 0 ? person.State != LastKnown.Left : filter.States.Contains(person.State))
        && (filter.NotReachedForHours is not { } hours || person.ContactAt <= now - TimeSpan.FromHours(hours))
        && (filter.PersonId is not { } only || person.Id == only)
        && (!filter.Unconfirmed || person.Unconfirmed)
        && (filter.NotWrittenToForHours is not { } pause || person.WrittenAt is not { } written || written <= now - TimeSpan.FromHours(pause))
        && (filter.Centre is not { } centre || person.Position is { } there && centre.KilometresTo(there) <= filter.RadiusKilometres)
        && (!filter.InAffectedArea || (person.Position is { } here ? crisis.Areas.Any(area => area.Contains(here)) : !crisis.Ended && person.Affected.Contains(crisis.Id)));
}
