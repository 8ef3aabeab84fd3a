using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.ConsularContact.Matching;
using Xunit;

namespace CrisisCoordination.ConsularContact.Tests.Matching;

public sealed class KhartoumMatchingTests(ITestOutputHelper output)
{
    private sealed record Pair(RegistrationForm A, RegistrationForm B, Verdict Verdict);

    [Fact]
    public async Task Most_repeats_are_found_and_no_automatic_match_is_doubtful()
    {
        var pairs = Pairs(await Forms());
        var (automatic, review) = (pairs.Where(p => p.Verdict.Band == Band.Automatic).ToList(), pairs.Where(p => p.Verdict.Band == Band.Review).ToList());
        foreach (var p in review.OrderBy(p => p.Verdict.Bits)) output.WriteLine($"{p.Verdict.Bits:0.0} {p.A.Reference} {p.B.Reference} {string.Join(' ', p.Verdict.Evidence.Select(e => $"{e.Field}:{e.Level}"))}");

        // The file has no truth column. But in it every person has a telephone and a document of their own, so a shared one
        // tells a repeat from a namesake, and the expiry date confirms it: scoring does not look at it where a number is known.
        Assert.All(automatic, p => Assert.True(IsRepeat(p) && p.A.Registration.Document?.Expiry == p.B.Registration.Document?.Expiry && p.A.Registration.Sex == p.B.Registration.Sex));
        Assert.InRange(automatic.Count, 240, 320);
        Assert.InRange(review.Count, 40, 130);

        var found = automatic.Concat(review).Select(p => (p.A.Reference, p.B.Reference)).ToHashSet();
        var missed = Everyone(await Forms()).Where(IsRepeat).Where(p => !found.Contains((p.A.Reference, p.B.Reference))).ToList();
        Assert.True(missed.Count <= 3, string.Join('\n', missed.Select(p => $"{p.A} {p.B}")));
        output.WriteLine($"automatic {automatic.Count}, review {review.Count}, of which repeats {review.Count(IsRepeat)}, missed {missed.Count}, compared {pairs.Count}");
    }

    [Fact]
    public async Task The_order_of_import_does_not_change_what_is_automatic()
    {
        var forms = await Forms();
        var shuffled = forms.ToArray();
        new Random(7).Shuffle(shuffled);

        Assert.Equal(Automatic(forms), Automatic(shuffled));

        static SortedSet<string> Automatic(IReadOnlyList<RegistrationForm> forms) => [.. Pairs(forms).Where(p => p.Verdict.Band == Band.Automatic)
            .Select(p => string.Join('+', new[] { p.A.Reference, p.B.Reference }.Order(StringComparer.Ordinal)))];
    }

    [Fact]
    public async Task Trained_on_the_scenario_every_field_speaks_the_way_it_does_as_shipped()
    {
        var pairs = Pairs(await Forms()).Select(p => (A: Identity.From(p.A.Registration), B: Identity.From(p.B.Registration)))
            .Where(p => Blocking.Keys(p.A).Intersect(Blocking.Keys(p.B)).Any(key => !key.StartsWith("household-word", StringComparison.Ordinal) && !key.StartsWith("name-spot", StringComparison.Ordinal)))
            .Select(p => Match.Levels(p.A, p.B)).ToList();
        var trained = Training.Estimate(pairs, Match.Careful.Where(rate => rate.Key.Level != Level.Rare).ToDictionary(rate => rate.Key, rate => rate.Value), share: .1);

        output.WriteLine($"{pairs.Count} pairs, {trained.Share:0.0000} of them one person");
        output.WriteLine("field         level      m        u        bits   shipped");
        foreach (var (level, (m, u)) in trained.Rates)
            output.WriteLine(FormattableString.Invariant($"{level.Field,-13} {level.Level,-10} {m:0.00000}  {u:0.00000}  {Math.Log2(m / u),6:0.0} {Math.Log2(Match.Rates[level].M / Match.Rates[level].U),7:0.0}"));
        foreach (var field in (Field[])[Field.Name, Field.BirthDate, Field.Document, Field.Phone, Field.Sex])
        {
            Assert.True(trained.Rates[(field, Level.Same)] is var same && same.M > same.U, $"{field} same");
            Assert.True(trained.Rates[(field, Level.Different)] is var different && different.M < different.U, $"{field} different");
        }
    }

    private static async Task<List<RegistrationForm>> Forms() => [.. (await Khartoum.Rows()).Select(r => r.Form).OfType<RegistrationForm>()];

    private static bool IsRepeat(Pair pair)
    {
        var (a, b) = (Identity.From(pair.A.Registration), Identity.From(pair.B.Registration));
        return a.DocumentNumber is { } number && number == b.DocumentNumber || a.Phone is { } phone && phone == b.Phone;
    }

    private static IEnumerable<Pair> Everyone(List<RegistrationForm> forms) =>
        forms.SelectMany(f => new[] { Identity.From(f.Registration).Phone, Identity.From(f.Registration).DocumentNumber }.OfType<string>().Select(key => (key, f)))
            .GroupBy(p => p.key, p => p.f).Where(g => g.Count() == 2).Select(g => new Pair(g.First(), g.Last(), null!)).DistinctBy(p => (p.A.Reference, p.B.Reference));

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
                foreach (var (other, otherIdentity) in block)
                    if (!pairs.ContainsKey((other.Reference, form.Reference)))
                        pairs[(other.Reference, form.Reference)] = new(other, form, Match.Score(otherIdentity, identity));
                block.Add((form, identity));
            }
        }
        return [.. pairs.Values];
    }
}
