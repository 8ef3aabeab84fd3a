using System.Globalization;
using System.Text;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;

namespace CrisisCoordination.EvacuationPlanning.Manifests;

/// <summary>The manifest for a spreadsheet.</summary>
internal static class ManifestTable
{
    private static readonly string[] Header =
        ["number", "group", "person_id", "family_name", "given_names", "sex", "date_of_birth", "nationality", "document_no", "document_expiry",
         "space", "assistance", "state", "seal", "seal_sha256", "name_for_border", "border_list"];

    /// <summary>The space as a partner's list names it.</summary>
    public static string Name(Space space) => space.OnLap ? "lap" : space.Kind is Mobility.None ? "seat" : space.Kind.ToString().ToLowerInvariant();

    public static byte[] Write(Manifest manifest)
    {
        using var memory = new MemoryStream();
        using (var text = new StreamWriter(memory, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true)) { NewLine = "\r\n" })
        {
            text.WriteLine(string.Join(',', Header));
            foreach (var line in manifest.Lines)
                Row(line.Number, line.Group, line.Person, Name(line.Space), string.Join(' ', line.Assistance), line.State);
            foreach (var person in manifest.Standby)
                Row(null, null, person, null, null, "standby");

            void Row(int? number, int? group, Listed person, string? space, string? assistance, string state)
            {
                var (form, document) = (person.Form, person.Document(manifest.Day));
                text.WriteLine(string.Join(',', new object?[]
                {
                    number, group, person.Id, form?.FamilyName, form?.GivenNames, form?.Sex.ToString().ToLowerInvariant(), form?.BirthDate, form?.Nationality, document.Number, document.Expiry?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                    space, assistance, state, manifest.Transport.Seal?.Number, manifest.Transport.Seal?.Sha256,
                    person.NameAtBorder is { } name ? $"{name.Primary}, {name.Secondary}".TrimEnd(' ', ',') : null,
                    number is null ? null : manifest.IsKeptFrom(person) ? "left out" : "named",
                }.Select(cell => SafeCell.Write(cell))));
            }
        }
        return memory.ToArray();
    }
}
