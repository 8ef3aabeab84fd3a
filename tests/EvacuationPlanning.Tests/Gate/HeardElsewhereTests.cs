using CrisisCoordination.Contracts;
using CrisisCoordination.Testing;
using Xunit;

namespace CrisisCoordination.EvacuationPlanning.Tests.Gate;

public sealed class HeardElsewhereTests(GateHouse house) : IClassFixture<GateHouse>
{
    private static readonly Guid Form = Guid.CreateVersion7();

    [Fact]
    public async Task Whatever_bars_somebody_frees_their_seat_whichever_service_heard_it()
    {
        var ship = await house.TransportAsync(seats: 20);
        List<(Guid Person, string Why)> barred = [];
        await SeatedAsync("a fear", new FearOfReturnStated(["SAU"], "officer", Now));
        await SeatedAsync("a consent taken back", new EvacuationConsentWithdrawn("officer", Now));
        await SeatedAsync("an exit barrier", new ExitBarrierRaised(Guid.CreateVersion7(), "debt", null, "officer", Now.AddDays(9), null, Now));
        await SeatedAsync("a detention", new DetentionReported(Guid.CreateVersion7(), "SDN", null, null, Now.AddDays(2), Now));
        await SeatedAsync("another form", Repeated(Guid.CreateVersion7(), DocumentStatus.Lost, Now));
        await SeatedAsync("a corrected form", new RegistrationCorrected(Form, "officer", Told(DocumentStatus.Lost), null, Now), Repeated(Form, DocumentStatus.Valid, GateHouse.Registered.AddHours(1)));
        await SeatedAsync("a registration that was somebody else's", new RegistrationSeparated(Form, Guid.CreateVersion7(), "officer", null, Now), Repeated(Guid.CreateVersion7(), DocumentStatus.Lost, GateHouse.Registered.AddHours(1)), Repeated(Form, DocumentStatus.Valid, GateHouse.Registered.AddHours(2)));

        await house.TellAsync(Service.HumanitarianAid, await HolderAsync("a health worker"), new FitToTravelAssessed(false, null, null, "health-worker", Now));
        var erased = await HolderAsync("an erasure");
        await house.Of(Service.ConsularContact).EraseAsync(erased, _ => new PersonErased("officer", "asked", Now));

        var withPapers = await house.PersonAsync(more: Repeated(Form, DocumentStatus.Lost, GateHouse.Registered.AddHours(1)));
        await house.TellAsync(Service.TravelDocuments, withPapers, new TravelDocumentIssued(Form, "SAU", [], new(2040, 1, 1), "officer", "L1", null, Now));
        Assert.Null(await house.SeatAsync(ship, withPapers));
        barred.Add((withPapers, "revoked papers"));
        await house.TellAsync(Service.TravelDocuments, withPapers, new TravelDocumentRevoked(Form, "found", Now));

        var (aunt, child) = (await house.PersonAsync(), await house.PersonAsync(born: "2015-01-01", more: new ChildSeparationReported(Guid.CreateVersion7(), "separated", "conflict", null, null, "officer", Now, GateHouse.Registered)));
        await house.TellAsync(Service.HumanitarianAid, child, new BestInterestsDecided(true, aunt, "protection", null, Now));
        await house.TellAsync(child, new EvacuationConsentGiven(aunt, "officer", Now));
        Assert.Null(await house.SeatAsync(ship, aunt, child));
        barred.Add((child, "the child's best interests"));
        await house.TellAsync(Service.HumanitarianAid, child, new BestInterestsDecided(false, null, "protection", null, Now));

        foreach (var (person, why) in barred)
            await Eventually.TrueAsync(async () => !(await house.PassengerAsync(person)).HoldsSeat, $"the seat is freed by {why}");

        async Task SeatedAsync(string why, Event bars, params Event[] before) => await house.TellAsync(await HolderAsync(why, before), bars);

        async Task<Guid> HolderAsync(string why, params Event[] before)
        {
            var person = await house.PersonAsync(more: before);
            Assert.Null(await house.SeatAsync(ship, person));
            barred.Add((person, why));
            return person;
        }
    }

    // An adult with false papers is seen with the child, agrees, and is found out before the gate.
    [Fact]
    public async Task Who_ceases_to_answer_for_a_child_takes_the_seat_along_and_nobody_boards_the_child_on_what_they_agreed_to()
    {
        var (liar, father) = (await house.PersonAsync(), await house.PersonAsync());
        var child = await house.PersonAsync(born: "2015-01-01", agrees: liar, more: [Seen(liar), Seen(father)]);
        var ship = await house.TransportAsync();
        Assert.Null(await house.SeatAsync(ship, father, child));
        await house.TellAsync(child, new GuardianshipEnded(liar, "false papers", "protection-1", Now));
        await Eventually.TrueAsync(async () => !(await house.PassengerAsync(child)).HoldsSeat, "the seat is freed");
        Assert.Equal("travel/no-consent", (await house.SeatAsync(ship, father, child))?.Code);
        Assert.Equal("travel/no-consent", await house.RefusedAsync($"/transports/{ship}/walk-up", new { personId = child }));

        await house.TellAsync(child, Seen(liar) with { At = Now });
        Assert.Equal("travel/no-consent", (await house.SeatAsync(ship, father, child))?.Code);
        await house.TellAsync(child, new EvacuationConsentGiven(father, "officer", Now));
        Assert.Null(await house.SeatAsync(ship, father, child));
        await house.PostAsync($"/transports/{ship}/boarding", new { personId = child });

        static TieConfirmed Seen(Guid adult) => new(adult, "papers", "officer", GateHouse.Registered);
    }

    private static DateTimeOffset Now => DateTimeOffset.UtcNow;

    private static Registration Told(DocumentStatus status) => new() { FamilyName = "Lemma", BirthDate = new(1985, 1, 30), Nationality = "IND", Document = new("passport", "P1", new(2040, 1, 1), status) };

    private static RegistrationRepeated Repeated(Guid form, DocumentStatus status, DateTimeOffset at) => new(form, Sudan.Crisis, "R", Channel.Phone, true, 30, [], Told(status), at);
}
