using CrisisCoordination.Contracts;
using Xunit;

namespace CrisisCoordination.ConsularContact.Tests.Intake;

public sealed class KhartoumFileTests
{
    [Fact]
    public async Task Every_row_becomes_a_form_or_a_refusal_with_its_reason()
    {
        var rows = await Khartoum.Rows();

        Assert.Equal(4815, rows.Count);
        Assert.Equal(Enumerable.Range(2, 4815), rows.Select(r => r.RowNumber));
        Assert.All(rows, row => Assert.Equal(row.Form is null, row.Faults.Count > 0));
        Assert.Equal(4752, rows.Count(r => r.Form is not null));
        Assert.Equal(
            new Dictionary<string, int>
            {
                ["registration/birth-date-impossible"] = 10,  // 1990-13-01 five times, "yesterday" three times, 31/02/1990 twice
                ["registration/birth-date-in-future"] = 10,
                ["registration/no-name"] = 8,
                ["registration/country-unknown"] = 13,
                ["registration/specific-needs-unknown"] = 8,
                ["registration/mobility-unknown"] = 7,
                ["registration/latitude-out-of-range"] = 7,
            },
            rows.SelectMany(r => r.Faults).GroupBy(f => f.Code).ToDictionary(g => g.Key, g => g.Count()));
    }

    [Fact]
    public async Task The_hostile_notes_and_the_claims_to_protection_arrive_unchanged()
    {
        var forms = (await Khartoum.Rows()).Select(r => r.Form?.Registration).OfType<Registration>().ToList();

        Assert.Contains(forms, f => f.Notes == "Robert'); DROP TABLE mt_events;--");
        Assert.Contains(forms, f => f.Notes is { } n && n.StartsWith('\u202E'));
        Assert.Contains(forms, f => f.Notes is { } n && n.Contains('\n', StringComparison.Ordinal));
        Assert.Contains(forms, f => f.Notes is { Length: 9000 });
        Assert.All(forms, f => Assert.All(f.FearOfReturnTo, c => Assert.Matches("^[A-Z]{3}$", c)));
        Assert.True(forms.Count(f => f.FearOfReturnTo.Count > 0) > 500);
    }
}
