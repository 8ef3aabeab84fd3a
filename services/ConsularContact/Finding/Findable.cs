using CrisisCoordination.ConsularContact.Whereabouts;
using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Finding;

/// <summary>What a person can be found by. The words stand in one indexed column, so that a search reads only those it finds.</summary>
internal sealed record Findable(Guid Id) : IFold<Findable>
{
    private Person Person { get; init; } = Person.Start(Id);
    private LastKnown Whereabouts { get; init; } = LastKnown.Start(Id);

    public static Findable Start(Guid id) => new(id);

    public Findable Apply(Event @event) =>
        new(Id) { Person = Person.Apply(@event), Whereabouts = Whereabouts.Apply(@event) };

    public static IProjection ReadModel(string schema) => new Projection<Findable>($"{schema}.findable", 3,
        [("crisis_ids", "uuid[] not null"), ("words", "tsvector not null")],
        one => one.Person.Unavailable is null
            ? [[one.Person.Registrations.Select(r => r.CrisisId).Distinct().ToArray(), SearchWords.Stored(one.Words)]]
            : [],
        [
            typeof(PersonRegistered), typeof(RegistrationRepeated), typeof(RegistrationCorrected), typeof(CheckedIn), typeof(Sighted), typeof(PersonErased),
            typeof(MergedInto), typeof(UnmergedFrom), typeof(DuplicateUnmerged), typeof(RegistrationSeparated),
        ],
        // What was added last is looked through one by one until it is merged into the index: keep that part short.
        "create index on {table} using gin (words) with (gin_pending_list_limit = 256)");

    private IEnumerable<string> Words =>
    [
        .. Posts.Of(Person).Select(SearchWords.OfPost),
        .. Person.Registrations.SelectMany(r => SearchWords.OfCode(r.Reference)),
        .. Person.Registrations.Select(r => r.Form).OfType<Registration>().SelectMany(SearchWords.OfForm),
        .. Letters.Words(Whereabouts.Last?.Spot.Place),
    ];
}
