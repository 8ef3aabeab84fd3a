using CrisisCoordination.Mrz;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace CrisisCoordination.TravelDocuments.Tests;

public sealed class TravelDocumentNumberTests
{
    [Fact]
    public void A_number_has_nine_characters_a_letter_first_no_vowel_and_nothing_that_is_mistaken() =>
        Prop.ForAll(ArbMap.Default.ArbFor<ulong>(), randomness =>
                TravelDocumentNumber.From(randomness) is { Length: 9 } number
                && char.IsAsciiLetter(number[0])
                && number.All(CheckDigit.Knows)
                && !number.Any("AEIOU01LQSZB".Contains)
                && TravelDocumentNumber.IsWellFormed(number))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Different_randomness_gives_different_numbers() =>
        Assert.Distinct(Enumerable.Range(0, 10_000).Select(i => TravelDocumentNumber.From((ulong)i)));

    [Theory]
    [InlineData("C2345678")]
    [InlineData("223456789")]
    [InlineData("CA3456789")]
    [InlineData("c23456789")]
    public void What_was_typed_wrongly_is_seen(string text) => Assert.False(TravelDocumentNumber.IsWellFormed(text));
}
