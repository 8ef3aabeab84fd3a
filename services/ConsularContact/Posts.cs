using System.Security.Claims;
using CrisisCoordination.ConsularContact.SelfService;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;

namespace CrisisCoordination.ConsularContact;

/// <summary>
/// Who finds whom. A person belongs to every post that one of their registrations came from: the post of the account that
/// registered them, or the sender where no post is known. An account of a post finds those people; auditors, administrators
/// and accounts of no post (the crisis cell) find all.
/// </summary>
internal static class Posts
{
    /// <summary>Those that a person belongs to, in alphabetical order.</summary>
    public static string[] Of(Person person) => [.. person.Registrations.Select(registration => registration.Post ?? registration.Sender).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Of whom no post took the registration in: who registered themselves, or came to a partner. They are every post's.</summary>
    public const string Every = TrackingToken.Sender;

    /// <summary>The post of an account, as its token says.</summary>
    public static string? Of(ClaimsPrincipal user) => user.FindFirst("post")?.Value;

    /// <summary>Whether the account finds people of every post.</summary>
    public static bool FindsAll(ClaimsPrincipal user) => user.IsInRole(Roles.Auditor) || user.IsInRole(Roles.Administrator) || Of(user) is null;

    /// <summary>Whose people it finds otherwise: its post's, those it sent itself, and those who are every post's.</summary>
    public static string[] Found(ClaimsPrincipal user) => [.. new[] { Of(user), user.Identity?.Name, Every }.OfType<string>()];
}
