using System.Text.Json;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.AppHost.Run;

/// <summary>
/// Plays everybody's part in a crisis over the public interfaces. Each request has a key made of the step and whom it
/// concerns, so that a run that was cut off, or met a killed service, goes on where it was and ends the same.
/// </summary>
internal sealed class CrisisRun(Scenario scenario, Cast cast, Progress progress, CancellationToken ct)
{
    private const int AtOnce = 12;

    private readonly SortedDictionary<string, int> refusals = new(StringComparer.Ordinal);

    /// <summary>Runs the scenario unless its report is there already, shows the report, and says whether all its checks held.</summary>
    public static async Task<bool> CarryAsync(string folder, House house, LocalFolder local, CancellationToken ct)
    {
        var scenario = Scenario.Read(folder);
        using var wire = new Wire(house.Addresses);
        using var cast = Cast.Of(wire, scenario, house.Secrets, local);
        var report = Report.Find(local);
        if (report is not null && await IsKnownAsync(scenario, cast, ct))
            Console.WriteLine($"{scenario.Identifier} was run before; --fresh runs it anew. This is its report.");
        else
        {
            await Progress.ShowAsync(async progress =>
            {
                var started = TimeProvider.System.GetTimestamp();
                var run = new CrisisRun(scenario, cast, progress, ct);
                var import = await run.TellAsync();
                report = await Report.MakeAsync(scenario, cast, import, progress, started, ct);
                foreach (var (code, count) in run.refusals) progress.Say($"refused on the way: {code} {count}");
                if (wire.Retries > 0) progress.Say($"{wire.Retries} requests met a service that was down, and were sent again");
            });
            report!.Save(local);
        }
        report!.Show(cast.Accounts);
        return report.Holds;
    }

    private static async Task<bool> IsKnownAsync(Scenario scenario, Cast cast, CancellationToken ct)
    {
        try
        {
            await foreach (var crisis in cast.Officer.ListAsync(Service.ConsularContact, "/crises", ct))
                if (crisis.Text("identifier") == scenario.Identifier) return true;
        }
        catch (RunException)
        {
            // The officer has no account yet: nothing was run on these data.
        }
        return false;
    }

    private async Task<Import> TellAsync()
    {
        await progress.StepAsync("accounts and agencies", _ => cast.AppearAsync(scenario, ct));
        var crisis = await OpenAsync();
        Import import = null!;
        await progress.StepAsync("registrations", async step => import = await ImportAsync(crisis, step));
        Caseload cases = null!;
        await progress.StepAsync("people assessed", async step => cases = await Caseload.ReadAsync(cast, crisis, step, ct));
        await progress.StepAsync("lists at rest", SettleAsync);
        List<Transport> transports = [];
        await progress.StepAsync("transports", async step => transports = await EnterTransportsAsync(step));
        await progress.StepAsync("best interests", step => DecideBestInterestsAsync(cases, step));
        await progress.StepAsync("aid", step => BringAidAsync(cases, step));
        await progress.StepAsync("referrals", step => AnswerReferralsAsync(cases, step));
        await progress.StepAsync("families seen together", step => ConfirmFamiliesAsync(cases, step));
        await progress.StepAsync("consent", step => AskConsentAsync(cases, step));
        await progress.StepAsync("travel documents", step => IssueDocumentsAsync(cases, transports, step));
        await progress.StepAsync("plan", step => PlanAsync(crisis, step));
        await progress.StepAsync("field tasks", new Teams(scenario, cast, Refused, ct).RunAsync);
        var gate = new Gate(scenario, cast, cases, Refused, ct);
        await progress.StepAsync("boarding and arrival", step => gate.RunAsync(transports, step));
        return import;
    }

    private async Task<Guid> OpenAsync()
    {
        var opened = await cast.Officer.PostFileAsync(Service.ConsularContact, "/crises", scenario.Bytes("alert.cap.xml"), "application/xml", $"crisis/{scenario.Identifier}", ct);
        var crisis = opened.OrFail("The crisis").Id("crisisId");
        (await cast.Officer.PostAsync(Service.ConsularContact, $"/crises/{crisis}/countries", new { countries = scenario.Countries }, $"countries/{scenario.Identifier}", ct)).OrFail("The crisis's countries");
        return crisis;
    }

