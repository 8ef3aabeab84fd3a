using CrisisCoordination.ConsularContact.SelfService;
using CrisisCoordination.Contracts;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using Xunit;

namespace CrisisCoordination.Tests.ConsularContact;

public sealed class ConfirmationTests
{
    private static readonly Guid Amina = Guid.CreateVersion7();
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero), NextNoon = Noon.AddDays(1), ThirdNoon = Noon.AddDays(3);
    private static readonly PersonRegistered Registered = new(Guid.CreateVersion7(), Guid.CreateVersion7(), "S-1", Channel.Self, true, new() { FamilyName = "Yusuf" }, Noon) { Sender = "self-service" };

    private static CheckedIn Says(string state, DateTimeOffset at) => new(Guid.CreateVersion7(), state, "self", null, null, at);

    private static Given<Confirmation> Given(params Event[] events) => Spec.Given<Confirmation>(Amina, [Registered, .. events]);

    private static Func<Confirmation, Decision> At(DateTimeOffset now) => person => Confirmation.Lapse(person, now);

    [Fact]
    public void A_day_of_silence_is_told_once_and_three_days_end_the_registration()
    {
        Given().When(At(NextNoon.AddSeconds(-1))).ThenNothing();
        var missed = Given().When(At(NextNoon)).ThenOne<ConfirmationMissed>();
        Given(missed).When(At(ThirdNoon.AddSeconds(-1))).ThenNothing();
        var expired = Given(missed).When(At(ThirdNoon)).ThenOne<SelfRegistrationExpired>();
        Given(missed, expired).When(At(Noon.AddDays(30))).ThenNothing();
    }

    [Fact]
    public void A_word_from_the_person_starts_the_clocks_again()
    {
        var missed = new ConfirmationMissed(Noon, NextNoon);
        var word = Says("moving", NextNoon.AddHours(1));
        Given(missed, word).When(At(NextNoon.AddHours(24))).ThenNothing();
        Assert.Equal(word.At, Given(missed, word).When(At(NextNoon.AddHours(25))).ThenOne<ConfirmationMissed>().LastContactAt);
    }

    [Theory]
    [InlineData("safe")]
    [InlineData("left")]
    public void Who_signed_off_is_not_waited_for(string state) => Given(Says(state, Noon.AddHours(1))).When(At(Noon.AddDays(9))).ThenNothing();

    [Fact]
    public void Who_was_registered_by_an_officer_confirms_nothing() =>
        Spec.Given<Confirmation>(Amina, [Registered with { Sender = "khartoum" }]).When(At(Noon.AddDays(9))).ThenNothing();

    [Fact]
    public void A_record_that_was_merged_away_is_silent() => Given(new MergedInto(Guid.CreateVersion7(), [], Noon)).When(At(Noon.AddDays(9))).ThenNothing();
}
