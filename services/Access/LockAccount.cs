using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.Access;

/// <summary>A locked account cannot sign in or refresh, and within seconds no service takes a token that it still has.</summary>
internal static class LockAccountFeature
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/accounts/{account}/lock", LockAsync).Allow(Roles.Administrator);
        api.MapPost("/accounts/{account}/unlock", UnlockAsync).Allow(Roles.Administrator);
    }

    private static async Task<IResult> LockAsync(string account, Accounts accounts, LockedAccounts everywhere, HttpContext http) =>
        account == http.User.Identity!.Name
            ? Refusal.Conflict("access/own-account", "You cannot lock the account you are signed in with. Ask another administrator.").ToProblem()
            : await AnswerAsync(AccountRules.IsName(account) && await accounts.LockAsync(account, http.RequestAborted), () => everywhere.LockAsync(account, http.RequestAborted));

    private static async Task<IResult> UnlockAsync(string account, Accounts accounts, LockedAccounts everywhere, HttpContext http) =>
        await AnswerAsync(AccountRules.IsName(account) && await accounts.UnlockAsync(account, http.RequestAborted), () => everywhere.UnlockAsync(account, http.RequestAborted));

    private static async Task<IResult> AnswerAsync(bool known, Func<Task> everywhere)
    {
        if (!known) return Refusal.NotFound("access/account-unknown", "There is no account of this name. Look it up in the list of accounts.").ToProblem();
        await everywhere();
        return TypedResults.NoContent();
    }
}
