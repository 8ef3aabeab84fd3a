namespace CrisisCoordination.Mrz;

/// <summary>
/// ICAO Doc 9303 Part 3, 4.9: weights 7, 3, 1 from the left, sum modulo 10. Characters that are equal modulo 10 are
/// indistinguishable (0, A, K, U and the filler; 1, B, L, V; …), so a right check digit finds misreadings and proves nothing.
/// </summary>
public static class CheckDigit
{
    private static readonly int[] Weights = [7, 3, 1];

    /// <summary>The check digit of text in the zone's alphabet.</summary>
    /// <exception cref="ArgumentException">A character is none of A-Z, 0-9 and the filler.</exception>
    public static char Of(string text) =>
        (char)('0' + (text.Select((character, i) => Value(character) * Weights[i % Weights.Length]).Sum() % 10));

    /// <summary>Whether the zone may hold the character.</summary>
    public static bool Knows(char character) => character is (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '<';

    private static int Value(char character) =>
        character switch
        {
            >= '0' and <= '9' => character - '0',
            >= 'A' and <= 'Z' => character - 'A' + 10,
            '<' => 0,
            _ => throw new ArgumentException("Only A-Z, 0-9 and < have a check value.", nameof(character)),
        };
}
