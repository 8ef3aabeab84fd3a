using CrisisCoordination.ConsularContact;
using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.ConsularContact.Matching;
using CrisisCoordination.Contracts;
using CrisisCoordination.Testing;
using Xunit;

namespace CrisisCoordination.Tests.ConsularContact;

public sealed class DecisionTests
{
    private static readonly Guid Amina = Guid.CreateVersion7(), Child = Guid.CreateVersion7(), CrisisId = Guid.CreateVersion7(), FirstForm = Guid.CreateVersion7();
    private static readonly DateTimeOffset At = new(2026, 5, 4, 10, 0, 0, TimeSpan.Zero);
    private static readonly Registration Form = new() { FamilyName = "Yusuf", GivenNames = "Amina", BirthDate = new(1990, 3, 2), Nationality = "ERI", HouseholdReference = "H1", HouseholdRole = "head", ShareWith = ["IOM"], FearOfReturnTo = ["ERI"] };
    private static readonly Crisis Crisis = Crisis.Start(CrisisId).Apply(new CrisisOpened("C1", "cell@example.org", "Exercise", "Floods",
        [new("Beira and Dondo", [], new Position(-19.84, 34.84), 30)], At));

    private static PersonRegistered Registered(Registration? form = null) => new(FirstForm, CrisisId, "R1", Channel.Self, false, form ?? Form, At) { Sender = "post" };

    private static Person PersonOf(Guid id, params Event[] events) => events.Aggregate(Person.Start(id), (person, e) => person.Apply(e));

    private static (Guid PersonId, bool Repeated, IReadOnlyList<Event> Events) Register(Registration form, params (Person Person, Band Band)[] candidates) => RegisterPerson.Decide(
        [.. candidates.Select(c => new Candidate(c.Person.Id, new Verdict(c.Band, 20, [], [])))], id => candidates.Single(c => c.Person.Id == id).Person, Crisis,
        new NewRegistration(Guid.CreateVersion7(), Amina, CrisisId, "post", new RegistrationForm(At, Channel.Consulate, "R2", form)), "officer-1");

    [Fact]
    public void A_first_registration_begins_a_timeline_with_household_consent_and_fear_as_facts_of_their_own()
    {
        var (id, repeated, events) = Register(Form);
        Assert.Equal((Amina, false), (id, repeated));
        Assert.Equal([typeof(PersonRegistered), typeof(HouseholdJoined), typeof(SharingConsentGiven), typeof(FearOfReturnStated)], events.Select(e => e.GetType()));
    }

    [Fact]
    public void A_certain_match_goes_on_the_timeline_it_matched_and_repeats_no_fact()
    {
        var known = PersonOf(Guid.CreateVersion7(), Registered(), new HouseholdJoined(Guid.CreateVersion7(), "head", At), new SharingConsentGiven(["IOM"], At));
        var (id, repeated, events) = Register(Form, (known, Band.Automatic));
        Assert.Equal((known.Id, true), (id, repeated));
        Assert.IsType<RegistrationRepeated>(Assert.Single(events));
    }

    [Fact]
    public void A_doubtful_match_is_left_to_an_officer_and_makes_a_person_of_its_own() =>
        Assert.False(Register(Form, (PersonOf(Guid.CreateVersion7(), Registered()), Band.Review)).Repeated);

    [Fact]
    public void A_fear_that_only_the_second_form_tells_is_heard()
    {
        var known = PersonOf(Guid.CreateVersion7(), Registered(Form with { FearOfReturnTo = [] }), new HouseholdJoined(Guid.CreateVersion7(), null, At), new SharingConsentGiven(["IOM"], At));
        Assert.Contains(Register(Form, (known, Band.Automatic)).Events, e => e is FearOfReturnStated { Countries: ["ERI"] });
    }

    [Fact]
    public void The_same_household_reference_is_the_same_household_whoever_writes_it_and_another_crisis_has_another() =>
        Assert.True(RegisterPerson.HouseholdId(CrisisId, "officer", "h1 ", "R-1") == RegisterPerson.HouseholdId(CrisisId, "partner", "H1", "R-2")
            && RegisterPerson.HouseholdId(CrisisId, "officer", "H1", "R-1") != RegisterPerson.HouseholdId(Amina, "officer", "H1", "R-1"));

