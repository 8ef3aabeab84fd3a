using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;

namespace CrisisCoordination.ServiceDefaults;

/// <summary>The roles an account can have.</summary>
public static class Roles
{
    /// <summary>Consular officer: registers, corrects, contacts.</summary>
    public const string Officer = "officer";

    /// <summary>Enters transports, plans, dispatches, boards.</summary>
    public const string Coordinator = "coordinator";

    /// <summary>Verifies identity, approves and issues travel documents.</summary>
    public const string DocumentOfficer = "document-officer";

    /// <summary>Receives stock, allocates, delivers.</summary>
    public const string AidWorker = "aid-worker";

    /// <summary>Screens, refers, decides in a child's best interests.</summary>
    public const string ProtectionOfficer = "protection-officer";

    /// <summary>A partner agency's account.</summary>
    public const string Partner = "partner";

    /// <summary>Reads everything, changes nothing; every read leaves a trace.</summary>
    public const string Auditor = "auditor";

    /// <summary>Keeps accounts and agencies; sees no person.</summary>
    public const string Administrator = "administrator";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
        [Officer, Coordinator, DocumentOfficer, AidWorker, ProtectionOfficer, Partner, Auditor, Administrator];
}

/// <summary>The roles that may call an endpoint; none when it is open to anyone.</summary>
/// <param name="Why">Why anyone may call it.</param>
public sealed record Allowed(IReadOnlyList<string> Roles, string? Why = null);

/// <summary>How an endpoint says who may call it. One that does not say is refused to everybody.</summary>
public static class AllowedExtensions
{
    /// <summary>Only accounts with one of these roles.</summary>
    public static TBuilder Allow<TBuilder>(this TBuilder endpoint, params string[] roles) where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(policy => policy.RequireRole(roles)).WithMetadata(new Allowed(roles));

    /// <summary>Anyone, for a reason.</summary>
    public static TBuilder AllowAnyone<TBuilder>(this TBuilder endpoint, string why) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new AllowAnonymousAttribute(), new Allowed([], why));
}
