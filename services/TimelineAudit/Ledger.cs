namespace CrisisCoordination.TimelineAudit;

/// <summary>What the scenario's own files say; a fear written there counts whether or not it reached a timeline.</summary>
internal sealed record FromFiles(IReadOnlyDictionary<string, string> CountryOfTransport, IReadOnlyDictionary<string, HashSet<string>> Fears)
{
    public static FromFiles None { get; } = new(new Dictionary<string, string>(), new Dictionary<string, HashSet<string>>());

    /// <summary>Times in a scenario are true, so that what was told late must have been known from when it was.</summary>
    public bool TimesAreTrue { get; init; }
}

/// <summary>
/// Replays a whole export in the order in which it was recorded, and asks at each event whether the rules allowed it, by all
/// that the house knew before it.
/// </summary>
internal sealed partial class Ledger
{
    // A rule about several timelines rests on them as they were a moment before: what was recorded within it is nobody's fault.
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(5);

    private readonly Dictionary<Guid, Life> lives = [];
    private readonly Dictionary<Guid, HashSet<Guid>> duplicates = [];
    private readonly Dictionary<Guid, long> mergedAt = [];
    private readonly Dictionary<Guid, DateTimeOffset> mergedOn = [];
    private readonly Dictionary<Guid, Voyage> voyages = [];
    private readonly Dictionary<Guid, string> agencies = [];
    private readonly Dictionary<string, string> countryOfAgency = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> agencyOfUser = [];
    private readonly Places places = new();
    private readonly FromFiles files;
    private readonly List<Breach> breaches = [];
    private readonly HashSet<(Guid Person, Guid Thing)> sent = [];
    private readonly HashSet<(Guid Stream, ulong Append)> unmerged = [];
    private readonly Dictionary<(Guid Stream, ulong Append), Guid> agreed = [];

    // Consents that were a breach when they were recorded: whoever boards on them is no second one.
    private readonly HashSet<long> unsound = [];
    private readonly Dictionary<Guid, (string Officer, Guid? Registration)> ageChanges = [];
    private readonly HashSet<Guid> agreedForms = [];
    private Entry? last;

    private Ledger(FromFiles files) => this.files = files;

    /// <summary>Everybody's records.</summary>
    public IReadOnlyCollection<Life> Lives => [.. lives.Values.Where(life => life.IsPerson)];

    public IReadOnlyList<Breach> Breaches => breaches;

    public int Events { get; private set; }

    /// <param name="lines">Timelines, one a line, in any order: people's and, where the export has them, those that they share.</param>
    /// <param name="files">The scenario's files, where there is one.</param>
    public static Ledger Read(IEnumerable<string> lines, FromFiles? files = null)
    {
        var (ledger, entries) = (new Ledger(files ?? FromFiles.None), Entry.ReadAll(lines));
        foreach (var entry in entries)
            if (entry.Type == Names.AgeSettled && entry.Is("agreed")) ledger.agreed[(entry.Stream, entry.Append)] = entry.Id("changeId");
            else if (entry.Type == Names.UnmergedFrom) ledger.unmerged.Add((entry.Stream, entry.Append));
        foreach (var entry in entries)
        {
            ledger.Ask(entry);
            ledger.Apply(entry);
            ledger.AskAfter(entry);
            ledger.Events++;
        }
        ledger.AskAtTheEnd();
        return ledger;
    }

    private void Apply(Entry e)
    {
        last = e;
        if (e.Type == Names.ChildAlone) NoteReport(e);
        NoteSaid(e);
        NoteOther(e);
        RecordOf(e.Stream).Apply(e);
        if (e.Type == Names.MergedInto)
        {
            Duplicates(e.Id("personId")).Add(e.Stream);
            (mergedAt[e.Stream], mergedOn[e.Stream]) = (e.Order, e.RecordedAt);
        }
        if (e.Type == Names.UnmergedFrom) Duplicates(e.Id("personId")).Remove(e.Stream);
        if (e.Type == Names.AgeProposed) ageChanges[e.Id("changeId")] = (e.Text("officer") ?? "", e.IdOrNone("registrationId"));
        if (e.Type == Names.AgeSettled && e.Is("agreed") && ageChanges.GetValueOrDefault(e.Id("changeId")).Registration is { } form) agreedForms.Add(form);
        if (e.Type == Names.Scheduled) voyages.TryAdd(e.Stream, new(e.Stream));
        if (voyages.TryGetValue(e.Stream, out var voyage)) voyage.Apply(e);
        places.Apply(e);
        if (e.Type == Names.Agency) agencies[e.Stream] = e.Text("code")!;
        if (agencies.TryGetValue(e.Stream, out var agency) && Names.CountryTold.Contains(e.Type))
            if (e.Text("country") is { } country) countryOfAgency[agency] = country;
            else countryOfAgency.Remove(agency);
        // An officer who sends an agency's list in does so for a post, or for none.
        if (AgencyThatSent(e) is { } sender && e.User is not null && e.Text("post") == "self-service") agencyOfUser[e.User] = sender;
    }

    // However it is written: an agency's name is no post's in capitals, or without the word before it.
    private string? AgencyThatSent(Entry e) =>
        e.Type is not (Names.Registered or Names.Repeated) || e.MergedFrom is not null || e.Text("sender")?.Trim() is not { } sender ? null
        : sender.StartsWith("agency ", StringComparison.OrdinalIgnoreCase) ? sender["agency ".Length..].Trim()
        : agencies.Values.Contains(sender, StringComparer.OrdinalIgnoreCase) ? sender : null;

    private Life RecordOf(Guid id) => lives.TryGetValue(id, out var life) ? life : lives[id] = new(id);

    private HashSet<Guid> Duplicates(Guid id) => duplicates.TryGetValue(id, out var of) ? of : duplicates[id] = [];

    /// <summary>The record that stands for this one.</summary>
    private Guid RootOf(Guid id)
    {
        for (var steps = 0; steps < 100 && lives.GetValueOrDefault(id)?.MergedInto is { } into; steps++) id = into;
        return id;
    }

    /// <summary>When a record was last merged into this one, of those that are so still; 0 where none is.</summary>
    private long LastMerge(Guid id) => (duplicates.GetValueOrDefault(id) ?? []).Select(duplicate => mergedAt.GetValueOrDefault(duplicate)).DefaultIfEmpty().Max();

    private Person PersonOf(Guid id)
    {
        var root = RootOf(id);
        var records = new List<Life> { RecordOf(root) };
        for (var i = 0; i < records.Count; i++)
            foreach (var duplicate in duplicates.GetValueOrDefault(records[i].Id) ?? [])
                if (!records.Exists(known => known.Id == duplicate)) records.Add(RecordOf(duplicate));
        return new(records[0], records);
    }

    private void Found(string code, string what, Entry at) => breaches.Add(new(code, what, at.Stream, at.Version));
}
