using System.Text.Json;
using System.Text.Json.Nodes;
using CrisisCoordination.Contracts;
using CrisisCoordination.PartnerGateway.Agencies;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.PartnerGateway.PartnerFeed;

/// <summary>One thing that one agency learns of a person: ids and coarse facts, nothing personal.</summary>
/// <param name="Agency">The agency's key.</param>
/// <param name="Kind">The event's name with hyphens, or <see cref="Tombstone"/>.</param>
/// <param name="Data">A JSON object.</param>
internal sealed record Entry(string Agency, Guid EventId, Guid PersonId, string Kind, DateTimeOffset At, string Data)
{
    public const string Tombstone = "person.tombstone";

    /// <summary>It is of an exercise, and says so wherever it goes (CAP 1.2, status).</summary>
    public bool Exercise => JsonElement.Parse(Data).TryGetProperty("exercise", out var exercise) && exercise.ValueKind == JsonValueKind.True;

    /// <summary>The events that can become entries.</summary>
    public static IReadOnlySet<Type> On { get; } = new HashSet<Type>
    {
        typeof(PersonRegistered), typeof(NeedsAssessed), typeof(SeatHeld), typeof(SeatChanged), typeof(SeatReleased), typeof(Boarded), typeof(Arrived),
        typeof(MissingAtArrival), typeof(FoundAfterArrival), typeof(HandedOver), typeof(AidDelivered),
        typeof(ReferralOffered), typeof(ReferralAccepted), typeof(ReferralDeclined), typeof(ReferralOverdue),
        typeof(SharingConsentGiven), typeof(SharingConsentWithdrawn), typeof(PersonErased),
        typeof(FearOfReturnStated), typeof(FearOfReturnWithdrawn), typeof(RegistrationRepeated), typeof(RegistrationCorrected),
        typeof(DuplicateMerged), typeof(MergedInto), typeof(DuplicateUnmerged), typeof(UnmergedFrom),
    };

    /// <summary>What an event is called in an entry.</summary>
    public static string KindOf(Type @event) => EventTypes.NameOf(@event).Replace('_', '-');

    /// <summary>Whether it may go to its agency as the person's timeline now stands. A tombstone always may: it says only what to forget.</summary>
    public bool MayBeSent(PersonForPartners person) => Kind == Tombstone || person.MayKnow(Agency);

