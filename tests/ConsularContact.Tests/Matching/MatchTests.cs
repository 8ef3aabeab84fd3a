using CrisisCoordination.ConsularContact.Matching;
using CrisisCoordination.Contracts;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace CrisisCoordination.ConsularContact.Tests.Matching;

public sealed class MatchTests
{
    private static readonly Registration Amina = new()
    {
        FamilyName = "Haddad",
        GivenNames = "Amina",
        Sex = Sex.Female,
        BirthDate = new(1987, 3, 9),
        Nationality = "SYR",
        Document = new("passport", "AX6594280", new(2027, 9, 22), DocumentStatus.Valid),
        Phone = "+249 946 313 858",
        Place = "Khartoum",
        Position = new(15.593, 32.564),
        HouseholdReference = "H1",
        HouseholdRole = "head",
    };

    private static readonly Registration Child = Amina with { BirthDate = new(2015, 3, 9), Document = null, HouseholdRole = "child" };

    private static Verdict Score(Registration a, Registration b) => Match.Score(Identity.From(a), Identity.From(b));

    private static bool MeetWhereFewAre(Registration a, Registration b) => Blocking.Stored(Identity.From(a)).Intersect(Blocking.Stored(Identity.From(b))).Any();

    private static bool Meet(Registration a, Registration b) => Blocking.Keys(Identity.From(a)).Intersect(Blocking.Keys(Identity.From(b))).Any();

    public static TheoryData<string, Registration> Repeats => new()
    {
        { "unchanged", Amina },
        { "swapped names", Amina with { FamilyName = "Amina", GivenNames = "Haddad" } },
        { "capitals", Amina with { FamilyName = "HADDAD", GivenNames = "AMINA" } },
        { "two letters exchanged", Amina with { GivenNames = "Aimna" } },
        { "own script", Amina with { GivenNames = "أمينة" } },
        { "another telephone", Amina with { Phone = "+249123957102" } },
        { "telephone without country code", Amina with { Phone = "0946313858" } },
        { "no document number", Amina with { Document = Amina.Document! with { Number = null } } },
        { "only the year of birth", Amina with { BirthDate = new(1987) } },
        { "day and month exchanged", Amina with { BirthDate = new(1987, 9, 3) } },
        { "no household", Amina with { HouseholdReference = null } },
        { "moved on", Amina with { Place = "Port Sudan", Position = new(19.6, 37.2) } },
    };

    [Theory]
    [MemberData(nameof(Repeats))]
    public void A_repeat_with_one_change_is_automatic(string change, Registration again)
    {
        Assert.True(Meet(Amina, again), change);
        Assert.True(Score(Amina, again) is { Band: Band.Automatic }, $"{change}: {string.Join(' ', Score(Amina, again).AgainstAutomatic)}");
    }

    private static readonly Registration Told = new() { FamilyName = "Qabbani", GivenNames = "Zubaida", BirthDate = new(1987, 3, 9), Place = "Wad Rawah" };

    private static Band At(bool few, Registration a, Registration b) => Match.Score(Identity.From(a), Identity.From(b), _ => few).Band;

    [Fact]
    public void Where_few_are_the_place_brings_a_pair_before_an_officer()
    {
        foreach (var again in (Registration[])[Told with { BirthDate = new(1979, 11, 2) }, Told with { BirthDate = null }, Told with { FamilyName = "Bishara" }, Told with { FamilyName = "Bishara", Place = "Wad Rwah" }])
        {
            Assert.True(Meet(Told, again) || again.Place != Told.Place);
            Assert.Equal((Band.None, Band.Review), (At(false, Told, again), At(true, Told, again)));
        }
    }

    public static TheoryData<string, Registration> WithARareName => new()
    {
        { "another given name on the same day", Told with { GivenNames = "Sara", Place = "Omdurman" } },
        { "the given name left out", Told with { GivenNames = null, Place = null } },
        { "a letter wrong, another birth date, at a place where few are", Told with { GivenNames = "Zubaeda", BirthDate = new(1979, 11, 2) } },
        { "a letter wrong and no birth date", Told with { GivenNames = "Zubaeda", BirthDate = null } },
    };

