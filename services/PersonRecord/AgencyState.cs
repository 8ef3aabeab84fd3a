using System.Security.Cryptography;
using System.Text;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.PersonRecord;

/// <summary>
/// Which state an agency belongs to, as its timeline tells, and whether it may therefore know of somebody (rule N: their data
/// does not reach a state that they fear). Where nobody said, it may not know of anybody who fears a state.
/// </summary>
public sealed record AgencyState
{
    private AgencyState() { }

    /// <summary>Nobody said.</summary>
    public static AgencyState NotSaid { get; } = new();

    /// <summary>Whether it was said, be it that it belongs to none.</summary>
    public bool Said { get; private init; }

    /// <summary>Alpha-3 code; null where it is no state's agency, or where nobody said.</summary>
    public string? Country { get; private init; }

    /// <summary>The account that said so last.</summary>
    public string? By { get; private init; }

    /// <summary>Whether an agency of this state must not know of somebody with these fears.</summary>
    public bool Bars(FearedCountries fears) => fears.Now.Count > 0 && (!Said || Country is not null && fears.Touches(Country));

    /// <summary>The form in which codes are compared: UNHCR and unhcr are one agency.</summary>
    public static string Key(string code) => code.ToLowerInvariant();

    /// <summary>The timeline of the agency with that code. The same for everybody, so the store itself has room for one only.</summary>
    public static Guid TimelineOf(string code)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"crisis-coordination/agency/{Key(code)}")).AsSpan(0, 16);
        hash[6] = (byte)(hash[6] & 0x0F | 0x80); // RFC 9562: version 8, an id by a rule of one's own
        hash[8] = (byte)(hash[8] & 0x3F | 0x80);
        return new Guid(hash, bigEndian: true);
    }

    /// <summary>What holds after one more event.</summary>
    public AgencyState After(Event @event) => @event switch
    {
        AgencyRegistered e => new() { Said = e.Country is not null || e.OfNoState, Country = e.Country, By = e.By },
        AgencyCountrySet e => new() { Said = true, Country = e.Country, By = e.By },
        _ => this,
    };
}
