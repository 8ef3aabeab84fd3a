using System.Collections.Concurrent;
using System.Text.Json;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.AppHost.Run;

/// <summary>What an officer learns about a person by reading the file.</summary>
internal sealed record Case(Guid Id, string Reference, Registration Form, Guid? Household, IReadOnlySet<string> Fears, Guid? Escort, bool BestInterestsDecided, bool Settled)
{
    public string? Nationality => Form.Nationality;

    /// <summary>With no birth date the household's word counts.</summary>
    public bool IsChild(DateTimeOffset on) => Form.BirthDate is { } born ? born.IsChildOn(DateOnly.FromDateTime(on.UtcDateTime)) : Form.HouseholdRole == "child";

    /// <summary>From the events of a timeline as the services answer it.</summary>
    public static Case Read(JsonElement timeline)
    {
        var references = new SortedSet<string>(StringComparer.Ordinal);
        var forms = new List<Registration>();
        var fears = new HashSet<string>();
        Guid? household = null, escort = null;
        var (assessed, opened, decided) = (false, false, false);
        foreach (var e in timeline.Items("events"))
        {
            var data = e.GetProperty("data");
            switch (e.Text("type"))
            {
                case "person_registered" or "registration_repeated" or "registration_corrected":
                    if (data.Text("reference") is { } reference) references.Add(reference);
                    if (data.TryGetProperty("form", out var form) && form.Deserialize<Registration>(Wire.Json) is { } told) forms.Add(told);
                    break;
                case "household_joined":
                    household = data.IdOrNone("householdId");
                    break;
                case "fear_of_return_stated":
                    fears.UnionWith(data.Texts("countries"));
                    break;
                case "best_interests_decided":
                    (decided, escort) = (true, data.IdOrNone("escortId"));
                    break;
                case "needs_assessed":
                    assessed = true;
                    break;
                case "travel_document_application_opened":
                    opened = true;
                    break;
            }
        }
        if (forms.Count == 0) throw new RunException($"The timeline of {timeline.Text("personId")} holds no registration.");
        fears.UnionWith(forms.SelectMany(form => form.FearOfReturnTo));
        var needsDocument = forms.TrueForAll(form => form.Document is null || form.Document.Status != DocumentStatus.Valid);
        // Merged registrations differ; what only one of them tells is taken from that one.
        var latest = forms[^1] with
        {
            Nationality = forms.FindLast(form => form.Nationality is not null)?.Nationality,
            Place = forms.FindLast(form => form.Place is not null)?.Place,
            SpecificNeeds = [.. forms.SelectMany(form => form.SpecificNeeds).Distinct()],
        };
        return new(Guid.Parse(timeline.Text("personId")!), references.Min ?? "", latest, household, fears, escort, decided, assessed && (opened || !needsDocument));
    }
}

/// <summary>All who registered in the crisis, in the order of their references.</summary>
internal sealed class Caseload
{
    private const int AtOnce = 200;

    private readonly Dictionary<Guid, Case> byId;
    private readonly Dictionary<Guid, string> households;

    public Caseload(IEnumerable<Case> cases)
    {
        byId = cases.ToDictionary(one => one.Id);
        households = byId.Values.Where(one => one.Household is not null).GroupBy(one => one.Household!.Value)
            .ToDictionary(group => group.Key, group => group.Min(one => one.Reference)!);
    }

    public IReadOnlyList<Case> All => [.. byId.Values.OrderBy(one => one.Reference, StringComparer.Ordinal)];

    public Case? Find(Guid id) => byId.GetValueOrDefault(id);

    public string ReferenceOf(Guid id) => Find(id)?.Reference ?? id.ToString();

    public void Escorted(Guid child, Guid? by) => byId[child] = byId[child] with { Escort = by, BestInterestsDecided = true };

    /// <summary>Those who travel together go by one name: the household's, the escort's, or their own.</summary>
    public string GroupOf(Case one) =>
        one.Escort is { } escort && Find(escort) is { } adult && adult.Id != one.Id ? GroupOf(adult)
        : one.Household is { } household ? households[household] : one.Reference;

    /// <summary>Reads every file, and again those on which the services have not decided yet.</summary>
    public static async Task<Caseload> ReadAsync(Cast cast, Guid crisis, Step step, CancellationToken ct)
    {
        var people = new List<Guid>();
        await foreach (var person in cast.Officer.ListAsync(Service.ConsularContact, $"/people?crisis={crisis}", ct)) people.Add(person.Id("personId"));
        step.Expect(people.Count);
        var read = new ConcurrentDictionary<Guid, Case>();
        // The services decide in the order in which people registered, so the first of the line tell how far they are.
        var (left, quiet) = (people.Order().ToList(), 0);
        while (left.Count > 0)
        {
            var settled = 0;
            await Parallel.ForEachAsync(left.Take(AtOnce).Index(), new ParallelOptions { MaxDegreeOfParallelism = 12, CancellationToken = ct }, async (entry, ct) =>
            {
                var officer = entry.Index % 2 == 0 ? cast.Officer : cast.SecondOfficer;
                var one = Case.Read((await officer.GetAsync(Service.ConsularContact, $"/people/{entry.Item}/timeline", ct)).OrFail("Reading a timeline"));
                read[entry.Item] = one;
                if (one.Settled) Interlocked.Increment(ref settled);
            });
            step.Done(settled);
            quiet = settled > 0 ? 0 : quiet + 1;
            // A service that is down comes back within this time; a few who never settle must not stop the others.
            var asTheyAre = quiet == 120 ? left.Take(AtOnce).ToHashSet() : [];
            left = [.. left.Where(id => !asTheyAre.Contains(id) && !(read.TryGetValue(id, out var one) && one.Settled))];
            if (settled < AtOnce / 2 && left.Count > 0) await Task.Delay(500, ct);
        }
        return new(read.Values);
    }
}
