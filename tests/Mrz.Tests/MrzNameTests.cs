using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace CrisisCoordination.Mrz.Tests;

public sealed class MrzNameTests
{
    private const int Td1 = 30, Td2 = 31, Td3 = 39;

    [Theory]
    [InlineData("ERIKSSON, ANNA MARIA", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<")]
    [InlineData("HENG, DEBORAH MING LO", "HENG<<DEBORAH<MING<LO<<<<<<<<<<<<<<<<<<")]
    [InlineData("SMITH-JONES, SUSIE MARGARET", "SMITH<JONES<<SUSIE<MARGARET<<<<<<<<<<<<")]
    [InlineData("O'CONNOR, ENYA SIOBHAN", "OCONNOR<<ENYA<SIOBHAN<<<<<<<<<<<<<<<<<<")]
    [InlineData("VAN DER MUELLEN, MARTIN", "VAN<DER<MUELLEN<<MARTIN<<<<<<<<<<<<<<<<")]
    [InlineData("AL-BASRI, HUDA MUHAMMAD JAWAD", "AL<BASRI<<HUDA<MUHAMMAD<JAWAD<<<<<<<<<<")]
    [InlineData("VILARCHAO FERNANDEZ, JOSE RAMON", "VILARCHAO<FERNANDEZ<<JOSE<RAMON<<<<<<<<")]
    [InlineData("ARKFREITH", "ARKFREITH<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<")]
    [InlineData("SATRIYA SUDARPA", "SATRIYA<SUDARPA<<<<<<<<<<<<<<<<<<<<<<<<")]
    [InlineData("PAPANDROPOULOUS, JONATHON WARREN TREVOR", "PAPANDROPOULOUS<<JONATHON<WARREN<TREVOR")]
    [InlineData("NILAVADHANANANDA, CHAYAPA DEJTHAMRONG KRASUANG", "NILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K")]
    [InlineData("NILAVADHANANANDA, ARNPOL PETCH CHARONGUANG", "NILAVADHANANANDA<<ARNPOL<PETCH<CHARONGU")]
    public void The_names_of_the_standard_are_written_as_it_writes_them(string visual, string field) =>
        Assert.Equal(field, MrzName.OfVisualZone(visual).Field(Td3));

    [Fact]
    public void A_name_that_fills_a_TD1_to_the_last_letter_is_not_truncated() =>
        Assert.Equal("PAPANDROPOULOUS<<JONATHON<ALEC", MrzName.OfVisualZone("PAPANDROPOULOUS, JONATHON ALEC").Field(Td1));

    [Theory]
    [InlineData("D'Artagnan", "DARTAGNAN")]
    [InlineData("D’Artagnan", "DARTAGNAN")]
    [InlineData("Marie-Élise", "MARIE<ELISE")]
    [InlineData("Marie\u2011Elise", "MARIE<ELISE")]
    [InlineData("Anna, Maria", "ANNA<MARIA")]
    [InlineData("Anna  -  Maria", "ANNA<MARIA")]
    [InlineData("J. R. (Bob)", "J<R<BOB")]
    [InlineData("Jean/Paul", "JEANPAUL")]
    [InlineData("Anna3", "ANNA")]
    [InlineData(" \t", "")]
    public void Punctuation_follows_part_3_section_4_6(string text, string components) => Assert.Equal(components, Mrz(text));

    [Fact]
    public void A_one_part_name_is_primary_wherever_it_was_written() => Assert.Equal(new MrzName("SUHARTO"), MrzName.Of("", "Suharto"));

    // Part 3, section 6 A: all 95 rows, the first alternative.
    private const string TableA =
        """
        À A Á A Â A Ã A Ä AE Å AA Æ AE Ç C È E É E Ê E Ë E Ì I Í I Î I Ï I Ð D Ñ N Ò O Ó O Ô O Õ O Ö OE Ø OE Ù U Ú U Û U Ü UE Ý Y Þ TH
        Ā A Ă A Ą A Ć C Ĉ C Ċ C Č C Ď D Đ D Ē E Ĕ E Ė E Ę E Ě E Ĝ G Ğ G Ġ G Ģ G Ĥ H Ħ H Ĩ I Ī I Ĭ I Į I İ I ı I Ĳ IJ Ĵ J Ķ K Ĺ L Ļ L Ľ L
        Ŀ L Ł L Ń N Ņ N Ň N Ŋ N Ō O Ŏ O Ő O Œ OE Ŕ R Ŗ R Ř R Ś S Ŝ S Ş S Š S Ţ T Ť T Ŧ T Ũ U Ū U Ŭ U Ů U Ű U Ų U Ŵ W Ŷ Y Ÿ Y Ź Z Ż Z Ž Z ẞ SS
        """;

    [Fact]
    public void Every_Latin_row_of_the_standard_is_there_in_both_cases()
    {
        var rows = TableA.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Chunk(2).ToArray();
        Assert.Equal(95, rows.Length);
        Assert.All(rows, row => Assert.Equal((row[1], row[1]), (Mrz(row[0]), Mrz(row[0].ToLowerInvariant()))));
    }

    [Theory]
    [InlineData("Térèsa Cañón", LatinSpelling.Escaped, "TERESA<CANXXON")]
    [InlineData("Cañón", LatinSpelling.Expanded, "CANON")]
    [InlineData("Müller-Åström", LatinSpelling.Expanded, "MUELLER<AASTROEM")]
    [InlineData("Müller-Åström", LatinSpelling.Plain, "MULLER<ASTROM")]
    [InlineData("Müller-Åström", LatinSpelling.Escaped, "MUXXLLER<AASTROEM")]
    [InlineData("Mu\u0308ller-A\u030Astro\u0308m", LatinSpelling.Expanded, "MUELLER<AASTROEM")]
    [InlineData("Groß", LatinSpelling.Expanded, "GROSS")]
    [InlineData("Nguyễn Thị Ơn", LatinSpelling.Expanded, "NGUYEN<THI<ON")]
    [InlineData("Ștefan Țurcanu", LatinSpelling.Expanded, "STEFAN<TURCANU")]
    [InlineData("Gʻofur Oʻgʻli", LatinSpelling.Expanded, "GOFUR<OGLI")]
    public void Latin_alternatives_are_the_issuers_choice(string text, LatinSpelling spelling, string components) =>
        Assert.Equal(components, Mrz(text, spelling));

    [Fact]
    public void The_reversible_spelling_of_the_standards_example() =>
        Assert.Equal("CANXXON<<TERESA", MrzName.Of("CAÑON", "Térèsa", LatinSpelling.Escaped).Field(Td2).TrimEnd('<'));

    [Fact]
    public void A_comparison_knows_every_spelling_that_an_issuer_may_have_chosen() =>
        Assert.Equal(["MUELLER NUNEZ", "MUELLER NUNXXEZ", "MULLER NUNEZ", "MULLER NUNXXEZ", "MUXXLLER NUNEZ", "MUXXLLER NUNXXEZ"], Transliteration.Variants("Müller Nuñez"));

    [Theory]
    [InlineData("Щербаков Юрий Объедков", null, "SHCHERBAKOV<IURII<OBIEEDKOV")]
    [InlineData("Ёлкина Цветаева Чехов Жуков Ольга Эмма", null, "ELKINA<TSVETAEVA<CHEKHOV<ZHUKOV<OLGA<EMMA")]
    [InlineData("Ёрш Гомель", "be", "IORSH<HOMEL")]
    [InlineData("Щерев", "bg", "SHTEREV")]
    [InlineData("Ђорђевић Живко Хаџић Џон Чедо Шћепан Цане", "sr", "DORDEVIC<ZIVKO<HADZIC<DZON<CEDO<SCEPAN<CANE")]
    [InlineData("Гаврило", "sr", "HAVRILO")]
    [InlineData("Ќосев Ѓорѓи Џон Христов Цветан", "mk", "KJOSEV<GJORGJI<DJON<HRISTOV<CVETAN")]
    [InlineData("Євген Їжак Йосип Юрій Яна Гнатюк Зинаїда Марія", "uk", "YEVHEN<YIZHAK<YOSYP<YURII<YANA<HNATIUK<ZYNAIDA<MARIIA")]
    [InlineData("Євген Юрій", null, "IEVGEN<IURII")]
    [InlineData("Юрии\u0306", null, "IURII")]
    public void Cyrillic_follows_section_6_B_with_its_exceptions_by_language(string text, string? language, string components) =>
        Assert.Equal(components, Mrz(text, language: language));

    [Theory]
    [InlineData("ابو بكر محمد بن زكريا الرازي", "ABW<BKR<MXHMD<BN<ZKRYA<ALRAZY")]
    [InlineData("عبّاس", "EBBAS")]
    [InlineData("عَبَّاس", "EBBAS")]
    [InlineData("فضّة", "FXDZXDZXAH")]
    [InlineData("فاطمة علي", "FAXTTMXAH<ELY")]
    [InlineData("ةا", "XTAA")]
    [InlineData("محـــمد", "MXHMD")]
    [InlineData("ا\u0654حمد", "XAEXHMD")]
    [InlineData("پرویز چنگیز ژاله", "PRWXYAZ<XCNXGGXYAZ<XJALH")]
    [InlineData("کی\u200Cپور", "XKKXYAPWR")]
    [InlineData("ٹیپو ڈار ےں", "XXTXYAPW<XXDAR<XYBXNN")]
    [InlineData("ټ ځ څ ډ ړ ږ ښ ګ ڼ ۍ ې", "XRT<XKE<XXH<XDR<XRR<XRX<XXS<XXK<XXN<XXY<Y")]
    [InlineData("١٢", "")]
    public void Arabic_script_follows_section_6_C(string text, string components) => Assert.Equal(components, Mrz(text));

    [Fact]
    public void An_Arabic_comma_parts_the_identifiers_too() => Assert.Equal(new MrzName("ELY", "FAXTTMXAH"), MrzName.OfVisualZone("علي، فاطمة"));

    [Theory]
    [InlineData("Müller, Ольга-Мария فاطمة O’Brien Gʻofur", "")]
    [InlineData("Ольга", "")]
    [InlineData("Παπαδόπουλος", "ΠΑΔΌΟΥΛΣ")]
    [InlineData("王 Wang", "王")]
    [InlineData("Louis 14", "14")]
    [InlineData("𠮷野", "𠮷野")]
    public void What_the_zone_would_lose_is_told(string text, string lost) =>
        Assert.Equal(lost.Order(), string.Concat(Transliteration.Unwritable(text)).Order());

    [Theory]
    [InlineData(Td1)]
    [InlineData(Td2)]
    [InlineData(Td3)]
    public void Any_name_gives_a_field_of_exact_length_in_letters_and_fillers_that_is_truncated_only_where_it_must_be(int length) =>
        Always(AnyName, visual =>
        {
            var name = MrzName.Of(visual.Primary, visual.Secondary);
            var field = name.Field(length);
            var whole = $"{name.Primary}<<{name.Secondary}".Replace(' ', '<').TrimEnd('<');
            return field.Length == length
                && field.All(character => character is (>= 'A' and <= 'Z') or '<')
                && (whole.Length <= length ? field == whole.PadRight(length, '<') && MrzName.Read(field) == name : field[^1] != '<')
                && !field.TrimEnd('<').Contains("<<<")
                && (name.Secondary.Length > 0) == field.TrimEnd('<').Contains("<<");
        });

    [Theory]
    [InlineData("BENNELONG WOOLOOMOOLOO WARRANDYTE WARNAMBOOL", "DINGO POTOROO", "BENNELONG<WOOLOOMOOLOO<WARRANDYTE<WA<<D")]
    [InlineData("BENNELONG WOOLOOMOOLOO WARRANDYTES WARNAMBOOL", "D", "BENNELONG<WOOLOOMOOLOO<WARRANDYTES<W<<D")]
    [InlineData("BENNELONG WOOLOOMOOLOO WARRANDYTEST WARNAMBOOL", "D", "BENNELONG<WOOLOOMOOLO<WARRANDYTEST<W<<D")]
    [InlineData("A B C D E F G H I J K L M N O P Q R S T U V", "Z", "A<B<C<D<E<F<G<H<I<J<K<L<M<N<O<P<Q<RS<<Z")]
    public void A_primary_identifier_that_is_too_long_leaves_room_for_an_initial_and_ends_in_a_letter(string primary, string secondary, string field) =>
        Assert.Equal(field, new MrzName(primary, secondary).Field(Td3));

    private static string Mrz(string text, LatinSpelling spelling = LatinSpelling.Expanded, string? language = null) =>
        string.Join('<', Transliteration.Components(text, spelling, language));

    private static readonly Gen<string> Identifier =
        Gen.Frequency(
                (8, Gen.Choose('A', 'Z')), (4, Gen.Choose(0xC0, 0x17F)), (3, Gen.Choose(0x400, 0x4FF)), (3, Gen.Choose(0x620, 0x6D5)),
                (3, Gen.Elements<int>(' ', '-', '\'', ',', '.', '<')), (1, Gen.Choose(0, 0xD7FF)), (1, Gen.Choose(0xE000, 0x2FFFF)))
            .Select(value => new Rune(value).ToString())
            .ArrayOf()
            .Select(string.Concat);

    private static readonly Gen<(string Primary, string Secondary)> AnyName =
        from primary in Gen.OneOf(Identifier, Initials)
        from secondary in Gen.OneOf(Identifier, Initials)
        select (primary, secondary);

    private static Gen<string> Initials =>
        Gen.Choose(0, 25).Select(count => string.Join(' ', Enumerable.Repeat('A', count)));

    private static void Always<T>(Gen<T> gen, Func<T, bool> holds) =>
        Prop.ForAll(gen.ToArbitrary(), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
}
