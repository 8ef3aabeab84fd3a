using System.Text.RegularExpressions;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.PartnerGateway.Agencies;

/// <summary>An agency that takes part, or the place where one would stand.</summary>
internal sealed partial record Agency(string? Code = null, string? Name = null, IReadOnlyList<string>? Receives = null, DateTimeOffset RegisteredAt = default) : IFold<Agency>
{
    public static IProjection ReadModel { get; } = new Projection<Agency>("partner_gateway.agency", 2,
        [("code", "text not null"), ("name", "text not null"), ("receives", "text[] not null"), ("registered_at", "timestamptz not null"), ("country", "text null")],
        agency => agency.Registered ? [[agency.Code, agency.Name, agency.Receives!.ToArray(), agency.RegisteredAt.ToUniversalTime(), agency.State.Said ? agency.State.Country ?? None : null]] : [],
        [typeof(AgencyRegistered), typeof(AgencyCountrySet)],
        "create unique index on {table} (lower(code))");

    /// <summary>How it is written that an agency belongs to no state.</summary>
    public const string None = "none";

    public bool Registered => Code is not null;

    /// <summary>Which state it belongs to.</summary>
    public AgencyState State { get; init; } = AgencyState.NotSaid;

    [GeneratedRegex(@"\A[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?\z")]
    private static partial Regex CodePattern { get; }

    public static bool IsCode(string code) => CodePattern.IsMatch(code);

    /// <summary>The form in which codes are compared: UNHCR and unhcr are one agency.</summary>
    public static string Key(string code) => AgencyState.Key(code);

    /// <summary>The timeline of the agency with that code. The same for everybody, so the store itself has room for one only.</summary>
    public static Guid StreamId(string code) => AgencyState.TimelineOf(code);

    public static Agency Start(Guid id) => new();

    public Agency Apply(Event @event) => (@event is AgencyRegistered e ? new(e.Code, e.Name, e.Receives, e.At) : this) with { State = State.After(@event) };

    /// <summary>The country that was written: a state's, or none; a refusal where it stands for no state.</summary>
    public static Refusal? ReadCountry(string text, out string? country)
    {
        country = null;
        if (string.Equals(text, None, StringComparison.OrdinalIgnoreCase) || Countries.TryParse(text, out country) && Jurisdictions.NamesState(country)) return null;
        return Refusal.Invalid("agency/country", $"Give the state that the agency belongs to by its three-letter code or name, or “{None}” where it is no state's agency.", "country");
    }

    /// <summary>The agency that the caller's account belongs to, as a key; or why the caller has none.</summary>
    public static async Task<(string Key, Refusal? Refusal)> OfCallerAsync(HttpContext http, TimelineStore store)
    {
        if (http.User.FindFirst("agency")?.Value is not { } code)
            return ("", Refusal.Forbidden("partner/no-agency", "Your account belongs to no agency. Ask an administrator for an account of your agency."));
        var (agency, _) = await store.LoadAsync<Agency>(StreamId(code), ct: http.RequestAborted);
        return agency.Registered ? (Key(code), null)
            : ("", Refusal.Forbidden("partner/agency-unknown", "Your account's agency is not registered. Ask an administrator to register it."));
    }
}