    [Theory]
    [MemberData(nameof(WithARareName))]
    public void A_name_that_few_have_brings_a_pair_before_an_officer(string change, Registration again)
    {
        Assert.True(MeetWhereFewAre(Told, again), change);
        Assert.Equal((Band.None, Band.Review), (At(false, Told, again), At(true, Told, again)));
    }

    [Fact]
    public void A_name_that_few_have_says_nothing_more_in_a_household_or_at_one_telephone()
    {
        var sister = Told with { GivenNames = "Suleima", BirthDate = new(1990, 1, 5) };
        foreach (var (one, other) in new[] { (Told with { HouseholdReference = "H7" }, sister with { HouseholdReference = "H7" }), (Told with { Phone = "+249912345678" }, sister with { Phone = "+249912345678" }) })
            Assert.Equal(Match.Score(Identity.From(one), Identity.From(other)).Bits, Match.Score(Identity.From(one), Identity.From(other), _ => true).Bits);
    }

    [Fact]
    public void A_name_that_many_have_is_never_rare_however_few_are_registered() =>
        Assert.Equal(["place:wadrawah"], Blocking.Counted(Identity.From(Told with { FamilyName = "Mohammed", GivenNames = "محمد A." })));

    [Fact]
    public void Twins_with_a_passport_each_are_not_offered_for_their_rare_name()
    {
        var told = Told with { Nationality = "SYR", Sex = Sex.Female };
        var (one, other) = (told with { Document = new("passport", "AX6594280", null, DocumentStatus.Valid) }, told with { GivenNames = "Suleima", Place = null, Document = new("passport", "AX6594281Q", null, DocumentStatus.Valid) });
        Assert.Equal(Band.None, At(true, one, other));
        Assert.Equal(Band.Review, At(true, one, other with { Document = null }));
    }

    [Fact]
    public void What_is_rare_in_an_exercise_is_counted_there() =>
        Assert.Empty(Blocking.Counted(Identity.From(Told)).Intersect(Blocking.Counted(Identity.From(Told) with { Exercise = true })));

    [Theory]
    [InlineData("Haile Mariam", "Hailemariam")]
    [InlineData("Ram Bahadur", "Rambahadur")]
    [InlineData("H o", "Ho")]
    public void A_space_in_a_name_is_a_slip(string parted, string whole)
    {
        Assert.Equal(NameLikeness.Slip, PersonName.From("Thapa", parted).To(PersonName.From("Thapa", whole)));
        Assert.Equal(NameLikeness.Slip, PersonName.From(whole, "Thapa").To(PersonName.From(parted, "Thapa")));
    }

    [Fact]
    public void What_anyone_may_have_typed_is_never_automatic_however_well_it_agrees()
    {
        var (known, typed) = (Identity.From(Amina), Identity.From(Amina) with { ToldByAnyone = true });
        Assert.Equal(Band.Automatic, Match.Score(known, known).Band);
        foreach (var verdict in (Verdict[])[Match.Score(known, typed), Match.Score(typed, known), Match.Score(typed, typed)])
        {
            Assert.Equal((Band.Review, false), (verdict.Band, verdict.Contradicts));
            Assert.Equal(["match/told-by-anyone"], verdict.AgainstAutomatic);
        }
    }

    [Fact]
    public void A_family_is_at_one_place_and_that_alone_makes_nobody_of_it_another()
    {
        var brother = Told with { GivenNames = "Suleiman", BirthDate = new(1990, 1, 5), HouseholdReference = "H7", Phone = "+249912345678" };
        Assert.Equal(Match.Score(Identity.From(Told with { HouseholdReference = "H7", Phone = "+249912345678" }), Identity.From(brother)).Bits,
            Match.Score(Identity.From(Told with { HouseholdReference = "H7", Phone = "+249912345678" }), Identity.From(brother), _ => true).Bits);
    }

