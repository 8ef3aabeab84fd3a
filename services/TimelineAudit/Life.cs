using System.Globalization;

namespace CrisisCoordination.TimelineAudit;

/// <summary>A fact with both its times: <paramref name="At"/> as it is told, <paramref name="Order"/> as it was learned.</summary>
internal abstract record Fact(DateTimeOffset At, long Order, long Version, DateOnly RecordedOn)
{
    protected Fact(Entry entry) : this(entry.At, entry.Order, entry.Version, entry.RecordedOn) { }
}

internal sealed record Held(Guid Plan, Guid Transport, string Code, string Space, int Leg, string? Country, long Version)
{
    /// <summary>When it was given up again.</summary>
    public long? Released { get; set; }
    public string? Why { get; set; }
}

internal sealed record Fear(Entry Entry, IReadOnlyList<string> Countries, bool Withdrawn) : Fact(Entry)
{
    /// <summary>Recorded by somebody whose word closes no open question; before it was kept who that is, everybody's did.</summary>
    public bool OnlyAdds { get; } =
        Entry.Data.TryGetProperty("byProtection", out var by) && by.ValueKind == System.Text.Json.JsonValueKind.False;
}

internal sealed record Consent(Entry Entry, bool Given, Guid By, Guid Record) : Fact(Entry);

/// <param name="InForm">Nobody heard it: a form said so that anyone can send.</param>
internal sealed record Sharing(Entry Entry, IReadOnlyList<string> Agencies, bool Given, bool InForm) : Fact(Entry);

internal sealed record Aboard(Guid Transport, long Version, DateTimeOffset At, DateOnly RecordedOn)
{
    /// <summary>When they got off again, before it left.</summary>
    public long? Off { get; set; }
}

/// <summary>A word of where they are that tells it of itself: the person's, an officer's, a gate's, or that they came with a transport.</summary>
/// <param name="Of">The form, check-in or transport.</param>
/// <param name="Position">None where it is where the transport starts, or is on its way to.</param>
/// <param name="From">When it was so first.</param>
/// <param name="Until">When it may have been so last; not over yet while they are on board.</param>
internal sealed record Word(Guid Of, (double North, double East)? Position, DateTimeOffset From, DateTimeOffset Until)
{
    public static Word OnBoard(Entry entry) => new(entry.Id("transportId"), null, entry.At, DateTimeOffset.MaxValue);

    public static Word ByTransport(Entry entry) => new(entry.Id("transportId"), null, entry.At, entry.At);

    /// <summary>They came to where the transport ends.</summary>
    public bool IsEnd { get; init; }
}

internal sealed record Paper(Guid Application, string Destination, IReadOnlyList<string> Transits, DateOnly ValidUntil, long Version)
{
    /// <summary>The version at which it became void; the greatest number while it is not.</summary>
    public long RevokedAt { get; set; } = long.MaxValue;

    public bool Revoked => RevokedAt < long.MaxValue;

    /// <summary>The record under which it was issued, where a merge told it again.</summary>
    public Guid? MergedFrom { get; init; }

    public IEnumerable<string> Countries => Transits.Append(Destination);
}

internal sealed record Assessed(int Tier, int Score, long Version);

/// <param name="SeenAs">The escort's other records then; null where that was not recorded yet.</param>
internal sealed record BestInterests(
    bool MayDepart, Guid? Escort, IReadOnlyList<Guid>? SeenAs, long Version, long Order, DateTimeOffset At);

internal sealed record Left(Guid Plan, string Reason, long Version);

/// <summary>How surely an adult answers for a child.</summary>
internal enum Standing { None, Proposed, Declared, Confirmed }

internal sealed record Tie(Entry Entry, Guid Guardian, Standing Standing) : Fact(Entry)
{
    /// <summary>One protection officer proposed it and another one said so too; or it is from before standings were recorded.</summary>
    public bool ByTwo { get; } = Entry.Type == Names.Guardian && (Entry.Text("standing") is null
        || Entry.Text("proposedBy") is { } first && !first.Equals(Entry.Text("officer"), StringComparison.OrdinalIgnoreCase));

