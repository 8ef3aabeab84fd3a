using System.Globalization;
using System.Text;
using Xunit;

namespace CrisisCoordination.Mrz.Tests;

/// <summary>Each alphabet from its first letter to its last: whoever has a letter in their name that a table forgot gets no document.</summary>
public sealed class AlphabetTests
{
    private const string Latin = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    [Fact]
    public void Every_letter_of_the_basic_alphabet_is_itself_in_either_case_and_any_width() => Assert.All(Latin, letter =>
    {
        Assert.Equal(($"{letter}", $"{letter}", $"{letter}"), (Written($"{letter}"), Written($"{char.ToLowerInvariant(letter)}"), Written($"{(char)(letter + 0xFEE0)}")));
        Assert.Empty(Transliteration.Unwritable($"{letter}{char.ToLowerInvariant(letter)}{(char)(letter + 0xFEE0)}"));
    });

    [Theory]
    [InlineData("Quispe Mamani", "QUISPE<MAMANI")]
    [InlineData("Al-Qasim", "AL<QASIM")]
    [InlineData("Ƙofar Ɗanjuma Ɓello", "KOFAR<DANJUMA<BELLO")]
    [InlineData("Ｌｉ Ｍｅｉ", "LI<MEI")]
    public void Names_that_a_letter_kept_from_a_document(string name, string written)
    {
        Assert.Equal(written, Written(name));
        Assert.Empty(Transliteration.Unwritable(name));
    }

    // Doc 9303 Part 3, section 6 B: the alphabets of its languages, each letter inside a word.
    [Theory]
    [InlineData(null, "А A Б B В V Г G Д D Е E Ё E Ж ZH З Z И I Й I К K Л L М M Н N О O П P Р R С S Т T У U Ф F Х KH Ц TS Ч CH Ш SH Щ SHCH Ъ IE Ы Y Ь - Э E Ю IU Я IA")]
    [InlineData("ru", "А A Б B В V Г G Д D Е E Ё E Ж ZH З Z И I Й I К K Л L М M Н N О O П P Р R С S Т T У U Ф F Х KH Ц TS Ч CH Ш SH Щ SHCH Ъ IE Ы Y Ь - Э E Ю IU Я IA")]
    [InlineData("uk", "А A Б B В V Г H Ґ G Д D Е E Є IE Ж ZH З Z И Y І I Ї I Й I К K Л L М M Н N О O П P Р R С S Т T У U Ф F Х KH Ц TS Ч CH Ш SH Щ SHCH Ь - Ю IU Я IA")]
    [InlineData("be", "А A Б B В V Г H Д D Е E Ё IO Ж ZH З Z І I Й I К K Л L М M Н N О O П P Р R С S Т T У U Ў U Ф F Х KH Ц TS Ч CH Ш SH Ы Y Ь - Э E Ю IU Я IA")]
    [InlineData("bg", "А A Б B В V Г G Д D Е E Ж ZH З Z И I Й I К K Л L М M Н N О O П P Р R С S Т T У U Ф F Х KH Ц TS Ч CH Ш SH Щ SHT Ъ IE Ь - Ю IU Я IA Ѫ U")]
    [InlineData("sr", "А A Б B В V Г H Д D Ђ D Е E Ж Z З Z И I Ј J К K Л L Љ LJ М M Н N Њ NJ О O П P Р R С S Т T Ћ C У U Ф F Х H Ц C Ч C Џ DZ Ш S")]
    [InlineData("mk", "А A Б B В V Г G Д D Ѓ GJ Е E Ж ZH З Z Ѕ DZ И I Ј J К K Л L Љ LJ М M Н N Њ NJ О O П P Р R С S Т T Ќ KJ У U Ф F Х H Ц C Ч CH Џ DJ Ш SH")]
    public void A_Cyrillic_alphabet_is_whole(string? language, string alphabet) => Assert.All(alphabet.Split(' ').Chunk(2), row =>
    {
        var written = row[1].Trim('-');
        Assert.Equal(($"A{written}", $"A{written}"), (Written("А" + row[0], language), Written("а" + row[0].ToLowerInvariant(), language)));
        Assert.Empty(Transliteration.Unwritable(row[0]));
    });

