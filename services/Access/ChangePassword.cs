using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Mvc;

namespace CrisisCoordination.Access;

internal sealed record ChangePassword(string Current, string Next);

internal static class ChangePasswordFeature
{
    public static Refusal? Check(string account, ChangePassword command) =>
        AccountRules.CheckPassword(account, command.Next, "next")
        ?? (command.Next == command.Current ? Refusal.Invalid("access/password-same", "The new password is the old one. Choose another.", "next") : null);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/accounts/me/password", ChangeAsync).Allow([.. Roles.All]).WithMetadata(new RequestSizeLimitAttribute(4096));

    private static async Task<IResult> ChangeAsync(ChangePassword command, Accounts accounts, PasswordCheck passwords, HttpContext http)
    {
        var name = http.User.Identity!.Name!;
        if (Check(name, command) is { } refusal) return refusal.ToProblem();
        var (account, refused) = await passwords.VerifyAsync(http, name, command.Current);
        if (account is null) return refused!;
        return await accounts.ChangePasswordAsync(account, PasswordCheck.Hash(name, command.Next), http.RequestAborted)
            ? TypedResults.NoContent()
            : Refusal.Conflict("access/account-changed", "The account was changed at the same moment. Sign in and try again.").ToProblem();
    }
}