    [Fact]
    public void How_many_are_at_a_place_never_makes_or_unmakes_an_automatic_match()
    {
        Registration[] forms = [Amina, Child, Told, .. Repeats.Select(r => r.Data.Item2), .. Doubtful.Select(r => r.Data.Item2)];
        foreach (var a in forms)
            foreach (var b in forms.Select(form => form with { Position = null }))
                Assert.Equal(Match.Score(Identity.From(a), Identity.From(b)).Band == Band.Automatic, At(true, a, b) == Band.Automatic);
    }

    public static TheoryData<string, Registration> Doubtful => new()
    {
        { "a letter wrong", Amina with { GivenNames = "Amima" } },
        { "no birth date", Amina with { BirthDate = null } },
        { "a new passport", Amina with { Document = Amina.Document! with { Number = "BB1234567" } } },
        { "another sex", Amina with { Sex = Sex.Male } },
        { "year of birth only, and no number", Amina with { BirthDate = new(1987), Document = null } },
        { "neither number nor telephone", Amina with { Document = Amina.Document! with { Number = null }, Phone = null } },
        { "day and month exchanged, and no number", Amina with { BirthDate = new(1987, 9, 3), Document = null } },
        { "a name left out", Amina with { GivenNames = "Amina Layla" } },
        { "another nationality", Amina with { Nationality = "SDN" } },
        { "a child with all of a parent's particulars", Amina with { HouseholdRole = "child" } },
        { "day and month exchanged, and two letters", Amina with { BirthDate = new(1987, 9, 3), GivenNames = "Aimna" } },
        { "day and month exchanged, and no sex", Amina with { BirthDate = new(1987, 9, 3), Sex = Sex.NotKnown } },
        { "day and month exchanged, and another telephone", Amina with { BirthDate = new(1987, 9, 3), Phone = "+249123957102" } },
    };

    [Theory]
    [MemberData(nameof(Doubtful))]
    public void A_doubtful_repeat_goes_to_an_officer(string change, Registration again)
    {
        Assert.True(Meet(Amina, again), change);
        Assert.True(Score(Amina, again) is { Band: Band.Review, AgainstAutomatic.Count: > 0 }, $"{change}: {Score(Amina, again)}");
    }

    [Fact]
    public void Two_names_in_their_own_script_that_differ_go_to_an_officer() =>
        Assert.Equal(["match/name-in-script-differs"], Score(Amina with { NameInOriginalScript = "أمينة حداد" }, Amina with { NameInOriginalScript = "أمينة حميد" }).AgainstAutomatic);

    [Fact]
    public void Who_differs_from_what_the_person_told_before_goes_to_an_officer_though_one_form_agrees()
    {
        var index = new PersonIndex();
        var id = Guid.CreateVersion7();
        var again = Identity.From(Amina with { Document = null, Nationality = "SDN" });
        index.Add(id, Identity.From(Amina with { Document = null, Nationality = null }));
        Assert.Equal(Band.Automatic, index.Find(again)[0].Verdict.Band);

        index.Add(id, Identity.From(Amina));
        Assert.Equal(["match/differs-from-another-registration"], index.Find(again)[0].Verdict.AgainstAutomatic);
    }

    [Fact]
    public void Where_both_spots_are_known_the_name_of_the_place_says_nothing_more() =>
        Assert.Equal(Band.None, At(true, Told with { Position = new(15.5, 32.5) }, Told with { BirthDate = new(1979, 11, 2), Position = new(16.5, 32.5) }));

    [Fact]
    public void The_first_of_January_is_no_birthday_to_look_people_up_by()
    {
        var someone = new Registration { FamilyName = "Haddad", GivenNames = "Amina", BirthDate = new(1987, 1, 1) };
        Assert.False(Meet(someone, someone with { GivenNames = "Omar" }));
        Assert.True(Meet(someone with { BirthDate = new(1987, 1, 2) }, someone with { BirthDate = new(1987, 1, 2), GivenNames = "Omar" }));
    }

