using System.Text;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Fleet;
using CrisisCoordination.EvacuationPlanning.Places;
using CrisisCoordination.Timeline;
using Xunit;
using static CrisisCoordination.EvacuationPlanning.Tests.Sudan;

namespace CrisisCoordination.EvacuationPlanning.Tests.Fleet;

public sealed class ImportTests
{
    private const string Header = "code,kind,from,to,destination_country,departs_at,arrives_at,seats,wheelchair_spaces,stretcher_spaces,operator";
    private const string Row = "T1,convoy,A,B,,2023-04-23T18:00Z,2023-04-24T06:00+03:00,402,9,3,IAF";

    [Fact]
    public async Task A_row_in_order_is_read_with_its_times_in_UTC()
    {
        var (told, faults) = await Read(Row);

        Assert.Empty(faults);
        Assert.Equal(("T1", 402, new DateTimeOffset(2023, 4, 24, 3, 0, 0, TimeSpan.Zero)), (told.Code, told.Seats, told.ArrivesAt));
        Assert.Null(told.DestinationCountry);
    }

    [Theory]
    [InlineData("T1,", "T 1,", "code import/code-malformed")]
    [InlineData("T1,", ",", "code import/missing")]
    [InlineData("convoy", "rocket", "kind import/unknown-kind")]
    [InlineData(",B,,", ",B,Atlantis,", "destination_country import/country-unknown")]
    [InlineData(",B,,", ",B,ZZZ,", "destination_country import/country-unknown")]
    [InlineData(",B,,", ",B,XXA,", "destination_country import/country-unknown")]
    [InlineData(",B,,", ",B,SUN,", "destination_country import/country-unknown")]
    [InlineData(",B,,", ",A,,", "to import/same-point")]
    [InlineData("2023-04-23T18:00Z", "2023-04-23T18:00", "departs_at import/time-malformed")]
    [InlineData("2023-04-23T18:00Z", "23/04/2023 18:00", "departs_at import/time-malformed")]
    [InlineData("2023-04-23T18:00Z", "0001-01-01T00:00Z", "departs_at import/time-out-of-range")]
    [InlineData("2023-04-24T06:00+03:00", "9999-12-31T23:59Z", "arrives_at import/time-out-of-range")]
    [InlineData("2023-04-23T18:00Z", "2023-04-25T18:00Z", "arrives_at import/arrives-before-it-departs")]
    [InlineData("402", "-1", "seats import/number-out-of-range")]
    [InlineData("402", "99999999999", "seats import/number-out-of-range")]
    [InlineData("402", "4.5", "seats import/number-out-of-range")]
    [InlineData("IAF", "\u0007", "operator import/unprintable")]
    public async Task A_row_with_a_fault_is_refused_with_its_column(string part, string fault, string expected) =>
        Assert.Equal([expected], (await Read(Row.Replace(part, fault, StringComparison.Ordinal))).Faults);

    [Fact]
    public async Task A_text_that_is_too_long_is_refused() =>
        Assert.Equal(["operator import/too-long"], (await Read(Row.Replace("IAF", new string('x', 201), StringComparison.Ordinal))).Faults);

    [Fact]
    public async Task All_faults_of_a_row_are_told_at_once() =>
        Assert.Equal(2, (await Read(Row.Replace("convoy", "rocket", StringComparison.Ordinal).Replace("402", "x", StringComparison.Ordinal))).Faults.Length);

    [Theory]
    [InlineData("", "import/empty")]
    [InlineData("a,b\n1,2", "import/column-missing")]
    [InlineData("code,code,kind\n", "import/column-missing")]
    [InlineData(Header + ",code\n", "import/column-twice")]
    public async Task A_file_that_is_none_is_refused_as_a_whole(string text, string code) => Assert.Equal(code, (await File(text)).Refusal?.Code);

    [Fact]
    public async Task A_row_with_too_few_fields_is_refused_and_the_rest_is_read()
    {
        var file = (await File($"\uFEFF{Header}\nT0,bus\n{Row}\n")).File!;

        Assert.Equal((2, "import/wrong-number-of-fields"), (file.Broken[0].Row, file.Broken[0].Code));
        Assert.Equal(3, Assert.Single(file.Rows).Row);
    }

    [Fact]
    public async Task Semicolons_separate_as_well() => Assert.Null((await File((Header + "\n" + Row).Replace(',', ';'))).Refusal);

    [Fact]
    public void The_same_row_again_is_nothing_new_and_other_values_are_refused()
    {
        var told = new AssemblyPointOpened("WDS", "Airfield", new(15.8, 32.5), Noon);
        var entered = Point.Start(Id(1)).After(told);

        Assert.Same(Decision.Nothing, SetPointCountryFeature.Enter(entered, told with { At = Noon.AddDays(1) }, null));
        SetPointCountryFeature.Enter(entered, told with { Name = "Harbour" }, null).RefusedAs("import/code-taken");
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("91")]
    [InlineData("north")]
    public async Task A_place_that_is_not_on_earth_is_refused(string latitude)
    {
        var file = (await TableFile.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes($"code,name,latitude,longitude\nA,Airfield,{latitude},32")), ["code"], default)).File!;
        ImportAssemblyPointsFeature.Read(file.Rows[0].Fields, "officer", Noon);

        Assert.Equal("latitude", Assert.Single(file.Rows[0].Fields.Faults).Column);
    }

    private static async Task<(TableFile? File, Refusal? Refusal)> File(string text) =>
        await TableFile.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), ImportTransportsFeature.Columns, default);

    private static async Task<(TransportScheduled Told, string[] Faults)> Read(string row)
    {
        var fields = Assert.Single((await File($"{Header}\n{row}")).File!.Rows).Fields;
        return (ImportTransportsFeature.Read(fields, Noon), [.. fields.Faults.Select(fault => $"{fault.Column} {fault.Code}")]);
    }
}
