using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.Access;

internal sealed record CreateAccount(string Account, string Password, IReadOnlyList<string> Roles, string? Post = null, string? Agency = null);

internal static class CreateAccountFeature
{
    public static Refusal? Check(CreateAccount command) =>
        AccountRules.CheckName(command.Account)
        ?? AccountRules.CheckPassword(command.Account, command.Password)
        ?? AccountRules.CheckPlace(command.Post, command.Agency)
        ?? AccountRules.CheckRoles(command.Roles, command.Agency);

    public static Account New(CreateAccount command, DateTimeOffset at) => new(
        command.Account, PasswordCheck.Hash(command.Account, command.Password), [.. command.Roles.Distinct()], command.Post, command.Agency, false, Accounts.NewStamp(), at);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/accounts", CreateAsync).Allow(Roles.Administrator);

    private static async Task<IResult> CreateAsync(CreateAccount command, Accounts accounts, TimeProvider clock, HttpContext http)
    {
        if (Check(command) is { } refusal) return refusal.ToProblem();
        var account = New(command, clock.GetUtcNow());
        return await accounts.AddAsync(account, http.User.Identity!.Name, onlyAsFirst: false, http.RequestAborted)
            ? TypedResults.Created($"/accounts/{account.Name}", AccountView.Of(account))
            : Refusal.Conflict("access/account-taken", "There is an account of this name already. Choose another name.").ToProblem();
    }
}