    /// <summary>A word to the contrary that came later and is of no earlier time.</summary>
    public bool IsOver(Fact fact) => Standing == Standing.None && Order > fact.Order && At >= fact.At;
}

/// <summary>A protection officer names an adult for a child; by itself it changes nothing.</summary>
internal sealed record Proposal(Entry Entry, Guid Guardian, string? Officer) : Fact(Entry);

/// <summary>One record of a person, read event by event. A person is a set of them (<see cref="Person"/>).</summary>
internal sealed class Life(Guid id)
{
    public Guid Id => id;

    /// <summary>The record that stands for this one.</summary>
    public Guid? MergedInto { get; private set; }

    public bool IsErased { get; private set; }

    public List<string> References { get; } = [];
    public Dictionary<Guid, Told> Forms { get; } = [];
    public List<(Guid Household, long Version)> Households { get; } = [];
    public HashSet<Guid> HouseholdsNow { get; } = [];
    /// <summary>Where they were, by all words that were not taken back.</summary>
    public List<Word> Words { get; } = [];

    public List<Fear> Fears { get; } = [];
    public List<Consent> Consents { get; } = [];
    public List<Sharing> Shares { get; } = [];
    public List<Tie> Ties { get; } = [];
    public List<Proposal> Proposals { get; } = [];
    public HashSet<Guid> AloneCases { get; } = [];
    public HashSet<Guid> AloneCasesEnded { get; } = [];

    /// <summary>When a case ended last, by its place among all events: what forms said before of a child alone is settled.</summary>
    public long Settled { get; private set; }

    /// <summary>When a form said anew that they are a child without the family: who corrects it takes nothing back.</summary>
    public List<long> SaidAlone { get; } = [];

    /// <summary>When a form first told a nationality that is a state's, by its place among all events.</summary>
    public long NationalityToldAt { get; private set; } = long.MaxValue;

    /// <summary>They belong to a household since before ties were recorded.</summary>
    public bool JoinedBeforeTies { get; private set; }

    /// <summary>When what a form told was last taken away or changed: others may have decided on it a moment before.</summary>
    public DateTimeOffset Retold { get; private set; }

    public List<Held> Seats { get; } = [];
    public List<Aboard> Boarded { get; } = [];
    public List<(Guid Transport, bool JourneyEnded)> Arrivals { get; } = [];
    public List<Paper> Papers { get; } = [];
    public Dictionary<Guid, string> VerifiedBy { get; } = [];
    public Dictionary<Guid, (string? Officer, string? Destination, IReadOnlyList<string> Transits)> Approvals { get; } = [];
    public List<Assessed> Assessments { get; } = [];
    public List<BestInterests> BestInterests { get; } = [];
    /// <summary>How they were to go on from where they arrived, as planned last.</summary>
    public Entry? Onward { get; private set; }

    public List<Left> LeftBehind { get; } = [];
    /// <summary>A post took one of their forms in.</summary>
    public bool IsByPost { get; private set; }

    /// <summary>When a token's holder asked for more last than anybody of the house has heard since; by what they say of the time.</summary>
    public DateTimeOffset? Raised { get; private set; }

    /// <summary>Somebody of the house met or spoke to them at some time.</summary>
    public bool IsMet { get; private set; }

    /// <summary>Others were merged into this record, the last one then.</summary>
    public long MergedAt { get; private set; }

    public int Deliveries { get; private set; }
    public int Referrals { get; private set; }

    /// <summary>Somebody was registered under it.</summary>
    public bool IsPerson => References.Count > 0;

    public DateTimeOffset WaitingSince => Forms.Values.Select(form => form.WaitsSince).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();

    public string Mobility => Forms.Values.Select(form => form.Mobility).DefaultIfEmpty("none").MaxBy(mobility =>
        Array.IndexOf(["none", "wheelchair", "stretcher"], mobility))!;

    public HashSet<string> Nationalities => [.. Forms.Values.SelectMany(form => form.Nationalities)];

