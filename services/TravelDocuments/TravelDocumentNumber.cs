namespace CrisisCoordination.TravelDocuments;

/// <summary>
/// Numbers of emergency travel documents: nine characters, so that they fit the machine readable zone without spilling.
/// No vowels, so that no number spells a word; of characters that are taken for one another when typed or read out
/// (0 D O Q, 1 I L, 2 Z, 5 S, 8 B, U V) at most one; a letter first, so that no spreadsheet takes it for a quantity.
/// </summary>
public static class TravelDocumentNumber
{
    private const string Letters = "CDFGHJKMNPRTVWXY";
    private const string Characters = Letters + "23456789";

    /// <summary>How many characters.</summary>
    public const int Length = 9;

    /// <summary>A number from 64 random bits; the caller draws them from a cryptographic source, so that none can be guessed.</summary>
    public static string From(ulong randomness)
    {
        // 16 * 24^8 numbers: their bias over 64 bits is one in ten million.
        return string.Create(Length, randomness, static (number, rest) =>
        {
            (rest, var first) = Math.DivRem(rest, (ulong)Letters.Length);
            number[0] = Letters[(int)first];
            for (var i = 1; i < number.Length; i++)
            {
                (rest, var next) = Math.DivRem(rest, (ulong)Characters.Length);
                number[i] = Characters[(int)next];
            }
        });
    }

    /// <summary>Whether somebody typed what could be such a number.</summary>
    public static bool IsWellFormed(string text) =>
        text.Length == Length && Letters.Contains(text[0]) && text.All(Characters.Contains);
}
