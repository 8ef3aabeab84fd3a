namespace CrisisCoordination.Contracts;

/// <summary>
/// Who sends a registration decides what it can do: a post's form is matched by itself, one that people typed themselves, that an
/// agency sent, or that stands in a list nobody answers for waits for an officer. The name of the sender says which it is, in one
/// place for all services. The doors write these names; nobody who sends a form chooses one.
/// </summary>
public static class Senders
{
    private const string AgencyPrefix = "agency ", ListPrefix = "list from ";

    /// <summary>The sender of an agency's forms; a partner's list is imported under the same name.</summary>
    public static string Agency(string code) => AgencyPrefix + code;

    /// <summary>The sender of a file that no post is known to answer for: an employer's, a church's, anybody's list.</summary>
    public static string List(string name) => ListPrefix + name;

    /// <summary>Whether an agency sent it.</summary>
    public static bool IsAgency(string sender) => sender.StartsWith(AgencyPrefix, StringComparison.Ordinal);

    /// <summary>Whether a post took it in: an officer at the desk or telephone, or a file that a post answers for.</summary>
    public static bool IsPost(string sender) =>
        sender != SelfRegistration.Sender && !IsAgency(sender) && !sender.StartsWith(ListPrefix, StringComparison.Ordinal);
}
