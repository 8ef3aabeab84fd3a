using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;
using FsCheck;
using FsCheck.Fluent;
using Xunit;
using static CrisisCoordination.HumanitarianAid.Tests.People;

namespace CrisisCoordination.HumanitarianAid.Tests;

public sealed class AllocateAidTests
{
    private static readonly Guid Need = Guid.Parse("01900000-0000-7000-8000-0000000000a1"), Store = Guid.Parse("01900000-0000-7000-8000-0000000000b1");
    private static readonly Event[] Thirsty = [Registered(Adult with { NeedsNow = ["water"] }), new AidNeedOpened(Need, "water", Monday)];

    [Fact]
    public void A_portion_is_set_aside_on_the_stock_and_for_the_person()
    {
        var (onStock, onPerson) = AllocateAid.Decide(Stock("water", 1), Given(Thirsty), new(Need, Tuesday));
        Assert.Equal(new StockAllocated(Person, Need, 1, Tuesday), onStock.Single<StockAllocated>());
        Assert.Equal(new AidAllocated(Need, Store, "water", 1, Tuesday), onPerson.Single<AidAllocated>());
    }

    [Fact]
    public void What_is_not_there_cannot_be_allocated() =>
        BothRefused(AllocateAid.Decide(Stock("water", 1, taken: 1), Given(Thirsty), new(Need, Tuesday)), AllocateAid.Exhausted);

    [Theory]
    [InlineData("self-service")]
    [InlineData("agency UNHCR")]
    public void A_claim_that_nobody_has_looked_at_takes_nothing_before_somebody_has_spoken_to_them(string sender)
    {
        Event[] claim = [Registered(Adult with { NeedsNow = ["water"] }) with { Sender = sender }, new AidNeedOpened(Need, "water", Monday)];
        BothRefused(AllocateAid.Decide(Stock("water", 9), Given(claim), new(Need, Tuesday)), "aid/not-seen");
        BothRefused(AllocateAid.Decide(Stock("water", 9), Given([.. claim, new CheckedIn(Other, "needs-help", "self", null, null, Monday)]), new(Need, Tuesday)), "aid/not-seen");
        AllocateAid.Decide(Stock("water", 9), Given([.. claim, new CheckedIn(Other, "needs-help", "officer", null, null, Monday)]), new(Need, Tuesday)).OnPerson.Single<AidAllocated>();
    }

    [Fact]
    public void Who_was_seen_once_and_asks_for_more_with_a_token_takes_nothing_before_somebody_has_spoken_to_them_again()
    {
        var first = Registered(Adult) with { Sender = "self-service" };
        Event[] raised = [first, new CheckedIn(Other, "safe", "officer", null, null, Monday),
            new RegistrationCorrected(first.RegistrationId, "self:S-1", Adult with { NeedsNow = ["water"] }, "w", Tuesday), new AidNeedOpened(Need, "water", Tuesday)];
        BothRefused(AllocateAid.Decide(Stock("water", 9), Given(raised), new(Need, Tuesday)), "aid/not-seen");
        AllocateAid.Decide(Stock("water", 9), Given([.. raised, new CheckedIn(Other, "needs-help", "officer", null, null, Tuesday)]), new(Need, Tuesday)).OnPerson.Single<AidAllocated>();
    }

    [Fact]
    public void Food_is_no_water() => BothRefused(AllocateAid.Decide(Stock("food", 1), Given(Thirsty), new(Need, Tuesday)), "aid/another-kind");

    [Fact]
    public void Nothing_is_set_aside_for_a_need_that_nobody_has() => BothRefused(AllocateAid.Decide(Stock("water", 1), Given(Thirsty), new(Other, Tuesday)), "need/unknown");

    [Fact]
    public void Nothing_is_set_aside_for_somebody_whose_data_was_erased() =>
        BothRefused(AllocateAid.Decide(Stock("water", 1), Given([.. Thirsty, Erased]), new(Need, Tuesday)), "person/erased");

