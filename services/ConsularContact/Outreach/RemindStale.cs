using CrisisCoordination.ConsularContact.Outreach.Sending;
using CrisisCoordination.ConsularContact.SelfService;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Outreach;

/// <summary>
/// Reminds people who registered themselves and missed the day's confirmation, by a wave like any other: one message, on a
/// way and at a time that is safe, once a day at most.
/// </summary>
internal sealed class RemindStale(TimelineStore store, Feed feed, CrisisService service, Providers providers)
{
    /// <summary>Who is said to start these waves: nobody's account.</summary>
    public const string Officer = "reminder";

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(10);
    private static readonly Guid Message = Ids.Of(Guid.Empty, "outreach-reminder", 1);

    private static readonly MessageText[] Texts =
    [
        new("en", null, "{crisis}: please confirm your registration {reference}, so that we know where you are. Answer 1 if you are safe, 2 if you need help."),
        new("fr", null, "{crisis} : confirmez votre inscription {reference}, pour que nous sachions où vous êtes. Répondez 1 si vous êtes en sécurité, 2 si vous avez besoin d'aide."),
        new("es", null, "{crisis}: confirme su registro {reference}, para que sepamos dónde está. Responda 1 si está a salvo, 2 si necesita ayuda."),
        new("pt", null, "{crisis}: confirme o seu registo {reference}, para sabermos onde está. Responda 1 se está em segurança, 2 se precisa de ajuda."),
        new("ar", null, "{crisis}: يرجى تأكيد تسجيلك {reference} لنعرف مكانك. أجب 1 إن كنت آمناً أو 2 إن كنت بحاجة إلى مساعدة."),
        new("ru", null, "{crisis}: подтвердите свою регистрацию {reference}, чтобы мы знали, где вы. Ответьте 1, если вы в безопасности, 2, если нужна помощь."),
        new("uk", null, "{crisis}: підтвердьте свою реєстрацію {reference}, щоб ми знали, де ви. Дайте відповідь 1, якщо ви в безпеці, 2, якщо потрібна допомога."),
    ];

    public Task RunAsync(CancellationToken stopping) => feed.TakeTurnsAsync($"{service.Schema}/reminders", async (_, ct) =>
    {
        while (true)
        {
            foreach (var crisis in await WithStaleAsync(ct)) await StartAsync(crisis, ct);
            await Task.Delay(Look, store.Time, ct);
        }
    }, stopping);

    internal static Decision Decide(Wave wave, Crisis crisis, Func<bool, IReadOnlyList<string>> waysOf, DateTimeOffset now)
    {
        if (wave.Started is not null || crisis.Opened is null || crisis.Ended) return Decision.Nothing;
        var ways = waysOf(crisis.IsExercise).Where(way => way != Channels.Call).ToArray();
        return ways.Length == 0 ? Decision.Nothing : new OutreachWaveStarted(crisis.Id, Message, new()
        {
            Unconfirmed = true,
            NotWrittenToForHours = (int)MyRegistration.Fresh.TotalHours,
        }, ways, null, null, null, Urgent: false, AwaitsAnswer: false, crisis.IsExercise, [TrackingToken.Sender], Officer, now);
    }

    private async Task StartAsync(Guid crisisId, CancellationToken ct)
    {
        var now = store.Time.GetUtcNow();
        // Once in an hour at most, whoever looks.
        var id = Ids.Of(crisisId, Officer, (int)(now.ToUnixTimeSeconds() / 3600));
        await store.AttemptAsync(async work =>
        {
            var decided = Decide(await work.LoadAsync<Wave>(id), await work.LoadAsync<Crisis>(crisisId), providers.Ways, now);
            if (decided.Events.Count > 0 && (await work.LoadAsync<Template>(Message)).Written is null) work.Append(Message, new OutreachTemplateWritten("Confirm your registration", Texts, Officer, now));
            return work.Append(id, decided);
        }, ct: ct);
    }

    private async Task<List<Guid>> WithStaleAsync(CancellationToken ct)
    {
        await using var select = store.Database.CreateCommand($"""
            select distinct crisis from {service.Schema}.reachable r cross join unnest(r.crisis_ids) crisis
            where unconfirmed and cardinality(ways) > 0 and not detained
            and not exists (select from {service.Schema}.outreach o join {service.Schema}.outreach_wave w on w.stream_id = o.wave_id where o.stream_id = r.stream_id and w.officer = '{Officer}' and w.started_at > $1)
            """);
        select.Parameters.Add(new() { Value = store.Time.GetUtcNow() - MyRegistration.Fresh });
        var crises = new List<Guid>();
        await using var reader = await select.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) crises.Add(reader.GetGuid(0));
        return crises;
    }
}
