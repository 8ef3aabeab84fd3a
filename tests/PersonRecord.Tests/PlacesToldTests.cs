using CrisisCoordination.Contracts;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace CrisisCoordination.PersonRecord.Tests;

/// <summary>Where somebody is, and by whose word, as rule N asks it. Here is latitude 10, across the border latitude 20.</summary>
public sealed class PlacesToldTests
{
    private const int Here = 10, Across = 20;
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Form = Guid.CreateVersion7(), Bus = Guid.CreateVersion7(), Other = Guid.CreateVersion7();

    private static DateTimeOffset Hour(int hour) => Noon.AddHours(hour);

    private static Registration At(int? latitude, string? phone = null) => new() { Phone = phone, Position = latitude is { } north ? new Position(north, 30) : null };

    private static PersonRegistered Registered(int? latitude = Here, string sender = "") =>
        new(Form, Guid.Empty, "R-1", Channel.Consulate, false, At(latitude), Noon) { Sender = sender };

    private static RegistrationRepeated Carried(int latitude, int hour, string sender) =>
        new(Guid.CreateVersion7(), Guid.Empty, "R-2", Channel.Self, false, 20, [], At(latitude), Hour(hour)) { Sender = sender, MergedFrom = Other };

    private static RegistrationCorrected Corrected(int latitude, int hour, string by = "officer-1") => new(Form, by, At(latitude, "+249 1"), "told", Hour(hour));

    private static CheckedIn Says(int latitude, int hour, string source = "self", Guid? from = null) =>
        new(Guid.CreateVersion7(), "moving", source, null, new(latitude, 30), Hour(hour)) { MergedFrom = from };

    private static Arrived Arrives(int hour) => new(Bus, null, false, "gate-1", Hour(hour));

    private static PlacesTold After(params IEnumerable<Event> events) => events.Aggregate(PlacesTold.None, (places, e) => places.After(e));

    // As latitudes; a transport is named by where it is.
    private static string[] Latest(params IEnumerable<Event> events) =>
        [.. After(events).Latest.Select(seen => seen.Spot.Position is { } place ? $"{place.Latitude}" : seen.Source).Order(StringComparer.Ordinal)];

    [Fact]
    public void What_a_coordinator_or_aid_worker_writes_down_does_not_count() =>
        Assert.Empty(PlacesTold.None.After(new CheckedIn(Guid.NewGuid(), "safe", "officer", null, new(1, 1), DateTimeOffset.UnixEpoch) { Relayed = true }).Latest);

    [Fact]
    public void A_correction_of_something_else_says_nothing_of_where_they_are() =>
        Assert.Equal(["20"], Latest(Registered(), Says(Across, 1), Corrected(Here, 2)));

    [Fact]
    public void What_an_officer_corrects_may_have_been_so_at_any_time_until_then()
    {
        Assert.Equal(["10", "20"], Latest(Registered(11), Says(Across, 1), Corrected(Here, 2)));
        Assert.Equal(["20"], Latest(Registered(11), Corrected(Here, 2), Says(Across, 3)));
        Assert.Equal(["12"], Latest(Registered(11), Corrected(12, 2)));
    }

    [Fact]
    public void Who_moves_and_changes_their_own_registration_is_there_since_then() =>
        Assert.Equal(["20"], Latest(Registered(), Says(Here, 1), Corrected(Across, 2, "self:R-1")));

    [Theory]
    [InlineData("partner")]
    [InlineData("family")]
    [InlineData("message")]
    public void Only_the_person_and_an_officer_say_where_they_are(string source)
    {
        Assert.Equal(["20"], Latest(Registered(Across), Says(Here, 1, source)));
        Assert.Empty(Latest(Registered(null), Says(Here, 1, source)));
        Assert.Equal(["10"], Latest(Registered(Across), Says(Here, 1, "officer")));
    }

    [Theory]
    [InlineData("agency IOM", false)]
    [InlineData("list from a church", false)]
    [InlineData("self-service", true)]
    [InlineData("officer-1", true)]
    public void A_form_counts_that_they_or_a_post_wrote(string sender, bool counts) =>
        Assert.Equal(counts, !After(Registered(Here, sender)).Latest.IsEmpty);

    [Fact]
    public void A_neighbour_who_saw_them_does_not_count() =>
        Assert.Equal(["20"], Latest(Registered(Across), new Sighted(Guid.CreateVersion7(), "a neighbour", null, new(Here, 30), Hour(2))));

