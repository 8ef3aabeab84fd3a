using System.Collections.Immutable;
using CrisisCoordination.Contracts;
using CrisisCoordination.Testing;
using FsCheck;
using FsCheck.Fluent;
using Npgsql;

namespace CrisisCoordination.Timeline.Tests;

/// <summary>People and facts to write down.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Morning = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    public static PersonRegistered Registered(string name = "Amina Yusuf", DateTimeOffset? at = null) =>
        new(Guid.CreateVersion7(), Guid.CreateVersion7(), "R-1", Channel.Consulate, InAffectedArea: true, Form(name), at ?? Morning) { Sender = "post-1" };

    public static Registration Form(string name) => new()
    {
        FamilyName = name,
        GivenNames = "Given",
        BirthDate = new BirthDate(1985, 1, 30),
        Nationality = "KEN",
        Phone = "+249 91 234 5678",
        Document = new HeldDocument("P", "AB1234567", new DateOnly(2030, 1, 1), DocumentStatus.Valid),
        NeedsNow = ["water"],
        SpecificNeeds = ["PG"],
    };

    public static HouseholdJoined Joined(DateTimeOffset? at = null) => new(Guid.CreateVersion7(), "head", at ?? Morning);

    /// <summary>A counter that says which number each event is.</summary>
    public static SharingConsentGiven Number(int n) => new([$"{n}"], Morning);

    public static Gen<Event[]> Events => Event.ArrayOf().Where(events => events.Length is > 0 and < 30);

    private static Gen<Event> Event => Gen.OneOf(
        from form in Forms from offset in Gen.Choose(-12, 12) select (Event)(Registered() with { Form = form, At = Morning.ToOffset(TimeSpan.FromHours(offset)) }),
        from form in Forms from reason in Text select (Event)new RegistrationCorrected(Guid.CreateVersion7(), "officer", form, reason, Morning),
        from score in Gen.Choose(-1000, 1000)
        from form in Forms
        select (Event)new RegistrationRepeated(Guid.CreateVersion7(), Guid.CreateVersion7(), "r", Channel.Self, false, score / 7.0, ["name:same"], form, Morning),
        from countries in Gen.Elements("KEN", "SDN", "ETH").ListOf()
        from known in Gen.Elements(true, false)
        select (Event)new FearOfReturnStated(known ? [.. countries] : null, "officer", Morning),
        Gen.Constant<Event>(new EvacuationConsentGiven(Guid.Empty, "officer", Morning)),
        from role in Text select (Event)new HouseholdJoined(Guid.CreateVersion7(), role, Morning),
        from country in Gen.Elements("KEN", null!) select (Event)new SeatHeld(Guid.Empty, Guid.Empty, "T1", Mobility.Stretcher, 1, 2, country, Morning, Morning));

    private static Gen<Registration?> Forms => Gen.Frequency(
        (1, Gen.Constant<Registration?>(null)),
        (8, from family in Text
            from notes in Text
            from month in Gen.Choose(0, 12)
            from degrees in Gen.Choose(-179, 179)
            from needs in Gen.Elements("food", "water", "shelter").ListOf()
            from mobility in Gen.Elements(Enum.GetValues<Mobility>())
            select (Registration?)new Registration
            {
                FamilyName = family,
                Notes = notes,
                BirthDate = month == 0 ? null : new BirthDate(1990, month),
                Mobility = mobility,
                Position = degrees == 0 ? null : new Position(degrees / 3.0, degrees / 7.0),
                NeedsNow = [.. needs],
            }));

    // PostgreSQL's jsonb takes every text but U+0000 and halves of surrogate pairs; the edge refuses those.
    private static Gen<string?> Text => Gen.OneOf(
        Gen.Constant<string?>(null),
        Gen.Elements<string?>("", "O'Brien \"the\" \\", "أمينة يوسف", "王小明", "💧", "{\"$personal\":1}", "a\tb\nc", "</script>", "é"),
        ArbMap.Default.GeneratorFor<string>().Select(text => (string?)new string([.. (text ?? "").Where(c => c != '\0' && !char.IsSurrogate(c))])));
}

/// <summary>A state that holds all it was told, so that any difference shows.</summary>
internal sealed record Diary(Guid Id) : IFold<Diary>
{
    public ImmutableList<Event> Told { get; init; } = [];

    public static Diary Start(Guid id) => new(id);

    public Diary Apply(Event @event) => this with { Told = Told.Add(@event) };

    /// <summary>What the last form said, for read models.</summary>
    public Registration? Form => Told.OfType<PersonRegistered>().LastOrDefault()?.Form;

    public int Count => Told.Count;

    public bool Erased => Told.Any(e => e is PersonErased);

    public override string ToString() => System.Text.Json.JsonSerializer.Serialize(Told.Select(e => (object)e), EventSerializer.Json);
}

/// <summary>A clock that tests set; its timers are real.</summary>
internal sealed class SetClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}

internal static class StoreExtensions
{
    public static Task<Outcome> AppendAsync(this TimelineStore store, Guid id, params Event[] events) =>
        store.DecideAsync<Diary>(id, _ => Decision.Of(events), new By("officer"));

    public static async Task<List<RecordedEvent>> AllAsync(this Feed feed)
    {
        var (all, at) = (new List<RecordedEvent>(), FeedPosition.Start);
        while (true)
        {
            var (events, upto) = await feed.ReadAsync(at, 1000);
            if (upto == at) return all;
            all.AddRange(events);
            at = upto;
        }
    }

    public static async Task<T> ScalarAsync<T>(this NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public static async Task RunAsync(this NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
    }
}
