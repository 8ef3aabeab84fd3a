using System.Collections.Immutable;
using CrisisCoordination.ConsularContact.Matching;
using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Tracing;

/// <summary>Somebody looks for a relative who may be this person.</summary>
internal sealed record Asked(Guid RequestId, Guid SeekerId, double Score, IReadOnlyList<string> Evidence, DateTimeOffset DueAt, DateTimeOffset At)
{
    public bool Overdue { get; init; }
    public bool Closed { get; init; }
    public TracingAnswered? Answer { get; init; }

    /// <summary>How often their arrival was told, and taken back.</summary>
    public int News { get; init; }

    public bool ArrivalTold => News % 2 == 1;

    public bool IsOpen => !Closed && Answer is null;
}

/// <summary>A person whom others look for, and whether they want to be found.</summary>
internal sealed record Sought(Guid Id) : IFold<Sought>
{
    public const string Anyone = "anyone", WithConsent = "with-consent", Nobody = "nobody", Unanswered = "tracing-unanswered";

    // From here on an officer looks whether it is the one: a full name that few have is enough, for the seeker knows no more.
    private const double Likely = -7;

    private static readonly TimeSpan AskedWithin = TimeSpan.FromHours(72);

    private static readonly string[] Threatened = ["SV", "TR", "WR", "LP"];

    public static string[] Wishes { get; } = [Anyone, WithConsent, Nobody];

    public Person Person { get; private init; } = Person.Start(Id);
    public string Wish { get; private init; } = WithConsent;

    /// <summary>When they said so.</summary>
    public DateTimeOffset? WishedAt { get; private init; }

    public ImmutableList<Asked> Asked { get; private init; } = [];

    /// <summary>A journey of theirs ended in safety.</summary>
    public bool HasArrived { get; private init; }

    /// <summary>
    /// Only protection staff learn that somebody looks for this person: who does not want to be found, or is at risk of
    /// violence, may be sought by those they fled from.
    /// </summary>
    public bool IsShielded => Wish == Nobody
        || Person.Registrations.Select(r => r.Form).OfType<Registration>().Any(form => form.SpecificNeeds.Intersect(Threatened).Any() || form.NeedsNow.Contains("protection"));

    public IEnumerable<Asked> Open => Person.Unavailable is null ? Asked.Where(asked => asked.IsOpen) : [];

    /// <summary>What was found of that request, for an officer who may know of it.</summary>
    public Asked? Find(Guid request, bool protection) => Person.Unavailable is null && (protection || !IsShielded) ? Asked.Find(asked => asked.RequestId == request) : null;

    public IEnumerable<Deadline> Due => Open.Where(asked => !asked.Overdue).Select(asked => new Deadline(Unanswered, asked.RequestId, asked.DueAt));

    public static Decision Escalate(Sought person, DateTimeOffset now) =>
        Decision.Of(person.Due.Where(due => due.DueAt <= now).Select(due => new TracingAnswerOverdue(due.Subject, due.DueAt, now)));

    /// <summary>Whether the one described is likely enough this person; said once.</summary>
    public static Decision Compare(Sought person, Seeker seeker, Search search, DateTimeOffset now)
    {
        if (person.Person.Unavailable is not null || seeker.Person.Unavailable is not null || !search.IsOpen || search.Sought is not { } sought) return Decision.Nothing;
        if (person.Id == seeker.Id || person.Person.IsExercise != seeker.Person.IsExercise || person.Asked.Exists(asked => asked.RequestId == search.Id)) return Decision.Nothing;
        var best = (from described in Written(sought)
                    from form in person.Person.Registrations.Select(r => r.Form).OfType<Registration>()
                    from theirs in Written(form)
                    select Match.Score(described, theirs)).MaxBy(verdict => verdict.Bits);
        return best is { Bits: >= Likely } && best.Evidence.Any(e => e is { Field: Field.Name, Level: not (Level.Shared or Level.Different) })
            ? new TracingMatchFound(search.Id, seeker.Id, Math.Round(best.Bits, 2), best.Codes, now + AskedWithin, now) : Decision.Nothing;
    }

    // Relatives write Wolde Mariam where the passport has Woldemariam.
    private static IEnumerable<Identity> Written(Registration form) =>
        form.FamilyName?.IndexOfAny([' ', '-']) > 0 ? [Identity.From(form), Identity.From(form with { FamilyName = string.Concat(form.FamilyName.Split(' ', '-')) })] : [Identity.From(form)];

    public static Sought Start(Guid id) => new(id);

    public Sought Apply(Event @event) => (this with { Person = Person.Apply(@event) }).Told(@event);

    private Sought Told(Event @event) => @event switch
    {
        TracingWishRecorded e => this with { Wish = e.Wish, WishedAt = e.At },
        TracingMatchFound e => this with { Asked = Asked.Add(new(e.RequestId, e.SeekerId, e.Score, e.Evidence, e.AnswerDueAt, e.At)) },
        TracingMatchClosed e => With(e.RequestId, asked => asked with { Closed = true }),
        TracingAnswered e => With(e.RequestId, asked => asked with { Answer = e }),
        TracingAnswerOverdue e => With(e.RequestId, asked => asked with { Overdue = true }),
        ArrivalTold e => With(e.RequestId, asked => asked with { News = asked.News + 1 }),
        ArrivalTakenBack e => With(e.RequestId, asked => asked with { News = asked.News + 1 }),
        Arrived { JourneyEnded: true } => this with { HasArrived = true },
        MissingAtArrival => this with { HasArrived = false },
        _ => this,
    };

    private Sought With(Guid id, Func<Asked, Asked> change) =>
        Asked.FindIndex(asked => asked.RequestId == id) is var i and >= 0 ? this with { Asked = Asked.SetItem(i, change(Asked[i])) } : this;

    /// <summary>Who is to be asked whether they want to be found.</summary>
    public static IProjection ReadModel(string schema) => new Projection<Sought>($"{schema}.tracing_match", 1,
        [("request_id", "uuid not null"), ("seeker_id", "uuid not null"), ("score", "double precision not null"), ("due_at", "timestamptz not null"), ("overdue", "boolean not null"),
         ("shielded", "boolean not null"), ("posts", "text[] not null"), ("sort", "text collate \"C\" not null")],
        person => person.Open.Select(asked => new object?[]
        {
            asked.RequestId, asked.SeekerId, asked.Score, asked.DueAt.ToUniversalTime(), asked.Overdue, person.IsShielded, Posts.Of(person.Person), $"{asked.DueAt.UtcTicks:D19}{person.Id:N}{asked.RequestId:N}",
        }),
        [
            typeof(TracingMatchFound), typeof(TracingMatchClosed), typeof(TracingAnswered), typeof(TracingAnswerOverdue), typeof(TracingWishRecorded),
            typeof(RegistrationRepeated), typeof(RegistrationCorrected), typeof(MergedInto), typeof(UnmergedFrom), typeof(PersonErased),
        ],
        "create unique index on {table} (sort)", "create index on {table} (request_id)");
}