    private async Task<Import> ImportAsync(Guid crisis, Step step)
    {
        // The crisis cell answers for what the embassies and employers wrote down.
        var accepted = (await cast.Officer.PostFileAsync(Service.ConsularContact, $"/imports?crisis={crisis}&sender={Uri.EscapeDataString(scenario.Name)}&vouched=true",
            scenario.Bytes("registrations.csv"), "text/csv", $"import/{scenario.Identifier}", ct)).OrFail("The import").Id("importId");
        while (true)
        {
            var import = (await cast.Officer.GetAsync(Service.ConsularContact, $"/imports/{accepted}", ct)).OrFail("The import");
            step.IsAt(Number(import, "read"));
            if (import.Text("state") == "failed") throw new RunException($"The import failed: {import.Text("fault")}");
            if (import.Text("state") == "done") return new(Number(import, "read"), Number(import, "accepted"), Number(import, "known"), await RefusedAsync(accepted));
            await Task.Delay(300, ct);
        }
    }

    // A row may have several faults; it is counted once, by its first.
    private async Task<Dictionary<string, long>> RefusedAsync(Guid import)
    {
        var rows = new Dictionary<long, string>();
        await foreach (var refusal in cast.Officer.ListAsync(Service.ConsularContact, $"/imports/{import}/refusals", ct)) rows.TryAdd(Number(refusal, "row"), refusal.Text("code") ?? "");
        return rows.GroupBy(row => row.Value).OrderByDescending(reason => reason.Count()).ThenBy(reason => reason.Key, StringComparer.Ordinal).ToDictionary(reason => reason.Key, reason => (long)reason.Count());
    }

    // What the services do by themselves is done when their lists stay as they are.
    private async Task SettleAsync(Step step)
    {
        var (before, same) = ("", 0);
        while (same < 3)
        {
            var now = string.Join(' ',
                await CountAsync(cast.AidWorker, Service.HumanitarianAid, "/needs?state=open"),
                await CountAsync(cast.Verifier, Service.TravelDocuments, "/applications?state=opened"),
                await CountAsync(cast.ProtectionOfficer, Service.HumanitarianAid, "/children?awaiting=best-interests"),
                await CountAsync(cast.ProtectionOfficer, Service.HumanitarianAid, "/referrals?state=offered"));
            (same, before) = (now == before ? same + 1 : 0, now);
            step.IsAt(now.Split(' ').Sum(int.Parse));
            await Task.Delay(500, ct);
        }
    }

    private async Task<List<Transport>> EnterTransportsAsync(Step step)
    {
        var points = (await cast.Coordinator.PostFileAsync(Service.EvacuationPlanning, "/assembly-points/import", scenario.Bytes("assembly-points.csv"), "text/csv", $"points/{scenario.Identifier}", ct)).OrFail("The assembly points");
        foreach (var point in points.GetProperty("countryUnknown").EnumerateArray().Select(code => code.GetString()!))
            (await cast.Coordinator.PostAsync(Service.EvacuationPlanning, $"/assembly-points/{point}/country", new { country = scenario.CountryOf(point) }, $"point/{scenario.Identifier}/{point}", ct)).OrFail($"The country of {point}");
        // Where one account alone tells where a point lies, nobody who fears a state is taken: a second one sends the same list.
        var again = (await cast.SecondCoordinator.PostFileAsync(Service.EvacuationPlanning, "/assembly-points/import",
            scenario.Bytes("assembly-points.csv"), "text/csv", $"points-again/{scenario.Identifier}", ct)).OrFail("The assembly points, seen again");
        foreach (var point in again.GetProperty("countryToldByOne").EnumerateArray().Select(code => code.GetString()!))
            (await cast.SecondCoordinator.PostAsync(Service.EvacuationPlanning, $"/assembly-points/{point}/country/confirmation",
                new { country = scenario.CountryOf(point) }, $"point-again/{scenario.Identifier}/{point}", ct)).OrFail($"The country of {point}, seen again");
        (await cast.Coordinator.PostFileAsync(Service.EvacuationPlanning, "/transports/import", scenario.Bytes("transports.csv"), "text/csv", $"transports/{scenario.Identifier}", ct)).OrFail("The transports");
        var transports = new List<Transport>();
        await foreach (var transport in cast.Coordinator.ListAsync(Service.EvacuationPlanning, "/transports", ct)) transports.Add(Transport.Read(transport));
        step.IsAt(transports.Count);
        return transports;
    }

