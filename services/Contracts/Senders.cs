namespace CrisisCoordination.Contracts;

/// <summary>
/// Who sends a registration decides what it can do: a post's form is matched by itself, one that people typed themselves or that
/// an agency sent waits for an officer. The name of the sender says which it is, in one place for all services.
/// </summary>
public static class Senders
{
    private const string AgencyPrefix = "agency ";

    /// <summary>The sender of an agency's forms; a partner's list is imported under the same name.</summary>
    public static string Agency(string code) => AgencyPrefix + code;

    /// <summary>Whether an agency sent it.</summary>
    public static bool IsAgency(string sender) => sender.StartsWith(AgencyPrefix, StringComparison.Ordinal);

    /// <summary>Whether a post took it in: an officer at the desk or telephone, or a file that a post sent.</summary>
    public static bool IsPost(string sender) => sender != SelfRegistration.Sender && !IsAgency(sender);
}
