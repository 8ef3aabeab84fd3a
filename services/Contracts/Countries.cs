using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace CrisisCoordination.Contracts;

/// <summary>
/// Countries as people write them, read into ISO 3166-1 alpha-3 or one of the codes that ICAO Doc 9303-3 adds. A word
/// that could mean two countries (Congolese, Dominican, Korean) or nothing at all (NA) is not in the table: guessing a nationality can hand
/// a person to the wrong state.
/// </summary>
public static partial class Countries
{
    private static readonly FrozenDictionary<string, string> Names = Rows().ToFrozenDictionary(r => r.Code, r => r.Names[0]);
    private static readonly FrozenDictionary<string, string> Codes = Spellings();

    /// <summary>The codes that ISO 3166-1 assigns today.</summary>
    internal static IEnumerable<string> Assigned => Rows(Table.Split("\n\n")[0]).Select(row => row.Code);

    /// <summary>Whether it is a code that a registration may carry.</summary>
    public static bool IsCode(string? alpha3) => alpha3 is not null && Names.ContainsKey(alpha3);

    /// <summary>The English short name, or the code itself when it is none of ours.</summary>
    public static string Name(string alpha3) => Names.GetValueOrDefault(alpha3, alpha3);

    /// <summary>Reads a code, name, common spelling or demonym, forgiving of case, accents, punctuation and "the".</summary>
    public static bool TryParse(string? text, out string alpha3)
    {
        alpha3 = "";
        if (string.IsNullOrWhiteSpace(text) || text.Length > 100) return false;
        var inverted = Inverted().Match(text);
        return Find(text, out alpha3)
            || inverted.Success && Find(inverted.Groups["country"].Value, out alpha3)
            || Find(FormOfState().Replace(text, ""), out alpha3);
    }

    private static bool Find(string text, out string alpha3) => Codes.TryGetValue(Key(text), out alpha3!) || (alpha3 = "").Length > 0;

    private static string Key(string text) => string.Concat(
        Letters.Words(text.Replace("&", " and ", StringComparison.Ordinal)).Where(w => w != "the").Select(w => w == "st" ? "saint" : w));

