using CrisisCoordination.ConsularContact.Outreach;
using CrisisCoordination.ConsularContact.Outreach.Sending;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Tracing;

/// <summary>
/// Tells those who looked for a person, and were told that they were found, that they have arrived in safety; never where.
/// Nobody learns it whom the person did not agree to, nor after they said that nobody may know. Once for each request: what was
/// told stands on both timelines, and the message under an id made of the request. Where it turns out that they have not
/// arrived it is taken back: a message that did not go out is stopped, and another follows one that did.
/// </summary>
internal static class TellOfArrival
{
    /// <summary>Who is said to start these waves: nobody's account.</summary>
    public const string Officer = "family-news";

    private static readonly Guid Message = Ids.Of(Guid.Empty, "outreach-family-news", 1);

    // Whoever else reads the telephone learns that there is news, and not of what.
    private static readonly MessageText[] Texts =
    [
        new("en", null, "{crisis}: there is news for you. Please call or visit us and name your registration {reference}."),
        new("fr", null, "{crisis} : nous avons des nouvelles pour vous. Appelez-nous ou venez nous voir et indiquez votre inscription {reference}."),
        new("es", null, "{crisis}: hay noticias para usted. Llámenos o visítenos e indique su registro {reference}."),
        new("pt", null, "{crisis}: há notícias para si. Ligue-nos ou visite-nos e indique o seu registo {reference}."),
        new("ar", null, "{crisis}: لدينا أخبار لك. يرجى الاتصال بنا أو زيارتنا وذكر رقم تسجيلك {reference}."),
        new("ru", null, "{crisis}: для вас есть новости. Позвоните или придите к нам и назовите номер регистрации {reference}."),
        new("uk", null, "{crisis}: для вас є новини. Зателефонуйте або завітайте до нас і назвіть номер реєстрації {reference}."),
    ];

    public static void Add(Reactions reactions) => reactions.On(TellAsync,
        typeof(Arrived), typeof(MissingAtArrival), typeof(TracingAnswered), typeof(TracingWishRecorded), typeof(DuplicateMerged), typeof(UnmergedFrom));

    /// <summary>The n-th message about a request, from 1.</summary>
    internal static Guid MessageOf(Guid request, int n) => Ids.Of(request, Officer, n);

    /// <param name="records">Of the one who is sought: the one that stands, and those merged into it. What was said under any of them holds.</param>
    /// <param name="asked">On which of them, and what the seeker's request came to there.</param>
    internal static (Decision Told, Decision News) Decide(IReadOnlyCollection<Sought> records, (Sought On, Asked Request) asked, Seeker seeker, Guid? wave, DateTimeOffset now) =>
        records.All(record => record.Person.Exists && record.Wish != Sought.Nobody) && records.Any(record => record.HasArrived)
        && asked.Request is { Closed: false, Answer.Agreed: true, ArrivalTold: false }
        && seeker.Person.Exists && seeker.Find(asked.Request.RequestId) is { Withdrawn: false, Arrived: null } search && search.Found?.PersonId == asked.On.Id
            ? (new ArrivalTold(search.Id, now), new RelativeArrived(search.Id, asked.On.Id, wave, now))
            : (Decision.Nothing, Decision.Nothing);

    /// <summary>What does not hold any more is taken back, whatever was wished or asked since: nobody is left believing it.</summary>
    internal static (Decision Told, Decision News) TakeBack(IReadOnlyCollection<Sought> records, (Sought On, Asked Request) asked, Seeker seeker, Guid? wave, DateTimeOffset now) =>
        asked.Request.ArrivalTold && !records.Any(record => record.HasArrived) && seeker.Find(asked.Request.RequestId) is { Arrived: not null } search
            ? (new ArrivalTakenBack(search.Id, now), new RelativeArrivalTakenBack(search.Id, asked.On.Id, wave, now))
            : (Decision.Nothing, Decision.Nothing);

    /// <summary>Nothing of it may have reached anybody. An attempt without an outcome may have.</summary>
    internal static bool IsUnsent(Wave message, Contacts seeker) =>
        message.Started is not null && seeker.Find(message.Id)?.Attempts.Exists(attempt => attempt.State is not (AttemptState.Delayed or AttemptState.Failed)) is not true;

    /// <summary>One message to one person, on a way and at a time that is safe for them.</summary>
    /// <param name="correction">They were told what is not so: whoever does not answer is tried on every way, rung, and visited in the end.</param>
    internal static Decision Send(Wave wave, Crisis crisis, Guid seeker, Func<bool, IReadOnlyList<string>> waysOf, bool correction, DateTimeOffset now) =>
        wave.Started is null && crisis.Opened is not null && waysOf(crisis.IsExercise).Where(way => correction || way != Channels.Call).ToArray() is { Length: > 0 } ways
            ? new OutreachWaveStarted(crisis.Id, Message, new() { PersonId = seeker, States = Filter.States }, ways, null, null, null, Urgent: correction, AwaitsAnswer: correction, crisis.IsExercise, null, Officer, now)
            : Decision.Nothing;

    private static async Task TellAsync(Woken woken)
    {
        var providers = woken.Services.GetRequiredService<Providers>();
        await woken.Timeline.AttemptAsync(async work =>
        {
            var person = await work.LoadAsync<Sought>(woken.StreamId);
            if (person.Person.Matches.MergedInto is { } stands) person = await work.LoadAsync<Sought>(stands);
            var records = new List<Sought> { person };
            foreach (var duplicate in person.Person.Matches.Duplicates.Keys) records.Add(await work.LoadAsync<Sought>(duplicate));

            var written = false;
            foreach (var (on, request) in records.SelectMany(record => record.Asked.Select(request => (record, request))).Where(asked => asked.request.Answer is { Agreed: true }).ToList())
            {
                var seeker = await work.LoadAsync<Seeker>(request.SeekerId);
                var (lastId, nextId) = (MessageOf(request.RequestId, request.News), MessageOf(request.RequestId, request.News + 1));
                // On the seeker's timeline and the message's, in one append: a message goes out before this is decided, or not at all.
                var last = await work.LoadAsync<Wave>(lastId);
                var unsent = IsUnsent(last, await work.LoadAsync<Contacts>(seeker.Id));
                var wave = seeker.Person is { Exists: true, Registrations: [.., var registration] } && !(request.ArrivalTold && unsent)
                    ? Send(await work.LoadAsync<Wave>(nextId), await work.LoadAsync<Crisis>(registration.CrisisId), seeker.Id, providers.Ways, request.ArrivalTold, woken.Now) : Decision.Nothing;
                var nextMessage = wave.Events.Count > 0 ? nextId : (Guid?)null;
                var (told, news) = request.ArrivalTold ? TakeBack(records, (on, request), seeker, nextMessage, woken.Now) : Decide(records, (on, request), seeker, nextMessage, woken.Now);
                if (news.Events.Count == 0) continue;
                work.Append(on.Id, told);
                work.Append(seeker.Id, news);
                if (unsent && !last.IsOver) work.Append(lastId, new OutreachWaveCancelled(Officer, woken.Now));
                work.Append(nextId, wave);
                written |= wave.Events.Count > 0;
            }
            if (written && (await work.LoadAsync<Template>(Message)).Written is null) work.Append(Message, new OutreachTemplateWritten("News for a family", Texts, Officer, woken.Now));
            return null;
        }, woken.By, woken.Stopping);
    }
}
