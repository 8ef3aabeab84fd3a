using CrisisCoordination.EvacuationPlanning.Travel;
using Xunit;

namespace CrisisCoordination.Frozen.Tests;

/// <summary>A refusal is declared once: one code, one status, one text. Officers, and the programs of partners, know it by its code.</summary>
public sealed class RefusalsTests
{
    // Its sentence, and sometimes its status, repeats what the web server or the reader of JSON says is wrong.
    private const string OfTheFramework = "request/malformed";

    private static readonly string[] Ends = [".", "?", "{…}"];

    [Fact]
    public void A_code_has_one_status() => Assert.Empty(Doubled(refusal => $"{refusal.Status}"));

    [Fact]
    public void A_code_has_one_text() => Assert.Empty(Doubled(refusal => refusal.Text));

    [Fact]
    public void A_refusal_says_what_to_do_in_a_sentence() =>
        Assert.Empty(SaidRefusals.All.Where(refusal => !Ends.Any(end => refusal.Text.EndsWith(end, StringComparison.Ordinal)))
            .Select(refusal => $"{refusal} in {refusal.Where}"));

    [Fact]
    public void Codes_statuses_and_texts_are_as_approved() =>
        Approved.Is("refusals", Approved.Sorted(SaidRefusals.All.Select(refusal => $"{refusal}")
            .Concat(Words.Codes.Select(code => Words.Refuse(new(code))).Select(refusal => $"{refusal.Code} · 409 · {refusal.Detail}"))));

    [Fact]
    public void The_sources_are_read() => Assert.True(SaidRefusals.All.Count > 350, $"Only {SaidRefusals.All.Count} refusals were found.");

    private static IEnumerable<string> Doubled(Func<SaidRefusal, string> told) => SaidRefusals.All
        .Where(refusal => refusal.Code != OfTheFramework && !refusal.Code.Contains('{', StringComparison.Ordinal))
        .GroupBy(refusal => refusal.Code).Where(same => same.Select(told).Distinct().Count() > 1)
        .Select(same => $"{same.Key} is said in more than one way. Declare it once and use it at each of these places:\n  {string.Join("\n  ", same.Select(refusal => $"{refusal.Where}: {refusal.Status} {refusal.Text}"))}");
}
