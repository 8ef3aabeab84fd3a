using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using Microsoft.AspNetCore.DataProtection;

namespace CrisisCoordination.Access;

/// <summary>Accounts and sign-in.</summary>
public static class AccessService
{
    public static CrisisService Define() => CrisisService.Of(Service.Access)
        .Table("account", Accounts.Table)
        .With(services => services
            .AddSingleton<Accounts>()
            .AddSingleton<SignInLimits>()
            .AddSingleton<PasswordCheck>())
        .Before(FirstKey)
        .Before(FirstAdministrator.CreateAsync)
        .Map(
            SignInFeature.Map,
            RefreshSignInFeature.Map,
            CreateAccountFeature.Map,
            ListAccountsFeature.Map,
            LockAccountFeature.Map,
            ChangePasswordFeature.Map,
            ReadLogFeature.Map);

    // Once it says ready, the other services can tell its tokens from others.
    private static Task FirstKey(IServiceProvider services, CancellationToken ct) =>
        Task.Run(() => services.GetRequiredService<IDataProtectionProvider>().CreateProtector("first").Protect([]), ct);
}
