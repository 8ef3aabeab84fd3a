namespace CrisisCoordination.TimelineAudit;

/// <summary>
/// What the events are called that the rules ask about, in one table: where one gets a successor, both stand here. A name
/// that no event bears changes nothing.
/// </summary>
internal static class Names
{
    public const string
        Registered = "person_registered", Repeated = "registration_repeated", Corrected = "registration_corrected",
            Separated = "registration_separated",
        Merged = "duplicate_merged", MergedInto = "merged_into", Unmerged = "duplicate_unmerged", UnmergedFrom = "unmerged_from",
            Erased = "person_erased",
        Joined = "household_joined", Left = "household_left",
        Guardian = "guardian_named", GuardianEnded = "guardianship_ended", TieConfirmed = "tie_confirmed", TieProposed = "tie_proposed",
            TieRefused = "tie_refused",
        ChildAlone = "child_separation_reported", ChildAloneEnded = "child_separation_ended", BestInterests = "best_interests_decided",
            AgeProposed = "age_change_proposed", AgeSettled = "age_change_settled",
        Consent = "evacuation_consent_given", ConsentWithdrawn = "evacuation_consent_withdrawn",
        Shares = "sharing_consent_given", SharesNoMore = "sharing_consent_withdrawn",
        CheckedIn = "checked_in",
        Fear = "fear_of_return_stated", FearWithdrawn = "fear_of_return_withdrawn",
        Assessed = "needs_assessed", Delivered = "aid_delivered", Referred = "referral_offered",
        Verified = "identity_verified", Approved = "travel_document_approved", Issued = "travel_document_issued",
            Revoked = "travel_document_revoked",
        SeatHeld = "seat_held", SeatReleased = "seat_released", NoShow = "no_show", LeftBehind = "left_behind", Boarded = "boarded",
            Arrived = "arrived", AtGate = "checked_in_at_gate", Missing = "missing_at_arrival", Found = "found_after_arrival",
        HandedOver = "handed_over", Onward = "onward_planned", OnwardDone = "onward_done",
        Point = "assembly_point_opened", Scheduled = "transport_scheduled", Resized = "transport_resized", Diverted = "transport_diverted",
        Cancelled = "transport_cancelled", Departed = "transport_departed", SpaceTaken = "space_taken", SpaceFreed = "space_freed",
        Alternates = "transport_alternates_set", Agency = "agency_registered",
        Allocated = "aid_allocated";

    /// <summary>What tells that a record was taken for another one, and the member that names it.</summary>
    public static IReadOnlyDictionary<string, string> OtherRecord { get; } = new Dictionary<string, string>
    {
        ["possible_match_found"] = "otherPersonId",
        ["match_dismissed"] = "otherPersonId",
        [Unmerged] = "duplicateId",
        [UnmergedFrom] = "personId",
        [Separated] = "newPersonId",
    };

    /// <summary>Whether these name one account.</summary>
    public static bool SameAccount(string? one, string? other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether anybody of the house met or spoke to them.</summary>
    public static bool Meets(Entry e) => e.Type switch
    {
        "checked_in" => e.Text("source") == "officer",
        "field_visit_made" => e.Is("met"),
        Consent => e.Text("officer")?.StartsWith("self:", StringComparison.Ordinal) == false,
        "detainee_visited" or Verified or "fit_to_travel_assessed" or BestInterests or Delivered or "checked_in_at_gate" or Boarded or Arrived
            or HandedOver => true,
        _ => false,
    };

    /// <summary>Whether the sender is nobody who met the person: the public page, an agency, a list that nobody answers for.</summary>
    public static bool IsAnyones(string? sender) => sender?.Trim() is { } said
        && (said.Equals("self-service", StringComparison.OrdinalIgnoreCase)
            || said.StartsWith("agency ", StringComparison.OrdinalIgnoreCase) || said.StartsWith("list from ", StringComparison.OrdinalIgnoreCase));

    /// <summary>What says from now on in which country a point lies, or to which an agency belongs, in its member <c>country</c>.</summary>
    public static IReadOnlySet<string> CountryTold { get; } = new HashSet<string> { Point, "point_country_set",
        "point_country_change_confirmed", Agency, "agency_country_set" };

    /// <summary>Until a second officer confirms it, the point may lie in either.</summary>
    public const string CountryProposed = "point_country_change_proposed";

    /// <summary>What a record that was erased or merged away may no longer get.</summary>
    public static IReadOnlySet<string> New { get; } = new HashSet<string>
    {
        Registered, Repeated, Corrected, Joined, Guardian, TieConfirmed, BestInterests, Consent, Shares, Referred, Approved, Issued,
            SeatHeld, Boarded,
        "travel_document_application_opened", "aid_allocated", "household_left", "checked_in_at_gate",
    };
}
