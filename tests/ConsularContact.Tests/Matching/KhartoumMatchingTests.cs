using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.ConsularContact.Matching;
using Xunit;

namespace CrisisCoordination.ConsularContact.Tests.Matching;

public sealed class KhartoumMatchingTests(ITestOutputHelper output)
{
    private sealed record Pair(RegistrationForm A, RegistrationForm B, Verdict Verdict);

    [Fact]
    public async Task Stats()
    {
        var rows = await Khartoum.Rows();
        var ids = rows.Select(r => (r, Identity.From(RegistrationRules.Normalise(new() { FamilyName = r.Columns["family_name"] })))).Count();
        var forms = rows.Where(r => r.Form is not null).Select(r => r.Form!).ToList();
        var pairs = Pairs(forms);
        foreach (var p in pairs.Where(p => p.Verdict.Band != Band.None).OrderBy(p => p.Verdict.Band).ThenBy(p => p.Verdict.Bits))
            output.WriteLine($"{p.Verdict.Band} {p.Verdict.Bits:0.0} {p.A.Reference} {p.B.Reference} {string.Join(' ', p.Verdict.Evidence.Select(e => $"{e.Field}:{e.Level}"))} | {string.Join(' ', p.Verdict.AgainstAutomatic)} | {p.A.Registration.GivenNames}/{p.A.Registration.FamilyName} {p.A.Registration.BirthDate} {p.A.Registration.Document?.Number} ~ {p.B.Registration.GivenNames}/{p.B.Registration.FamilyName} {p.B.Registration.BirthDate} {p.B.Registration.Document?.Number}");
        output.WriteLine($"pairs compared {pairs.Count}");
    }

    private static List<Pair> Pairs(IReadOnlyList<RegistrationForm> forms)
    {
        var blocks = new Dictionary<string, List<(RegistrationForm Form, Identity Identity)>>();
        var pairs = new Dictionary<(string, string), Pair>();
        foreach (var form in forms)
        {
            var identity = Identity.From(form.Registration);
            foreach (var key in Blocking.Keys(identity))
            {
                if (!blocks.TryGetValue(key, out var block)) blocks[key] = block = [];
                foreach (var other in block)
                    if (!pairs.ContainsKey((other.Form.Reference, form.Reference)))
                        pairs[(other.Form.Reference, form.Reference)] = new(other.Form, form, Match.Score(other.Identity, identity));
                block.Add((form, identity));
            }
        }
        return [.. pairs.Values];
    }
}
