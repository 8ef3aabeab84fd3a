using System.Collections.Frozen;
using CrisisCoordination.ConsularContact.Whereabouts;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.ConsularContact.Outreach;

/// <summary>
/// What an answer says. All of it must say that the person is safe to mean that, and neither "yes" nor "ok" does; a single
/// word for help anywhere means help: a false one costs a call, a missed one may cost a life.
/// </summary>
internal static class Meaning
{
    public const string Other = "other";

    private static readonly FrozenSet<string>
        Safe = Words("safe secure fine sûr sûre sauf sauve salvo salva seguro segura seguros sicher salama salaama بخير آمن آمنة آمنين سالم سالمة безопасно безопасности цел цела безпечно безпеці güvende güvendeyim ደህና सुरक्षित নিরাপদ محفوظ خیریت"),
        Filler = Words("i am im me je suis en estoy estou a eu soy sou estamos we are all my family ma famille mi familia ich bin wir sind أنا انا نحن я мы в ми"),
        Help = Words("help sos aide aidez secours danger ayuda auxilio socorro ajuda hilfe msaada saidia caawimaad مساعدة النجدة نجدة ساعدوني انقذونا помощь помогите допомога допоможіть yardım imdat እርዳታ እርዱን मदद सहायता সাহায্য مدد کمک");

    public static string Of(string text) => Letters.Words(text) switch
    {
        // The digits that a telephone's keys send.
        ["1"] => LastKnown.Safe,
        ["2"] => LastKnown.NeedsHelp,
        var words when words.Any(Help.Contains) => LastKnown.NeedsHelp,
        var words when words.Any(Safe.Contains) && words.All(word => Safe.Contains(word) || Filler.Contains(word)) => LastKnown.Safe,
        _ => Other,
    };

    // As answers are read: in plain letters, whatever the script.
    private static FrozenSet<string> Words(string words) => words.Split(' ').SelectMany(Letters.Words).ToFrozenSet();
}