    private async Task DecideBestInterestsAsync(Caseload cases, Step step)
    {
        var at = scenario.Between(0.15);
        var waiting = new List<Guid>();
        await foreach (var child in cast.ProtectionOfficer.ListAsync(Service.HumanitarianAid, "/children?awaiting=best-interests", ct)) waiting.Add(child.Id("personId"));
        var free = cases.All.Where(adult => adult.Household is null && adult.Form.Mobility == Mobility.None && adult.Form.SpecificNeeds.Count == 0 && adult.Form.BirthDate is not null && !adult.IsChild(at)).ToList();
        foreach (var one in cases.All) free.RemoveAll(adult => adult.Id == one.Escort);
        step.Expect(waiting.Count);
        // One after the other, because each escort is one child's only.
        foreach (var child in waiting.Select(cases.Find).OfType<Case>().OrderBy(child => child.Reference, StringComparer.Ordinal))
        {
            var escort = free.Where(adult => adult.Form.Place == child.Form.Place && !adult.Fears.Contains(child.Nationality ?? ""))
                .OrderByDescending(adult => adult.Nationality == child.Nationality).ThenBy(adult => scenario.Chance("escort", child.Reference + adult.Reference)).FirstOrDefault();
            var may = escort is not null && scenario.Chance("best-interests", child.Reference) >= 0.06;
            var decided = await cast.ProtectionOfficer.PostAsync(Service.HumanitarianAid, $"/people/{child.Id}/best-interests", new
            {
                mayDepart = may,
                escortId = may ? escort!.Id : (Guid?)null,
                grounds = may ? "The child was heard, knows the escort and wishes to leave; tracing goes on from the place of arrival."
                    : escort is null ? "Nobody who could go with the child is registered in this place. Care is arranged here meanwhile." : "Relatives have been found near by; leaving now would part the child from them.",
                at,
            }, $"best-interests/{child.Id}", ct);
            if (!Accepted(decided)) continue;
            cases.Escorted(child.Id, may ? escort!.Id : null);
            if (may) free.Remove(escort!);
            step.Done();
        }
    }

