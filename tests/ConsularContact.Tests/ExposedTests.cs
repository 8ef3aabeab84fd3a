using CrisisCoordination.ConsularContact;
using CrisisCoordination.ConsularContact.Areas;
using CrisisCoordination.ConsularContact.Matching;
using CrisisCoordination.Contracts;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace CrisisCoordination.Tests.ConsularContact;

public sealed class ExposedTests
{
    private static readonly Guid Flood = Guid.CreateVersion7(), War = Guid.CreateVersion7(), Amina = Guid.CreateVersion7(), First = Guid.CreateVersion7(), Second = Guid.CreateVersion7();
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly Position Inside = new(0, 0), Outside = new(40, 40), InWar = new(60, 60);

    private static Crisis CrisisOf(Guid id, string name, Position centre) => Crisis.Start(id).Apply(new CrisisOpened(name, "cell", "Exercise", name, [new(name, [], centre, 50)], Noon.AddDays(-1)));

    private static readonly Crisis[] Both = [CrisisOf(Flood, "Beira and Dondo", Inside), CrisisOf(War, "Khartoum", InWar)];

    private static PersonRegistered Registered(Position? at = null, string? place = null, bool inside = true) => new(First, Flood, "R1", Channel.Self, inside, new() { FamilyName = "Yusuf", Position = at, Place = place }, Noon);

    private static RegistrationRepeated Again(Position at, bool inside) => new(Second, War, "R2", Channel.Self, inside, 9, [], new() { FamilyName = "Yusuf", Position = at }, Noon.AddHours(1));

    private static CheckedIn At(int hour, Position? position, string? place = null, string state = "safe") => new(Guid.CreateVersion7(), state, "self", place, position, Noon.AddHours(hour));

    private static Exposed After(params IEnumerable<Event> events) => events.Aggregate(Exposed.Start(Amina), (person, e) => person.Apply(e));

    private static string Judged(params IEnumerable<Event> events) => string.Join(' ', Exposed.Judge(After(events), Both).Events.Select(e => e switch
    {
        AffectedAreaEntered entered => "+" + (entered.CrisisId == Flood ? "flood" : "war"),
        AffectedAreaLeft left => "-" + (left.CrisisId == Flood ? "flood" : "war"),
        _ => e.GetType().Name,
    }));

    [Fact]
    public void Who_is_told_to_be_elsewhere_has_left_the_area_and_who_comes_back_has_entered_it()
    {
        Assert.Equal("", Judged(Registered(Inside)));
        Assert.Equal("-flood", Judged(Registered(Inside), At(1, Outside)));
        Assert.Equal("+flood", Judged(Registered(Outside, inside: false), At(1, Inside)));
        Assert.Equal("", Judged(Registered(Inside), At(1, Outside), new AffectedAreaLeft(Flood, Noon)));
        Assert.Equal("+flood", Judged(Registered(Inside), At(1, Outside), new AffectedAreaLeft(Flood, Noon), At(2, Inside)));
    }

    [Fact]
    public void A_late_old_sighting_is_not_the_latest() =>
        Assert.Equal("", Judged(Registered(Inside), At(2, Inside), new Sighted(Guid.CreateVersion7(), "a neighbour", null, Outside, Noon.AddHours(1))));

    [Fact]
    public void A_place_in_words_can_bring_somebody_inside_and_takes_nobody_out()
    {
        Assert.Equal("+flood", Judged(Registered(Outside, inside: false), At(1, null, "Dondo, school")));
        Assert.Equal("", Judged(Registered(Inside), At(1, null, "at my aunt's")));
        Assert.Equal("-flood", Judged(Registered(null, "Beira"), At(1, Outside)));
    }

    [Fact]
    public void Who_left_is_inside_no_area_until_they_are_seen_in_one()
    {
        Assert.Equal("-flood", Judged(Registered(Inside), At(1, null, state: "left")));
        // That they arrived abroad says it already.
        Assert.Equal("", Judged(Registered(Inside), new Arrived(War, "SAU", true, "o", Noon.AddHours(1))));
        Assert.Equal("+flood", Judged(Registered(Inside), new Arrived(War, "SAU", true, "o", Noon.AddHours(1)), At(2, Inside)));
        // Until it turns out that they did not.
        Assert.Equal("+flood", Judged(Registered(Inside), new Arrived(War, "SAU", true, "o", Noon.AddHours(1)), new MissingAtArrival(War, false, Noon.AddHours(14), "o", Noon.AddHours(2))));
    }

    [Fact]
    public void In_two_crises_each_area_is_looked_at_by_itself()
    {
        Assert.Equal("-flood", Judged(Registered(Inside), Again(InWar, true)));
        Assert.Equal("-flood +war", Judged(Registered(Inside), Again(Inside, false), At(3, InWar)));
        Assert.Equal("", Judged(Registered(Outside, inside: false), At(3, InWar)));
    }

