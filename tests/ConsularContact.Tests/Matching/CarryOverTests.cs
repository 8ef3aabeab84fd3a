using System.Net.Http.Json;
using System.Text.Json;
using CrisisCoordination.ConsularContact;
using CrisisCoordination.ConsularContact.Detention;
using CrisisCoordination.ConsularContact.ExitBarriers;
using CrisisCoordination.ConsularContact.Whereabouts;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace CrisisCoordination.Tests.ConsularContact;

public sealed class CarryOverTests(ConsularContactHouse house) : IClassFixture<ConsularContactHouse>
{
    private static readonly Guid Stays = Guid.CreateVersion7(), Duplicate = Guid.CreateVersion7(), Crisis = Guid.CreateVersion7();
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private static readonly Event Merged = new DuplicateMerged(Duplicate, "o", null, [], [], [], Noon), Into = new MergedInto(Stays, [], Noon),
        Unmerged = new DuplicateUnmerged(Duplicate, "o", null, [], [], [], Noon), From = new UnmergedFrom(Stays, [], Noon);

    private static Event Registered() => new PersonRegistered(Guid.CreateVersion7(), Crisis, "R", Channel.Phone, true, new() { FamilyName = "Abebe" }, Noon.AddDays(-9));

    private sealed record Record(Guid Id, Event[] Events)
    {
        public T Fold<T>() where T : IFold<T> => Events.Aggregate(T.Start(Id), (state, e) => state.Apply(e));
    }

    private static Record On(Guid id, params IEnumerable<Event> events) => new(id, [.. events]);

    private static Record Then(Record record, params IEnumerable<Event> more) => new(record.Id, [.. record.Events, .. more]);

    private static (Record Stays, Record Duplicate) Merge(Record stays, Record duplicate)
    {
        (stays, duplicate) = (Then(stays, Merged), Then(duplicate, Into));
        return (Then(stays, CarryOver.There(Duplicate, duplicate.Events, stays.Events).Events), duplicate);
    }

    private static (Record Stays, Record Duplicate) Unmerge(Record stays, Record duplicate)
    {
        (stays, duplicate) = (Then(stays, Unmerged), Then(duplicate, From));
        return (stays, Then(duplicate, CarryOver.Back(Duplicate, duplicate.Events, Stays, stays.Events).Events));
    }

    // One thing that can be told about somebody; the number says which barrier, day or place.
    private static Event Fact(int kind, int number)
    {
        var id = new Guid(number, 7, 7, [1, 2, 3, 4, 5, 6, 7, 8]);
        var at = Noon.AddHours(number - 48);
        return kind switch
        {
            0 => new CheckedIn(id, LastKnown.States[number % 3], "self", $"place {number}", null, at),
            1 => new Sighted(id, "a neighbour", $"street {number}", null, at),
            2 => new ExitBarrierRaised(id, "debt", null, "o", at.AddDays(3), "note", at),
            3 => new ExitBarrierResolved(id, "o", "paid", at.AddHours(1)),
            4 => new DetentionReported(id, "SDN", "Kober", null, at.AddDays(3), at),
            _ => new DetentionEnded(id, "o", at.AddHours(2)),
        };
    }

    private static object Told(Record timeline)
    {
        var (where, barriers, detainee) = (timeline.Fold<LastKnown>(), timeline.Fold<Barriers>(), timeline.Fold<Detainee>());
        return (where.Last, where.Condition, where.ContactAt, where.Reached,
            string.Join(';', barriers.All.Select(b => (b.Id, b.IsOpen)).Order()), string.Join(';', detainee.Stays.Select(s => (s.Id, s.IsOpen)).Order()));
    }

    // Ids are made once: what is told on one record is never about a thing of another.
    private static Gen<Event[]> Facts(int first) => Gen.Choose(0, 5).SelectMany(kind => Gen.Choose(first, first + 6).Select(number => Fact(kind, number))).ListOf().Select(facts => facts.Distinct().ToArray());

    [Fact]
    public void What_came_with_a_merge_that_was_undone_does_not_go_on_to_a_third_record()
    {
        var third = Guid.CreateVersion7();
        var (stays, _) = Unmerge(Merge(On(Stays, Registered()), On(Duplicate, Registered(), Fact(2, 1), Fact(4, 2))));
        stays = Then(stays, Fact(2, 3), new MergedInto(third, [], Noon));
        var carried = CarryOver.There(Stays, stays.Events, [Registered(), new DuplicateMerged(Stays, "o", null, [], [], [], Noon)]).Events;
        Assert.Equal(Fact(2, 3) with { MergedFrom = Stays }, Assert.Single(carried));

        static (Record Stays, Record Duplicate) Unmerge((Record Stays, Record Duplicate) merged) => CarryOverTests.Unmerge(merged.Stays, merged.Duplicate);
    }

