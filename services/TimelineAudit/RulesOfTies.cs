namespace CrisisCoordination.TimelineAudit;

// Rule C once more: who may say that an adult answers for a child, of which adult, and who may say how old somebody is.
internal sealed partial class Ledger
{
    // Whom a record knew to answer for the child when they were reported alone.
    private readonly Dictionary<Guid, HashSet<Guid>> knownAtReport = [];

    // Whom a record was taken for, or was taken off: by what was matched, dismissed, unmerged or separated, and when it was recorded.
    private readonly Dictionary<Guid, List<(Guid Other, DateTimeOffset On)>> takenFor = [];

    private void NoteOther(Entry e)
    {
        if (Names.OtherRecord.GetValueOrDefault(e.Type) is not { } member || e.IdOrNone(member) is not { } other) return;
        Note(e.Stream, other);
        Note(other, e.Stream);

        void Note(Guid one, Guid same)
        {
            if (!takenFor.TryGetValue(one, out var others)) takenFor[one] = others = [];
            others.Add((same, e.RecordedAt));
        }
    }

    // What a form says anew is a report. It knows of nobody whom the same form brings.
    private void NoteSaid(Entry e)
    {
        var told = e.Type is Names.Registered or Names.Repeated && e.MergedFrom is null || e.Type == Names.Corrected;
        if (told && Told.Of(e, "").SaidToBeAlone && !(e.Type == Names.Corrected && PersonOf(e.Stream).Records.Any(record =>
            record.Forms.GetValueOrDefault(e.Id("registrationId")) is { SaidToBeAlone: true })))
        {
            RecordOf(e.Stream).SaidAlone.Add(e.Order);
            if (!knownAtReport.ContainsKey(e.Stream)) NoteReport(e);
        }
        if (e.Type is not (Names.Registered or Names.UnmergedFrom)) return;
        if (e.Is("childAlone")) RecordOf(e.Stream).SaidAlone.Add(e.Order);
        if (e.Is("childReported") && !knownAtReport.ContainsKey(e.Stream)) knownAtReport[e.Stream] = [];
    }

    // What counts of the first report is who was told of by then; of a later one, who was confirmed.
    private void NoteReport(Entry e)
    {
        var least = knownAtReport.ContainsKey(e.Stream) ? Standing.Confirmed : Standing.Declared;
        if (!knownAtReport.TryGetValue(e.Stream, out var known)) knownAtReport[e.Stream] = known = [];
        known.UnionWith(Named(PersonOf(e.Stream), least));
    }

    // Events from before standings were recorded were one officer's, and none of them is asked for a second one.
    private void AskTie(Entry e)
    {
        if (e.MergedFrom is not null || e.Type == Names.Guardian && e.Text("standing") != "confirmed") return;
        var (child, adult) = (PersonOf(e.Stream), e.Id("guardianId"));
        if (!child.IsChild(e.RecordedOn)) return;
        AskAdult(adult, e, "was confirmed to answer for a child");
        if (WhyTwo(child, adult, e) is { } why && !IsByTwo(e, adult)) Found("C.two",
            $"{adult} was confirmed to answer for {why} without a second protection officer", e);
    }

    private string? WhyTwo(Person child, Guid adult, Entry e)
    {
        var ties = child.Records.SelectMany(record => record.Ties).Where(tie => RootOf(tie.Guardian) == RootOf(adult)).ToList();
        if (ties.Exists(denied => IsDenial(denied, ties) && WasSame(denied.Guardian, adult, e)
            && !ties.Exists(tie => IsByTwo(tie) && tie.Order > denied.Order))
            || IsDeniedAsAnother(child, adult, e)) return "a child of whom they were denied";
        var reports = child.Records.Where(record => knownAtReport.ContainsKey(record.Id)).ToList();
        if (reports.Count > 0 && !ties.Exists(IsByTwo)
            && !reports.Exists(record => knownAtReport[record.Id].Any(known => RootOf(known) == RootOf(adult))))
            return "a child who had been reported alone before anybody told of them";
        // Who saw both settles what was only proposed; who names a guardian saw perhaps neither.
        return child.IsAloneStill || e.Type == Names.Guardian && !child.Records.Any(record => record.JoinedBeforeTies)
            && (child.Households.Count == 0 || Named(child, Standing.Declared).Count == 0) ? "a child who is alone" : null;
    }

    // Denied under a record that the adult was known by, or taken for: whoever parts the two makes them nobody else.
    private bool IsDeniedAsAnother(Person child, Guid adult, Entry e)
    {
        var others = PersonOf(adult).Records.SelectMany(record => takenFor.GetValueOrDefault(record.Id) ?? [])
            .Where(taken => taken.On <= e.RecordedAt - Moment).Select(taken => taken.Other).ToHashSet();
        var ties = child.Records.SelectMany(record => record.Ties).ToList();
        return ties.Exists(denied => others.Contains(denied.Guardian) && denied.Entry.RecordedAt <= e.RecordedAt - Moment
            && IsDenial(denied, ties.FindAll(tie => tie.Guardian == denied.Guardian))
            && !ties.Exists(tie => IsByTwo(tie) && tie.Order > denied.Order
                && (tie.Guardian == denied.Guardian || RootOf(tie.Guardian) == RootOf(adult))));
    }

