using CrisisCoordination.Contracts;
using Xunit;

namespace CrisisCoordination.PersonRecord.Tests;

public sealed class ChildhoodTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly Today = new(2026, 3, 1);
    private static readonly Guid First = Guid.CreateVersion7(), Second = Guid.CreateVersion7(), Home = Guid.CreateVersion7();

    /// <summary>Birth date, role and codes of one registration, then of a second one, and what comes out.</summary>
    public static TheoryData<string?, string?, string?, string?, string?, string?, bool, bool> Cases => new()
    {
        // Nothing is known: neither a child nor certainly an adult.
        { null, null, null, null, null, null, false, false },
        { null, "head", "DS", null, null, null, false, false },
        // A birth date speaks before codes in its own registration.
        { "2015-06-01", null, null, null, null, null, true, false },
        { "2015-06-01", "head", null, null, null, null, true, false },
        { "1985-01-30", "child", null, null, null, null, false, true },
        { "1985-01-30", null, "CR", null, null, null, false, true },
        { "2008-03-02", null, null, null, null, null, true, false },
        { "2008-03-01", null, null, null, null, null, false, true },
        // Of whom only the year is known is a child as long as they may be one.
        { "2008", null, null, null, null, null, true, false },
        { "2007", null, null, null, null, null, false, true },
        // Codes speak where there is no birth date.
        { null, "child", null, null, null, null, true, false },
        { null, " Child ", null, null, null, null, true, false },
        { null, "daughter", null, null, null, null, true, false },
        { null, null, "SC", null, null, null, true, false },
        { null, null, "sc", null, null, null, true, false },
        { null, null, "CR", null, null, null, true, false },
        // Of two registrations the reading that protects counts.
        { "1985-01-30", null, null, "2015-06-01", null, null, true, false },
        { "1985-01-30", null, null, null, "child", null, true, false },
        { "1985-01-30", null, null, null, null, "SC", true, false },
        { "1985-01-30", null, null, null, "head", null, false, true },
        { "1985-01-30", null, null, "1986", null, null, false, true },
        { null, null, null, "2015", null, null, true, false },
    };

    [Theory, MemberData(nameof(Cases))]
    public void Who_is_a_child_is_read_in_one_way(string? born, string? role, string? code, string? otherBorn, string? otherRole, string? otherCode, bool child, bool adult)
    {
        var read = After(
            new PersonRegistered(First, Home, "R-1", Channel.Phone, false, Form(born, role, code), Now),
            new RegistrationRepeated(Second, Home, "R-2", Channel.Phone, false, 0, [], Form(otherBorn, otherRole, otherCode), Now));
        Assert.Equal((child, adult), (read.IsChildOn(Today), read.IsAdultOn(Today)));
    }

    [Theory, MemberData(nameof(Cases))]
    public void The_order_in_which_two_registrations_came_does_not_matter(string? born, string? role, string? code, string? otherBorn, string? otherRole, string? otherCode, bool child, bool adult)
    {
        var read = After(
            new PersonRegistered(Second, Home, "R-2", Channel.Phone, false, Form(otherBorn, otherRole, otherCode), Now),
            new RegistrationRepeated(First, Home, "R-1", Channel.Phone, false, 0, [], Form(born, role, code), Now) { MergedFrom = Home });
        Assert.Equal((child, adult), (read.IsChildOn(Today), read.IsAdultOn(Today)));
    }

    [Fact]
    public void What_is_corrected_separated_or_unmerged_no_longer_speaks()
    {
        Event[] both = [Registered("1985-01-30"), new RegistrationRepeated(Second, Home, "R-2", Channel.Phone, false, 0, [], Form("2015", null, null), Now)];
        Assert.True(After(both).IsChildOn(Today));
        Assert.False(After([.. both, new RegistrationCorrected(Second, "o", Form("1985", null, null), "slip", Now)]).IsChildOn(Today));
        Assert.False(After([.. both, new RegistrationSeparated(Second, Home, "o", null, Now)]).IsChildOn(Today));
        Assert.False(After([.. both, new DuplicateUnmerged(Home, "o", null, [Second], [], [], Now)]).IsChildOn(Today));
    }

    [Fact]
    public void Another_role_in_the_household_makes_no_adult_of_a_child()
    {
        Event[] known = [Registered(null), new HouseholdJoined(Home, "child", Now), new HouseholdJoined(Home, "other", Now)];
        Assert.True(After(known).IsChildOn(Today));
        Assert.False(After([.. known, new RegistrationCorrected(First, "o", Form("1985-01-30", null, null), "papers seen", Now)]).IsChildOn(Today));
    }

    [Fact]
    public void Only_whom_every_date_makes_so_is_an_infant()
    {
        Assert.True(After(Registered("2025-06-01")).IsInfantOn(Today));
        Assert.False(After(Registered(null)).IsInfantOn(Today));
        Assert.False(After(Registered("2025-06-01"), new RegistrationRepeated(Second, Home, "R-2", Channel.Phone, false, 0, [], Form("2022", null, null), Now)).IsInfantOn(Today));
    }

    [Fact]
    public void Of_who_was_erased_nothing_is_known() => Assert.False(After(Registered("2015-06-01"), new PersonErased("o", "asked", Now)).IsChildOn(Today));

    private static PersonRegistered Registered(string? born) => new(First, Home, "R-1", Channel.Phone, false, Form(born, null, null), Now);

    private static Registration Form(string? born, string? role, string? code) => new()
    {
        BirthDate = BirthDate.TryParse(born, out var date) ? date : null,
        HouseholdRole = role,
        SpecificNeeds = code is null ? [] : [code],
    };

    private static Childhood After(params IEnumerable<Event> events) => events.Aggregate(Childhood.Unknown, (childhood, e) => childhood.After(e));
}