    // "Iran (Islamic Republic of)", "Moldova, Republic of".
    [GeneratedRegex(@"^\s*(?<country>[^,(]+?)\s*[,(].*\bof\b\W*(?:the\b\W*)?$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Inverted();

    // "Federal Republic of", "Kingdom of".
    [GeneratedRegex(@"^.*\b(?:republic|kingdom|state|commonwealth|union|federation|sultanate|principality|emirate)\s+of\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex FormOfState();

    private static FrozenDictionary<string, string> Spellings()
    {
        var codes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (code, alpha2, names) in Rows())
            foreach (var spelling in names.Append(code).Append(alpha2))
                if (Key(spelling) is { Length: > 0 } key && !codes.TryAdd(key, code) && codes[key] != code)
                    throw new InvalidOperationException($"{spelling} names both {codes[key]} and {code}.");
        return codes.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static IEnumerable<(string Code, string Alpha2, string[] Names)> Rows(string table = Table) =>
        from line in table.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        let parts = line.Split(' ', 3)
        select (parts[0], parts[1].Trim('-'), parts[2].Split(';', StringSplitOptions.TrimEntries));

    // alpha-3, alpha-2, English short name; other spellings and codes in use; demonyms. First ISO 3166-1, then ICAO's (Doc 9303-3, section
    // 5; UTO, the specimen state, is left out on purpose: nobody comes from it), then reserved, user-assigned and withdrawn codes. A
    // withdrawn code that has one successor is a spelling of it; BUR is none, for it is Burma to ISO and Burkina Faso to the Olympic
    // Committee. Nor are other codes in use that could be two countries: CAM, CHI, GUI, LIB, MAL, MON, NIG, SLO.
    private const string Table = """
        ABW AW Aruba; Aruban
        AFG AF Afghanistan; Afghan; Afghani
        AGO AO Angola; Angolan
        AIA AI Anguilla; Anguillan
        ALA AX Åland Islands; Aland; Alandish
        ALB AL Albania; Albanian; Shqiperi
        AND AD Andorra; Andorran
        ARE AE United Arab Emirates; UAE; U.A.E.; Emirates; Emirati
        ARG AR Argentina; Argentine; Argentinian
        ARM AM Armenia; Armenian
        ASM AS American Samoa; American Samoan
        ATA AQ Antarctica; ATB; ATN
        ATF TF French Southern Territories
        ATG AG Antigua and Barbuda; Antigua; Antiguan
        AUS AU Australia; Australian
        AUT AT Austria; Austrian; Osterreich
        AZE AZ Azerbaijan; Azerbaijani; Azeri
        BDI BI Burundi; Burundian
        BEL BE Belgium; Belgian; Belgique; Belgie
        BEN BJ Benin; Beninese; Dahomey; DHY
        BES BQ Bonaire, Sint Eustatius and Saba; Bonaire; Caribbean Netherlands
        BFA BF Burkina Faso; Burkina; Burkinabe; HVO; Upper Volta
        BGD BD Bangladesh; Bangladeshi; Bangla Desh; BAN
        BGR BG Bulgaria; Bulgarian; BUL
        BHR BH Bahrain; Bahraini
        BHS BS Bahamas; Bahamian
        BIH BA Bosnia and Herzegovina; Bosnia; Bosnia-Herzegovina; Bosnian; BiH
        BLM BL Saint Barthélemy; Saint Barts
        BLR BY Belarus; Belarusian; Byelorussia; BYS; Byelorussian
        BLZ BZ Belize; Belizean; BIZ
        BMU BM Bermuda; Bermudian; BER
        BOL BO Bolivia; Bolivian
        BRA BR Brazil; Brasil; Brazilian; Brasileiro; Brasileira
        BRB BB Barbados; Barbadian; BAR
        BRN BN Brunei Darussalam; Brunei; Bruneian
        BTN BT Bhutan; Bhutanese; BHU
        BVT BV Bouvet Island
        BWA BW Botswana; Motswana; Batswana; Botswanan; BOT
        CAF CF Central African Republic; CAR; Central African; Centrafrique
        CAN CA Canada; Canadian
        CCK CC Cocos (Keeling) Islands; Cocos Islands; Keeling Islands
        CHE CH Switzerland; Swiss; Schweiz; Suisse; SUI
        CHL CL Chile; Chilean
        CHN CN China; Chinese; People's Republic of China; PRC; PR China
        CIV CI Côte d'Ivoire; Ivory Coast; Ivorian; Ivoirian
        CMR CM Cameroon; Cameroun; Cameroonian
        COD CD Congo, Democratic Republic of the; Democratic Republic of the Congo; DRC; DR Congo; D.R. Congo; Congo-Kinshasa; Congo Kinshasa; Zaire; Congo (DRC); Dem. Rep. of the Congo; ZAR; ZR
        COG CG Congo; Republic of the Congo; Congo-Brazzaville; Congo Republic; Congo, Republic of the
        COK CK Cook Islands; Cook Islander
        COL CO Colombia; Colombian
        COM KM Comoros; Comorian; Comores
        CPV CV Cabo Verde; Cape Verde; Cape Verdean
        CRI CR Costa Rica; Costa Rican; CRC
        CUB CU Cuba; Cuban
        CUW CW Curaçao; Curacaoan
        CXR CX Christmas Island
        CYM KY Cayman Islands; Caymanian
        CYP CY Cyprus; Cypriot
        CZE CZ Czechia; Czech Republic; Czech
        DEU DE Germany; D; Deutschland; German; Federal Republic of Germany; FRG; GER; DDR; East Germany; East German; German Democratic Republic; GDR
        DJI DJ Djibouti; Djiboutian; Jibuti; AFI; French Afars and Issas
        DMA DM Dominica
        DNK DK Denmark; Danish; Dane; Danmark; DEN
        DOM DO Dominican Republic; Dominican Rep.; Republica Dominicana
        DZA DZ Algeria; Algerian; Algerie; ALG
        ECU EC Ecuador; Ecuadorian; Ecuadorean
        EGY EG Egypt; Egyptian; Misr; Arab Republic of Egypt
        ERI ER Eritrea; Eritrean
        ESH EH Western Sahara; Sahrawi
        ESP ES Spain; Spanish; Spaniard; Espana; Canary Islands; Ceuta; Melilla
        EST EE Estonia; Estonian
        ETH ET Ethiopia; Ethiopian
        FIN FI Finland; Finnish; Finn; Suomi
        FJI FJ Fiji; Fijian
        FLK FK Falkland Islands (Malvinas); Falkland Islands; Falklander
        FRA FR France; French; FXX
        FRO FO Faroe Islands; Faroese; Faeroe Islands
        FSM FM Micronesia, Federated States of; Micronesia; Federated States of Micronesia; Micronesian
        GAB GA Gabon; Gabonese
        GBR GB United Kingdom; UK; U.K.; Great Britain; Britain; British; Briton; United Kingdom of Great Britain and Northern Ireland; England; English; Scotland; Scottish; Wales; Welsh; Northern Ireland; Northern Irish; British citizen; ENG; SCO; NIR
        GEO GE Georgia; Georgian
        GGY GG Guernsey
        GHA GH Ghana; Ghanaian; Ghanian
        GIB GI Gibraltar; Gibraltarian
        GIN GN Guinea; Guinean; Guinee; Guinea Conakry
        GLP GP Guadeloupe; Guadeloupean
        GMB GM Gambia; Gambian
        GNB GW Guinea-Bissau; Bissau-Guinean; Guinea Bissau
        GNQ GQ Equatorial Guinea; Equatorial Guinean; Equatoguinean; GEQ
        GRC GR Greece; Greek; Hellas; Hellenic Republic; GRE
        GRD GD Grenada; Grenadian; GRN
        GRL GL Greenland; Greenlander; Greenlandic
        GTM GT Guatemala; Guatemalan; GUA
        GUF GF French Guiana
        GUM GU Guam; Guamanian
        GUY GY Guyana; Guyanese
        HKG HK Hong Kong; Hongkong; Hong Konger
        HMD HM Heard Island and McDonald Islands
        HND HN Honduras; Honduran
        HRV HR Croatia; Croatian; Croat; Hrvatska; CRO
        HTI HT Haiti; Haitian; HAI
        HUN HU Hungary; Hungarian; Magyarorszag
        IDN ID Indonesia; Indonesian; INA
        IMN IM Isle of Man; Manx
        IND IN India; Indian; Bharat; SKM; Sikkim
        IOT IO British Indian Ocean Territory
        IRL IE Ireland; Irish; Eire; Republic of Ireland
        IRN IR Iran; Iranian; Islamic Republic of Iran; Persia; Persian; IRI
        IRQ IQ Iraq; Iraqi
        ISL IS Iceland; Icelandic; Icelander
        ISR IL Israel; Israeli
        ITA IT Italy; Italian; Italia
        JAM JM Jamaica; Jamaican
        JEY JE Jersey
        JOR JO Jordan; Jordanian
        JPN JP Japan; Japanese; Nippon
        KAZ KZ Kazakhstan; Kazakh; Kazakhstani
        KEN KE Kenya; Kenyan
        KGZ KG Kyrgyzstan; Kyrgyz; Kyrgyz Republic; Kirghizia
        KHM KH Cambodia; Cambodian; Khmer; Kampuchea
        KIR KI Kiribati; CTE
        KNA KN Saint Kitts and Nevis; Saint Kitts; Kittitian; SKN
        KOR KR Korea, Republic of; South Korea; S. Korea; Republic of Korea; ROK; South Korean
        KWT KW Kuwait; Kuwaiti; KUW
        LAO LA Laos; Lao; Laotian; Lao PDR; Lao People's Democratic Republic
        LBN LB Lebanon; Lebanese; Liban
        LBR LR Liberia; Liberian
        LBY LY Libya; Libyan; Libyan Arab Jamahiriya; LBA
        LCA LC Saint Lucia; Saint Lucian
        LIE LI Liechtenstein; Liechtensteiner
        LKA LK Sri Lanka; Sri Lankan; Srilanka; Ceylon; SRI
        LSO LS Lesotho; Mosotho; Basotho; LES
        LTU LT Lithuania; Lithuanian
        LUX LU Luxembourg; Luxembourger; Luxemburg
        LVA LV Latvia; Latvian; LAT
        MAC MO Macao; Macau; Macanese
        MAF MF Saint Martin (French part); Saint Martin
        MAR MA Morocco; Moroccan; Maroc
        MCO MC Monaco; Monegasque
        MDA MD Moldova; Moldovan
        MDG MG Madagascar; Malagasy
        MDV MV Maldives; Maldivian
        MEX MX Mexico; Mexican
        MHL MH Marshall Islands; Marshallese
        MKD MK North Macedonia; Macedonia; Macedonian; FYROM; N. Macedonia
        MLI ML Mali; Malian
        MLT MT Malta; Maltese
        MMR MM Myanmar; Burma; Burmese; Myanma; MYA
        MNE ME Montenegro; Montenegrin
        MNG MN Mongolia; Mongolian; MGL
        MNP MP Northern Mariana Islands; Northern Marianas
        MOZ MZ Mozambique; Mozambican; Mocambique
        MRT MR Mauritania; Mauritanian
        MSR MS Montserrat; Montserratian
        MTQ MQ Martinique; Martinican
        MUS MU Mauritius; Mauritian; MRI
        MWI MW Malawi; Malawian; MAW
        MYS MY Malaysia; Malaysian
        MYT YT Mayotte; Mahoran
        NAM - Namibia; Namibian
        NCL NC New Caledonia; New Caledonian
        NER NE Niger; Nigerien
        NFK NF Norfolk Island
        NGA NG Nigeria; Nigerian; NGR
        NIC NI Nicaragua; Nicaraguan
        NIU NU Niue; Niuean
        NLD NL Netherlands; Dutch; Holland; Nederland; Kingdom of the Netherlands; HOL; NED
        NOR NO Norway; Norwegian; Norge
        NPL NP Nepal; Nepali; Nepalese; NEP
        NRU NR Nauru; Nauruan
        NZL NZ New Zealand; New Zealander; Aotearoa; Kiwi
        OMN OM Oman; Omani; OMA
        PAK PK Pakistan; Pakistani
        PAN PA Panama; Panamanian; PCZ
        PCN PN Pitcairn; Pitcairn Islands
        PER PE Peru; Peruvian
        PHL PH Philippines; Filipino; Filipina; Pilipinas; Philippine; Phillipines; Philipines; Pinoy; PHI
        PLW PW Palau; Palauan
        PNG PG Papua New Guinea; Papua; Papua New Guinean
        POL PL Poland; Polska; Polish; Pole
        PRI PR Puerto Rico; Puerto Rican
        PRK KP Korea, Democratic People's Republic of; North Korea; N. Korea; DPRK; Democratic People's Republic of Korea; North Korean
        PRT PT Portugal; Portuguese; POR
        PRY PY Paraguay; Paraguayan
        PSE PS Palestine, State of; Palestine; Palestinian; State of Palestine; Occupied Palestinian Territory; Palestinian Territories; oPt; PLE; XGZ; XWB; Gaza; Gaza Strip; West Bank
        PYF PF French Polynesia; French Polynesian
        QAT QA Qatar; Qatari
        REU RE Réunion; La Reunion
        ROU RO Romania; Romanian; ROM
        RUS RU Russian Federation; Russia; Russian; Rossiya
        RWA RW Rwanda; Rwandan; Rwandese
        SAU SA Saudi Arabia; Saudi; Saudi Arabian; KSA
        SDN SD Sudan; Sudanese
        SEN SN Senegal; Senegalese
        SGP SG Singapore; Singaporean; SIN
        SGS GS South Georgia and the South Sandwich Islands
        SHN SH Saint Helena, Ascension and Tristan da Cunha; Saint Helena
        SJM SJ Svalbard and Jan Mayen
        SLB SB Solomon Islands; Solomon Islander
        SLE SL Sierra Leone; Sierra Leonean
        SLV SV El Salvador; Salvadoran; Salvadorean; Salvador; ESA
        SMR SM San Marino; Sammarinese
        SOM SO Somalia; Somali; Somalian; Somaliland
        SPM PM Saint Pierre and Miquelon
        SRB RS Serbia; Serbian; Serb; Srbija
        SSD SS South Sudan; S. Sudan; S Sudan; South Sudanese; S. Sudanese; Southern Sudan
        STP ST Sao Tome and Principe; Sao Tome
        SUR SR Suriname; Surinam; Surinamese
        SVK SK Slovakia; Slovak; Slovak Republic
        SVN SI Slovenia; Slovenian; Slovene
        SWE SE Sweden; Swedish; Swede; Sverige
        SWZ SZ Eswatini; Swaziland; Swazi; Emaswati
        SXM SX Sint Maarten (Dutch part); Sint Maarten
        SYC SC Seychelles; Seychellois
        SYR SY Syrian Arab Republic; Syria; Syrian; Syrian Arab Rep.; Suriya
        TCA TC Turks and Caicos Islands; Turks and Caicos
        TCD TD Chad; Chadian; Tchad
        TGO TG Togo; Togolese; TOG
        THA TH Thailand; Thai
        TJK TJ Tajikistan; Tajik; Tajikistani
        TKL TK Tokelau; Tokelauan
        TKM TM Turkmenistan; Turkmen
        TLS TL Timor-Leste; East Timor; Timorese; East Timorese; TMP; TP
        TON TO Tonga; Tongan; TGA
        TTO TT Trinidad and Tobago; Trinidad; Trinidadian
        TUN TN Tunisia; Tunisian; Tunisie
        TUR TR Türkiye; Turkey; Turkish; Turk
        TUV TV Tuvalu; Tuvaluan
        TWN TW Taiwan; Taiwanese; Taiwan, Province of China; Chinese Taipei; Republic of China; TPE
        TZA TZ Tanzania, United Republic of; Tanzania; Tanzanian; United Republic of Tanzania; TAN; Zanzibar
        UGA UG Uganda; Ugandan
        UKR UA Ukraine; Ukrainian; Ukraina
        UMI UM United States Minor Outlying Islands; JTN; MID; PUS; WAK
        URY UY Uruguay; Uruguayan; URU
        USA US United States; United States of America; U.S.A.; U.S.; America; American
        UZB UZ Uzbekistan; Uzbek; Uzbekistani
        VAT VA Holy See; Vatican; Vatican City; Vatican City State; Holy See (Vatican City State)
        VCT VC Saint Vincent and the Grenadines; Saint Vincent; Vincentian; VIN
        VEN VE Venezuela; Venezuelan
        VGB VG Virgin Islands, British; British Virgin Islands; BVI; IVB
        VIR VI Virgin Islands, U.S.; US Virgin Islands; United States Virgin Islands; ISV
        VNM VN Viet Nam; Vietnam; Vietnamese; VDR; VIE; North Vietnam; South Vietnam
        VUT VU Vanuatu; Ni-Vanuatu; NHB; New Hebrides
        WLF WF Wallis and Futuna; Wallis and Futuna Islands
        WSM WS Samoa; Samoan; Western Samoa
        YEM YE Yemen; Yemeni; Yemenite; YMD; YD; South Yemen; North Yemen
        ZAF ZA South Africa; South African; S. Africa; RSA
        ZMB ZM Zambia; Zambian; ZAM
        ZWE ZW Zimbabwe; Zimbabwean; RHO; ZIM; Rhodesia; Southern Rhodesia

        RKS KS Kosovo; Kosovar; Kosovan; XKX; XK; XKK; XKS; XXK; KOS; Republic of Kosovo
        GBD - British Overseas Territories Citizen; BOTC
        GBN - British National (Overseas); BNO
        GBO - British Overseas Citizen
        GBP - British Protected Person
        GBS - British Subject
        EUE EU European Union
        UNO UN United Nations
        UNA - United Nations specialised agency
        UNK - United Nations Interim Administration Mission in Kosovo; UNMIK
        XXA - Stateless person; Stateless; Apatride; Bidoon; Bidun
        XXB - Refugee; Convention refugee
        XXC - Refugee, other
        XXX - Unspecified nationality; Unspecified; Unknown; Not known; XUK
        XOM - Sovereign Military Order of Malta; Order of Malta
        XPO - INTERPOL
        XCE - Council of Europe
        IAO - International Civil Aviation Organization; ICAO
        XBA - African Development Bank; AfDB
        XCC - Caribbean Community; CARICOM
        XCO - Common Market for Eastern and Southern Africa; COMESA
        XDC - Southern African Development Community; SADC
        XEC - Economic Community of West African States; ECOWAS
        XES - Organisation of Eastern Caribbean States; OECS
        XIM - African Export-Import Bank; Afreximbank
        XMP - Parliamentary Assembly of the Mediterranean

        ASC AC Ascension Island; Ascension
        CPT CP Clipperton Island; Clipperton
        CRQ CQ Sark
        DGA DG Diego Garcia
        TAA TA Tristan da Cunha
        XPR - Paracel Islands
        XAB - Abkhazia
        XGH - Golan Heights; Golan
        XNC - Northern Cyprus; TRNC
        XQZ - Akrotiri
        XSO - South Ossetia; Tskhinvali
        XSP - Spratly Islands
        XTN - Transnistria; Transdniestria; Pridnestrovie
        XUR - Ukraine under Russian control; Crimea; Sevastopol
        XXD - Dhekelia
        ANT - Netherlands Antilles
        CSK - Czechoslovakia; Czechoslovak; Czechoslovakian
        GEL - Gilbert and Ellice Islands
        NTZ - Neutral Zone
        PCI - Pacific Islands (Trust Territory)
        SCG - Serbia and Montenegro
        SUN SU Soviet Union; USSR; U.S.S.R.; Soviet; Union of Soviet Socialist Republics
        YUG YU Yugoslavia; Yugoslav; Yugoslavian
        """;
}
