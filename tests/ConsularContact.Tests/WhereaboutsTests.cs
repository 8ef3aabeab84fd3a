using CrisisCoordination.ConsularContact.Whereabouts;
using CrisisCoordination.Contracts;
using CrisisCoordination.Testing;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace CrisisCoordination.Tests.ConsularContact;

public sealed class WhereaboutsTests
{
    private static readonly Guid Amina = Guid.CreateVersion7(), Form = Guid.CreateVersion7();
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly PersonRegistered Registered = new(Form, Guid.CreateVersion7(), "R1", Channel.Self, true, new() { FamilyName = "Yusuf", Place = "Beira" }, Noon);

    private static CheckedIn Says(string state, int hours, string? place = null) => new(Guid.CreateVersion7(), state, "self", place, null, Noon.AddHours(hours));

    private static Sighted SeenIn(string place, int hours) => new(Guid.CreateVersion7(), "a neighbour", place, null, Noon.AddHours(hours));

    private static LastKnown After(params IEnumerable<Event> events) => events.Aggregate(LastKnown.Start(Amina), (person, e) => person.Apply(e));

    private static CheckIn In(string state = "safe", string source = "self") => new(Guid.CreateVersion7(), state, source, new("Dondo", null), Noon);

    [Fact]
    public void A_check_in_says_how_and_where() =>
        Assert.Equal(("needs-help", "Dondo"), Spec.Given<LastKnown>(Amina, Registered).When(person => CheckIn.Decide(person, In("needs-help"))).ThenOne<CheckedIn>() is var e ? (e.State, e.Place) : default);

    [Theory]
    [InlineData("fine", "self", "whereabouts/state-unknown")]
    [InlineData("", "self", "whereabouts/state-unknown")]
    [InlineData("safe", "radio", "whereabouts/source-unknown")]
    public void Words_outside_the_lists_are_refused(string state, string source, string code) =>
        Spec.Given<LastKnown>(Amina, Registered).When(person => CheckIn.Decide(person, In(state, source))).ThenRefused(code);

    [Fact]
    public void Nobody_checks_in_or_is_seen_who_is_not_registered_or_was_erased()
    {
        Spec.Given<LastKnown>(Amina).When(person => CheckIn.Decide(person, In())).ThenRefused("person/unknown");
        Spec.Given<LastKnown>(Amina, Registered, new PersonErased("o", "wish", Noon)).When(person => CheckIn.Decide(person, In())).ThenRefused("person/erased");
        Spec.Given<LastKnown>(Amina, Registered, new PersonErased("o", "wish", Noon)).When(person => RecordSighting.Decide(person, new(Form, "a neighbour", new("Dondo", null), Noon))).ThenRefused("person/erased");
    }

    [Fact]
    public void A_sighting_says_who_saw_them_and_where()
    {
        Spec.Given<LastKnown>(Amina, Registered).When(person => RecordSighting.Decide(person, new(Form, null, new("Dondo", null), Noon))).ThenRefused("whereabouts/by-missing");
        Spec.Given<LastKnown>(Amina, Registered).When(person => RecordSighting.Decide(person, new(Form, "a neighbour", new(null, null), Noon))).ThenRefused("whereabouts/nowhere");
        Spec.Given<LastKnown>(Amina, Registered).When(person => RecordSighting.Decide(person, new(Form, "a neighbour", new("Dondo", null), Noon))).ThenOne<Sighted>();
    }

    [Fact]
    public void Who_turns_out_to_be_missing_has_not_left()
    {
        Guid bus = Guid.CreateVersion7(), ship = Guid.CreateVersion7();
        Arrived With(Guid transport) => new(transport, "ZAF", true, "o", Noon.AddHours(8));
        MissingAtArrival From(Guid transport) => new(transport, false, Noon.AddHours(20), "o", Noon.AddHours(9));

        Assert.Null(After(Registered, With(ship), From(ship)).Condition);
        Assert.Equal("safe", After(Registered, Says("safe", 1), With(ship), From(ship)).Condition!.State);
        Assert.Equal("left", After(Registered, With(bus), From(ship)).Condition!.State);
        Assert.Equal("left", After(Registered, With(ship), From(ship), With(ship)).Condition!.State);
    }

    [Fact]
    public void A_late_old_sighting_never_becomes_the_latest() =>
        Assert.Equal("Dondo", After(Registered, SeenIn("Dondo", 5), SeenIn("Chimoio", 2)).Last!.Spot.Place);

    [Fact]
    public void A_late_old_check_in_does_not_say_how_they_are_now() =>
        Assert.Equal("needs-help", After(Registered, Says("needs-help", 5), Says("safe", 2)).Condition!.State);

    [Fact]
    public void A_check_in_without_a_place_leaves_the_last_place_known() =>
        Assert.Equal(("safe", "Beira", "registration"), After(Registered, Says("safe", 5)) is var p ? (p.Condition!.State, p.Last!.Spot.Place, p.Last.Source) : default);

    [Fact]
    public void A_sighting_is_no_contact_and_says_nothing_of_how_they_are() =>
        Assert.Equal((false, Noon, true), After(Registered, SeenIn("Dondo", 5)) is var p ? (p.Reached, p.ContactAt, p.Condition is null) : default);

    [Fact]
    public void A_correction_of_the_place_is_as_old_as_the_registration()
    {
        var person = After(Registered, SeenIn("Dondo", 5), new RegistrationCorrected(Form, "o", new() { FamilyName = "Yusuf", Place = "Maputo" }, "slip", Noon.AddDays(2)));
        Assert.Equal("Dondo", person.Last!.Spot.Place);
        Assert.Equal("Maputo", After(Registered, new RegistrationCorrected(Form, "o", new() { Place = "Maputo" }, "slip", Noon.AddDays(2))).Last!.Spot.Place);
    }

    [Fact]
    public void Who_arrived_in_another_country_has_left_and_who_moved_inside_has_not()
    {
        Assert.Equal("left", After(Registered, new Arrived(Form, "KEN", true, "o", Noon.AddHours(9))).Condition!.State);
        Assert.Null(After(Registered, new Arrived(Form, null, false, "o", Noon.AddHours(9))).Condition);
    }

    [Fact]
    public void The_order_of_recording_does_not_matter()
    {
        // Every hour once: what happened at the same moment has no order but that of recording.
        var hours = Gen.Shuffle(Enumerable.Range(0, 12).ToArray());
        Prop.ForAll(Arb.From(hours), order =>
        {
            var person = After(order.Select(hour => (Event)(hour % 3 == 0 ? SeenIn($"P{hour}", hour) : Says(hour % 2 == 0 ? "safe" : "moving", hour, hour % 5 == 0 ? $"P{hour}" : null))).Prepend(Registered));
            return person.Last!.Spot.Place == "P10" && person.Condition is { State: "moving" } && person.Condition.At == Noon.AddHours(11) && person.ContactAt == Noon.AddHours(11);
        }).QuickCheckThrowOnFailure();
    }
}