    public Guid? HouseholdAt(long version) =>
        Households.Where(joined => joined.Version < version).Select(joined => (Guid?)joined.Household).LastOrDefault();

    /// <summary>They were given a child's place in a household.</summary>
    public bool JoinedAsChild { get; private set; }

    /// <summary>
    /// Under 18 on that day by any birth date on record, in doubt too; without one, what they are called decides. Of the erased
    /// nobody can say it: the household stays on the timeline, and the birth date that spoke against it is gone.
    /// </summary>
    public bool IsChild(DateOnly on) => IsChild(Forms.Values, JoinedAsChild, on);

    public bool IsChild(DateTimeOffset on) => IsChild(DateOnly.FromDateTime(on.UtcDateTime));

    public bool MayBeInfant(DateTimeOffset on) =>
        Forms.Values.Any(form => form.YoungerThan(2, DateOnly.FromDateTime(on.UtcDateTime), inDoubt: true));

    public bool IsSurelyInfant(DateTimeOffset on) =>
        Forms.Count > 0 && Forms.Values.All(form => form.YoungerThan(2, DateOnly.FromDateTime(on.UtcDateTime), inDoubt: false));

    public static bool IsChild(IEnumerable<Told> forms, bool joinedAsChild, DateOnly on)
    {
        var told = forms.ToList();
        return told.Exists(form => form.YoungerThan(18, on, inDoubt: true))
            || (told.TrueForAll(form => form.BirthDate is null && !form.IsGone) && (joinedAsChild || told.Exists(form => form.CalledChild)));
    }

    /// <summary>The day from which on they are no child: the last one there is while nothing says when, the first where nothing says that they are one.</summary>
    public static DateOnly OfAgeOn(IEnumerable<Told> forms, bool joinedAsChild)
    {
        var told = forms.ToList();
        var dated = told.Select(form => form.OfAgeOn).OfType<DateOnly>().ToList();
        return dated.Count > 0 ? dated.Max()
            : told.TrueForAll(form => !form.IsGone) && (joinedAsChild || told.Exists(form => form.CalledChild)) ? DateOnly.MaxValue : DateOnly.MinValue;
    }