    /// <summary>
    /// Who learns what of an event, as the timeline now stands. Consent given starts with a summary of what went before;
    /// why a seat was released stays here, for it can tell of a fear, and so does who took somebody over, for it can tell of a
    /// child or a fear. Whatever was told and does not hold any more is followed by what holds. Whoever may know of one of two
    /// records that were merged learns nothing of the merge: it would tell that the person is known otherwise.
    /// </summary>
    public static IEnumerable<Entry> Of(PersonForPartners person, RecordedEvent recorded)
    {
        return recorded.Event switch
        {
            SharingConsentGiven e => Shared(e.Agencies, Summary(person)),
            // Never by its name, which tells of a fear: to the agency it is as if the person had let it know again, or no longer.
            FearOfReturnStated { ToldBy: null } => person.Barred.Order(StringComparer.Ordinal).Select(Buried),
            // While nobody said which state is feared, a form that tells another nationality bars that state too.
            RegistrationRepeated e => person.BarredSince(e.RegistrationId).Order(StringComparer.Ordinal).Select(Buried),
            RegistrationCorrected e => person.BarredSince(e.RegistrationId).Order(StringComparer.Ordinal).Select(Buried),
            FearOfReturnWithdrawn e => person.KnownAgain(e.At).Select(agency => ToldAnew(person, agency, recorded.Id, e.At)),
            SharingConsentWithdrawn e => e.Agencies.Select(PartnerGateway.Agencies.Agency.Key).Distinct()
                .Where(agency => person.EverSharedWith.Contains(agency) && !person.SharesWith.Contains(agency)).Select(Buried),
            PersonErased => person.EverSharedWith.Order(StringComparer.Ordinal).Select(Buried),
            ReferralOffered e => Shared([e.Agency], new { e.ReferralId, e.DueAt }),
            ReferralAccepted e => Shared([e.Agency], new { e.ReferralId }),
            ReferralDeclined e => Shared([e.Agency], new { e.ReferralId }),
            ReferralOverdue e => Shared([e.Agency], new { e.ReferralId }),
            PersonRegistered e => Shared(person.SharesWith, new { e.CrisisId }),
            NeedsAssessed e => Shared(person.SharesWith, new { e.Tier }),
            SeatHeld e => Shared(person.SharesWith, new { e.DepartsAt, e.Leg, e.Legs }),
            SeatChanged e => Shared(person.SharesWith, new { e.DepartsAt, Leg = person.Legs.TryGetValue(e.TransportId, out var leg) ? leg : (int?)null }),
            SeatReleased => Shared(person.SharesWith, new { }),
            Boarded e => Shared(person.SharesWith, new { e.TransportId }),
            Arrived e => Shared(person.SharesWith, new { e.TransportId, e.Country, e.JourneyEnded }),
            MissingAtArrival e => Shared(person.SharesWith, new { e.TransportId }),
            FoundAfterArrival e => Shared(person.SharesWith, new { e.TransportId, e.Arrived }),
            HandedOver => Shared(person.SharesWith, new { }),
            AidDelivered e => Shared(person.SharesWith, new { e.NeedId }),
            DuplicateMerged e => Shared(e.Agencies, new { e.DuplicateId }),
            DuplicateUnmerged e => Shared(e.Agencies, new { e.DuplicateId }),
            MergedInto e => Shared(e.Agencies, new { e.PersonId }),
            UnmergedFrom e => Shared(e.Agencies, new { e.PersonId }),
            _ => [],
        };

        IEnumerable<Entry> Shared(IEnumerable<string> agencies, object data)
        {
            var json = Marked(person, JsonSerializer.SerializeToNode(data, EventJson.Options)!);
            var kind = KindOf(recorded.Event.GetType());
            return agencies.Select(PartnerGateway.Agencies.Agency.Key).Distinct().Where(person.MayKnow).Order(StringComparer.Ordinal)
                .Select(agency => new Entry(agency, recorded.Id, person.Id, kind, recorded.Event.At, json));
        }

        Entry Buried(string agency) => Forget(person, agency, recorded.Id, recorded.Event.At);
    }

    /// <summary>What an agency gets that was said to belong to another state than before, or to none.</summary>
    public static Entry? Of(PersonForPartners person, string agency, AgencyState before, RecordedEvent set) =>
        (before.Bars(person.Heard), person.MayKnow(agency)) switch
        {
            (false, false) when person.StateOf(agency).Bars(person.Heard) =>
                Forget(person, agency, Ids.Of(set.Id, $"agency-country/{person.Id:N}", 0), set.Event.At),
            (true, true) => ToldAnew(person, agency, Ids.Of(set.Id, $"agency-country/{person.Id:N}", 0), set.Event.At),
            _ => null,
        };

    private static object Summary(PersonForPartners person) => new { person.Tier, person.Whereabouts };

    private static Entry ToldAnew(PersonForPartners person, string agency, Guid eventId, DateTimeOffset at) =>
        new(agency, eventId, person.Id, "sharing-consent-given", at, Marked(person, JsonSerializer.SerializeToNode(Summary(person), EventJson.Options)!));

    private static Entry Forget(PersonForPartners person, string agency, Guid eventId, DateTimeOffset at) => new(agency, eventId, person.Id, Tombstone, at, Marked(person, new JsonObject()));

    private static string Marked(PersonForPartners person, JsonNode data)
    {
        if (person.Exercise) data["exercise"] = true;
        return data.ToJsonString(EventJson.Options);
    }
}