    public static TheoryData<string, Registration, Registration> Others => new()
    {
        { "twin sisters", Child, Child with { GivenNames = "Samira" } },
        { "twins with names alike", Child with { GivenNames = "Hassan" }, Child with { GivenNames = "Hussein" } },
        { "twins one letter apart", Child with { GivenNames = "Amin" }, Child with { GivenNames = "Amina" } },
        { "twins Mohamed and Mahmoud", Child with { GivenNames = "Mohamed" }, Child with { GivenNames = "Mahmoud" } },
        { "twins Dina and Dana", Child with { GivenNames = "Dina" }, Child with { GivenNames = "Dana" } },
        { "twins in their mother's passport", Child with { Document = Amina.Document, GivenNames = "Lina" }, Child with { Document = Amina.Document, GivenNames = "Lena" } },
        { "brother and sister with one birthday", Child with { Sex = Sex.Male, GivenNames = "Nour" }, Child with { GivenNames = "Nour" } },
        { "brothers with one name", Child, Child with { BirthDate = new(2017, 5, 4) } },
        { "father and son with one name", Amina, Child },
        { "father and son with one name and day", Amina with { BirthDate = new(1985, 3, 9), HouseholdRole = null }, Child with { BirthDate = new(2005, 3, 9), HouseholdRole = null } },
        { "father and son in one passport, ages unknown", Amina with { BirthDate = null }, Child with { BirthDate = null, Document = Amina.Document } },
        { "spouses at one telephone", Amina, Amina with { GivenNames = "Omar", Sex = Sex.Male, BirthDate = new(1984, 1, 2), HouseholdRole = "spouse", Document = null } },
        { "namesakes at a partner's telephone, both born on 1 January", Amina with { BirthDate = new(1990, 1, 1), Document = null }, Amina with { BirthDate = new(1990, 1, 1), Document = null, HouseholdReference = "H2" } },
        { "namesakes with one birthday", Amina, Amina with { Document = null, Phone = "+20 100 200 3004", HouseholdReference = null } },
        { "placeholder numbers", Amina with { Phone = null, Document = Amina.Document! with { Number = "UNKNOWN" } }, Amina with { Phone = null, Document = Amina.Document! with { Number = "unknown" } } },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void Two_people_who_look_like_one_are_never_automatic(string who, Registration one, Registration other) =>
        Assert.True(Score(one, other).Band != Band.Automatic, who);

    [Fact]
    public void Strangers_do_not_come_up()
    {
        var stranger = new Registration { FamilyName = "Reyes", GivenNames = "Marites", BirthDate = new(1990, 4, 1), Nationality = "PHL" };

        Assert.False(Meet(Amina, stranger));
        Assert.Equal(Band.None, Score(Amina, stranger).Band);
    }

    [Theory]
    [InlineData("Mohamed", "Muhammad")]
    [InlineData("Mohamed", "محمد")]
    [InlineData("Abdel Rahman", "عبد الرحمن")]
    [InlineData("Abdelrahman", "Abd al-Rahman")]
    [InlineData("Yousef", "Yusuf")]
    [InlineData("Khatun", "Khatoon")]
    [InlineData("Müller", "Mueller")]
    [InlineData("Żółć", "ZOLC")]
    [InlineData("Юлия", "Yulia")]
    [InlineData("Ткаченко", "Tkachenko")]
    [InlineData("Muhammad", "محمّد")]
    [InlineData("MOHAMMED", "مُحَمَّد")]
    [InlineData("Mohamed", "Мохаммед")]
    [InlineData("Παπαδόπουλος", "Papadopoulos")]
    [InlineData("Ευαγγελία", "Evaggelia")]
    [InlineData("አበበ", "Abebe")]
    [InlineData("ተስፋዬ", "Tesfaye")]
    [InlineData("ገብረ", "Gebre")]
    [InlineData("ሰላም", "Selam")]
    [InlineData("Сергей", "Serhiy")]
    [InlineData("Xin O’Connor", "oconnor XIN")]
    [InlineData("CAÑON", "CANXXON")]
    public void Spellings_of_one_name_are_the_same(string a, string b) => Assert.Equal(NameLikeness.Same, PersonName.From(a, "Deng").To(PersonName.From("Deng", b)));

    [Theory]
    [InlineData("MARTHA", "MARHTA", 0.9611)]
    [InlineData("DWAYNE", "DUANE", 0.8400)]
    [InlineData("DIXON", "DICKSONX", 0.8133)]
    [InlineData("", "A", 0)]
    public void Jaro_Winkler_gives_the_published_values(string a, string b, double expected) => Assert.Equal(expected, Spelling.JaroWinkler(a, b), 4);

    [Fact]
    public void A_rare_name_in_common_says_more_than_Mohamed_Ahmed()
    {
        Assert.True(NameBits("Mohamed Ahmed") < NameBits("Mohamed Qabbani"));
        Assert.Equal(NameBits("Mohamed Qabbani"), NameBits("Zubaida Qabbani"));
        Assert.Equal(NameBits("Mohamed Ahmed"), NameBits("محمد أحمد"));

        static double NameBits(string name) => Score(Amina with { GivenNames = name, FamilyName = null }, Amina with { GivenNames = name, FamilyName = null }).Evidence.Single(e => e.Field == Field.Name).Bits;
    }

    [Fact]
    public void A_telephone_that_half_a_camp_shares_joins_nobody_by_itself_but_still_with_a_name_or_a_birthday()
    {
        var index = new PersonIndex();
        var id = Guid.CreateVersion7();
        index.Add(id, Identity.From(Amina with { Document = null, HouseholdReference = null }));
        for (var i = 0; i < 2 * Blocking.LargestBlock; i++)
            index.Add(Guid.CreateVersion7(), Identity.From(new Registration { FamilyName = $"Family{(char)('a' + i % 26)}", GivenNames = $"Given{(char)('a' + i / 26)}", BirthDate = new(1950 + i % 60, 2, 3), Phone = Amina.Phone }));

        Assert.Equal(id, index.Find(Identity.From(Amina with { Document = null, Position = null, HouseholdReference = null, BirthDate = null }))[0].PersonId);
        Assert.Equal(id, index.Find(Identity.From(Amina with { Document = null, Position = null, HouseholdReference = null, FamilyName = "Nasser" }))[0].PersonId);
    }

    [Fact]
    public void A_registration_like_two_persons_merges_with_neither()
    {
        var index = new PersonIndex();
        index.Add(Guid.CreateVersion7(), Identity.From(Amina));
        Assert.Equal(Band.Automatic, index.Find(Identity.From(Amina))[0].Verdict.Band);

        index.Add(Guid.CreateVersion7(), Identity.From(Amina with { Place = "Port Sudan" }));
        Assert.Equal([Band.Review, Band.Review], index.Find(Identity.From(Amina)).Select(c => c.Verdict.Band));
    }

    [Fact]
    public void The_score_does_not_depend_on_which_comes_first()
    {
        string[] names = ["Amina", "Aimna", "Amin", "Mohamed", "محمد", "Mahmoud", "Haddad", "de la Cruz", "Hassan Hussein", "Hussein Hassan", "Ali Alaa", "", "Сергей"];
        BirthDate?[] dates = [null, new(1987), new(1987, 3, 9), new(1987, 9, 3), new(1987, 1, 1), new(1987, 3), new(2015, 3, 9)];
        var someone = from family in Gen.Elements(names)
                      from given in Gen.Elements(names)
                      from born in Gen.Elements(dates)
                      from phone in Gen.Elements("+249946313858", "0946313885", null)
                      from number in Gen.Elements("AX6594280", "AX6594281", null)
                      from role in Gen.Elements("head", "child", null)
                      select Amina with { FamilyName = family, GivenNames = given, BirthDate = born, Phone = phone, HouseholdRole = role, Document = new("passport", number, null, DocumentStatus.Lost) };

        Prop.ForAll(someone.Two().ToArbitrary(), pair =>
        {
            var (there, back) = (Score(pair.Item1, pair.Item2), Score(pair.Item2, pair.Item1));
            return there.Band == back.Band && there.Evidence.SequenceEqual(back.Evidence) && there.AgainstAutomatic.SequenceEqual(back.AgainstAutomatic);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Names_compare_the_same_from_either_side() =>
        Prop.ForAll<string, string>((a, b) => PersonName.From(a, b).To(PersonName.From(b, "x")) == PersonName.From(b, "x").To(PersonName.From(a, b))).QuickCheckThrowOnFailure();
}
