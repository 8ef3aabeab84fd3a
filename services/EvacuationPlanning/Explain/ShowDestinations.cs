using System.Collections.Immutable;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrisisCoordination.EvacuationPlanning.Explain;

/// <summary>An application for an emergency document that is not issued yet.</summary>
/// <param name="State">opened, verified, approved.</param>
/// <param name="Destination">Where it leads, and over which countries; only an approved one tells.</param>
internal sealed record Application(Guid Id, string State, string? Destination, ImmutableArray<string> Transits)
{
    /// <summary>The one that is worked on; null without one.</summary>
    public static Application? Open(IEnumerable<Event> told) => told.Aggregate((Application?)null, (open, e) => e switch
    {
        // A document that came with a merge was issued already; what is worked on here goes on.
        { MergedFrom: not null } => open,
        TravelDocumentApplicationOpened opened => new(opened.ApplicationId, "opened", null, []),
        IdentityVerified verified when verified.ApplicationId == open?.Id => open with { State = "verified" },
        TravelDocumentApproved approved when approved.ApplicationId == open?.Id => open with { State = "approved", Destination = approved.Destination, Transits = [.. approved.Transits] },
        TravelDocumentIssued issued when issued.ApplicationId == open?.Id => null,
        TravelDocumentRevoked revoked when revoked.ApplicationId == open?.Id => null,
        _ => open,
    });

    /// <summary>The document as it will be; before it is approved, as it could be.</summary>
    public EmergencyDocument For(string country) => State == "approved" ? new(Destination!, Transits, DateOnly.MaxValue) : new(country, [], DateOnly.MaxValue);
}

/// <summary>Whether somebody may be taken to a country, by the same rules as a seat is held or refused.</summary>
/// <param name="Open">The legs there that they may take.</param>
/// <param name="OnceIssued">The legs that the application under way will open.</param>
internal sealed record Reachable(string Country, bool Home, ImmutableArray<Leg> Open, ImmutableArray<Reason> Against, ImmutableArray<Leg> OnceIssued)
{
    public bool May { get; init; }

    /// <summary>Every country that a transport can still take somebody to, and those of their own.</summary>
    public static ImmutableArray<Reachable> Of(Passenger person, IReadOnlyCollection<Passenger> household, Ways ways, Application? application, DateTimeOffset now)
    {
        var legs = ways.Network.Legs.Where(leg => leg.ToCountry is not null && leg.Departure.DepartsAt >= now).ToLookup(leg => leg.ToCountry!);
        var homes = person.AsTraveller(DateOnly.FromDateTime(now.UtcDateTime)).Nationalities;
        return [.. legs.Select(there => there.Key).Concat(homes).Distinct().Order(StringComparer.Ordinal).Select(country =>
        {
            // No transport leads there yet: asked as if one left from the crisis today.
            Leg[] asked = legs[country].ToArray() is { Length: > 0 } some ? some : [new(new(Guid.Empty, "", "", "", "", country, now, now, default, ""), null, country)];
            var answers = asked.Select(leg => (Leg: leg, Party: ways.Network.Locate(Scene.Party(person.Id, household, leg.DepartsOn))))
                .Select(way => (way.Leg, way.Party, Not: person.WhyNot(way.Party, way.Leg))).ToList();
            var may = answers.Exists(answer => answer.Not is null);
            return new Reachable(
                country, homes.Contains(Jurisdictions.Whole(country)), Real(answers.Where(answer => answer.Not is null).Select(answer => answer.Leg)),
                may ? [] : [.. answers.SelectMany(answer => WhoMayGo.AgainstTaking(answer.Party, Self(answer.Party), answer.Leg)).Distinct()],
                may || application is null ? [] : Real(answers.Where(answer => WhoMayGo.AgainstTaking(answer.Party, Self(answer.Party) with { EmergencyDocument = application.For(country) }, answer.Leg).IsEmpty).Select(answer => answer.Leg)))
            { May = may };
        })];

        Traveller Self(Group party) => party.Travellers.Single(one => one.PersonId == person.Id);
        static ImmutableArray<Leg> Real(IEnumerable<Leg> legs) => [.. legs.Where(leg => leg.Departure.Id != Guid.Empty)];
    }
}

/// <summary>Where a person may go, asked of their timeline at this moment.</summary>
internal static class ShowDestinationsFeature
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/people/{personId:guid}/destinations", async Task<IResult> (Guid personId, HttpContext http, TimelineStore store) =>
        {
            var (outlook, missing) = await Outlook.LoadAsync(store, personId, http.RequestAborted);
            if (outlook is null) return missing!.ToProblem();
            if (outlook.Person.Record.Refuse() is { } merged) return merged.ToProblem();
            var (reader, told) = (Reader.Of(http), outlook.Told[personId]);
            var application = Application.Open(told.Select(e => e.Event));
            var items = Reachable.Of(outlook.Person, outlook.Household.Members, outlook.Ways, application, outlook.Now).Select(there => new
            {
                there.Country,
                Name = Countries.Name(there.Country),
                there.Home,
                there.May,
                Reasons = Said.Of(there.Against, personId, outlook.Told, reader),
                Transports = ExplainEvacuationFeature.Show(there.Open, outlook.Points),
                Application = there.OnceIssued.IsEmpty ? null : new
                {
                    application!.Id,
                    application.State,
                    application.Destination,
                    application.Transits,
                    NeededBy = there.OnceIssued.Min(leg => leg.Departure.DepartsAt),
                    Opens = ExplainEvacuationFeature.Show(there.OnceIssued, outlook.Points),
                },
            });
            http.Response.Headers.ETag = $"\"{told[^1].Version}\"";
            return TypedResults.Ok(new { PersonId = personId, Planner.RuleVersion, Items = items });
        }).LogsRead("destinations").Allow(Roles.Coordinator, Roles.Officer, Roles.ProtectionOfficer, Roles.DocumentOfficer, Roles.Auditor)
          .WithSummary("To which countries a person may be taken, and why not to others")
          .WithDescription("Every country that a transport still leads to, and those of the person. application: an emergency document that is being made would open the way; neededBy says when.");
}