    [Fact]
    public void What_came_with_a_record_that_nobody_met_does_not_count()
    {
        Assert.Equal(["20"], Latest(Registered(Across), Carried(Here, 1, "self-service"), Says(Here, 2, from: Other)));
        Assert.Equal(["10"], Latest(Registered(Across), Carried(Here, 1, "officer-2"), Says(Here, 2, from: Other)));
        Assert.Equal(["10"], Latest(Registered(Across), Says(Here, 2, "officer", from: Other)));
    }

    [Fact]
    public void When_a_merge_is_undone_what_it_brought_is_gone()
    {
        var merged = new Event[] { Registered(Across), Carried(Here, 1, "officer-2"), Says(Here, 2, from: Other) };

        Assert.Equal(["20"], Latest([.. merged, new DuplicateUnmerged(Other, "officer-1", "not them", [], [], [], Hour(3))]));
        // Of the next merge it is asked again whether anybody met them.
        Assert.Equal(["20"], Latest([.. merged, new DuplicateUnmerged(Other, "officer-1", "not them", [], [], [], Hour(3)), Says(Here, 4, from: Other)]));
    }

    [Fact]
    public void Where_a_transport_took_them_counts_until_something_is_told_of_later()
    {
        Assert.Equal(["transport"], Latest(Registered(), Arrives(5), Says(Here, 2)));
        Assert.Equal(["20"], Latest(Registered(), Arrives(5), Says(Across, 6)));
    }

    [Fact]
    public void Who_was_not_aboard_after_all_did_not_come_with_it()
    {
        var missing = new Event[] { Registered(), new Boarded(Bus, "gate-1", Hour(1)), Arrives(5), new MissingAtArrival(Bus, false, Hour(20), "gate-1", Hour(6)) };

        Assert.Equal(["10"], Latest(missing));
        Assert.Null(After(missing).Arrival);
        Assert.Equal(["10"], Latest(Registered(), new Boarded(Bus, "gate-1", Hour(1)), new FoundAfterArrival(Bus, Arrived: false, "gate-1", Hour(7))));
        Assert.Equal(["transport"], Latest([.. missing, new FoundAfterArrival(Bus, Arrived: true, "gate-1", Hour(7)), Arrives(7)]));
    }

    [Fact]
    public void A_gate_saw_them_until_it_says_that_they_did_not_come()
    {
        Assert.Equal(["gate"], Latest(Registered(), new CheckedInAtGate(Bus, null, "gate-1", Hour(1))));
        Assert.Equal(["gate"], Latest(Registered(), new CheckedInAtGate(Bus, null, "gate-1", Hour(1)), new SeatReleased(Bus, "cancelled", Hour(2))));
        Assert.Equal(["10"], Latest(Registered(), new CheckedInAtGate(Bus, null, "gate-1", Hour(1)), new NoShow(Bus, "gate-1", Hour(2))));
    }

    [Fact]
    public void That_one_account_says_they_came_unexpectedly_counts_for_nothing_and_casts_doubt()
    {
        var came = After(Registered(), new UnexpectedAtArrival(Bus, "gate-1", Hour(5)), Arrives(5));

        Assert.Equal(10, came.Latest.Single().Spot.Position!.Latitude);
        Assert.Equal(Bus, came.Doubts.Single().Id);
        Assert.Empty(came.After(Says(Across, 6)).Doubts);
        Assert.Empty(After(Registered(null), new UnexpectedAtArrival(Bus, "gate-1", Hour(5)), Arrives(5)).Latest);
    }

    [Fact]
    public void Of_two_words_of_one_time_both_stand_and_what_a_gate_saw_outweighs_what_was_said()
    {
        Assert.Equal(["10", "20"], Latest(Registered(), Says(Across, 0)));
        Assert.Equal(["gate"], Latest(Registered(), Says(Across, 1), new CheckedInAtGate(Bus, null, "gate-1", Hour(1))));
    }

    [Fact]
    public void In_whatever_order_words_are_recorded_the_last_one_as_it_was_so_counts() => Prop.ForAll(
        Gen.Shuffle(new[] { 1, 2, 3, 4, 5 }).ToArbitrary(),
        hours => Latest([Registered(), .. hours.Select(hour => Says(30 + hour, hour))]) is ["35"]).QuickCheckThrowOnFailure();
}
