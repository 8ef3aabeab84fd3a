using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using CrisisCoordination.ConsularContact;
using CrisisCoordination.ConsularContact.Detention;
using CrisisCoordination.ConsularContact.ExitBarriers;
using CrisisCoordination.ConsularContact.NotesVerbales;
using CrisisCoordination.ConsularContact.Whereabouts;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Aftermath;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.HumanitarianAid;
using CrisisCoordination.PartnerGateway;
using CrisisCoordination.PersonRecord;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using CrisisCoordination.TravelDocuments;
using Npgsql;
using Xunit;

namespace CrisisCoordination.Frozen.Tests;

/// <summary>The timelines of a small crisis as release 2026-11 wrote them, in a database that today's migration made.</summary>
public sealed class PresentRelease : IAsyncLifetime
{
    // What the release's service was given; it opens nothing but this dump.
    private static readonly byte[] Key = "for tests only: opens no house  "u8.ToArray();

    private static readonly string Dump = Path.Combine(Approved.Root, "tests", "Frozen.Tests", "PresentRelease", "release.sql.gz");

    private readonly Timelines timelines = new() { MasterKey = Key };

    internal TimelineStore Store { get; private set; } = null!;

    internal IReadOnlyList<Timeline.Timeline> All { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        await timelines.InitializeAsync();
        await using (var connection = new NpgsqlConnection(timelines.Deployment.Postgres + ";Pooling=false"))
        {
            await connection.OpenAsync();
            await RunAsync(connection, await ReadAsync());
            // Code is renamed while databases stay: the type that wrote an event is a note for others and read by nobody.
            await RunAsync(connection, "update timeline.mt_events set mt_dotnet_type = 'Renamed.Since, Elsewhere'");
            // The feed shows what is older than every transaction at work; this server may have had fewer of them than that one.
            await RunAsync(connection, """
                do $$ begin
                    while pg_current_xact_id() <= (select max(transaction_id) from timeline.mt_events) loop commit; end loop;
                end $$
                """);
        }
        Store = timelines.Store(Service.ConsularContact);
        var ids = new List<Guid>();
        await using (var streams = timelines.Owner.CreateCommand("select id from timeline.mt_streams order by id"))
        await using (var reader = await streams.ExecuteReaderAsync())
            while (await reader.ReadAsync()) ids.Add(reader.GetGuid(0));
        All = await Store.ReadAsync(ids);
    }

    public ValueTask DisposeAsync() => timelines.DisposeAsync();

    internal Task<long> StoredAsync() => timelines.ValueAsync<long>("select count(*) from timeline.mt_events");

