using System.Collections.Immutable;
using CrisisCoordination.ConsularContact.Finding;
using CrisisCoordination.ConsularContact.Matching;
using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Tracing;

/// <summary>A relative whom somebody looks for; the description is null once the seeker is erased.</summary>
internal sealed record Search(Guid Id, Registration? Sought, string Relation, DateTimeOffset At)
{
    public bool Withdrawn { get; init; }
    public RelativeFound? Found { get; init; }
    public RelativeArrived? Arrived { get; init; }

    /// <summary>That they have arrived was told, and was wrong.</summary>
    public RelativeArrivalTakenBack? TakenBack { get; init; }

    public bool IsOpen => !Withdrawn && Found is null;

    public string State => Withdrawn ? "withdrawn" : Found is not null ? "found" : "searching";
}

/// <summary>A person who looks for relatives.</summary>
internal sealed record Seeker(Guid Id) : IFold<Seeker>
{
    private const int MostWords = 5;

    public Person Person { get; private init; } = Person.Start(Id);
    public ImmutableList<Search> Searches { get; private init; } = [];

    public IEnumerable<Search> Open => Person.Unavailable is null ? Searches.Where(search => search.IsOpen) : [];

    public Search? Find(Guid request) => Searches.Find(search => search.Id == request);

    public static Seeker Start(Guid id) => new(id);

    public Seeker Apply(Event @event) => (this with { Person = Person.Apply(@event) }).Told(@event);

    private Seeker Told(Event @event) => @event switch
    {
        TracingRequested e => this with { Searches = Searches.Add(new(e.RequestId, e.Sought, e.Relation, e.At)) },
        TracingWithdrawn e => With(e.RequestId, search => search with { Withdrawn = true }),
        RelativeFound e => With(e.RequestId, search => search with { Found = e }),
        RelativeArrived e => With(e.RequestId, search => search with { Arrived = e, TakenBack = null }),
        RelativeArrivalTakenBack e => With(e.RequestId, search => search with { Arrived = null, TakenBack = e }),
        _ => this,
    };

    private Seeker With(Guid id, Func<Search, Search> change) =>
        Searches.FindIndex(search => search.Id == id) is var i and >= 0 ? this with { Searches = Searches.SetItem(i, change(Searches[i])) } : this;

    /// <summary>Whom the searches that are open ask for, so that whoever registers later is looked up in them.</summary>
    public static IProjection ReadModel(string schema) => new Projection<Seeker>($"{schema}.tracing_search", 1,
        [("request_id", "uuid not null"), ("query", "tsquery not null")],
        seeker => seeker.Open.Where(search => search.Sought is not null && Question(search.Sought) is not null).Select(search => new object?[] { search.Id, Question(search.Sought!) }),
        [typeof(TracingRequested), typeof(TracingWithdrawn), typeof(RelativeFound), typeof(MergedInto), typeof(UnmergedFrom), typeof(PersonErased)]);

    /// <summary>Any two words of the name, in any spelling: who registered may have left one out. How alike they are is looked at afterwards.</summary>
    public static string? Question(Registration sought)
    {
        var ways = new[] { $"{sought.GivenNames} {sought.FamilyName}", sought.NameInOriginalScript ?? "" }.SelectMany(name =>
        {
            var words = name.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Take(MostWords).ToArray();
            return words.Length < 2 ? words : words.SelectMany((one, i) => words.Skip(i + 1).Select(other => $"{one} {other}"));
        }).Select(SearchWords.Asked).OfType<string>().Distinct().ToArray();
        return ways.Length == 0 ? null : string.Join(" | ", ways.Select(way => $"({way})"));
    }
}
