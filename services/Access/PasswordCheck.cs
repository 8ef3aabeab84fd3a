using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;

namespace CrisisCoordination.Access;

/// <summary>
/// Tells whether a password is an account's. An account that does not exist, a name that cannot exist and a wrong password
/// get the same answer after the same work, and are counted alike.
/// </summary>
internal sealed class PasswordCheck(Accounts accounts, SignInLimits limits, TimeProvider clock)
{
    private static readonly PasswordHasher<string> Hasher = new();
    private static readonly string Nobody = Hash("", Accounts.NewStamp());

    public static string Hash(string account, string password) => Hasher.HashPassword(account, password);

    /// <summary>The account, or the answer that refuses.</summary>
    public async Task<(Account? Account, ProblemHttpResult? Refused)> VerifyAsync(HttpContext http, string name, string password)
    {
        var ct = http.RequestAborted;
        var known = AccountRules.IsName(name);
        using var lease = await limits.EnterAsync(known ? name : "", http.Connection.RemoteIpAddress?.ToString() ?? "", ct);
        if (!lease.IsAcquired)
            return (null, Wait(http, lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(10),
                "access/too-many-attempts", "Too many sign-ins at once. Wait a little and try again."));

        var account = known ? await accounts.FindAsync(name, ct) : null;
        var (failures, lockedUntil) = known ? await accounts.FailuresAsync(name, clock.GetUtcNow(), ct) : default;
        if (lockedUntil - clock.GetUtcNow() is { Ticks: > 0 } rest)
            return (null, Wait(http, rest, "access/too-many-failures", "Too many wrong passwords. Wait until the time in Retry-After has passed, or ask an administrator to unlock the account."));

        var right = password.Length <= AccountRules.LongestPassword
            && Hasher.VerifyHashedPassword(name, account?.PasswordHash ?? Nobody, password) != PasswordVerificationResult.Failed && account is not null;
        if (!right)
        {
            // Not given up when the caller hangs up: that would be a free try.
            if (known) await accounts.NoteFailureAsync(name, failures + 1, clock.GetUtcNow(), CancellationToken.None);
            return (null, TypedResults.Problem(Problem(401, "access/sign-in-failed", "The account or the password is wrong. Check both and try again.")));
        }
        if (failures > 0) await accounts.ForgetFailuresAsync(name, ct);
        return account!.LockedByAdministrator
            ? (null, TypedResults.Problem(Problem(423, "access/account-locked", "An administrator locked this account. Ask them to unlock it.")))
            : (account, null);
    }

    private static ProblemHttpResult Wait(HttpContext http, TimeSpan rest, string code, string detail)
    {
        http.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(rest.TotalSeconds)).ToString();
        return TypedResults.Problem(Problem(429, code, detail));
    }

    private static Microsoft.AspNetCore.Mvc.ProblemDetails Problem(int status, string code, string detail) =>
        new() { Status = status, Type = code, Title = detail.Split('.')[0] + ".", Detail = detail };
}
