using System.Text.Json;
using System.Text.Json.Nodes;

namespace CrisisCoordination.TimelineAudit.Tests;

/// <summary>An export by hand: events on any timelines, in the order in which they were recorded.</summary>
internal sealed class Export
{
    private static readonly DateTimeOffset Start = new(2023, 5, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly List<(Guid Stream, JsonObject Event)> events = [];
    private int append;

    public IReadOnlyList<string> Lines => [.. events.GroupBy(one => one.Stream).Select(stream => new JsonObject
    {
        ["timelineId"] = stream.Key,
        ["events"] = new JsonArray([.. stream.Select((one, i) =>
            { var copy = one.Event.DeepClone(); copy["version"] = i + 1; return copy; })]),
    }.ToJsonString())];

    public IReadOnlyList<Breach> Breaches => Ledger.Read(Lines).Breaches;

    /// <param name="together">Stored together with the event before it.</param>
    public Export Add(Guid stream, string type, object data, string? at = null, string user = "officer-1", bool together = false)
    {
        var order = events.Count + 1;
        append += together ? 0 : 1;
        events.Add((stream, new JsonObject
        {
            ["type"] = type,
            ["at"] = at ?? Start.AddMinutes(order).ToString("O"),
            ["recordedAt"] = Start.AddMinutes(order).ToString("O"),
            ["append"] = append,
            ["sequence"] = order,
            ["user"] = user,
            ["data"] = JsonSerializer.SerializeToNode(data),
        }));
        return this;
    }

    public Guid Person(string born = "1990-01-01", string? role = null, string[]? needs = null, string nationality = "IND",
        string sender = "officer-1", string user = "officer-1")
    {
        var id = Guid.NewGuid();
        Form(id, "person_registered", born, role, needs, nationality, sender, user);
        return id;
    }

    public Export Form(Guid person, string type, string? born, string? role = null, string[]? needs = null, string nationality = "IND",
        string sender = "officer-1", string user = "officer-1", Guid? registration = null, Guid? mergedFrom = null, string[]? now = null,
        string? officer = null, bool together = false) =>
        Add(person, type, new
        {
            registrationId = registration ?? Guid.NewGuid(),
            crisisId = Guid.Empty,
            reference = $"R{events.Count}",
            channel = "consulate",
            inAffectedArea = true,
            sender,
            officer,
            post = sender.StartsWith("agency ", StringComparison.Ordinal) ? "self-service" : null,
            mergedFrom,
            form = new
            {
                familyName = "Doe",
                birthDate = born,
                nationality,
                householdRole = role,
                specificNeeds = needs ?? [],
                needsNow = now ?? [],
                mobility = "none"
            },
        }, user: user, together: together);

    public Export Point(string code, string? country = null, (double Latitude, double Longitude)? at = null)
    {
        var id = Guid.NewGuid();
        Add(id, "assembly_point_opened", at is { } place ? new { code, name = code, position = new { latitude = place.Latitude, longitude = place.Longitude } } : (object)new { code, name = code });
        return country is null ? this : Add(id, "point_country_set", new { country });
    }

    public Guid Transport(string code, string to, string? country, string from = "PZU", int seats = 9)
    {
        var id = Guid.NewGuid();
        Add(id, "transport_scheduled",
            new { code, from, to, destinationCountry = country, seats, wheelchairSpaces = 0, stretcherSpaces = 0 });
        return id;
    }

    public Export Seat(Guid person, Guid transport, string? country = null) =>
        Add(transport, "space_taken", new { personId = person, groupId = person, space = "none", infant = false })
        .Add(person, "seat_held", new
        {
            planId = Guid.Empty,
            transportId = transport,
            transportCode = "T",
            space = "none",
            leg = 1,
            legs = 1,
            destinationCountry = country
        });

    public Export Board(Guid person, Guid transport) => Add(person, "boarded", new { transportId = transport, officer = "gate-1" });

    public Export Depart(Guid transport) => Add(transport, "transport_departed", new { officer = "gate-1" });

    public Export Fears(Guid person, params string[] countries) => Add(person, "fear_of_return_stated", new { countries, heardBy = "x" });

    public Export SaysToBe(Guid person, double latitude, double longitude, string? at = null, string source = "self") =>
        Add(person, "checked_in", new { checkInId = Guid.NewGuid(), state = "moving", source, position = new { latitude, longitude } }, at);

    public Export SaysToBe(Guid person, (double Latitude, double Longitude) place, string? at = null, string source = "self") =>
        SaysToBe(person, place.Latitude, place.Longitude, at, source);

    public Export Consents(Guid person, Guid? by = null, string? at = null) =>
        Add(person, "evacuation_consent_given", new { by = by ?? person, officer = "x" }, at);

    public Export Withdraws(Guid person, string? at = null) => Add(person, "evacuation_consent_withdrawn", new { officer = "x" }, at);

    public Export Guardian(Guid child, Guid adult, string? standing = null) =>
        Add(child, "guardian_named", new { guardianId = adult, basis = "parent", officer = "x", standing });

    /// <summary>An officer saw the two together.</summary>
    public Export Sees(Guid child, Guid adult, string officer = "officer-1") =>
        Add(child, "tie_confirmed", new { guardianId = adult, grounds = "papers", officer }, user: officer);

    /// <summary>A protection officer names an adult for a child, and nothing follows from it alone.</summary>
    public Export Proposes(Guid child, Guid adult, string officer) =>
        Add(child, "tie_proposed", new { guardianId = adult, basis = "customary", source = officer }, user: officer);

    /// <summary>An officer names an adult who answers for a child.</summary>
    /// <param name="after">Who proposed it, as this event says.</param>
    public Export Names(Guid child, Guid adult, string officer, string? after = null) => Add(child, "guardian_named",
        new { guardianId = adult, basis = "customary", officer, standing = "confirmed", grounds = "papers", proposedBy = after }, user: officer);

    /// <summary>A protection officer names the escort of a child, as they are known now.</summary>
    public Export Entrusts(Guid child, Guid escort) => Add(child, "best_interests_decided",
        new { mayDepart = true, escortId = escort, escortSeenAs = Array.Empty<Guid>(), protectionOfficer = "protection-1" }, user: "protection-1");

    public Export Reported(Guid child, Guid? report = null) =>
        Add(child, "child_separation_reported", new { caseId = report ?? Guid.NewGuid(), kind = "separated", cause = "conflict" });

    public Export Lives(Guid household, params Guid[] members)
    {
        foreach (var member in members) Add(member, "household_joined", new { householdId = household, source = "officer-1" });
        return this;
    }

    public Export Merge(Guid stays, Guid duplicate) =>
        Add(duplicate, "merged_into", new { personId = stays, agencies = Array.Empty<string>() })
        .Add(stays, "duplicate_merged",
            new
            {
                duplicateId = duplicate,
                registrations = Array.Empty<Guid>(),
                households = Array.Empty<Guid>(),
                agencies = Array.Empty<string>()
            });

    public Export Unmerge(Guid stays, Guid duplicate) =>
        Add(stays, "duplicate_unmerged",
            new
            {
                duplicateId = duplicate,
                registrations = Array.Empty<Guid>(),
                households = Array.Empty<Guid>(),
                agencies = Array.Empty<string>()
            })
        .Add(duplicate, "unmerged_from", new { personId = stays, agencies = Array.Empty<string>() });

    public Export Paper(
        Guid person, string to, string verifier = "y", string approver = "x", string? issuedFor = null, string validUntil = "2024-01-01",
        Guid? application = null, Guid? mergedFrom = null)
    {
        var (applicationId, transits) = (application ?? Guid.NewGuid(), Array.Empty<string>());
        return Add(person, "identity_verified", new { applicationId, officer = verifier, mergedFrom })
            .Add(person, "travel_document_approved", new { applicationId, officer = approver, destination = to, transits, mergedFrom })
            .Add(person, "travel_document_issued", new { applicationId, destination = issuedFor ?? to, transits, validUntil, officer = approver, mergedFrom });
    }
}
