using System.Text;
using CrisisCoordination.PartnerGateway.Webhooks;
using Xunit;

namespace CrisisCoordination.PartnerGateway.Tests;

public class WebhookSignatureTests
{
    [Fact]
    public void The_published_vector_of_Standard_Webhooks_comes_out() =>
        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", WebhookSignature.Sign(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", DateTimeOffset.FromUnixTimeSeconds(1614265330), """{"test": 2432232314}"""u8));

    [Fact]
    public void A_secret_holds_32_random_bytes()
    {
        var (one, other) = (WebhookSignature.NewSecret(), WebhookSignature.NewSecret());
        Assert.NotEqual(one, other);
        Assert.StartsWith("whsec_", one, StringComparison.Ordinal);
        Assert.Equal(32, Convert.FromBase64String(one["whsec_".Length..]).Length);
    }

    [Fact]
    public void Another_id_time_or_body_gives_another_signature()
    {
        var (secret, at, body) = (WebhookSignature.NewSecret(), DateTimeOffset.UnixEpoch, Encoding.UTF8.GetBytes("{}"));
        var signatures = new[]
        {
            WebhookSignature.Sign(secret, "a", at, body), WebhookSignature.Sign(secret, "b", at, body),
            WebhookSignature.Sign(secret, "a", at.AddSeconds(1), body), WebhookSignature.Sign(secret, "a", at, "{ }"u8),
            WebhookSignature.Sign(WebhookSignature.NewSecret(), "a", at, body),
        };
        Assert.Equal(signatures.Length, signatures.Distinct().Count());
    }
}
