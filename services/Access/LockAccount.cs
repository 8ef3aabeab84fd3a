using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.Access;

/// <summary>A locked account cannot sign in or refresh; a token it still has is good until it runs out.</summary>
internal static class LockAccountFeature
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/accounts/{account}/lock", LockAsync).Allow(Roles.Administrator);
        api.MapPost("/accounts/{account}/unlock", UnlockAsync).Allow(Roles.Administrator);
    }

    private static async Task<IResult> LockAsync(string account, Accounts accounts, HttpContext http) =>
        account == http.User.Identity!.Name
            ? Refusal.Conflict("access/own-account", "You cannot lock the account you are signed in with. Ask another administrator.").ToProblem()
            : Answer(AccountRules.IsName(account) && await accounts.LockAsync(account, http.RequestAborted));

    private static async Task<IResult> UnlockAsync(string account, Accounts accounts, HttpContext http) =>
        Answer(AccountRules.IsName(account) && await accounts.UnlockAsync(account, http.RequestAborted));

    private static IResult Answer(bool done) =>
        done ? TypedResults.NoContent() : Refusal.NotFound("access/account-unknown", "There is no account of this name. Look it up in the list of accounts.").ToProblem();
}
