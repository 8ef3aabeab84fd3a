using CrisisCoordination.AppHost.Sample;
using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.ConsularContact.Matching;
using CrisisCoordination.Contracts;
using Xunit;

namespace CrisisCoordination.ConsularContact.Tests.Intake;

/// <summary>The sample and the reader share no code, so each is a check on the other.</summary>
public sealed class SampleCrisisFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sample-crisis-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<List<RowResult>> Rows(int seed)
    {
        SampleCrisis.Write(_folder, seed);
        await using var file = File.OpenRead(Path.Combine(_folder, "registrations.csv"));
        return await RegistrationFile.ReadAsync(file).ToListAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_twelve_spoiled_rows_are_refused_and_no_other(int seed)
    {
        var rows = await Rows(seed);

        Assert.InRange(rows.Count, 610, 700);
        Assert.Equal(
            [
                "registration/birth-date-impossible", "registration/birth-date-impossible", "registration/birth-date-impossible", "registration/birth-date-in-future",
                "registration/country-unknown", "registration/country-unknown", "registration/country-unknown", "registration/latitude-out-of-range",
                "registration/longitude-out-of-range", "registration/mobility-unknown", "registration/no-name", "registration/specific-needs-unknown",
            ],
            rows.SelectMany(r => r.Faults).Select(f => f.Code).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Families_that_share_names_and_telephones_are_never_merged(int seed)
    {
        var index = new PersonIndex();
        var byId = new Dictionary<Guid, Registration>();
        var merged = 0;
        foreach (var form in (await Rows(seed)).Select(r => r.Form?.Registration).OfType<Registration>())
        {
            var identity = Identity.From(form);
            foreach (var candidate in index.Find(identity).Where(c => c.Verdict.Band == Band.Automatic))
            {
                merged++;
                var other = byId[candidate.PersonId];
                Assert.Equal((form.Sex, form.HouseholdRole, form.Document?.Expiry), (other.Sex, other.HouseholdRole, other.Document?.Expiry));
                Assert.Equal(form.BirthDate?.Year, other.BirthDate?.Year);
            }
            var id = Guid.CreateVersion7();
            byId[id] = form;
            index.Add(id, identity);
        }
        Assert.InRange(merged, 15, 60);
    }
}
