using CrisisCoordination.ServiceDefaults;

namespace CrisisCoordination.Access;

/// <summary>Where there is no account at all, the one that the settings name is made.</summary>
internal static class FirstAdministrator
{
    public static async Task CreateAsync(IServiceProvider services, CancellationToken ct)
    {
        var settings = services.GetRequiredService<IConfiguration>();
        if (settings["Access:Administrator"] is not { Length: > 0 } name) return;
        var command = new CreateAccount(name, settings["Access:AdministratorPassword"] ?? "", [Roles.Administrator]);
        if (CreateAccountFeature.Check(command) is { } refusal)
            throw new InvalidOperationException($"The first administrator cannot be made from Access:Administrator and Access:AdministratorPassword. {refusal.Detail}");
        await services.GetRequiredService<Accounts>().AddAsync(
            CreateAccountFeature.New(command, services.GetRequiredService<TimeProvider>().GetUtcNow()), null, onlyAsFirst: true, ct);
    }
}
