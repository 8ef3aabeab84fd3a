using CrisisCoordination.ConsularContact.Outreach;
using CrisisCoordination.ConsularContact.Outreach.Sending;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Tracing;

/// <summary>
/// Tells those who looked for a person, and were told that they were found, that they have arrived in safety; never where.
/// Nobody learns it whom the person did not agree to, nor after they said that nobody may know. Once for each request: what was
/// told stands on both timelines, and the message under an id made of the request.
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

    public static void Add(Reactions reactions) => reactions.On(TellAsync, typeof(Arrived), typeof(TracingAnswered), typeof(TracingWishRecorded), typeof(DuplicateMerged));

    /// <param name="records">Of the one who is sought: the one that stands, and those merged into it. What was said under any of them holds.</param>
    /// <param name="asked">On which of them, and what the seeker's request came to there.</param>
    internal static (Decision Told, Decision News) Decide(IReadOnlyCollection<Sought> records, (Sought On, Asked Request) asked, Seeker seeker, Guid? wave, DateTimeOffset now) =>
        records.All(record => record.Person.Exists && record.Wish != Sought.Nobody) && records.Any(record => record.HasArrived)
        && asked.Request is { Closed: false, Answer.Agreed: true, ArrivalTold: false }
        && seeker.Person.Exists && seeker.Find(asked.Request.RequestId) is { Withdrawn: false, Arrived: null } search && search.Found?.PersonId == asked.On.Id
            ? (new ArrivalTold(search.Id, now), new RelativeArrived(search.Id, asked.On.Id, wave, now))
            : (Decision.Nothing, Decision.Nothing);

    /// <summary>One message to one person, on a way and at a time that is safe for them.</summary>
    internal static Decision Send(Wave wave, Crisis crisis, Guid seeker, Func<bool, IReadOnlyList<string>> waysOf, DateTimeOffset now) =>
        wave.Started is null && crisis.Opened is not null && waysOf(crisis.IsExercise).Where(way => way != Channels.Call).ToArray() is { Length: > 0 } ways
            ? new OutreachWaveStarted(crisis.Id, Message, new() { PersonId = seeker, States = Filter.States }, ways, null, null, null, Urgent: false, AwaitsAnswer: false, crisis.IsExercise, null, Officer, now)
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
            foreach (var (on, request) in records.SelectMany(record => record.Asked.Select(request => (record, request))).Where(asked => asked.request is { Answer.Agreed: true, ArrivalTold: false }).ToList())
            {
                var seeker = await work.LoadAsync<Seeker>(request.SeekerId);
                var waveId = Ids.Of(request.RequestId, Officer, 1);
                var wave = seeker.Person.Registrations is [.., var last]
                    ? Send(await work.LoadAsync<Wave>(waveId), await work.LoadAsync<Crisis>(last.CrisisId), seeker.Id, providers.Ways, woken.Now) : Decision.Nothing;
                var (told, news) = Decide(records, (on, request), seeker, wave.Events.Count > 0 ? waveId : null, woken.Now);
                if (news.Events.Count == 0) continue;
                work.Append(on.Id, told);
                work.Append(seeker.Id, news);
                work.Append(waveId, wave);
                written |= wave.Events.Count > 0;
            }
            if (written && (await work.LoadAsync<Template>(Message)).Written is null) work.Append(Message, new OutreachTemplateWritten("News for a family", Texts, Officer, woken.Now));
            return null;
        }, woken.By, woken.Stopping);
    }
}