    [Fact]
    public void A_need_that_has_its_portion_gets_no_second_one()
    {
        var (onStock, onPerson) = AllocateAid.Decide(Stock("water", 5), Given([.. Thirsty, new AidAllocated(Need, Store, "water", 1, Monday)]), new(Need, Tuesday));
        onStock.Nothing();
        onPerson.Nothing();
    }

    [Fact]
    public void However_often_and_in_whatever_order_it_is_asked_no_stock_gives_more_than_it_has_and_no_need_gets_two()
    {
        var kinds = new[] { "water", "food" };
        var commands = Gen.Zip(Gen.Choose(0, 2), Gen.Choose(0, 9)).ListOf(60);
        Prop.ForAll(commands.ToArbitrary(), run =>
        {
            var stocks = Enumerable.Range(0, 3).Select(i => Fold<Stock>(Id('b', i), [new StockReceived("Port", kinds[i % 2], 1 + i, Monday)])).ToArray();
            var people = Enumerable.Range(0, 10).Select(i => Fold<PersonInNeed>(Id('c', i), [Registered(Adult), new AidNeedOpened(Id('a', i), kinds[i % 2], Monday)])).ToArray();
            var given = 0;
            foreach (var (s, p) in run)
            {
                var (onStock, onPerson) = AllocateAid.Decide(stocks[s], people[p], new(Id('a', p), Tuesday));
                given += onStock.Events.Count;
                if (onStock.Events.Count != onPerson.Events.Count) return false;
                stocks[s] = onStock.Events.Aggregate(stocks[s], (state, e) => state.Apply(e));
                people[p] = people[p].With(onPerson);
            }
            return stocks.All(stock => stock.Left >= 0) && stocks.Sum(stock => stock.Received - stock.Left) == given
                && people.Count(person => person.AidNeeds[0].State == "allocated") == given;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Theory]
    [InlineData("", "water", 5, "stock/place")]
    [InlineData("Port", "gold", 5, "stock/kind-unknown")]
    [InlineData("Port", "water", 0, "stock/quantity")]
    [InlineData("Port", "water", -3, "stock/quantity")]
    public void A_stock_says_where_it_is_what_and_how_much(string place, string kind, int quantity, string code) =>
        Stocks.Receive(new Stock(Store), new(place, kind, quantity, Monday)).Refused(code);

    [Fact]
    public void A_stock_entered_twice_with_one_key_is_there_once()
    {
        var command = new ReceiveStock("Port", "water", 5, Monday);
        var stock = Fold<Stock>(Store, Stocks.Receive(new Stock(Store), command).Events);
        Assert.Equal(5, stock.Left);
        Stocks.Receive(stock, command).Nothing();
    }

    [Fact]
    public void Only_what_was_allocated_can_be_delivered_and_only_once()
    {
        var deliver = new DeliverAid(Need, "aid-1", Tuesday);
        DeliverAid.Decide(Given(Thirsty), deliver).Refused("aid/not-allocated");
        DeliverAid.Decide(Given(Thirsty), deliver with { NeedId = Other }).Refused("need/unknown");
        DeliverAid.Decide(Given(), deliver).Refused("person/unknown");
        var person = Given([.. Thirsty, new AidAllocated(Need, Store, "water", 1, Monday)]);
        Assert.Equal("aid-1", DeliverAid.Decide(person, deliver).Single<AidDelivered>().DeliveredBy);
        DeliverAid.Decide(person.With(DeliverAid.Decide(person, deliver)), deliver).Nothing();
    }

    private static Stock Stock(string kind, int quantity, int taken = 0) =>
        Fold<Stock>(Store, [new StockReceived("Port", kind, quantity, Monday), .. Enumerable.Range(0, taken).Select(_ => new StockAllocated(Other, Other, 1, Monday))]);

    private static Guid Id(char kind, int i) => Guid.Parse($"01900000-0000-7000-8000-0000000000{kind}{i}");

    private static void BothRefused((Decision OnStock, Decision OnPerson) decisions, string code)
    {
        decisions.OnStock.Refused(code);
        decisions.OnPerson.Refused(code);
    }
}