    [Fact]
    public void A_merge_and_its_undoing_leave_both_as_they_were() =>
        Prop.ForAll(Facts(0).Zip(Facts(20)).ToArbitrary(), told =>
        {
            var (stays, duplicate) = (On(Stays, told.Item1.Prepend(Registered())), On(Duplicate, told.Item2.Prepend(Registered())));
            var (before, after) = ((Told(stays), Told(duplicate)), Merge(stays, duplicate));
            var apart = Unmerge(after.Stays, after.Duplicate);
            Assert.Equal(before, (Told(apart.Stays), Told(apart.Duplicate)));

            // And once more: what an undone merge brought is brought again.
            var again = Merge(apart.Stays, apart.Duplicate);
            Assert.Equal(Told(after.Stays), Told(again.Stays));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Woken_twice_it_carries_nothing_twice() =>
        Prop.ForAll(Facts(0).Zip(Facts(20)).ToArbitrary(), told =>
        {
            var (stays, duplicate) = Merge(On(Stays, told.Item1.Prepend(Registered())), On(Duplicate, told.Item2.Prepend(Registered())));
            Assert.Empty(CarryOver.There(Duplicate, duplicate.Events, stays.Events).Events);
            (stays, duplicate) = Unmerge(stays, duplicate);
            Assert.Empty(CarryOver.Back(Duplicate, duplicate.Events, Stays, stays.Events).Events);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Nothing_is_due_under_a_record_that_was_merged_away()
    {
        Event[] waitedFor = [Fact(2, 1), Fact(4, 2), new ExitPermissionAsked(Guid.CreateVersion7(), "SDN", Noon) { DueAt = Noon.AddDays(3) }];
        foreach (var one in waitedFor)
        {
            var (stays, duplicate) = Merge(On(Stays, Registered()), On(Duplicate, Registered(), one));
            Assert.Empty(duplicate.Fold<Clocks>().Due);
            Assert.Single(stays.Fold<Clocks>().Due);
        }
    }

    [Fact]
    public void What_was_cleared_while_the_two_were_one_is_cleared_when_they_are_two()
    {
        var (raised, resolved) = ((ExitBarrierRaised)Fact(2, 1), (ExitBarrierResolved)Fact(3, 1));
        var (stays, duplicate) = Merge(On(Stays, Registered()), On(Duplicate, Registered(), raised));
        Assert.True(Assert.Single(stays.Fold<Barriers>().All).IsOpen);
        (stays, duplicate) = Unmerge(Then(stays, resolved), duplicate);
        Assert.Empty(stays.Fold<Barriers>().All);
        Assert.False(Assert.Single(duplicate.Fold<Barriers>().All).IsOpen);
    }

    [Fact]
    public async Task Over_http_a_barrier_and_a_check_in_follow_the_person()
    {
        async Task<Guid> RegisterAsync(string reference, string born) =>
            (await (await house.Officer.PostAsJsonAsync("/people", house.Person(reference, "Tekle", "Almaz", born))).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("personId").GetGuid();
        var (one, two) = (await RegisterAsync("CO-1", "1979-05-06"), await RegisterAsync("CO-2", "1979-06-05"));
        (await house.Officer.PostAsJsonAsync($"/people/{two}/exit-barriers", new { kind = "debt" })).EnsureSuccessStatusCode();
        (await house.Officer.PostAsJsonAsync($"/people/{two}/check-ins", new { state = "needs-help", place = "Kassala" })).EnsureSuccessStatusCode();

        (await house.Officer.PostAsJsonAsync($"/people/{one}/merge", new { duplicateId = two })).EnsureSuccessStatusCode();
        await Eventually.TrueAsync(async () => await BarriersAsync(one) == 1, "the barrier stands on the record that stays");
        var where = await house.Officer.GetFromJsonAsync<JsonElement>($"/people/{one}/whereabouts");
        Assert.Equal("needs-help", where.GetProperty("state").GetProperty("state").GetString());
        Assert.Contains($"{one}", await (await house.Officer.GetAsync($"/people/{two}/exit-barriers")).Content.ReadAsStringAsync());

        (await house.Officer.PostAsJsonAsync($"/people/{one}/unmerge", new { duplicateId = two, reason = "sisters" })).EnsureSuccessStatusCode();
        Assert.Equal((0, 1), (await BarriersAsync(one), await BarriersAsync(two)));

        async Task<int> BarriersAsync(Guid id) => (await house.Officer.GetFromJsonAsync<JsonElement>($"/people/{id}/exit-barriers")).GetProperty("items").GetArrayLength();
    }
}