    private async Task BringAidAsync(Caseload cases, Step step)
    {
        var kinds = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var state in (string[])["open", "allocated", "delivered"])
            await foreach (var need in cast.AidWorker.ListAsync(Service.HumanitarianAid, $"/needs?state={state}", ct))
                kinds[need.Text("kind")!] = kinds.GetValueOrDefault(need.Text("kind")!) + 1;
        // The lists follow the timelines; what was allocated may stand in them a little later.
        var expected = 0L;
        foreach (var (kind, count) in kinds)
        {
            Accepted(await cast.AidWorker.PostAsync(Service.HumanitarianAid, "/stocks",
                new { place = "Port Sudan", kind, quantity = (int)Math.Ceiling(count * 0.8), at = scenario.Between(0.1) }, $"stock/{kind}", ct));
            var allocation = await cast.AidWorker.PostAsync(Service.HumanitarianAid, "/allocations", new { kind, at = scenario.Between(0.12) }, $"allocation/{kind}", ct);
            if (Accepted(allocation)) expected += Number(allocation.Body, "allocated");
        }
        await ListedAsync(expected, cast.AidWorker, Service.HumanitarianAid, "/needs?state=allocated", "/needs?state=delivered");
        var allocated = new List<JsonElement>();
        await foreach (var need in cast.AidWorker.ListAsync(Service.HumanitarianAid, "/needs?state=allocated", ct)) allocated.Add(need);
        step.Expect(allocated.Count);
        await Parallel.ForEachAsync(allocated, Cancellable, async (need, ct) =>
        {
            var (person, id) = (need.Id("personId"), need.Id("needId"));
            var at = scenario.Between(0.2 + (0.5 * scenario.Chance("delivery", cases.ReferenceOf(person) + need.Text("kind"))));
            if (Accepted(await cast.AidWorker.PostAsync(Service.HumanitarianAid, $"/people/{person}/needs/{id}/delivery", new { at }, $"delivery/{id}", ct))) step.Done();
        });
    }

    private async Task IssueDocumentsAsync(Caseload cases, IReadOnlyList<Transport> transports, Step step)
    {
        var refuges = Transport.FirstRefuges(transports);
        (Actor Officer, string Part, Func<Case, object> Body)[] desks =
        [
            (cast.Verifier, "identity", _ => new { evidence = "Interview, photograph compared, and the register of nationals.", at = scenario.Between(0.6) }),
            (cast.Approver, "approval", Journey),
            (cast.Approver, "issue", _ => new { at = scenario.Between(0.7) }),
        ];
        // All at once and in whatever state, as they are after a run that was cut off: the lists follow the timelines, and one
        // read between two desks would not hold everybody.
        var applications = new List<(Guid Person, Guid Application)>();
        foreach (var state in (string[])["opened", "verified", "approved", "issued"])
            await foreach (var application in cast.Verifier.ListAsync(Service.TravelDocuments, $"/applications?state={state}", ct))
                applications.Add((application.Id("personId"), application.Id("applicationId")));
        step.Expect(applications.Count);
        foreach (var (officer, part, body) in desks)
        {
            step.IsAt(0);
            await Parallel.ForEachAsync(applications, Cancellable, async (application, ct) =>
            {
                if (cases.Find(application.Person) is not { } one) return;
                Accepted(await officer.PostAsync(Service.TravelDocuments, $"/people/{application.Person}/travel-documents/{application.Application}/{part}", body(one), $"{part}/{application.Application}", ct));
                step.Done();
            });
        }

        object Journey(Case one)
        {
            var open = refuges.Where(country => !one.Fears.Contains(country)).ToList();
            var destination = one.Nationality is { } home && !home.StartsWith("XX", StringComparison.Ordinal) && !one.Fears.Contains(home) ? home : open.FirstOrDefault() ?? one.Nationality;
            return new { destination, transits = open.Where(country => country != destination).ToList(), at = scenario.Between(0.65) };
        }
    }

    private async Task AnswerReferralsAsync(Caseload cases, Step step)
    {
        foreach (var (agency, partner) in cast.Partners)
        {
            var offered = new List<JsonElement>();
            await foreach (var referral in partner.ListAsync(Service.PartnerGateway, "/referrals", ct)) offered.Add(referral);
            await Parallel.ForEachAsync(offered, Cancellable, async (referral, ct) =>
            {
                var (person, id) = (referral.Id("personId"), referral.Id("referralId"));
                var accepts = scenario.Chance($"referral/{agency}", cases.ReferenceOf(person)) >= 0.12;
                if (Accepted(await partner.PostAsync(Service.PartnerGateway, $"/referrals/{person}/{id}/{(accepts ? "acceptance" : "decline")}",
                    accepts ? new { at = scenario.Between(0.55) } : new { reason = "No team in this place before the departure.", at = scenario.Between(0.55) }, $"referral/{id}", ct))) step.Done();
            });
        }
    }

    // The officer calls each family to the desk, asks the adults whose age nobody wrote down, and looks at its papers. A colleague
    // sees those whom the officer brought together on record. Of children who are alone a protection officer decides.
    private async Task ConfirmFamiliesAsync(Caseload cases, Step step)
    {
        var at = scenario.Between(0.57);
        var households = cases.All.Select(one => one.Household).OfType<Guid>().Distinct().ToList();
        step.Expect(households.Count);
        await Parallel.ForEachAsync(households.Index(), Cancellable, async (entry, ct) =>
        {
            var (officer, colleague) = entry.Index % 2 == 0 ? (cast.Officer, cast.SecondOfficer) : (cast.SecondOfficer, cast.Officer);
            var household = (await officer.GetAsync(Service.ConsularContact, $"/households/{entry.Item}", ct)).OrFail("Reading a household");
            var members = household.Items("members").ToLookup(
                // As they were then: the scenario lies in the past.
                member => member.GetProperty("isChild").GetBoolean() || cases.Find(member.Id("personId"))?.IsChild(at) == true, member => member.Id("personId"));
            var children = members[true].Where(child => cases.Find(child)?.Form.SpecificNeeds.Contains("SC") != true).ToList();
            if (children.Count > 0 && members[false].Any())
            {
                foreach (var adult in household.Items("members").Where(member => members[false].Contains(member.Id("personId")) && !member.GetProperty("ageKnown").GetBoolean()))
                    Accepted(await officer.RecordBirthDateAsync(adult.Id("personId"), "1985", "Asked at the desk; no paper says it.", ct));
                var seen = new { guardians = members[false], children, grounds = "papers", at };
                var answer = await officer.PostAsync(Service.ConsularContact, $"/households/{entry.Item}/confirmation", seen, $"family/{entry.Item}", ct);
                Accepted(answer.Code == "guardian/another-officer-needed"
                    ? await colleague.PostAsync(Service.ConsularContact, $"/households/{entry.Item}/confirmation", seen, $"family/{entry.Item}/colleague", ct) : answer);
            }
            step.Done();
        });
    }

    private async Task AskConsentAsync(Caseload cases, Step step)
    {
        var at = scenario.Between(0.58);
        var guardians = cases.All.Where(one => one.Household is not null && !one.IsChild(at) && Consents(one)).GroupBy(one => one.Household!.Value).ToDictionary(group => group.Key, group => group.First().Id);
        step.Expect(cases.All.Count);
        await Parallel.ForEachAsync(cases.All.Index(), Cancellable, async (entry, ct) =>
        {
            var one = entry.Item;
            Guid? by = !one.IsChild(at) ? Consents(one) ? one.Id : null
                : one.Escort is { } escort ? cases.Find(escort) is { } adult && Consents(adult) ? escort : null
                : !one.Form.SpecificNeeds.Contains("SC") && one.Household is { } household && guardians.TryGetValue(household, out var guardian) ? guardian : null;
            // The scenario lies in the past: who has come of age since speaks for themselves, and today.
            if (by is not null && !one.IsChild(TimeProvider.System.GetUtcNow())) by = one.Id;
            DateTimeOffset? asked = by == one.Id && one.IsChild(at) ? null : at;
            var officer = entry.Index % 2 == 0 ? cast.Officer : cast.SecondOfficer;
            if (by is { } given)
                Accepted(await officer.PostAsync(Service.ConsularContact, $"/people/{one.Id}/evacuation-consent",
                    new { by = given, at = asked }, $"consent/{one.Id}", ct));
            step.Done();
        });

        bool Consents(Case adult) => scenario.Chance("consent", adult.Reference) >= 0.03;
    }

    private async Task PlanAsync(Guid crisis, Step step)
    {
        var at = scenario.Between(0.85);
        var draft = (await cast.Coordinator.PostAsync(Service.EvacuationPlanning, "/plans", new { crisisId = crisis, notBefore = at, at }, $"plan/{scenario.Identifier}", ct)).OrFail("The plan");
        var plan = (await cast.Coordinator.PostAsync(Service.EvacuationPlanning, $"/plans/{draft.Id("planId")}/publication", new { at }, $"publication/{scenario.Identifier}", ct)).OrFail("Publishing the plan");
        step.Expect(Number(plan, "people"));
        step.IsAt(Number(plan, "seated"));
    }

    private async Task ListedAsync(long count, Actor actor, Service service, params string[] lists)
    {
        for (var tries = 0; tries < 240; tries++)
        {
            var listed = 0L;
            foreach (var list in lists) listed += await CountAsync(actor, service, list);
            if (listed >= count) return;
            await Task.Delay(250, ct);
        }
    }

    private async Task<int> CountAsync(Actor actor, Service service, string path)
    {
        var count = 0;
        await foreach (var _ in actor.ListAsync(service, path, ct)) count++;
        return count;
    }

    private ParallelOptions Cancellable => new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct };

    private bool Accepted(Answer answer)
    {
        if (!answer.Done) Refused(answer.Code);
        return answer.Done;
    }

    private void Refused(string code)
    {
        lock (refusals) refusals[code] = refusals.GetValueOrDefault(code) + 1;
    }

    internal static long Number(JsonElement element, string member) => element.TryGetProperty(member, out var value) && value.TryGetInt64(out var number) ? number : 0;
}
