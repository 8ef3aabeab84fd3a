using System.Collections.Immutable;
using CrisisCoordination.ConsularContact.Whereabouts;
using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Areas;

/// <summary>Where a person is, as far as it tells whether they are inside an affected area.</summary>
/// <param name="Position">The latest that is known.</param>
/// <param name="Places">Places in words that were told since.</param>
internal sealed record Stand(bool Gone, Position? Position, IReadOnlyList<string> Places)
{
    /// <summary>A place in words can bring somebody inside; one that names nothing we know ("at my aunt's") takes nobody out.</summary>
    public bool IsIn(Crisis crisis) => !Gone && (Places.Any(place => crisis.Affects(null, place)) || Position is not null && crisis.Affects(Position, null));
}

/// <summary>A person as those see them who keep track of who is inside.</summary>
internal sealed record Exposed(Guid Id) : IFold<Exposed>
{
    private LastKnown Whereabouts { get; init; } = LastKnown.Start(Id);
    private Person Person { get; init; } = Person.Start(Id);

    public Exposure Exposure { get; private init; } = Exposure.None;

    public Stand Stand
    {
        get
        {
            var told = Whereabouts.LatestFirst.ToList();
            var last = told.Find(seen => seen.Spot.Position is not null);
            return new(
                Whereabouts.Condition is { State: LastKnown.Left } left && !(told.FirstOrDefault()?.At > left.At), last?.Spot.Position,
                [.. told.TakeWhile(seen => seen != last).Select(seen => seen.Spot.Place).OfType<string>()]);
        }
    }

    /// <summary>What has changed about where they are, against what their timeline says so far.</summary>
    public static Decision Judge(Exposed person, IEnumerable<Crisis> crises)
    {
        if (!person.Whereabouts.File.Stands) return Decision.Nothing;
        var stand = person.Stand;
        return Decision.Of(
            from crisis in crises
            where crisis.Opened is not null && person.Exposure.Crises.Contains(crisis.Id)
            let inside = stand.IsIn(crisis)
            where inside != person.Exposure.IsIn(crisis.Id)
            let at = person.Since(crisis)
            select inside ? (Event)new AffectedAreaEntered(crisis.Id, at) : new AffectedAreaLeft(crisis.Id, at));
    }

    public static Exposed Start(Guid id) => new(id);

    public Exposed Apply(Event @event) => new(Id)
    {
        Whereabouts = Whereabouts.Apply(@event),
        Person = Person.Apply(@event),
        Exposure = Exposure.After(@event),
    };

    /// <summary>Who is where, so that a change of areas is worked out among those it can concern.</summary>
    public static IProjection ReadModel(string schema) => new Projection<Exposed>($"{schema}.exposed", 2,
        [("crisis_id", "uuid not null"), ("inside", "boolean not null"), ("gone", "boolean not null"), ("latitude", "double precision"), ("longitude", "double precision"),
         ("places", "text[] not null"), ("posts", "text[] not null"), ("sort", "text collate \"C\" not null")],
        person => !person.Whereabouts.File.Stands ? [] : person.Rows,
        [
            typeof(PersonRegistered), typeof(RegistrationRepeated), typeof(RegistrationCorrected), typeof(RegistrationSeparated), typeof(CheckedIn), typeof(Sighted), typeof(Arrived), typeof(MissingAtArrival),
            typeof(AffectedAreaEntered), typeof(AffectedAreaLeft), typeof(DuplicateUnmerged), typeof(MergedInto), typeof(UnmergedFrom), typeof(PersonErased),
        ],
        "create index on {table} (crisis_id, inside, sort)", "create index on {table} (crisis_id, latitude, longitude)");

    private IEnumerable<object?[]> Rows
    {
        get
        {
            var stand = Stand;
            return Exposure.Crises.Order().Select(crisis => new object?[]
            {
                crisis, Exposure.IsIn(crisis), stand.Gone, stand.Position?.Latitude, stand.Position?.Longitude, stand.Places.ToArray(), Posts.Of(Person), $"{Id:N}",
            });
        }
    }

    // The later of both: a person moves, or an area does.
    private DateTimeOffset Since(Crisis crisis) => new[]
    {
        Whereabouts.LatestFirst.Select(seen => (DateTimeOffset?)seen.At).FirstOrDefault(), Whereabouts.Condition?.At, crisis.Messages.Select(m => (DateTimeOffset?)m.Sent).Max(),
    }.Max() ?? default;
}
