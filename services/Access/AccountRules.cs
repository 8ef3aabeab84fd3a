using System.Text.RegularExpressions;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.Access;

/// <summary>What an account may be named and what may be its password.</summary>
internal static partial class AccountRules
{
    public const int ShortestPassword = 12, LongestPassword = 200;

    [GeneratedRegex(@"\A[a-z0-9](?:[a-z0-9.-]{0,62}[a-z0-9])?\z")]
    private static partial Regex Name { get; }

    [GeneratedRegex(@"\A[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?\z")]
    private static partial Regex AgencyCode { get; }

    public static bool IsName(string name) => Name.IsMatch(name);

    public static Refusal? CheckName(string name) => IsName(name) ? null
        : Refusal.Invalid("access/account-name", "An account name has 1 to 64 lower-case letters, digits, dots and hyphens, and begins and ends with a letter or digit.", "account");

    public static Refusal? CheckPassword(string account, string password, string field = "password") =>
        password.Length < ShortestPassword ? Refusal.Invalid("access/password-short", $"A password has at least {ShortestPassword} characters. Four words that do not belong together are easy to remember.", field)
        : password.Length > LongestPassword ? Refusal.Invalid("access/password-long", $"A password has at most {LongestPassword} characters.", field)
        : password.Contains(account, StringComparison.OrdinalIgnoreCase) ? Refusal.Invalid("access/password-has-name", "The password must not contain the account name.", field)
        : password.Distinct().Count() < 5 ? Refusal.Invalid("access/password-simple", "The password repeats too few characters. Use at least five different ones.", field)
        : null;

    public static Refusal? CheckRoles(IReadOnlyList<string> roles, string? agency)
    {
        if (roles.Count == 0) return Refusal.Invalid("access/role-missing", $"Give the account at least one role: {string.Join(", ", Roles.All)}.", "roles");
        if (!roles.All(Roles.All.Contains)) return Refusal.Invalid("access/role-unknown", $"The roles are: {string.Join(", ", Roles.All)}.", "roles");
        if (roles.Contains(Roles.Partner) && agency is null) return Refusal.Invalid("access/agency-missing", "A partner's account belongs to an agency: name the agency's code.", "agency");
        return null;
    }

    public static Refusal? CheckPlace(string? post, string? agency)
    {
        if (post is not null && (post.Length is 0 or > 100 || post.Any(char.IsControl))) return Refusal.Invalid("access/post", "A post's name has 1 to 100 characters.", "post");
        if (agency is not null && !AgencyCode.IsMatch(agency)) return Refusal.Invalid("access/agency", "An agency's code has 1 to 32 letters, digits and hyphens.", "agency");
        return null;
    }
}
