using CrisisCoordination.ServiceDefaults;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace CrisisCoordination.Access;

internal sealed record RefreshSignIn(string RefreshToken);

/// <summary>A new token for an old sign-in, as long as nothing has happened to the account since.</summary>
internal static class RefreshSignInFeature
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/sign-in/refresh", RefreshAsync)
            .AllowAnyone("the refresh token says who asks")
            .AnswersWithSecret()
            .WithMetadata(new RequestSizeLimitAttribute(16 * 1024));

    private static async Task<IResult> RefreshAsync(RefreshSignIn command, IOptionsMonitor<BearerTokenOptions> options, Accounts accounts, TimeProvider clock, HttpContext http)
    {
        var ticket = options.Get(BearerTokenDefaults.AuthenticationScheme).RefreshTokenProtector.Unprotect(command.RefreshToken);
        var account = ticket?.Properties.ExpiresUtc > clock.GetUtcNow() && ticket.Principal.Identity?.Name is { } name ? await accounts.FindAsync(name, http.RequestAborted) : null;
        return account is { LockedByAdministrator: false } && ticket!.Principal.FindFirst(SignInFeature.StampClaim)?.Value == account.Stamp
            ? SignInFeature.Token(account)
            : TypedResults.Problem("The sign-in is over. Sign in again with your password.", statusCode: 401, type: "access/sign-in-over", title: "The sign-in is over.");
    }
}
