using System.Security.Claims;
using CrisisCoordination.ServiceDefaults;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CrisisCoordination.Access;

internal sealed record SignIn(string Account, string Password);

internal static class SignInFeature
{
    public const string StampClaim = "stamp";

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/sign-in", async (SignIn command, PasswordCheck passwords, HttpContext http) =>
                await passwords.VerifyAsync(http, command.Account, command.Password) is var (account, refused) && account is null ? (IResult)refused! : Token(account!))
            .AllowAnyone("this is where one signs in")
            .AnswersWithSecret()
            .WithMetadata(new RequestSizeLimitAttribute(4096));

    public static SignInHttpResult Token(Account account)
    {
        var claims = account.Roles.Select(role => new Claim(ClaimTypes.Role, role))
            .Append(new Claim(ClaimTypes.Name, account.Name))
            .Append(new Claim(StampClaim, account.Stamp));
        if (account.Post is { } post) claims = claims.Append(new Claim("post", post));
        if (account.Agency is { } agency) claims = claims.Append(new Claim("agency", agency));
        return TypedResults.SignIn(new ClaimsPrincipal(new ClaimsIdentity(claims, BearerTokenDefaults.AuthenticationScheme)), authenticationScheme: BearerTokenDefaults.AuthenticationScheme);
    }
}
