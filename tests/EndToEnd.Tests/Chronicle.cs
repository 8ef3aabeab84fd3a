using System.Globalization;
using System.Text.Json;

namespace CrisisCoordination.EndToEnd.Tests;

// Reads the exported timelines as a stranger would, with no type of the services: a mistake made there is not made here again.

internal sealed record SeatTold(Guid Plan, Guid Transport, string Code, string Space, DateTimeOffset At)
{
    public bool Arrived { get; set; }
}

internal sealed record LostTold(Guid Transport, string Code, string Reason, DateTimeOffset At, Guid? Of);

/// <summary>One person, as the timeline stands at its end.</summary>
internal sealed class Chronicle
{
    private readonly Dictionary<Guid, JsonElement> forms = [];
    private readonly Dictionary<Guid, DateTimeOffset> registered = [];
    private readonly List<(string Destination, List<string> Transits, DateOnly Until, Guid Id)> papers = [];
    private readonly Dictionary<Guid, string> seatCodes = [];

    private Chronicle(Guid id) => Id = id;

    public Guid Id { get; }
    public List<(string Type, DateTimeOffset At, DateTimeOffset Recorded, JsonElement Data)> Events { get; } = [];
    public HashSet<Guid> Crises { get; } = [];
    public Guid? Household { get; private set; }
    public string? Role { get; private set; }
    public HashSet<Guid> HouseholdsMerged { get; } = [];

    /// <summary>The adults who answer for this child, declared or confirmed.</summary>
    public HashSet<Guid> AnsweredBy { get; } = [];
    public bool SinceBeforeTies { get; private set; }
    public HashSet<Guid> StandsFor { get; } = [];
    public bool Consent { get; private set; }
    public HashSet<string> Fears { get; } = [];
    public HashSet<Guid> Barriers { get; } = [];
    public bool MayDepart { get; private set; }
    public Guid? Escort { get; private set; }
    public (bool Fit, DateOnly? Until)? Fitness { get; private set; }
    public int Tier { get; private set; } = 5;
    public int Score { get; private set; }
    public string? UrgencyRule { get; private set; }
    public HashSet<string> Factors { get; } = [];
    public List<SeatTold> Seats { get; private set; } = [];

    /// <summary>Since the person was seated last.</summary>
    public List<LostTold> Lost { get; } = [];
    public (string Reason, Guid? Of, DateTimeOffset Recorded)? Left { get; private set; }
    public Guid? CameWith { get; private set; }
    public bool Gone { get; private set; }
    public bool Merged { get; private set; }

    public bool Holds => Seats.Any(seat => !seat.Arrived);
    public bool Waits => !Gone && !Merged && !Holds;
    public bool Planned => Waits || (!Gone && !Merged && Holds && Seats.TrueForAll(seat => !seat.Arrived) && !Aboard);
    public bool Aboard { get; private set; }
    public DateTimeOffset Since => registered.Values.Min();
    public IEnumerable<JsonElement> Forms => forms.Values;
    public IEnumerable<string> Names => Forms.SelectMany(form => new[] { Text(form, "familyName"), Text(form, "givenNames") })
        .OfType<string>().Where(name => name.Length > 3);
    public string Mobility => Forms.Select(form => Text(form, "mobility") ?? "none")
        .MaxBy(mobility => Array.IndexOf(["none", "wheelchair", "stretcher"], mobility)) ?? "none";
    public HashSet<string> Nationalities => [.. Forms.SelectMany(form =>
        new[] { Text(form, "nationality"), Text(form, "secondNationality") }).OfType<string>()];

    public (double North, double East)? Position =>
        Forms.Select(form => form.TryGetProperty("position", out var at) && at.ValueKind == JsonValueKind.Object
        ? (at.GetProperty("latitude").GetDouble(), at.GetProperty("longitude").GetDouble()) : ((double, double)?)null)
            .LastOrDefault(at => at is not null);

    public bool PassportWithheld => Document is { } document && Text(document, "status") == "withheld_by_employer";

    private JsonElement? Document => Forms.Select(form => form.TryGetProperty("document", out var held)
        && held.ValueKind == JsonValueKind.Object ? held : (JsonElement?)null).LastOrDefault(held => held is not null);

    public bool HasOwnPaper(DateOnly until) => Document is { } document && Text(document, "status") == "valid"
        && DateOnly.TryParse(Text(document, "expiry"), CultureInfo.InvariantCulture, out var expiry) && expiry >= until;

