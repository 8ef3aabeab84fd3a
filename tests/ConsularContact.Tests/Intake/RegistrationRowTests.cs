using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.Contracts;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace CrisisCoordination.ConsularContact.Tests.Intake;

public sealed class RegistrationRowTests
{
    private static readonly DateTimeOffset At = new(2023, 4, 15, 8, 0, 57, TimeSpan.Zero);

    private static readonly Dictionary<string, string> Row = new()
    {
        ["registered_at"] = "2023-04-15T08:00:57Z",
        ["channel"] = "phone",
        ["reference"] = "R1",
        ["family_name"] = "Thapa",
        ["given_names"] = "Sita",
        ["sex"] = "f",
        ["date_of_birth"] = "30/01/1985",
        ["nationality"] = "Nepalese",
        ["document_type"] = "passport",
        ["document_no"] = "MC5037163",
        ["document_expiry"] = "2029-01-20",
        ["document_status"] = "withheld_by_employer",
        ["latitude"] = "15.6",
        ["longitude"] = "32.5",
        ["specific_needs"] = "sp; PG",
        ["mobility"] = "Wheelchair",
        ["needs_now"] = "food;water",
        ["fear_of_return_to"] = "S. Sudan;ERI",
        ["share_with"] = "UNHCR;IOM",
    };

    private static RowResult Read(params (string Column, string Value)[] changes)
    {
        var columns = new Dictionary<string, string>(Row);
        foreach (var (column, value) in changes) columns[column] = value;
        return RegistrationRow.Read(columns, 2);
    }

    [Fact]
    public void A_row_becomes_a_form()
    {
        var form = Read().Form!;

        Assert.Equal((At, Channel.Phone, "R1"), (form.RegisteredAt, form.Channel, form.Reference));
        Assert.Equal(new BirthDate(1985, 1, 30), form.Registration.BirthDate);
        Assert.Equal((Sex.Female, "NPL", Mobility.Wheelchair), (form.Registration.Sex, form.Registration.Nationality, form.Registration.Mobility));
        Assert.Equal(new HeldDocument("passport", "MC5037163", new(2029, 1, 20), DocumentStatus.WithheldByEmployer), form.Registration.Document);
        Assert.Equal(["SP", "PG"], form.Registration.SpecificNeeds);
        Assert.Equal(["SSD", "ERI"], form.Registration.FearOfReturnTo);
        Assert.Equal(new Position(15.6, 32.5), form.Registration.Position);
    }

    [Fact]
    public void How_to_reach_somebody_safely_is_read()
    {
        var form = Read(("safe_channels", "SMS; email"), ("safe_times", "18:00 - 20:00 +02:00;22:30-01:00-05:30"), ("female_officer", "Yes"), ("interpreter_language", "TI")).Form!.Registration;

        Assert.Equal(["sms", "email"], form.SafeChannels);
        Assert.Equal(["18:00-20:00+02:00", "22:30-01:00-05:30"], form.SafeTimes);
        Assert.True(form.FemaleOfficer);
        Assert.Equal("ti", form.InterpreterLanguage);
    }

