using CrisisCoordination.Mrz;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact;

/// <summary>
/// Reads the machine readable zone of a passport or card (ICAO Doc 9303) for whoever fills in a registration. Misread
/// characters are only pointed out: what the document says is for the officer to see. Nothing is stored.
/// </summary>
internal static class ReadMrz
{
    private const int Longest = 1000;

    private sealed record Body(string Zone);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/people/mrz", IResult (Body body, TimeProvider clock) =>
        {
            if (body.Zone is not { Length: <= Longest } zone || MrzLayout.Read(zone) is not { } reading)
                return Refusal.Invalid("mrz/not-a-zone", "This is no zone of a travel document: two lines of 44 or 36 characters or three of 30, of the letters A to Z, digits and <. Look for lost or added < at the ends of the lines.", "zone").ToProblem();
            var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
            var document = reading.Document;
            return TypedResults.Ok(new
            {
                layout = reading.Layout == MrzLayout.Td1 ? "TD1" : reading.Layout == MrzLayout.Td2 ? "TD2" : "TD3",
                lines = reading.Lines,
                consistent = reading.Consistent,
                fields = new
                {
                    document.DocumentCode,
                    document.Issuer,
                    familyName = document.Name.Primary,
                    givenNames = document.Name.Secondary,
                    namePossiblyTruncated = reading.NamePossiblyTruncated,
                    document.Number,
                    document.Nationality,
                    birthDate = document.Birth.AsBirth(today),
                    sex = document.Sex switch { MrzSex.Female => Contracts.Sex.Female, MrzSex.Male => Contracts.Sex.Male, _ => Contracts.Sex.NotKnown },
                    expiry = document.Expiry.AsExpiry(today),
                    document.Optional,
                    document.Optional2,
                },
                checks = reading.Verdicts.Select(verdict => new { over = Name(verdict.Over), expected = $"{verdict.Expected}", found = $"{verdict.Found}", verdict.Holds }),
                malformed = reading.Malformed.Select(Name),
                repairs = MrzRepair.Offer(reading).Select(repair => new
                {
                    repair.Lines,
                    changes = repair.Changes.Select(change => new { change.Line, change.Column, found = $"{change.Found}", proposed = $"{change.Proposed}" }),
                }),
            });
        }).Allow(Roles.Officer, Roles.DocumentOfficer).WithSummary("Read the machine readable zone of a document")
            .WithDescription("Each check digit with its verdict; repairs are proposals that the officer compares with the document. Nothing is stored.");

    private static string Name(MrzField field) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(field.ToString());
}