    // Whom one protection officer alone makes a child's escort was not denied, and the child has nobody else.
    private void AskEscort(Guid escort, Entry e)
    {
        AskAdult(escort, e, "is to travel with a child");
        var (child, record) = (PersonOf(e.Stream), RecordOf(e.Stream));
        var ties = child.Records.SelectMany(one => one.Ties).Where(tie => tie.Guardian == escort).ToList();
        if (!e.Data.TryGetProperty("escortSeenAs", out _)) return;
        if (ties.Exists(denied => IsDenial(denied, ties) && !ties.Exists(tie => IsByTwo(tie) && tie.Order > denied.Order))
            || IsDeniedAsAnother(child, escort, e))
            Found("C.two", $"{escort} was made the escort of a child of whom they were denied", e);
        // A merge may have lowered what was told before; a registration that was taken off takes its tie along.
        if (!child.IsAloneStill && record.Ties.Exists(tie => tie.Standing >= Standing.Declared && tie.Order > LastMerge(e.Stream)
            && tie.Entry.IdOrNone("registrationId") is null && tie.Entry.RecordedAt <= e.RecordedAt - Moment
            && !record.Ties.Exists(later => later.Guardian == tie.Guardian && later.Standing == Standing.None && later.Order > tie.Order)))
            Found("C.not-alone", $"{escort} was made the escort of a child for whom somebody else answers", e);
    }

    // By the very record that was named, with no other one merged into it since.
    private bool IsWhomItNames(BestInterests decision) => decision is { SeenAs: null }
        || decision.Escort is { } escort && RootOf(escort) == escort && LastMerge(escort) < decision.Order;

    private static bool IsByTwo(Tie tie) => tie is { Standing: Standing.Confirmed, ByTwo: true };

    // What ended before it was told anew changes nothing; a refusal does, whatever time it is of.
    private static bool IsDenial(Tie tie, List<Tie> ties) => tie.Standing == Standing.None && (tie.Entry.Type == Names.TieRefused
        || !ties.Exists(other => other.Standing >= Standing.Declared && other.Order < tie.Order && other.At > tie.At));

    /// <summary>The adults who are told to answer for the child, by the records that were named.</summary>
    private static HashSet<Guid> Named(Person child, Standing least) => [.. child.Records.SelectMany(record =>
        record.Ties.Where(tie => tie.Standing >= least && !record.Ties.Exists(later => later.Guardian == tie.Guardian && later.IsOver(tie))))
        .Select(tie => tie.Guardian)];

    // Two accounts said so, each in an event of its own.
    private bool IsByTwo(Entry e, Guid adult) => e.Text("proposedBy") is { } first && !Names.SameAccount(first, e.Text("officer"))
        && RecordOf(e.Stream) is var record && record.Proposals.Exists(proposal => proposal.Guardian == adult
            && Names.SameAccount(proposal.Officer, first) && (e.User is null || !Names.SameAccount(proposal.Entry.User, e.User))
            && !record.Ties.Exists(tie => tie.Guardian == adult && tie.IsOver(proposal)));

    // Whoever decided may not have seen a merge of the adult's that was recorded within the same moment.
    private bool WasSame(Guid told, Guid adult, Entry e) => told == adult || PersonOf(adult).Records.All(record =>
            mergedOn.GetValueOrDefault(record.Id) <= e.RecordedAt - Moment);

    // Nobody acts for a child of whom nobody knows that they are an adult.
    private void AskAdult(Guid adult, Entry e, string what)
    {
        if (!IsSurelyAdult(adult, e)) Found("C.adult", $"{adult} {what}, and nobody knows that they are an adult", e);
    }

    // Or was so a moment before: whoever decided may not have seen what was taken off their record then.
    private bool IsSurelyAdult(Guid adult, Entry e) => PersonOf(adult) is var person
        && (person.IsSurelyAdult(e.RecordedOn) || person.Records.Any(record => record.Retold > e.RecordedAt - Moment));

    // Plans from before it was asked do not tell with whom a child goes on.
    private void AskCompanion(Person child, Entry planned, Entry e)
    {
        if (planned.Text("means") == "stay" || planned.IdOrNone("companionId") is not { } companion) return;
        var escorts = child.BestInterests is { MayDepart: true, Escort: { } escort } decided && RootOf(escort) == RootOf(companion)
            && IsWhomItNames(decided);
        if (!escorts && (child.IsAloneStill || !child.Guardians(Standing.Confirmed, RootOf, LastMerge).Contains(RootOf(companion))))
            Found("C.onward", $"a child went on with {companion}, who does not answer for them", e);
        else AskAdult(companion, e, "went on with a child");
    }

    private void AskSecondOfficer(Entry e)
    {
        if (!e.Is("agreed")) return;
        var asked = ageChanges.GetValueOrDefault(e.Id("changeId")).Officer;
        if (asked is null || Names.SameAccount(asked, e.Text("officer")) || asked.StartsWith("self:", StringComparison.Ordinal)) Found("C.age",
            "one officer made an adult of a child, or a child of an adult", e);
    }

    // A second officer agreed to a correction of this very registration.
    private bool IsAgreed(Entry e, Guid registration) => agreed.TryGetValue((e.Stream, e.Append), out var change)
        && ageChanges.GetValueOrDefault(change).Registration is var form && (form is null || form == registration);
}