    [Theory]
    [InlineData("18:00-20:00+02:00", "2023-04-15T16:00:00Z", true)]
    [InlineData("18:00-20:00+02:00", "2023-04-15T18:00:00Z", false)]
    [InlineData("18:00-20:00+02:00", "2023-04-15T15:59:59Z", false)]
    [InlineData("22:30-01:00-05:30", "2023-04-15T06:29:00Z", true)]
    [InlineData("22:30-01:00-05:30", "2023-04-15T04:00:00Z", true)]
    [InlineData("22:30-01:00-05:30", "2023-04-15T03:59:00Z", false)]
    public void A_safe_time_is_on_the_clock_of_the_person(string time, string moment, bool safe)
    {
        Assert.True(SafeTime.TryRead(time, out var read));
        Assert.Equal(safe, read.Holds(DateTimeOffset.Parse(moment, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("safe_times", "evenings", "registration/safe-time-unreadable")]
    [InlineData("safe_times", "18:00-20:00", "registration/safe-time-unreadable")]
    [InlineData("safe_times", "18:00-18:00+02:00", "registration/safe-time-unreadable")]
    [InlineData("safe_times", "25:00-26:00+02:00", "registration/safe-time-unreadable")]
    [InlineData("safe_channels", "pigeon", "registration/safe-channels-unknown")]
    [InlineData("female_officer", "perhaps", "registration/female-officer-unknown")]
    [InlineData("registered_at", "", "registration/registered-at-unreadable")]
    [InlineData("registered_at", "15/04/2023", "registration/registered-at-unreadable")]
    [InlineData("reference", " ", "registration/reference-missing")]
    [InlineData("channel", "", "registration/channel-unknown")]
    [InlineData("channel", "pigeon", "registration/channel-unknown")]
    [InlineData("sex", "??", "registration/sex-unknown")]
    [InlineData("date_of_birth", "1990-13-01", "registration/birth-date-impossible")]
    [InlineData("date_of_birth", "31/02/1990", "registration/birth-date-impossible")]
    [InlineData("date_of_birth", "01/30/1985", "registration/birth-date-impossible")]
    [InlineData("date_of_birth", "yesterday", "registration/birth-date-impossible")]
    [InlineData("date_of_birth", "30/01/85", "registration/birth-date-impossible")]
    [InlineData("date_of_birth", "2031", "registration/birth-date-in-future")]
    [InlineData("date_of_birth", "1899-12-31", "registration/birth-date-too-early")]
    [InlineData("nationality", "Atlantis", "registration/country-unknown")]
    [InlineData("nationality", "UTO", "registration/country-unknown")]
    [InlineData("nationality", "NA", "registration/country-unknown")]
    [InlineData("second_nationality", "ZZZ", "registration/country-unknown")]
    [InlineData("fear_of_return_to", "SYR;??", "registration/country-unknown")]
    [InlineData("specific_needs", "QQ;SM", "registration/specific-needs-unknown")]
    [InlineData("needs_now", "money", "registration/needs-now-unknown")]
    [InlineData("mobility", "helicopter", "registration/mobility-unknown")]
    [InlineData("document_status", "eaten", "registration/document-status-unknown")]
    [InlineData("document_expiry", "2027-02-30", "registration/expiry-impossible")]
    [InlineData("latitude", "915.2", "registration/latitude-out-of-range")]
    [InlineData("latitude", "north", "registration/latitude-unreadable")]
    [InlineData("longitude", "-180.1", "registration/longitude-out-of-range")]
    [InlineData("longitude", "", "registration/position-incomplete")]
    public void What_cannot_be_taken_is_refused_with_its_column(string column, string value, string code)
    {
        var fault = Assert.Single(Read((column, value)).Faults);

        Assert.Equal((column, code), (fault.Column, fault.Code));
        Assert.Matches("^[A-Z“].{20,}[.?]$", fault.Message);
    }

    [Fact]
    public void All_faults_of_a_row_are_told_at_once() =>
        Assert.Equal(["family_name", "mobility", "nationality"], Read(("family_name", " "), ("given_names", "?"), ("nationality", "??"), ("mobility", "x")).Faults.Select(f => f.Column).Order());

    [Fact]
    public void One_name_is_enough() => Assert.Empty(Read(("family_name", "")).Faults);

    [Theory]
    [InlineData("", null)]
    [InlineData("unknown", null)]
    [InlineData("1985", "1985")]
    [InlineData("1985-00-00", "1985")]
    [InlineData("Jan 1985", "1985-01")]
    [InlineData("3 Jun 2004", "2004-06-03")]
    [InlineData("03-JUN-2004", "2004-06-03")]
    [InlineData("4.5.2004", "2004-05-04")]
    [InlineData("04/05/2004", "2004-05-04")]
    [InlineData("٠٤/٠٥/٢٠٠٤", "2004-05-04")]
    [InlineData("2004-05-04T00:00:00Z", "2004-05-04")]
    [InlineData("29/02/2020", "2020-02-29")]
    public void Birth_dates_are_read_in_the_styles_of_the_field(string text, string? expected)
    {
        Assert.True(Dates.TryReadBirthDate(text, out var date, out _));
        Assert.Equal(expected, date?.ToString());
    }

    [Theory]
    [InlineData("uk", "GBR")]
    [InlineData(" THE Philippines ", "PHL")]
    [InlineData("filipina", "PHL")]
    [InlineData("Syrian Arab Republic", "SYR")]
    [InlineData("S.Sudan", "SSD")]
    [InlineData("cote divoire", "CIV")]
    [InlineData("Iran (Islamic Republic of)", "IRN")]
    [InlineData("Moldova, Republic of", "MDA")]
    [InlineData("Federal Democratic Republic of Nepal", "NPL")]
    [InlineData("St. Lucia", "LCA")]
    [InlineData("D", "DEU")]
    [InlineData("xxa", "XXA")]
    [InlineData("RKS", "RKS")]
    [InlineData("Turkiye", "TUR")]
    [InlineData("dr congo", "COD")]
    [InlineData("Polska", "POL")]
    public void Countries_are_read_as_people_write_them(string text, string expected)
    {
        Assert.True(Countries.TryParse(text, out var code), text);
        Assert.Equal(expected, code);
    }

    [Theory]
    [InlineData("Congolese")]
    [InlineData("Korean")]
    [InlineData("ZZZ")]
    [InlineData("republic of")]
    [InlineData("")]
    public void A_country_is_never_guessed(string text) => Assert.False(Countries.TryParse(text, out _));

    [Fact]
    public void Every_country_of_ISO_3166_is_known_by_its_codes()
    {
        Assert.Equal("Eritrea", Countries.Name("ERI"));
        Assert.Equal("Unspecified nationality", Countries.Name("XXX"));
        Assert.True(Countries.TryParse("ZW", out var zimbabwe) && zimbabwe == "ZWE");
    }

    [Fact]
    public void Text_is_kept_as_it_came()
    {
        const string hostile = "=HYPERLINK(\"http://x\")\n\u202Etxet <script>\u0007";

        Assert.Equal(hostile, Read(("notes", hostile)).Form!.Registration.Notes);
        Assert.Equal("ab", Read(("notes", "a\0b")).Form!.Registration.Notes);
        Assert.Equal("registration/too-long", Assert.Single(Read(("notes", new string('x', 20_001))).Faults).Code);
    }

    [Fact]
    public void A_fault_names_the_place_in_the_JSON_form_too() => Assert.Equal("position.latitude", Assert.Single(Read(("latitude", "91"))!.Faults).Field);

    [Fact]
    public void A_form_with_holes_where_lists_should_be_is_no_crash()
    {
        var form = RegistrationRules.Normalise(new() { FamilyName = "Deng", SpecificNeeds = null!, NeedsNow = null!, FearOfReturnTo = [null!], ShareWith = null! });

        Assert.Empty(RegistrationRules.Validate(form, At));
        Assert.NotEmpty(RegistrationRules.Validate(new() { FearOfReturnTo = null!, Mobility = (Mobility)9, BirthDate = default(BirthDate) }, At));
    }

    [Fact]
    public void Nothing_that_can_be_typed_breaks_the_reader() => Prop.ForAll<string, string, string>((a, b, c) =>
    {
        (a, b, c) = (a ?? "", b ?? "", c ?? "");
        foreach (var column in Row.Keys) _ = Read((column, a), ("date_of_birth", b), ("nationality", c));
        _ = RegistrationRules.Validate(new() { FamilyName = a, Nationality = b, SpecificNeeds = [c], FearOfReturnTo = [a, b], Position = new(double.NaN, 1) }, DateTimeOffset.MaxValue);
        return true;
    }).QuickCheckThrowOnFailure();
}
