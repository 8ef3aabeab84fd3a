using System.Collections.Concurrent;
using CrisisCoordination.ConsularContact;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning;
using CrisisCoordination.HumanitarianAid;
using CrisisCoordination.PartnerGateway;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Testing;
using CrisisCoordination.TravelDocuments;

namespace CrisisCoordination.Histories.Tests;

/// <summary>The whole house, and several accounts of every role: of two posts, and of agencies with and without a state.</summary>
public sealed class HistoriesHouse : House
{
    private readonly ConcurrentDictionary<(Service, string), Task<HttpClient>> clients = new();

    /// <summary>The last of each role is the one who lies most.</summary>
    internal static readonly IReadOnlyDictionary<string, (string Role, string? Post, string? Agency)> Accounts = new Dictionary<string,
        (string, string?, string?)>
    {
        ["officer-1"] = (Roles.Officer, "north", null),
        ["officer-2"] = (Roles.Officer, "south", null),
        ["officer-3"] = (Roles.Officer, "south", null),
        ["coordinator-1"] = (Roles.Coordinator, "north", null),
        ["coordinator-2"] = (Roles.Coordinator, "south", null),
        ["document-1"] = (Roles.DocumentOfficer, "north", null),
        ["document-2"] = (Roles.DocumentOfficer, "south", null),
        ["aid-1"] = (Roles.AidWorker, "north", null),
        ["aid-2"] = (Roles.AidWorker, "south", null),
        ["protection-1"] = (Roles.ProtectionOfficer, "north", null),
        ["protection-2"] = (Roles.ProtectionOfficer, "south", null),
        ["partner-iom"] = (Roles.Partner, null, "IOM"),
        ["partner-iom-2"] = (Roles.Partner, null, "IOM"),
        ["partner-gov"] = (Roles.Partner, null, "GOVSAU"),
        ["partner-gov-2"] = (Roles.Partner, null, "GOVSAU"),
        ["auditor-1"] = (Roles.Auditor, null, null),
        ["admin-1"] = (Roles.Administrator, null, null),
        ["admin-2"] = (Roles.Administrator, null, null),
    };

    protected override async Task PrepareAsync()
    {
        await StartAsync(ConsularContactService.Define(), "--SelfService:PerAddressPerMinute=1000000");
        await StartAsync(EvacuationPlanningService.Define());
        await StartAsync(TravelDocumentsService.Define(), "--TravelDocuments:Issuer=UTO");
        await StartAsync(HumanitarianAidService.Define());
        await StartAsync(PartnerGatewayService.Define());
        foreach (var account in Accounts.Keys) await ClientAsync(Service.Access, account);
    }

    /// <summary>Somebody's way to a service; without an account, as anyone.</summary>
    internal Task<HttpClient> ClientAsync(Service service, string? account) => clients.GetOrAdd((service, account ?? ""), async key =>
    {
        var client = account is null ? Anyone(service)
            : await ClientOfPostAsync(service, account, Accounts[account].Agency, Accounts[account].Post, Accounts[account].Role);
        client.Timeout = TimeSpan.FromMinutes(5);
        return client;
    });
}
