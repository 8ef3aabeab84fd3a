using System.Net;
using CrisisCoordination.PartnerGateway.Webhooks;
using Xunit;

namespace CrisisCoordination.PartnerGateway.Tests;

public class WebhookAddressTests
{
    [Theory]
    [InlineData("https://agency.example/hooks/crisis")]
    [InlineData("https://agency.example:8443/hooks?key=1")]
    [InlineData("https://93.184.216.34/")]
    [InlineData("https://[2606:2800:220:1:248:1893:25c8:1946]/")]
    public void A_public_https_address_is_taken(string url) => Assert.Null(WebhookAddress.Check(url, allowLoopback: false));

    [Theory]
    [InlineData("http://agency.example/")]
    [InlineData("ftp://agency.example/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("agency.example/hooks")]
    [InlineData("")]
    [InlineData("https://")]
    [InlineData("https://user:word@agency.example/")]
    [InlineData("https://agency.example/#part")]
    [InlineData("https://agency.example/\r\nX: 1")]
    [InlineData("https://localhost/")]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://0x7f.1/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://[::ffff:10.1.2.3]/")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("http://127.0.0.1/")]
    public void Anything_that_leads_inside_or_is_not_https_is_refused(string url) => Assert.Equal("subscription/url", WebhookAddress.Check(url, allowLoopback: false)?.Code);

    [Fact]
    public void Loopback_is_for_trying_it_out_only()
    {
        Assert.Null(WebhookAddress.Check("http://127.0.0.1:9000/", allowLoopback: true));
        Assert.NotNull(WebhookAddress.Check("http://agency.example/", allowLoopback: true));
        Assert.NotNull(WebhookAddress.Check("https://10.0.0.1/", allowLoopback: true));
        Assert.NotNull(WebhookAddress.Check("ftp://127.0.0.1/", allowLoopback: true));
    }

    // A name may resolve to anything, so the address itself is looked at before it is connected to.
    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("100.64.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("fe80::1")]
    [InlineData("fd00::1")]
    [InlineData("ff02::1")]
    [InlineData("::ffff:192.168.0.1")]
    [InlineData("::127.0.0.1")]
    [InlineData("64:ff9b::10.0.0.1")]
    [InlineData("2002:0a00:0001::")]
    [InlineData("2001:0:1::1")]
    [InlineData("2001:db8::1")]
    public void No_connection_is_made_to_an_address_inside(string address) => Assert.False(WebhookAddress.IsAllowed(IPAddress.Parse(address), allowLoopback: false));

    [Theory]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("8.8.8.8")]
    [InlineData("2a00:1450:4001:81b::200e")]
    public void A_public_address_is_connected_to(string address) => Assert.True(WebhookAddress.IsAllowed(IPAddress.Parse(address), allowLoopback: false));
}
