using System.Net;
using System.Net.Sockets;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.PartnerGateway.Webhooks;

/// <summary>Where a webhook may go: to the public internet over https, so that nobody can make us knock on the doors inside.</summary>
internal static class WebhookAddress
{
    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            // Inside the global unicast 2000::/3: tunnels that carry an IPv4 address, protocol assignments, documentation.
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        }.Select(network => IPNetwork.Parse(network)),
    ];

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return (address.AddressFamily == AddressFamily.InterNetwork || GlobalUnicast.Contains(address)) && !NotPublic.Any(network => network.Contains(address));
    }

    /// <summary>Whether a connection to the address may be made, once the name is resolved.</summary>
    public static bool IsAllowed(IPAddress address, bool allowLoopback) => IsPublic(address) || (allowLoopback && IPAddress.IsLoopback(address));

    public static Refusal? Check(string url, bool allowLoopback)
    {
        if (url.Length > 2000 || !Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.HostNameType == UriHostNameType.Unknown || url.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)))
            return Unfit;
        if (uri.UserInfo.Length > 0 || uri.Fragment.Length > 0) return Unfit;
        if (allowLoopback && uri.IsLoopback && (uri.Scheme == "http" || uri.Scheme == "https")) return null;
        if (uri.Scheme != "https") return Unfit;
        if (uri.IsLoopback || (IPAddress.TryParse(uri.DnsSafeHost, out var address) && !IsPublic(address)))
            return Unfit;
        return null;
    }

    private static Refusal Unfit { get; } = Refusal.Invalid("subscription/url",
        "Give a full address such as https://agency.example/hooks/crisis, on the public internet, without user, password or fragment.", "url");
}