    public bool HasPaperFor(string country, DateOnly until) => papers.Count > 0 && papers[^1] is var paper && paper.Until >= until
        && (paper.Destination == country || paper.Transits.Contains(country));

    /// <summary>Under that many years by any date told; without any date as the household calls them.</summary>
    public bool IsUnder(int years, DateOnly on)
    {
        var born = Forms.Select(form => Text(form, "birthDate")).OfType<string>().ToList();
        return born.Count > 0 ? born.Exists(date => LastDay(date).AddYears(years) > on)
            : years == 18 && (Role == "child" || Forms.Any(form => Text(form, "householdRole") == "child" || Needs(form)
                .Intersect(["SC", "CR"]).Any()));
    }

    public bool IsSurelyInfant(DateOnly on) => Forms.Select(form => Text(form, "birthDate")).OfType<string>()
        .ToList() is { Count: > 0 } born && born.TrueForAll(date => FirstDay(date).AddYears(2) > on);

    public bool IsSeparated => Forms.Any(form => Needs(form).Contains("SC")) || Events.Exists(e => e.Type == "child_separation_reported");

    /// <summary>Whether consent held when something was recorded.</summary>
    public bool ConsentAt(DateTimeOffset recorded) =>
        Events.LastOrDefault(e => e.Recorded <= recorded && e.Type is "evacuation_consent_given" or "evacuation_consent_withdrawn")
            .Type == "evacuation_consent_given";

    public static Chronicle Read(string line)
    {
        var root = JsonDocument.Parse(line).RootElement;
        var one = new Chronicle(root.GetProperty("personId").GetGuid());
        foreach (var e in root.GetProperty("events").EnumerateArray().OrderBy(e => e.GetProperty("version").GetInt64()))
            one.Hear(e.GetProperty("type").GetString()!, e.GetProperty("at").GetDateTimeOffset(), e.GetProperty("recordedAt")
                .GetDateTimeOffset(), e.GetProperty("data"));
        return one;
    }