    [Fact]
    public void Nobody_joins_a_family_that_others_know_by_its_reference_on_the_public_page()
    {
        var (self, officer) = (RegisterPerson.HouseholdId(CrisisId, SelfRegistration.Sender, "H1", "S-1"), RegisterPerson.HouseholdId(CrisisId, "officer", "H1", "S-1"));
        Assert.NotEqual(officer, self);
        Assert.Equal(self, RegisterPerson.HouseholdId(CrisisId, SelfRegistration.Sender, "h1", "S-1"));
        // Another form of the page with the same reference is another family.
        Assert.NotEqual(self, RegisterPerson.HouseholdId(CrisisId, SelfRegistration.Sender, "H1", "S-2"));
        Assert.Contains(RegisterPerson.Facts(Person.Start(Amina), self, SelfRegistration.Sender, null, Form, "self", At), e => e is HouseholdJoined joined && joined.HouseholdId == self);
    }

    [Fact]
    public void Nobody_joins_a_family_that_others_registered_through_the_form_of_an_agency()
    {
        Guid Of(string sender) => RegisterPerson.HouseholdId(CrisisId, sender, "H1", "R-1");
        Assert.Equal(4, new HashSet<Guid> { Of("officer"), Of(SelfRegistration.Sender), Of("agency UNHCR"), Of("agency IOM") }.Count);
        Assert.Equal(Of("agency UNHCR"), RegisterPerson.HouseholdId(CrisisId, "agency UNHCR", " h1", "R-2"));
    }

    [Fact]
    public void No_form_of_an_agency_grants_a_consent_and_its_fear_holds()
    {
        var facts = RegisterPerson.Facts(Person.Start(Amina), null, "agency IOM", null, Form with { ShareWith = ["IOM", "UNHCR"] }, "iom-desk", At).ToList();
        Assert.DoesNotContain(facts, e => e is SharingConsentGiven);
        Assert.Contains(facts, e => e is FearOfReturnStated { Countries: ["ERI"], ToldBy: null });
    }

    [Fact]
    public void Correcting_a_form_grants_only_what_the_correction_adds()
    {
        var agencys = Registered(Form with { ShareWith = ["IOM"] }) with { Sender = "agency IOM" };
        Spec.Given<Person>(Amina, agencys).When(Spelling(["IOM"])).ThenOne<RegistrationCorrected>();
        Spec.Given<Person>(Amina, Registered(), new SharingConsentGiven(["IOM"], At), new SharingConsentWithdrawn(["IOM"], At)).When(Spelling(["IOM"])).ThenOne<RegistrationCorrected>();
        Assert.Contains(Spec.Given<Person>(Amina, agencys).When(Spelling(["IOM", "MSF"])).ThenAll(), e => e is SharingConsentGiven { Agencies: ["MSF"] });

        static Func<Person, CrisisCoordination.Timeline.Decision> Spelling(string[] shareWith) =>
            person => CorrectRegistration.Decide(person, new(FirstForm, Form with { GivenNames = "Aminah", ShareWith = shareWith, FearOfReturnTo = [] }, "spelling", Child, "officer-1", At, At));
    }

    [Theory]
    [InlineData(-19.8, 34.8, null, true)]
    [InlineData(-25.9, 32.5, "Beira", false)]
    [InlineData(null, null, "Beira, Munhava", true)]
    [InlineData(null, null, "Maputo", false)]
    [InlineData(null, null, null, false)]
    public void Who_is_in_the_area_is_told_by_position_and_only_without_one_by_the_place(double? latitude, double? longitude, string? place, bool affected) =>
        Assert.Equal(affected, Crisis.Affects(Form with { Position = latitude is { } lat ? new(lat, longitude!.Value) : null, Place = place }));

    [Fact]
    public void An_adult_consents_for_themselves() =>
        Spec.Given<Person>(Amina, Registered()).When(person => Consent.Give(person, person, "o", At, At)).Then(new EvacuationConsentGiven(Amina, "o", At));