    [Fact]
    public void Five_Ukrainian_letters_are_written_otherwise_where_a_name_begins() =>
        Assert.All("Є YE Ї YI Й Y Ю YU Я YA".Split(' ').Chunk(2), row => Assert.Equal(row[1], Written(row[0], "uk")));

    // Section 6 C with the letters of Persian, Urdu and Pashto, by code point.
    private const string TableC =
        """
        0621 XE 0622 XAA 0623 XAE 0624 U 0625 I 0626 XI 0627 A 0628 B 062A T 062B XTH 062C J 062D XH 062E XKH 062F D 0630 XDH
        0631 R 0632 Z 0633 S 0634 XSH 0635 XSS 0636 XDZ 0637 XTT 0638 XZZ 0639 E 063A G 0641 F 0642 Q 0643 K 0644 L 0645 M 0646 N
        0647 H 0648 W 0649 XAY 064A Y 0671 XXA 0679 XXT 067C XRT 067E P 0681 XKE 0685 XXH 0686 XC 0688 XXD 0689 XDR 0691 XXR 0693 XRR
        0696 XRX 0698 XJ 069A XXS 06A9 XKK 06AB XXK 06AF XGG 06BA XNN 06BC XXN 06BE XDO 06C1 XXG 06CC XYA 06CD XXY 06D0 Y 06D2 XYB
        """;