    private void Hear(string type, DateTimeOffset at, DateTimeOffset recorded, JsonElement data)
    {
        Events.Add((type, at, recorded, data));
        switch (type)
        {
            case "person_registered" or "registration_repeated":
                Crises.Add(IdIn(data, "crisisId")!.Value);
                registered[IdIn(data, "registrationId")!.Value] = at;
                Tell(data, stated: type == "person_registered" || IdIn(data, "mergedFrom") is null);
                break;
            case "registration_corrected": Tell(data, stated: true); break;
            case "registration_separated": Forget([IdIn(data, "registrationId")!.Value]); break;
            case "duplicate_merged":
                StandsFor.Add(IdIn(data, "duplicateId")!.Value);
                HouseholdsMerged.UnionWith(Ids(data, "households"));
                break;
            case "duplicate_unmerged":
                HouseholdsMerged.ExceptWith(Ids(data, "households"));
                Forget(Ids(data, "registrations"));
                break;
            case "merged_into": Merged = true; break;
            case "unmerged_from": Merged = false; break;
            case "person_erased": Gone = true; break;
            case "household_joined":
                (Household, Role) = (IdIn(data, "householdId"), Text(data, "role"));
                SinceBeforeTies = Text(data, "source") is null;
                break;
            case "household_left": if (Household == IdIn(data, "householdId")) Household = null; break;
            case "guardian_named" or "tie_confirmed": AnsweredBy.Add(IdIn(data, "guardianId")!.Value); break;
            case "tie_refused" or "guardianship_ended": AnsweredBy.Remove(IdIn(data, "guardianId")!.Value); break;
            case "evacuation_consent_given": Consent = true; break;
            case "evacuation_consent_withdrawn": Consent = false; break;
            case "fear_of_return_stated": Fears.UnionWith(Texts(data, "countries")); break;
            case "fear_of_return_withdrawn": Fears.ExceptWith(Texts(data, "countries")); break;
            case "exit_barrier_raised": Barriers.Add(IdIn(data, "barrierId")!.Value); break;
            case "exit_barrier_resolved": Barriers.Remove(IdIn(data, "barrierId")!.Value); break;
            case "detention_reported": Barriers.Add(IdIn(data, "detentionId")!.Value); break;
            case "detention_ended": Barriers.Remove(IdIn(data, "detentionId")!.Value); break;
            case "best_interests_decided":
                (MayDepart, Escort) =
                (data.GetProperty("mayDepart").GetBoolean(), IdIn(data, "escortId")); break;
            case "fit_to_travel_assessed":
                Fitness = (data.GetProperty("fit").GetBoolean(),
                DateOnly.TryParse(Text(data, "validUntil"), CultureInfo.InvariantCulture, out var fit) ? fit : null); break;
            case "travel_document_issued":
                papers.Add((Text(data, "destination")!, [.. Texts(data, "transits")],
                    DateOnly.Parse(Text(data, "validUntil")!, CultureInfo.InvariantCulture), IdIn(data, "applicationId")!.Value));
                break;
            case "travel_document_revoked": papers.RemoveAll(paper => paper.Id == IdIn(data, "applicationId")); break;
            case "needs_assessed":
                (Tier, Score, UrgencyRule) = (data.GetProperty("tier").GetInt32(), data.GetProperty("score").GetInt32(),
                    Text(data, "ruleVersion"));
                Factors.Clear();
                Factors.UnionWith(Texts(data, "factors").Select(factor => factor.Split(' ')[0]));
                break;
            case "seat_held":
                var seat = new SeatTold(IdIn(data, "planId")!.Value, IdIn(data, "transportId")!.Value, Text(data, "transportCode")!,
                    Text(data, "space") ?? "none", at);
                if (data.GetProperty("leg").GetInt32() == 1) Seats = [.. Seats.Where(other => other.Plan == seat.Plan)];
                Seats.Add(seat);
                seatCodes[seat.Transport] = seat.Code;
                Lost.Clear();
                break;
            case "seat_released" or "no_show":
                var transport = IdIn(data, "transportId")!.Value;
                Seats = [.. Seats.Where(other => other.Transport != transport)];
                Lost.Add(new(transport, seatCodes.GetValueOrDefault(transport, ""), type == "no_show" ? "no-show" : Text(data, "reason")!,
                    at, type == "no_show" ? Id : IdIn(data, "of")));
                Aboard = false;
                break;
            case "boarded": Aboard = true; break;
            case "arrived":
                foreach (var taken in Seats.Where(taken => taken.Transport == IdIn(data, "transportId"))) taken.Arrived = true;
                CameWith = IdIn(data, "transportId");
                Aboard = false;
                Gone |= data.GetProperty("journeyEnded").GetBoolean();
                break;
            case "left_behind": Left = (Text(data, "reason")!, IdIn(data, "of"), recorded); break;
        }
    }

    private void Tell(JsonElement data, bool stated)
    {
        if (!data.TryGetProperty("form", out var form) || form.ValueKind != JsonValueKind.Object) return;
        forms.Remove(IdIn(data, "registrationId")!.Value);
        forms[IdIn(data, "registrationId")!.Value] = form;
        if (stated) Fears.UnionWith(Texts(form, "fearOfReturnTo"));
    }

    private void Forget(IEnumerable<Guid> registrations)
    {
        foreach (var registration in registrations)
        {
            forms.Remove(registration);
            registered.Remove(registration);
        }
    }

    public static string? Text(JsonElement data, string member) => data.TryGetProperty(member, out var value)
        && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static Guid? IdIn(JsonElement data, string member) => Text(data, member) is { } text ? Guid.Parse(text) : null;

    public static IEnumerable<string> Texts(JsonElement data, string member) =>
        data.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray()
            .Select(item => item.GetString()!) : [];

    private static List<Guid> Ids(JsonElement data, string member) => [.. Texts(data, member).Select(Guid.Parse)];

    private static IEnumerable<string> Needs(JsonElement form) => Texts(form, "specificNeeds");

    private static DateOnly FirstDay(string date) => Day(date, last: false);

    private static DateOnly LastDay(string date) => Day(date, last: true);

    private static DateOnly Day(string date, bool last)
    {
        var parts = date.Split('-').Select(part => int.Parse(part, CultureInfo.InvariantCulture)).ToArray();
        var month = parts.Length > 1 ? parts[1] : last ? 12 : 1;
        return new(parts[0], month, parts.Length > 2 ? parts[2] : last ? DateTime.DaysInMonth(parts[0], month) : 1);
    }
}
