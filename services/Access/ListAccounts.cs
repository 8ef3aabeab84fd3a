using CrisisCoordination.ServiceDefaults;

namespace CrisisCoordination.Access;

internal sealed record AccountView(
    string Account, IReadOnlyList<string> Roles, string? Post, string? Agency, bool LockedByAdministrator, DateTimeOffset? LockedUntil, DateTimeOffset CreatedAt)
{
    public static AccountView Of(Account account, DateTimeOffset? lockedUntil = null) =>
        new(account.Name, account.Roles, account.Post, account.Agency, account.LockedByAdministrator, lockedUntil, account.CreatedAt);
}

internal static class ListAccountsFeature
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/accounts", ListAsync).Allow(Roles.Administrator, Roles.Auditor);

    private static async Task<IResult> ListAsync(Accounts accounts, TimeProvider clock, HttpContext http, string? cursor = null, int limit = 100)
    {
        limit = Math.Clamp(limit, 1, 500);
        var after = cursor is not null && AccountRules.IsName(cursor) ? cursor : "";
        var page = await accounts.PageAsync(after, limit, http.RequestAborted);
        var now = clock.GetUtcNow();
        return TypedResults.Ok(new
        {
            items = page.Select(row => AccountView.Of(row.Account, row.LockedUntil > now ? row.LockedUntil : null)),
            next = page.Count == limit ? page[^1].Account.Name : null,
        });
    }
}