    public void Apply(Entry e)
    {
        if (Names.Meets(e))
        {
            IsMet = true;
            if (e.At >= Raised) Raised = null;
        }
        switch (e.Type)
        {
            case Names.Merged:
                MergedAt = e.Order;
                break;
            case Names.Registered or Names.Repeated:
                if (!Names.IsAnyones(e.Text("sender")))
                {
                    IsByPost = true;
                    if (e.At >= Raised) Raised = null;
                }
                if (e.MergedFrom is not null) break;
                References.Add(e.Text("reference")!);
                Forms[e.Id("registrationId")] = Told.Of(e, e.Text("reference")!);
                NoteNationality(Forms[e.Id("registrationId")]);
                if (Forms[e.Id("registrationId")].Position is { } first && (e.Text("sender") == "self-service" || !Names.IsAnyones(e.Text("sender"))))
                    Words.Add(new(e.Id("registrationId"), first, e.At, e.At));
                break;
            case Names.Corrected:
                if (e.Text("officer")?.StartsWith("self:", StringComparison.Ordinal) == true
                    && Forms.GetValueOrDefault(e.Id("registrationId")) is { } said && Told.Of(e, "").AsksMoreThan(said)) Raised = e.At;
                var before = Forms.GetValueOrDefault(e.Id("registrationId"));
                var now = Told.Of(e, before?.Reference ?? "") with { WaitsSince = before?.WaitsSince ?? e.At };
                NoteNationality(now);
                // Of what it says on somebody may have seen since that it is over.
                Forms[e.Id("registrationId")] = before is { SaidToBeAlone: true } ? now with { Order = before.Order } : now;
                Retold = e.RecordedAt;
                // A correction of anything else says nothing of where they are; what an officer changes may have been so all along.
                if (now.Position is { } moved && moved != before?.Position)
                {
                    var since = Words.Find(word => word.Of == e.Id("registrationId"))?.From ?? DateTimeOffset.MinValue;
                    Words.RemoveAll(word => word.Of == e.Id("registrationId"));
                    var self = e.Text("officer")?.StartsWith("self:", StringComparison.Ordinal) == true;
                    Words.Add(new(e.Id("registrationId"), moved, self ? e.At : since, e.At));
                }
                break;
            case Names.Separated:
                Words.RemoveAll(word => word.Of == e.Id("registrationId"));
                Forms.Remove(e.Id("registrationId"));
                Raised = null;
                Retold = e.RecordedAt;
                break;
            case Names.Unmerged:
                foreach (var registration in e.Ids("registrations")) Forms.Remove(registration);
                Words.RemoveAll(word => e.Ids("registrations").Contains(word.Of));
                Raised = null;
                Retold = e.RecordedAt;
                Papers.RemoveAll(paper => paper.MergedFrom == e.Id("duplicateId"));
                break;
            case Names.MergedInto:
                MergedInto = e.Id("personId");
                break;
            case Names.UnmergedFrom:
                MergedInto = null;
                break;
            case Names.Erased:
                IsErased = true;
                break;
            case Names.Joined:
                Households.Add((e.Id("householdId"), e.Version));
                HouseholdsNow.Add(e.Id("householdId"));
                JoinedAsChild |= Told.IsChildRole(e.Text("role"));
                JoinedBeforeTies |= e.Text("source") is null;
                break;
            case Names.Left:
                HouseholdsNow.Remove(e.Id("householdId"));
                break;
            case Names.Guardian:
                if (e.MergedFrom is not null) break;
                // Before there were standings, only officers named guardians.
                Ties.Add(new(e, e.Id("guardianId"), e.Text("standing") switch
                {
                    null or "confirmed" => Standing.Confirmed,
                    "declared" =>
                    Standing.Declared,
                    _ => Standing.Proposed
                }));
                if (Ties[^1].Standing == Standing.Confirmed) GoesWithThem();
                break;
            case Names.TieConfirmed:
                Ties.Add(new(e, e.Id("guardianId"), Standing.Confirmed));
                GoesWithThem();
                break;
            case Names.TieProposed:
                if (e.IdOrNone("registrationId") is null && e.MergedFrom is null) Proposals.Add(new(e, e.Id("guardianId"), e.Text("source")));
                if (StandingOf(e.Id("guardianId")) == Standing.None) Ties.Add(new(e, e.Id("guardianId"), Standing.Proposed));
                break;
            case Names.TieRefused or Names.GuardianEnded:
                Ties.Add(new(e, e.Id("guardianId"), Standing.None));
                break;
            case Names.ChildAlone:
                AloneCases.Add(e.Id("caseId"));
                AloneCasesEnded.Remove(e.Id("caseId"));
                break;
            case Names.ChildAloneEnded:
                AloneCases.Remove(e.Id("caseId"));
                AloneCasesEnded.Add(e.Id("caseId"));
                Settled = e.Order;
                break;
            case Names.CheckedIn:
                if (Told.PositionIn(e.Data) is { } place && e.MergedFrom is null && !e.Is("relayed") && e.Text("source") is "self" or "officer")
                    Words.Add(new(e.Id("checkInId"), place, e.At, e.At));
                break;
            case Names.Fear or Names.FearWithdrawn:
                Fears.Add(new(e, e.Texts("countries"), e.Type == Names.FearWithdrawn));
                break;
            case Names.Consent:
                Consents.Add(new(e, true, e.Id("by"), id));
                break;
            case Names.ConsentWithdrawn:
                Consents.Add(new(e, false, default, id));
                break;
            case Names.Shares or Names.SharesNoMore:
                Shares.Add(new(e, e.Texts("agencies"), e.Type == Names.Shares, e.Text("toldBy") is not null));
                break;
            case Names.Assessed:
                Assessments.Add(new(e.Number("tier"), e.Number("score"), e.Version));
                break;
            case Names.BestInterests:
                BestInterests.Add(new(e.Is("mayDepart"), e.IdOrNone("escortId"),
                    e.Data.TryGetProperty("escortSeenAs", out _) ? e.Ids("escortSeenAs") : null, e.Version, e.Order, e.At));
                break;
            case Names.Verified:
                VerifiedBy[e.Id("applicationId")] = e.Text("officer") ?? "";
                break;
            case Names.Approved:
                Approvals[e.Id("applicationId")] = (e.Text("officer"), e.Text("destination"), e.Texts("transits"));
                break;
            case Names.Issued:
                Papers.Add(new(e.Id("applicationId"), e.Text("destination")!, e.Texts("transits"),
                    DateOnly.Parse(e.Text("validUntil")!, CultureInfo.InvariantCulture), e.Version)
                { MergedFrom = e.MergedFrom });
                break;
            case Names.Revoked:
                foreach (var paper in Papers.Where(paper => paper.Application == e.Id("applicationId") && !paper.Revoked)) paper.RevokedAt = e.Version;
                break;
            case Names.SeatHeld:
                Seats.Add(new(e.Id("planId"), e.Id("transportId"), e.Text("transportCode")!, e.Text("space") ?? "none", e.Number("leg"),
                    e.Text("destinationCountry"), e.Version));
                break;
            case Names.SeatReleased or Names.NoShow:
                foreach (var seat in Seats.Where(seat => seat.Transport == e.Id("transportId") && seat.Released is null)) (seat.Released,
                    seat.Why) = (e.Version, e.Text("reason") ?? "no-show");
                foreach (var aboard in Boarded.Where(aboard => aboard.Transport == e.Id("transportId"))) aboard.Off ??= e.Version;
                if (e.Type == Names.NoShow) Words.RemoveAll(word => word.Of == e.Id("transportId"));
                GotOff(e.Id("transportId"));
                break;
            case Names.LeftBehind:
                LeftBehind.Add(new(e.Id("planId"), e.Text("reason")!, e.Version));
                break;
            case Names.Boarded:
                Boarded.Add(new(e.Id("transportId"), e.Version, e.At, e.RecordedOn));
                Words.Add(Word.OnBoard(e));
                break;
            case Names.AtGate:
                Words.Add(Word.ByTransport(e));
                break;
            case Names.Missing:
                Words.RemoveAll(word => word.Of == e.Id("transportId") && word.IsEnd);
                break;
            case Names.Found when !e.Is("arrived"):
                Words.RemoveAll(word => word.Of == e.Id("transportId"));
                break;
            case Names.Arrived:
                GotOff(e.Id("transportId"));
                // Whoever was on no list came by the word of one account, which says nothing here.
                if (IsAboard(e.Id("transportId"))) Words.Add(Word.ByTransport(e) with { IsEnd = true });
                Arrivals.Add((e.Id("transportId"), e.Is("journeyEnded")));
                break;
            case Names.Onward:
                Onward = e;
                break;
            case Names.Delivered:
                Deliveries++;
                break;
            case Names.Referred:
                Referrals++;
                break;
        }
    }

    private void GotOff(Guid transport)
    {
        for (var i = 0; i < Words.Count; i++)
            if (Words[i].Of == transport && Words[i].Until == DateTimeOffset.MaxValue) Words[i] = Words[i] with { Until = Words[i].From };
    }

    public bool IsAboard(Guid transport) => Boarded.Any(aboard => aboard.Transport == transport && aboard.Off is null);

    private Standing StandingOf(Guid guardian) => Ties.LastOrDefault(tie => tie.Guardian == guardian)?.Standing ?? Standing.None;

    // Who answers for a child goes with them, and what was decided before holds no more. What a merge brought may be otherwise.
    private void GoesWithThem()
    {
        if (MergedAt == 0 && AloneCases.Count == 0 && SaidAlone.Count == 0) BestInterests.Clear();
    }

    private void NoteNationality(Told form)
    {
        if (form.Nationalities.Any(nationality => Jurisdictions.Of(nationality).Count > 0)) NationalityToldAt = Math.Min(NationalityToldAt, form.Order);
    }
}