    [Fact]
    public void What_somebody_elses_registration_told_does_not_count()
    {
        Assert.Equal("-flood", Judged(Registered(Inside), Again(InWar, true)));
        Assert.Equal("", Judged(Registered(Inside), Again(InWar, true), new RegistrationSeparated(Second, War, "o", "somebody else", Noon)));
    }

    [Fact]
    public void Nothing_is_said_of_who_was_merged_away_or_erased()
    {
        Assert.Equal("", Judged(Registered(Inside), At(1, Outside), new MergedInto(War, [], Noon)));
        Assert.Equal("", Judged(Registered(Inside), At(1, Outside), new PersonErased("o", "asked", Noon)));
    }

    [Fact]
    public void An_area_that_grows_shrinks_or_ends_is_seen_on_the_people_in_it()
    {
        var grown = Both[0].Apply(new CrisisUpdated("U", "cell", [new("cell", "Beira and Dondo")], "Floods", [new("more", [], Outside, 100)], Noon.AddDays(1)));
        Assert.IsType<AffectedAreaLeft>(Assert.Single(Exposed.Judge(After(Registered(Inside)), [grown]).Events));
        Assert.Equal(Noon.AddDays(1), Assert.IsType<AffectedAreaEntered>(Assert.Single(Exposed.Judge(After(Registered(Outside, inside: false)), [grown]).Events)).At);
        Assert.IsType<AffectedAreaLeft>(Assert.Single(Exposed.Judge(After(Registered(Inside)), [Both[0].Apply(new CrisisAlertCancelled("C", "cell", [new("cell", "Beira and Dondo")], Noon.AddDays(1)))]).Events));
    }

    [Fact]
    public void In_whatever_order_it_is_told_where_somebody_was_it_ends_the_same()
    {
        var told = from count in Gen.Choose(1, 6)
                   from hours in Gen.ArrayOf(Gen.Choose(1, 24), count)
                   from spots in Gen.ArrayOf(Gen.Elements(Inside, Outside, InWar), count)
                   from order in Gen.Shuffle(Enumerable.Range(0, count).ToArray())
                   where hours.Distinct().Count() == count
                   select (tellings: hours.Zip(spots).Select(pair => (Event)At(pair.First, pair.Second)).ToArray(), order);
        Prop.ForAll(told.ToArbitrary(), it => End(it.tellings) == End(it.order.Select(i => it.tellings[i]))).QuickCheckThrowOnFailure();

        static (bool, bool) End(IEnumerable<Event> tellings)
        {
            var person = After(Registered(Inside), Again(InWar, true));
            foreach (var telling in tellings)
            {
                person = person.Apply(telling);
                foreach (var e in Exposed.Judge(person, Both).Events) person = person.Apply(e);
            }
            return (person.Exposure.IsIn(Flood), person.Exposure.IsIn(War));
        }
    }

    [Fact]
    public void Whoever_is_inside_an_area_is_inside_its_box()
    {
        var some = from corners in Gen.ArrayOf(from north in Gen.Choose(-890, 890) from east in Gen.Choose(-1800, 1800) select new Position(north / 10.0, east / 10.0), 4)
                   from radius in Gen.Choose(1, 6000)
                   from circle in Gen.Elements(true, false)
                   from north in Gen.Choose(-900, 900)
                   from east in Gen.Choose(-1800, 1800)
                   select (area: circle ? new AffectedArea("", [], corners[0], radius) : new AffectedArea("", [.. corners, corners[0]], null, 0), at: new Position(north / 10.0, east / 10.0));
        Prop.ForAll(some.ToArbitrary(), it => !it.area.Contains(it.at) || FollowAreas.Box(it.area) is { } box
            && box.South <= it.at.Latitude && it.at.Latitude <= box.North && box.West <= it.at.Longitude && it.at.Longitude <= box.East)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Fact]
    public void Nobody_in_an_exercise_is_compared_with_anybody_in_an_actual_crisis()
    {
        var form = new Registration { FamilyName = "Yusuf", GivenNames = "Amina", BirthDate = new(1990, 3, 2), Phone = "+25884000000" };
        Assert.Empty(Blocking.Keys(Identity.From(form)).Intersect(Blocking.Keys(Identity.From(form) with { Exercise = true })));
        Person Of(Guid id, bool exercise) => Person.Start(id).Apply(new PersonRegistered(First, Flood, "R1", Channel.Self, true, form, Noon) { Exercise = exercise });
        Assert.Equal("match/exercise-and-actual", MergePeople.Decide(Of(Amina, true), Of(War, false), new("o", null, Noon)).OnStaying.Refusal?.Code);
        Assert.Null(MergePeople.Decide(Of(Amina, true), Of(War, true), new("o", null, Noon)).OnStaying.Refusal);
    }
}