    [Fact]
    public void Nobody_consents_for_an_adult() =>
        Spec.Given<Person>(Amina, Registered()).When(person => Consent.Give(person, PersonOf(Child, Registered()), "o", At, At)).ThenRefused("consent/adult-decides");

    [Fact]
    public void A_child_cannot_consent_alone() =>
        Spec.Given<Person>(Child, Registered(Form with { BirthDate = new(2015) })).When(person => Consent.Give(person, person, "o", At, At)).ThenRefused("consent/by-child");

    [Fact]
    public void A_confirmed_guardian_consents_for_a_child() =>
        Spec.Given<Person>(Child, Registered(Form with { BirthDate = new(2015) }), new TieConfirmed(Amina, "papers", "o", At)).When(person => Consent.Give(person, PersonOf(Amina, Registered()), "o", At, At)).ThenOne<EvacuationConsentGiven>();

    [Fact]
    public void A_child_without_a_birth_date_is_known_by_their_place_in_the_household() =>
        Spec.Given<Person>(Child, Registered(Form with { BirthDate = null, HouseholdRole = "child" })).When(person => Consent.Give(person, person, "o", At, At)).ThenRefused("consent/by-child");

    [Fact]
    public void Consent_can_be_withdrawn_and_withdrawing_it_again_says_nothing()
    {
        Spec.Given<Person>(Amina, Registered(), new EvacuationConsentGiven(Amina, "o", At)).When(person => Consent.Withdraw(person, "o", At)).ThenOne<EvacuationConsentWithdrawn>();
        Spec.Given<Person>(Amina, Registered(), new EvacuationConsentWithdrawn("o", At)).When(person => Consent.Withdraw(person, "o", At)).ThenNothing();
    }

    [Fact]
    public void A_fear_is_recorded_once() =>
        Spec.Given<Person>(Amina, Registered()).When(person => StateFear.Decide(person, ["ERI"], "o", At)).ThenNothing();

    [Fact]
    public void A_new_fear_is_recorded_beside_the_old() =>
        Spec.Given<Person>(Amina, Registered()).When(person => StateFear.Decide(person, ["ERI", "SDN"], "o", At)).Then(new FearOfReturnStated(["SDN"], "o", At) { ByProtection = false });

    [Fact]
    public void A_correction_that_leaves_a_fear_out_does_not_take_it_back()
    {
        var corrected = Spec.Given<Person>(Amina, Registered()).When(person => CorrectRegistration.Decide(person, new(FirstForm, Form with { FearOfReturnTo = [], ShareWith = [] }, "typing slip", Guid.NewGuid(), "o", At, At))).ThenOne<RegistrationCorrected>();
        Assert.Contains("ERI", PersonOf(Amina, Registered(), corrected).Fears.Now);
    }

    [Fact]
    public void A_correction_needs_a_reason() =>
        Spec.Given<Person>(Amina, Registered()).When(person => CorrectRegistration.Decide(person, new(FirstForm, Form, " ", Guid.NewGuid(), "o", At, At))).ThenRefused("registration/reason-missing");

    [Fact]
    public void A_correction_of_another_persons_registration_is_refused() =>
        Spec.Given<Person>(Amina, Registered()).When(person => CorrectRegistration.Decide(person, new(Child, Form, "slip", Guid.NewGuid(), "o", At, At))).ThenRefused("registration/unknown");

    [Fact]
    public void A_person_is_erased_once_and_then_unknown()
    {
        Spec.Given<Person>(Amina, Registered()).When(person => ErasePerson.Decide(person, "o", "asked", At)).ThenOne<PersonErased>();
        Spec.Given<Person>(Amina, Registered(), new PersonErased("o", "asked", At)).When(person => ErasePerson.Decide(person, "o", "asked", At)).ThenNothing();
        Spec.Given<Person>(Amina, Registered(), new PersonErased("o", "asked", At)).When(person => StateFear.Decide(person, ["SDN"], "o", At)).ThenRefused("person/erased");
    }
}