    [Fact]
    public void The_Arabic_table_is_whole_and_a_shadda_doubles_each_of_its_letters() =>
        Assert.All(TableC.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Chunk(2), row =>
        {
            var letter = ((char)int.Parse(row[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString();
            Assert.Equal((row[1], row[1] + row[1], row[1] + row[1]), (Written(letter), Written(letter + "\u0651"), Written(letter + "\u064E\u0651")));
            Assert.Equal(row[1] + row[1], Written(letter + "\u0640" + letter));
            Assert.Empty(Transliteration.Unwritable(letter + "\u0640\u064B\u064C\u064D\u064E\u064F\u0650\u0651\u0652\u0670"));
        });

    [Theory]
    [InlineData("ابتثجحخدذرزسشصضطظعغفقكلمنهوي")]
    [InlineData("آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی")]
    [InlineData("آابپتٹثجچحخدڈذرڑزژسشصضطظعغفقکگلمنںوہھءیےۂۃۓ")]
    [InlineData("آابپتټثجځچڅحخدډذرړزژږسشښصضطظعغفقکګلمنڼوهۀءیيېۍئ")]
    public void The_alphabets_of_Arabic_Persian_Urdu_and_Pashto_lose_no_letter(string alphabet) => Assert.All(alphabet, letter =>
    {
        Assert.NotEmpty(Written($"{letter}"));
        Assert.Empty(Transliteration.Unwritable($"{letter}"));
    });

    // What the standard itself leaves out: the soft sign and the tatweel; and letters that stand for an apostrophe.
    private static readonly HashSet<int> LeftOut =
        [0x42C, 0x44C, 0x640, .. Enumerable.Range(0x2B9, 9), .. Enumerable.Range(0x2C6, 12), 0x2EC, 0x2EE];

    [Fact]
    public void Every_letter_and_digit_of_any_script_is_written_or_told_as_unwritable_and_none_vanishes() =>
        Assert.Empty(Enumerable.Range(0, 0x110000).Where(value => value is < 0xD800 or > 0xDFFF).Select(value => new Rune(value))
            .Where(rune => Rune.GetUnicodeCategory(rune) is <= UnicodeCategory.OtherLetter or >= UnicodeCategory.DecimalDigitNumber and <= UnicodeCategory.OtherNumber)
            .Where(rune => !LeftOut.Contains(rune.Value) && Written(rune.ToString()).Length == 0 && Transliteration.Unwritable(rune.ToString()).Count == 0)
            .Select(rune => $"U+{rune.Value:X4}"));

    [Fact]
    public void What_is_told_as_unwritable_and_what_is_written_are_never_the_same_letter() =>
        Assert.Empty(Enumerable.Range(0, 0x3000).Select(value => new Rune(value))
            .Where(rune => Written(rune.ToString()).Length > 0 && Transliteration.Unwritable(rune.ToString()).Count > 0)
            .Select(rune => $"U+{rune.Value:X4}"));

    [Theory]
    [InlineData("M\uFFFDller")]
    [InlineData("M\uD800ller")]
    [InlineData("M\uE001ller")]
    [InlineData("Mⅷller")]
    [InlineData("Mʰller")]
    public void A_name_that_was_decoded_wrongly_or_holds_what_nobody_reads_is_not_shortened(string name) => Assert.Single(Transliteration.Unwritable(name));

    // Every letter of the Latin, Cyrillic and Arabic blocks that Unicode takes apart, with its parts; marks by code point.
    private const string Apart =
        """
        ÀA0300 ÁA0301 ÂA0302 ÃA0303 ÄA0308 ÅA030A ÇC0327 ÈE0300 ÉE0301 ÊE0302 ËE0308 ÌI0300 ÍI0301 ÎI0302 ÏI0308 ÑN0303 ÒO0300 ÓO0301
        ÔO0302 ÕO0303 ÖO0308 ÙU0300 ÚU0301 ÛU0302 ÜU0308 ÝY0301 àa0300 áa0301 âa0302 ãa0303 äa0308 åa030A çc0327 èe0300 ée0301 êe0302
        ëe0308 ìi0300 íi0301 îi0302 ïi0308 ñn0303 òo0300 óo0301 ôo0302 õo0303 öo0308 ùu0300 úu0301 ûu0302 üu0308 ýy0301 ÿy0308 ĀA0304
        āa0304 ĂA0306 ăa0306 ĄA0328 ąa0328 ĆC0301 ćc0301 ĈC0302 ĉc0302 ĊC0307 ċc0307 ČC030C čc030C ĎD030C ďd030C ĒE0304 ēe0304 ĔE0306
        ĕe0306 ĖE0307 ėe0307 ĘE0328 ęe0328 ĚE030C ěe030C ĜG0302 ĝg0302 ĞG0306 ğg0306 ĠG0307 ġg0307 ĢG0327 ģg0327 ĤH0302 ĥh0302 ĨI0303
        ĩi0303 ĪI0304 īi0304 ĬI0306 ĭi0306 ĮI0328 įi0328 İI0307 ĴJ0302 ĵj0302 ĶK0327 ķk0327 ĹL0301 ĺl0301 ĻL0327 ļl0327 ĽL030C ľl030C
        ŃN0301 ńn0301 ŅN0327 ņn0327 ŇN030C ňn030C ŌO0304 ōo0304 ŎO0306 ŏo0306 ŐO030B őo030B ŔR0301 ŕr0301 ŖR0327 ŗr0327 ŘR030C řr030C
        ŚS0301 śs0301 ŜS0302 ŝs0302 ŞS0327 şs0327 ŠS030C šs030C ŢT0327 ţt0327 ŤT030C ťt030C ŨU0303 ũu0303 ŪU0304 ūu0304 ŬU0306 ŭu0306
        ŮU030A ůu030A ŰU030B űu030B ŲU0328 ųu0328 ŴW0302 ŵw0302 ŶY0302 ŷy0302 ŸY0308 ŹZ0301 źz0301 ŻZ0307 żz0307 ŽZ030C žz030C ƠO031B
        ơo031B ƯU031B ưu031B ǍA030C ǎa030C ǏI030C ǐi030C ǑO030C ǒo030C ǓU030C ǔu030C ǕU03080304 ǖu03080304 ǗU03080301 ǘu03080301
        ǙU0308030C ǚu0308030C ǛU03080300 ǜu03080300 ǞA03080304 ǟa03080304 ǠA03070304 ǡa03070304 ǢÆ0304 ǣæ0304 ǦG030C ǧg030C ǨK030C
        ǩk030C ǪO0328 ǫo0328 ǬO03280304 ǭo03280304 ǮƷ030C ǯʒ030C ǰj030C ǴG0301 ǵg0301 ǸN0300 ǹn0300 ǺA030A0301 ǻa030A0301 ǼÆ0301 ǽæ0301
        ǾØ0301 ǿø0301 ȀA030F ȁa030F ȂA0311 ȃa0311 ȄE030F ȅe030F ȆE0311 ȇe0311 ȈI030F ȉi030F ȊI0311 ȋi0311 ȌO030F ȍo030F ȎO0311 ȏo0311
        ȐR030F ȑr030F ȒR0311 ȓr0311 ȔU030F ȕu030F ȖU0311 ȗu0311 ȘS0326 șs0326 ȚT0326 țt0326 ȞH030C ȟh030C ȦA0307 ȧa0307 ȨE0327 ȩe0327
        ȪO03080304 ȫo03080304 ȬO03030304 ȭo03030304 ȮO0307 ȯo0307 ȰO03070304 ȱo03070304 ȲY0304 ȳy0304 ḀA0325 ḁa0325 ḂB0307 ḃb0307 ḄB0323
        ḅb0323 ḆB0331 ḇb0331 ḈC03270301 ḉc03270301 ḊD0307 ḋd0307 ḌD0323 ḍd0323 ḎD0331 ḏd0331 ḐD0327 ḑd0327 ḒD032D ḓd032D ḔE03040300
        ḕe03040300 ḖE03040301 ḗe03040301 ḘE032D ḙe032D ḚE0330 ḛe0330 ḜE03270306 ḝe03270306 ḞF0307 ḟf0307 ḠG0304 ḡg0304 ḢH0307 ḣh0307
        ḤH0323 ḥh0323 ḦH0308 ḧh0308 ḨH0327 ḩh0327 ḪH032E ḫh032E ḬI0330 ḭi0330 ḮI03080301 ḯi03080301 ḰK0301 ḱk0301 ḲK0323 ḳk0323 ḴK0331
        ḵk0331 ḶL0323 ḷl0323 ḸL03230304 ḹl03230304 ḺL0331 ḻl0331 ḼL032D ḽl032D ḾM0301 ḿm0301 ṀM0307 ṁm0307 ṂM0323 ṃm0323 ṄN0307 ṅn0307
        ṆN0323 ṇn0323 ṈN0331 ṉn0331 ṊN032D ṋn032D ṌO03030301 ṍo03030301 ṎO03030308 ṏo03030308 ṐO03040300 ṑo03040300 ṒO03040301
        ṓo03040301 ṔP0301 ṕp0301 ṖP0307 ṗp0307 ṘR0307 ṙr0307 ṚR0323 ṛr0323 ṜR03230304 ṝr03230304 ṞR0331 ṟr0331 ṠS0307 ṡs0307 ṢS0323
        ṣs0323 ṤS03010307 ṥs03010307 ṦS030C0307 ṧs030C0307 ṨS03230307 ṩs03230307 ṪT0307 ṫt0307 ṬT0323 ṭt0323 ṮT0331 ṯt0331 ṰT032D ṱt032D
        ṲU0324 ṳu0324 ṴU0330 ṵu0330 ṶU032D ṷu032D ṸU03030301 ṹu03030301 ṺU03040308 ṻu03040308 ṼV0303 ṽv0303 ṾV0323 ṿv0323 ẀW0300 ẁw0300
        ẂW0301 ẃw0301 ẄW0308 ẅw0308 ẆW0307 ẇw0307 ẈW0323 ẉw0323 ẊX0307 ẋx0307 ẌX0308 ẍx0308 ẎY0307 ẏy0307 ẐZ0302 ẑz0302 ẒZ0323 ẓz0323
        ẔZ0331 ẕz0331 ẖh0331 ẗt0308 ẘw030A ẙy030A ẛſ0307 ẠA0323 ạa0323 ẢA0309 ảa0309 ẤA03020301 ấa03020301 ẦA03020300 ầa03020300
        ẨA03020309 ẩa03020309 ẪA03020303 ẫa03020303 ẬA03230302 ậa03230302 ẮA03060301 ắa03060301 ẰA03060300 ằa03060300 ẲA03060309
        ẳa03060309 ẴA03060303 ẵa03060303 ẶA03230306 ặa03230306 ẸE0323 ẹe0323 ẺE0309 ẻe0309 ẼE0303 ẽe0303 ẾE03020301 ếe03020301
        ỀE03020300 ềe03020300 ỂE03020309 ểe03020309 ỄE03020303 ễe03020303 ỆE03230302 ệe03230302 ỈI0309 ỉi0309 ỊI0323 ịi0323 ỌO0323
        ọo0323 ỎO0309 ỏo0309 ỐO03020301 ốo03020301 ỒO03020300 ồo03020300 ỔO03020309 ổo03020309 ỖO03020303 ỗo03020303 ỘO03230302
        ộo03230302 ỚO031B0301 ớo031B0301 ỜO031B0300 ờo031B0300 ỞO031B0309 ởo031B0309 ỠO031B0303 ỡo031B0303 ỢO031B0323 ợo031B0323 ỤU0323
        ụu0323 ỦU0309 ủu0309 ỨU031B0301 ứu031B0301 ỪU031B0300 ừu031B0300 ỬU031B0309 ửu031B0309 ỮU031B0303 ữu031B0303 ỰU031B0323
        ựu031B0323 ỲY0300 ỳy0300 ỴY0323 ỵy0323 ỶY0309 ỷy0309 ỸY0303 ỹy0303 KK ÅA030A ЀЕ0300 ЁЕ0308 ЃГ0301 ЇІ0308 ЌК0301 ЍИ0300 ЎУ0306
        ЙИ0306 йи0306 ѐе0300 ёе0308 ѓг0301 їі0308 ќк0301 ѝи0300 ўу0306 ѶѴ030F ѷѵ030F ӁЖ0306 ӂж0306 ӐА0306 ӑа0306 ӒА0308 ӓа0308 ӖЕ0306
        ӗе0306 ӚӘ0308 ӛә0308 ӜЖ0308 ӝж0308 ӞЗ0308 ӟз0308 ӢИ0304 ӣи0304 ӤИ0308 ӥи0308 ӦО0308 ӧо0308 ӪӨ0308 ӫө0308 ӬЭ0308 ӭэ0308 ӮУ0304
        ӯу0304 ӰУ0308 ӱу0308 ӲУ030B ӳу030B ӴЧ0308 ӵч0308 ӸЫ0308 ӹы0308 آا0653 أا0654 ؤو0654 إا0655 ئي0654 ۀە0654 ۂہ0654 ۓے0654
        """;

    [Fact]
    public void A_letter_in_parts_is_written_as_the_whole_letter() => Assert.All(Apart.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), row =>
    {
        var (whole, parts) = (row[..1], row[1] + string.Concat(row[2..].Chunk(4).Select(mark => (char)int.Parse(mark, NumberStyles.HexNumber, CultureInfo.InvariantCulture))));
        Assert.Equal((Written(whole), Transliteration.Unwritable(whole).Count), (Written(parts), Transliteration.Unwritable(parts).Count));
        Assert.Equal(Written(whole.ToLowerInvariant()), Written(parts.ToLowerInvariant()));
    });

    [Theory]
    [InlineData("O\u0323\u0308", "OE")]
    [InlineData("O\u0304\u0308", "O")]
    [InlineData("\u064A\u0651\u0654", "XIXI")]
    [InlineData("\u0648\u064F\u0651\u0654", "UU")]
    public void Marks_in_canonical_order_still_find_their_letter(string text, string written) => Assert.Equal(written, Written(text));

    private static string Written(string text, string? language = null) => string.Join('<', Transliteration.Components(text, language: language));
}