    private static async Task<string> ReadAsync()
    {
        await using var file = new GZipStream(File.OpenRead(Dump), CompressionMode.Decompress);
        using var text = new StreamReader(file, Encoding.UTF8);
        return await text.ReadToEndAsync();
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}

/// <summary>Nothing that is stored today loses its meaning.</summary>
public sealed class PresentReleaseTests(PresentRelease release) : IClassFixture<PresentRelease>
{
    private static readonly DateTimeOffset Now = new(2026, 12, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly Today = DateOnly.FromDateTime(Now.UtcDateTime);

    [Fact]
    public async Task Every_event_is_still_known_and_opened()
    {
        Assert.Equal(await release.StoredAsync(), release.All.Sum(timeline => timeline.Events.Count));
        var sealedMembers = release.All.Where(timeline => !timeline.Erased)
            .SelectMany(timeline => timeline.Events).Select(e => e.Event).OfType<PersonRegistered>().ToList();
        Assert.True(sealedMembers.Count > 40);
        Assert.All(sealedMembers, registered => Assert.NotNull(registered.Form?.FamilyName));
    }

    [Fact]
    public void Every_service_folds_every_timeline()
    {
        Type[] oneOfEach = [typeof(Person), typeof(Passenger), typeof(PersonInNeed), typeof(TravelDocumentFile), typeof(PersonForPartners)];
        var folds = oneOfEach.SelectMany(type => type.Assembly.GetTypes()).Where(type => !type.ContainsGenericParameters
            && type.GetInterfaces().Any(made => made.IsGenericType && made.GetGenericTypeDefinition() == typeof(IFold<>))).ToList();
        var fold = typeof(Timeline.Timeline).GetMethod(nameof(Timeline.Timeline.Fold))!;
        Assert.True(folds.Count > 25);
        foreach (var state in folds)
            foreach (var timeline in release.All)
                Assert.NotNull(fold.MakeGenericMethod(state).Invoke(timeline, BindingFlags.DoNotWrapExceptions, null, [Moment.Now], null));
    }

    [Fact]
    public async Task The_feed_brings_every_event_in_the_order_in_which_it_was_written()
    {
        var feed = new Feed(release.Store);
        var brought = new List<RecordedEvent>();
        for (var upto = default(FeedPosition); ;)
        {
            var (events, next) = await feed.ReadAsync(upto, 100);
            brought.AddRange(events);
            if (next == upto) break;
            upto = next;
        }
        Assert.Equal(await release.StoredAsync(), brought.Count);
        Assert.All(brought.GroupBy(e => e.StreamId), stream => Assert.Equal(stream.Select(e => e.Version).Order(), stream.Select(e => e.Version)));
        var order = Convert.ToHexStringLower(SHA256.HashData(brought.SelectMany(e => e.Id.ToByteArray()).ToArray()));
        Approved.Is("present-release-feed",
        [
            .. brought.GroupBy(e => EventTypes.NameOf(e.Event)).OrderBy(same => same.Key, StringComparer.Ordinal).Select(same => $"{same.Key}: {same.Count()}"),
            $"all {brought.Count} in this order: {order}",
        ]);
    }

    /// <summary>What each service makes of each person. A line that changes is a meaning that changed: it is approved only with a reason.</summary>
    [Fact]
    public void What_is_known_of_every_person_means_the_same() =>
        Approved.Is("present-release-people", People().SelectMany(timeline => Summary(timeline).Where(line => line.Length > 0).Select(line => $"  {line}").Prepend(Name(timeline.Id))));

    private IEnumerable<Timeline.Timeline> People() =>
        release.All.Where(timeline => timeline.Events.Any(e => e.Event is PersonRegistered)).OrderBy(timeline => Name(timeline.Id), StringComparer.Ordinal);

    private IEnumerable<string> Summary(Timeline.Timeline timeline)
    {
        var (consular, traveller, helped, papers, partners) =
            (timeline.Fold<Person>(), timeline.Fold<Passenger>(), timeline.Fold<PersonInNeed>(), timeline.Fold<TravelDocumentFile>(), timeline.Fold<PersonForPartners>());
        var (detained, barriers, permits, seen, arrived) =
            (timeline.Fold<Detainee>(), timeline.Fold<Barriers>(), timeline.Fold<Permits>(), timeline.Fold<LastKnown>(), timeline.Fold<Newcomer>());
        yield return consular.Record switch
        {
            { Erased: true } => "record: erased",
            { MergedInto: { } into } => $"record: merged into {Name(into)}",
            { Stands: true } => "record: stands",
            _ => "record: unknown",
        };
        yield return $"registrations: {Join(consular.Registrations.Select(r => $"{r.Reference} from {r.Sender} by {r.Channel}{(r.InAffectedArea ? " inside" : "")}"))}";
        yield return $"told last: {consular.Latest?.FamilyName}, {consular.Latest?.GivenNames}, born {consular.Latest?.BirthDate}, {consular.Latest?.Nationality}";
        yield return Line("stands for", consular.Matches.Duplicates.Keys.Select(Name));
        yield return Line("is not", consular.Matches.Apart.Select(Name));
        yield return $"child: consular {Yes(consular.IsChildOn(Now))}, planning {Yes(traveller.IsMinorOn(Today))}, aid {Yes(helped.IsChildOn(Now))}";
        yield return Line("fears, consular", Feared(consular.Fears));
        yield return Line("fears, planning", Feared(traveller.Fears));
        yield return Line("fears, documents", Feared(papers.Fears));
        yield return Line("fears, aid", Feared(helped.Fears));
        yield return $"may leave: consular {(consular.EvacuationConsentBy is { } by ? $"by {Name(by)}" : "nobody said so")}, planning {Yes(traveller.AsTraveller(Today).Consent)}";
        yield return Line("shares with, consular", consular.SharesWith);
        yield return Line("shares with, aid", helped.SharesWith);
        yield return Line("shares with, partners", partners.SharesWith);
        yield return Line("households", consular.Households.Select(home => $"{Home(home)} as {consular.Family.Roles.GetValueOrDefault(home) ?? "-"}"));
        yield return Line("guardians", consular.Family.Guardians.All.Values.Select(tie => $"{Name(tie.AdultId)} ({tie.Basis}, {tie.Standing})"));
        yield return consular.Family.Guardians.ByHousehold ? "answered for by the household, for planning" : "";
        yield return consular.Family.Separation is { } alone ? $"alone: {alone.Kind} by {alone.Cause}" : "";
        yield return Line("cared for by", consular.Family.Care.Select(care => $"{care.Kind} {(care.CarerId is { } carer ? Name(carer) : care.With)}{(care.Until is null ? "" : ", over")}"));
        yield return helped.BestInterests is { } decided ? $"best interests: {(decided.MayDepart ? "may leave" : "stays")}, escort {(decided.EscortId is { } escort ? Name(escort) : "-")}" : "";
        yield return $"needs: tier {helped.Assessed?.Tier}, score {helped.Assessed?.Score}, planned as tier {traveller.Tier}, told to partners as {partners.Tier}";
        yield return Line("aid", helped.AidNeeds.Select(need => $"{need.Kind} {need.State}"));
        yield return Line("referrals", helped.Referrals.Select(referral => $"{referral.Agency} {referral.State}"));
        yield return helped.Fitness is { } fit ? $"fitness: {(fit.Fit ? "fit" : "unfit")} until {fit.ValidUntil:O}" : "";
        yield return detained.Current is { } held ? $"detained in {held.State}, counsel {held.Counsel}, {held.Visits.Count} visits, notices to {Join(held.Notices.Select(notice => notice.To!))}" : "";
        yield return Line("barriers", barriers.Open.Select(barrier => $"{barrier.Kind} of {barrier.Owner}"));
        yield return Line("permits", permits.ByState.Values.Select(permit => $"{permit.State} {permit.Granted?.ToString() ?? "unanswered"} until {permit.ValidUntil:O}"));
        yield return $"whereabouts: {seen.Condition?.State ?? "not said"}, {seen.Last?.Source ?? "never seen"}";
        var seats = Join(traveller.Seats.Select(seat => $"{seat.Code} leg {seat.Leg} of {seat.Legs} to {seat.Country ?? "-"} {seat.State}"));
        yield return $"travel: {traveller.State}; seats {seats}; left because {traveller.LeftBecause ?? "-"}; to partners {partners.Whereabouts}";
        yield return Line("documents", papers.Applications.Select(application =>
            $"{application.Why} {application.State(papers.Holder)} for {application.Destination ?? "-"} until {application.ValidUntil:O}"
            + (application.Number is null ? "" : " numbered")));
        yield return arrived.Taken is { } taken ? $"handed over to {taken.To} {taken.Receiver}, {taken.Basis}" : "";
        yield return arrived.Planned is { } onward ? $"goes on to {onward.Destination} by {onward.Means}" : "";
        yield return helped.Reintegration.Offered is null ? "" : $"reintegration: {(helped.Reintegration.Answer is { } answer ? Yes(answer.Agreed) : "not asked")}";
    }

    // Ids differ between runs of the release; references tell who is meant.
    private string Name(Guid person) => release.All.FirstOrDefault(timeline => timeline.Id == person)?.Fold<Person>() is { Registrations: [var first, ..] } ? first.Reference : "nobody";

    private string Home(Guid household) => Join(People().Where(person => person.Fold<Person>().Households.Contains(household)).Select(person => Name(person.Id)).Take(1));

    // As told, and what it bars where that is more.
    private static IEnumerable<string> Feared(FearedCountries fears) => fears.Now.Concat(fears.EveryState ? ["every state"] : []);

    private static string Line(string what, IEnumerable<string> told) => Join(told) is { Length: > 0 } all ? $"{what}: {all}" : "";

    private static string Join(IEnumerable<string> told) => string.Join(", ", told.Order(StringComparer.Ordinal));

    private static string Yes(bool it) => it ? "yes" : "no";
}
