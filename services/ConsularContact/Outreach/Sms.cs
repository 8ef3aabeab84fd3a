namespace CrisisCoordination.ConsularContact.Outreach;

/// <summary>What a text costs as a short message (3GPP TS 23.038 and 23.040): one letter outside the small alphabet makes all of it dear.</summary>
/// <param name="Encoding">GSM-7 or UCS-2.</param>
/// <param name="Units">Septets, or pairs of bytes.</param>
/// <param name="Segments">Messages that it is sent as.</param>
internal sealed record Sms(string Encoding, int Units, int Segments)
{
    private const string
        Basic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
        Extended = "^{}\\[~]|€\f";

    public static Sms Of(string text)
    {
        if (text.All(c => Basic.Contains(c) || Extended.Contains(c)))
            return Packed("GSM-7", text.Select(c => Extended.Contains(c) ? 2 : 1), 160, 153);
        return Packed("UCS-2", text.EnumerateRunes().Select(rune => rune.Utf16SequenceLength), 70, 67);
    }

    // An escaped letter or a surrogate pair is not cut in two.
    private static Sms Packed(string encoding, IEnumerable<int> letters, int alone, int joined)
    {
        var all = letters.ToArray();
        var units = all.Sum();
        if (units <= alone) return new(encoding, units, 1);
        var (segments, used) = (1, 0);
        foreach (var letter in all)
        {
            if (used + letter > joined) (segments, used) = (segments + 1, 0);
            used += letter;
        }
        return new(encoding, units, segments);
    }
}
