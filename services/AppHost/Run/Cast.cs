using System.Text.Json;
using CrisisCoordination.AppHost.Servers;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.AppHost.Run;

internal sealed record Account(string Name, string Password, string Role, string? Agency = null);

/// <summary>Who works on the crisis, each with an account of their own.</summary>
internal sealed class Cast : IDisposable
{
    private static readonly (string Name, string Role)[] Posts =
    [
        ("officer-1", "officer"), ("officer-2", "officer"), ("document-officer-1", "document-officer"), ("document-officer-2", "document-officer"),
        ("coordinator-1", "coordinator"), ("coordinator-2", "coordinator"),
        ("aid-worker-1", "aid-worker"), ("protection-officer-1", "protection-officer"), ("auditor-1", "auditor"),
    ];

    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly Dictionary<string, Actor> actors;

    private Cast(Wire wire, IReadOnlyList<Account> accounts) =>
        (Accounts, actors) = (accounts, accounts.ToDictionary(account => account.Name, account => new Actor(wire, account.Name, account.Password)));

    public IReadOnlyList<Account> Accounts { get; }

    public Actor Administrator => actors[Accounts[0].Name];
    public Actor Officer => actors["officer-1"];
    public Actor SecondOfficer => actors["officer-2"];
    public Actor Verifier => actors["document-officer-1"];
    public Actor Approver => actors["document-officer-2"];
    public Actor Coordinator => actors["coordinator-1"];
    public Actor SecondCoordinator => actors["coordinator-2"];
    public Actor AidWorker => actors["aid-worker-1"];
    public Actor ProtectionOfficer => actors["protection-officer-1"];
    public Actor Auditor => actors["auditor-1"];

    public IEnumerable<(string Agency, Actor Actor)> Partners =>
        Accounts.Where(account => account.Agency is not null).Select(account => (account.Agency!, actors[account.Name]));

    /// <summary>The accounts of an earlier start, or new ones; written down before they are made, so that none is lost.</summary>
    public static Cast Of(Wire wire, Scenario scenario, HouseSecrets secrets, LocalFolder local)
    {
        if (File.Exists(local.Accounts) && JsonSerializer.Deserialize<List<Account>>(File.ReadAllText(local.Accounts), Readable) is { } known) return new(wire, known);
        List<Account> accounts =
        [
            new(secrets.Administrator, secrets.AdministratorPassword, "administrator"),
            .. Posts.Select(post => new Account(post.Name, Secret.New(), post.Role)),
            .. scenario.Agencies.Select(agency => new Account($"{agency.Code.ToLowerInvariant()}-1", Secret.New(), "partner", agency.Code)),
        ];
        Secret.Write(local.Accounts, JsonSerializer.Serialize(accounts, Readable));
        return new(wire, accounts);
    }

    public async Task AppearAsync(Scenario scenario, CancellationToken ct)
    {
        foreach (var account in Accounts.Skip(1))
        {
            var answer = await Administrator.PostAsync(Service.Access, "/accounts",
                new { account = account.Name, password = account.Password, roles = new[] { account.Role }, agency = account.Agency }, $"account/{account.Name}", ct);
            // Its first answer may be older than what the service remembers of keys.
            if (answer.Status != System.Net.HttpStatusCode.Conflict) answer.OrFail($"The account {account.Name}");
        }
        foreach (var agency in scenario.Agencies)
        {
            var answer = await Administrator.PostAsync(Service.PartnerGateway, "/agencies", agency, $"agency/{agency.Code}", ct);
            if (answer.Status != System.Net.HttpStatusCode.Conflict) answer.OrFail($"The agency {agency.Code}");
        }
    }

    public void Dispose()
    {
        foreach (var actor in actors.Values) actor.Dispose();
    }
}
