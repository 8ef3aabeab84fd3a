using System.Text.Json;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.Histories.Tests;

/// <summary>One request to be sent.</summary>
/// <param name="Door">What it asks for, by which it is counted.</param>
/// <param name="Account">Who sends it; null: anyone.</param>
/// <param name="Then">What the sender learns when it is accepted.</param>
internal sealed record Command(string Door, Service To, string Path, object? Body, string? Account, Action<JsonElement>? Then = null)
{
    public HttpMethod Method { get; init; } = HttpMethod.Post;
    public (string Text, string Type)? File { get; init; }
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];
}

/// <summary>
/// What people with accounts, with tokens and with neither do: mostly what they should, and often what they should not. Each
/// draws its own arguments; null: nothing of that kind can be asked yet.
/// </summary>
/// <param name="read">Reads as somebody; null where they are refused.</param>
/// <param name="has">Whether a service describes a door of that address.</param>
internal sealed class Doors(World world, Func<Service, string, string, Task<JsonElement?>> read, Func<Service, string, bool> has)
{
    private static readonly string[]
        Officers = ["officer-1", "officer-2", "officer-3"], Coordinators = ["coordinator-1", "coordinator-2"],
            Documents = ["document-1", "document-2"],
        Aid = ["aid-1", "aid-2"], Protection = ["protection-1", "protection-2"],
            Partners = ["partner-iom", "partner-iom-2", "partner-gov", "partner-gov-2"],
        Administrators = ["admin-1", "admin-2"], Staff = [.. Officers, .. Coordinators, .. Aid, .. Protection];

    private int codes;

    /// <summary>Each door with how often it is tried.</summary>
    public IReadOnlyList<(int Weight, Func<Draw, Task<Command?>> Make)> All => [.. new (int, Func<Draw, Command?>)[]
    {
        (40, draw => Register(draw, Unknown(draw) ?? world.Anybody(draw), again: draw.Chance(0.3))), (8, RegisterInPublic),
            (10, RegisterByPartner), (3, ImportFile), (2, UndoImport),
        (12, ChangeMine), (8, CheckInMine),
        (22, Merge), (10, Unmerge), (6, Dismiss),
        (60, Consent), (10, WithdrawConsent), (20, Share), (10, Unshare), (14, Fear), (14, WithdrawFear),
        (28, NameGuardian), (6, EndGuardian), (8, FoundHousehold), (16, JoinHousehold),
        (14, ReportAlone), (6, ArrangeCare), (3, EndCare), (8, EndAlone), (20, BestInterests),
        (16, CheckIn), (6, Sighting), (8, RaiseBarrier), (8, ResolveBarrier), (6, TracingWish), (4, Erase),
        (10, Schedule), (3, ImportTransports), (8, Change), (1, Cancel), (2, Promise), (3, Points), (2, Draft), (2, Publish), (2, WhatIf),
        (16, WalkUp), (8, StandBy), (4, StandDown), (5, FearAtGate), (5, WithdrawAtGate), (2, Seal), (5, Unseal), (2, CheckInAtGate),
            (3, Board), (1, NoShow),
        (1, Depart), (3, Arrive), (3, Reconcile), (2, Settle), (8, HandOver), (6, PlanOnward), (4, OnwardDone), (2, FormTeam),
        (12, Open), (14, Verify), (16, Approve), (16, Issue), (6, Revoke),
        (12, Fit), (5, Stock), (5, Allocate), (6, Reintegrate), (2, RegisterAgency),
    }.Select(door => (door.Item1, (Func<Draw, Task<Command?>>)(draw => Task.FromResult(door.Item2(draw))))),
        .. New.Where(door => has(door.To, door.Path)).Select(door => (door.Weight, door.Make)), (16, CorrectAsync),
            (10, LeaveHouseholdAsync), (20, AtGateAsync), (12, MergeFoundAsync), (16, AfterArrivalAsync), (8, SeparateAsync),
            (10, DeliverAsync), (12, AnswerReferralAsync), (10, CommitImportAsync)];

    // Doors that a house may not have yet.
    private (Service To, string Path, int Weight, Func<Draw, Task<Command?>> Make)[] New =>
    [
        (Service.EvacuationPlanning, "/assembly-points/{code}/country", 6, Told(draw =>
            draw.Pick(World.Points) is { } point
            ? new("tell a point's country", Service.EvacuationPlanning, $"/assembly-points/{point.Code}/country",
                new { country = draw.Chance(0.6) ? point.Country ?? "SDN" : draw.Pick("SAU", "EGY", "ETH", "QQQ"), reason = "Seen on a map." },
                draw.Pick([.. Officers, .. Coordinators])) : null)),
        (Service.EvacuationPlanning, "/assembly-points/{code}/country/confirmation", 6, Told(draw =>
            draw.Pick(World.Points) is { } point
            ? new("confirm a point's country", Service.EvacuationPlanning, $"/assembly-points/{point.Code}/country/confirmation",
                new { country = draw.Chance(0.6) ? point.Country ?? "SDN" : draw.Pick("SAU", "EGY", "ETH") },
                draw.Pick([.. Officers, .. Coordinators])) : null)),
        (Service.ConsularContact, "/crises/{crisisId}/countries", 3, Told(draw =>
            new("tell the crisis's countries", Service.ConsularContact, $"/crises/{world.Crisis}/countries",
            new { countries = new[] { draw.Pick("SDN", "SDN", "SDN", "SAU", "EGY") }, reason = "The front moved." }, draw.Pick(Officers)))),
        (Service.ConsularContact, "/crises/{crisisId}/countries/confirmation", 3, Told(draw =>
            new("confirm the crisis's countries", Service.ConsularContact, $"/crises/{world.Crisis}/countries/confirmation",
            new { countries = new[] { draw.Pick("SDN", "SDN", "SDN", "SDN", "SAU", "EGY") } }, draw.Pick(Officers)))),
        (Service.PartnerGateway, "/agencies/{code}/country", 3, Told(draw =>
            new("tell an agency's country", Service.PartnerGateway, $"/agencies/{draw.Pick("IOM", "GOVSAU")}/country",
            new { country = draw.Pick("SAU", "EGY", "none"), reason = "By their statutes." },
                draw.Pick(Administrators)) { Method = HttpMethod.Put })),
        (Service.ConsularContact, "/self-registrations/mine/evacuation-consent/withdrawal", 5, Told(draw =>
            world.Anybody(draw, soul => soul.Token is not null) is { } soul
            ? new("withdraw consent by token", Service.ConsularContact, "/self-registrations/mine/evacuation-consent/withdrawal", new { },
                null) { Headers = [("Tracking-Token", soul.Token!)] } : null)),
        (Service.ConsularContact, "/people/{personId}/proposals/{proposalId}/acceptance", 10, AnswerProposalAsync),
        (Service.ConsularContact, "/matches/decisions", 6, DecideMatchesAsync),
        (Service.ConsularContact, "/people/{personId}/guardians/{guardianId}/refusal", 5, Told(RefuseTie)),
        (Service.ConsularContact, "/households/{householdId}/confirmation", 20, ConfirmFamilyAsync),
        (Service.ConsularContact, "/people/{personId}/age-changes/{changeId}/answer", 10, Told(draw =>
            world.AnyAgeChange(draw) is var (person, change)
            ? new("answer an age change", Service.ConsularContact, $"/people/{person}/age-changes/{change}/answer",
                new { agreed = draw.Chance(0.7) }, draw.Pick([.. Officers, .. Protection])) : null)),
        (Service.EvacuationPlanning, "/transports/{transportId}/families", 3, Told(draw =>
            world.AnyRide(draw) is { } ride && world.AnyRecord(draw) is { } adult && world.AnyRecord(draw, soul =>
            soul.IsChild) is { } child
            ? FamilyAtGate(draw, ride.Id, [adult], [child]) : null)),
    ];

    private static Func<Draw, Task<Command?>> Told(Func<Draw, Command?> make) => draw => Task.FromResult(make(draw));

    private Command? RefuseTie(Draw draw) =>
        world.Anybody(draw, soul => soul.IsChild) is { } child
        && (child.Parent >= 0 && draw.Chance(0.7) ? world.Souls[child.Parent].Known?.Id : world.AnyRecord(draw)) is { } guardian
        ? new("refuse a tie", Service.ConsularContact, $"/people/{child.Known!.Id}/guardians/{guardian}/refusal",
            new { reason = "They do not know each other.", at = draw.At(world.Now) }, draw.Pick([.. Officers, .. Protection])) : null;

    // Those of a household, and often others with them.
    private async Task<Command?> ConfirmFamilyAsync(Draw draw)
    {
        if (world.Anybody(draw, soul => soul.IsChild && soul.Household is not null) is not { Known: { } child } soul
            || await read(Service.ConsularContact, "officer-1", $"/people/{child.Id}") is not { } person
            || person.GetProperty("households").EnumerateArray().Select(one =>
                (Guid?)one.GetGuid()).FirstOrDefault() is not { } household) return null;
        var adult = soul.Parent >= 0 && draw.Chance(0.7) ? world.Souls[soul.Parent].Known?.Id : world.AnyRecord(draw);
        return adult is null ? null : new("confirm a family", Service.ConsularContact, $"/households/{household}/confirmation",
            new { guardians = new[] { adult.Value }, children = new[] { child.Id }, grounds = draw.Pick("papers", "asked-both") },
            draw.Pick([.. Officers, .. Protection, .. Coordinators]));
    }

    public Command FamilyAtGate(Draw draw, Guid ride, IReadOnlyList<Guid> guardians, IReadOnlyList<Guid> children) =>
        new("confirm a family at the gate", Service.EvacuationPlanning, $"/transports/{ride}/families",
            new { guardians, children, grounds = draw.Pick("papers", "asked-both") }, draw.Pick(Coordinators));

    private async Task<Command?> AnswerProposalAsync(Draw draw)
    {
        if (world.AnyRecord(draw, soul => soul.Token is not null) is not { } person
            || await read(Service.ConsularContact, "officer-1", $"/people/{person}/proposals") is not { } list
            || list.GetProperty("items").EnumerateArray().ToArray() is not { Length: > 0 } proposals) return null;
        var (proposal, accepts) = (draw.Pick(proposals).GetProperty("proposalId").GetGuid(), draw.Chance(0.6));
        return new(accepts ? "accept a proposal" : "decline a proposal", Service.ConsularContact,
            $"/people/{person}/proposals/{proposal}/{(accepts ? "acceptance" : "decline")}", accepts ? new { }
            : new { reason = "Not theirs." }, draw.Pick(Officers));
    }

    private async Task<Command?> DecideMatchesAsync(Draw draw)
    {
        if (await read(Service.ConsularContact, "officer-1", "/matches?state=open&limit=20") is not { } list
            || list.GetProperty("items").EnumerateArray().ToArray() is not { Length: > 0 } pairs) return null;
        var pair = draw.Pick(pairs);
        return new("decide on matches", Service.ConsularContact, "/matches/decisions", new
        {
            decisions = new[] { new { personId = pair.GetProperty("personId").GetGuid(),
                otherPersonId = pair.GetProperty("otherPersonId").GetGuid(), decision = draw.Pick("same", "different"),
                reason = "The same passport." } },
        }, draw.Pick(Officers));
    }

    // Registering

    public Command? Register(Draw draw, Soul? soul, bool again = false)
    {
        if (soul is null) return null;
        var channel = draw.Pick("consulate", "consulate", "phone");
        var reference = again || soul.Reference is null ? $"R{Interlocked.Increment(ref codes)}" : soul.Reference;
        soul.Reference ??= reference;
        return new($"register: {channel}", Service.ConsularContact, "/people",
            new
            {
                crisisId = world.Crisis,
                reference,
                channel,
                registeredAt = draw.At(world.Now) ?? world.Now.AddMinutes(-1),
                registration = soul.Form(draw, lies: draw.Chance(again ? 0.5 : 0.05))
            },
            draw.Pick(Officers), answer => world.Registered(soul, answer));
    }

    private Soul? Unknown(Draw draw)
    {
        var from = draw.Number(world.Souls.Count);
        return Enumerable.Range(0, world.Souls.Count).Select(i => world.Souls[(from + i) % world.Souls.Count]).FirstOrDefault(soul =>
            soul.Known is null);
    }

    private Command? RegisterInPublic(Draw draw)
    {
        var soul = world.Souls[draw.Number(world.Souls.Count)];
        return new("register: public", Service.ConsularContact, "/self-registrations",
            new { crisisId = world.Crisis, registration = soul.Form(draw, lies: draw.Chance(0.4)) }, null,
            answer => soul.Token = answer.GetProperty("trackingToken").GetString())
        {
            // Sometimes as one of another's family.
            Headers = draw.Chance(0.3) && world.Anybody(draw, other => other.Token is not null) is { } other ? [("Tracking-Token", other.Token!)] : [],
        };
    }

    private Command? RegisterByPartner(Draw draw)
    {
        var soul = world.Souls[draw.Number(world.Souls.Count)];
        return new("register: partner", Service.ConsularContact, "/partner-registrations",
            new
            {
                crisisId = world.Crisis,
                reference = $"A{draw.Number(500)}",
                registeredAt = draw.At(world.Now) ?? world.Now.AddMinutes(-1),
                registration = soul.Form(draw, lies: draw.Chance(0.4))
            },
                draw.Pick(Partners));
    }

    private Command? ImportFile(Draw draw)
    {
        var rows = Enumerable.Range(0, 3).Select(_ => world.Souls[draw.Number(world.Souls.Count)]).Select(soul =>
            $"{world.Now.AddMinutes(-2):O},partner,F{draw.Number(300)},{soul.Family},{soul.Given},,{soul.Born},{soul.Nationality},,none,,{(draw.Chance(0.2) ? draw.Pick(World.Spellings) : "")},,{(draw.Chance(0.5) ? soul.Household : $"H{draw.Number(60)}")}");
        return new("register: file", Service.ConsularContact,
            $"/imports?crisis={world.Crisis}&sender={draw.Pick("embassy", "employer", "iom", "Agency iom", "SELF-SERVICE")}&vouched={(draw.Chance(0.5) ? "true" : "false")}&dryRun={(draw.Chance(0.3) ? "true" : "false")}",
            null, draw.Pick(Officers),
            answer => world.AddImport(answer.GetProperty("importId").GetGuid()))
        {
            File = ("registered_at,channel,reference,family_name,given_names,sex,date_of_birth,nationality,specific_needs,mobility,needs_now,"
                + "fear_of_return_to,share_with,household_ref\n" + string.Join('\n', rows) + "\n", "text/csv"),
        };
    }

    private async Task<Command?> CommitImportAsync(Draw draw)
    {
        if (world.AnyImport(draw) is not { } import
            || await read(Service.ConsularContact, "officer-1", $"/imports/{import}") is null) return null;
        return new("commit a file", Service.ConsularContact, $"/imports/{import}/commit", new { }, draw.Pick(Officers));
    }

    private Command? UndoImport(Draw draw) =>
        world.AnyImport(draw) is { } import
        ? new("undo a file", Service.ConsularContact, $"/imports/{import}/undo", new { reason = "Sent twice." }, draw.Pick(Officers))
        : null;

    private Command? ChangeMine(Draw draw)
    {
        var soul = world.Anybody(draw, soul => soul.Token is not null);
        return soul is null ? null : new("change mine", Service.ConsularContact, "/self-registrations/mine",
            new { registration = soul.Form(draw, lies: draw.Chance(0.7)) }, null)
        {
            Method = HttpMethod.Put,
            Headers = [("Tracking-Token", soul.Token!)],
        };
    }

    private Command? CheckInMine(Draw draw) => world.Anybody(draw, soul => soul.Token is not null) is { } soul
        ? new("check in by token", Service.ConsularContact, "/self-registrations/mine/check-in",
            new { state = draw.Pick("needs-help", "moving", "safe", "left"), place = "Port Sudan" },
            null)
        { Headers = [("Tracking-Token", soul.Token!)] } : null;

    private async Task<Command?> CorrectAsync(Draw draw)
    {
        if (world.Anybody(draw) is not { } soul
            || await read(Service.ConsularContact, "officer-1", $"/people/{soul.Known!.Id}") is not { } person) return null;
        var registration = draw.Pick(person.GetProperty("registrations").EnumerateArray().Select(one =>
            one.GetProperty("registrationId").GetGuid()).ToArray());
        return new("correct", Service.ConsularContact, $"/people/{soul.Known.Id}/registrations/{registration}",
            new { registration = soul.Form(draw, lies: draw.Chance(0.6)), reason = "Seen in the passport.", at = draw.At(world.Now) },
                draw.Pick(Officers),
            answer =>
            {
                if (answer.ValueKind == JsonValueKind.Object
                && answer.TryGetProperty("changeId", out var change)) world.AddAgeChange(soul.Known.Id, change.GetGuid());
            })
        {
            Method = HttpMethod.Put,
            Headers = [("If-Match", $"\"{person.GetProperty("version").GetInt64()}\"")],
        };
    }

    // Who is who

    private Command? Merge(Draw draw)
    {
        var pair = draw.Chance(0.8) ? world.Twice(draw) : world.AnyRecord(draw) is { } one && world.AnyRecord(draw) is { } other
            ? (one, other) : null;
        return pair is var (stays, duplicate)
            ? new("merge", Service.ConsularContact, $"/people/{stays}/merge",
                new { duplicateId = duplicate, reason = "The same passport.", at = draw.At(world.Now) }, draw.Pick(Officers), _ =>
                world.AddMerge(stays, duplicate)) : null;
    }

    private async Task<Command?> MergeFoundAsync(Draw draw)
    {
        if (await read(Service.ConsularContact, "officer-1", "/matches?state=open&limit=50") is not { } list
            || list.GetProperty("items").EnumerateArray().ToArray() is not { Length: > 0 } pairs) return null;
        var pair = draw.Pick(pairs);
        var (one, other) = (pair.GetProperty("personId").GetGuid(), pair.GetProperty("otherPersonId").GetGuid());
        var (stays, duplicate) = draw.Chance(0.5) ? (one, other) : (other, one);
        return new("merge", Service.ConsularContact, $"/people/{stays}/merge",
            new { duplicateId = duplicate, reason = "The same passport." }, draw.Pick(Officers), _ => world.AddMerge(stays, duplicate));
    }

    public Command Merge(Draw draw, Guid stays, Guid duplicate) =>
        new("merge", Service.ConsularContact, $"/people/{stays}/merge", new { duplicateId = duplicate, reason = "The same passport." },
            draw.Pick(Officers), _ => world.AddMerge(stays, duplicate));

    private Command? Unmerge(Draw draw) => world.AnyMerge(draw) is var (stays, duplicate)
        ? new("unmerge", Service.ConsularContact, $"/people/{stays}/unmerge",
            new { duplicateId = duplicate, reason = "Cousins.", at = draw.At(world.Now) }, draw.Pick(Officers)) : null;

    private async Task<Command?> SeparateAsync(Draw draw)
    {
        Soul? soul = null;
        Guid[] registrations = [];
        for (var tries = 0; tries < 8 && registrations.Length < 2; tries++)
            if ((soul = world.Anybody(draw)) is not null
                && await read(Service.ConsularContact, "officer-1", $"/people/{soul.Known!.Id}") is { } person)
                registrations = [.. person.GetProperty("registrations").EnumerateArray().Select(one =>
                    one.GetProperty("registrationId").GetGuid())];
        if (soul is null || registrations.Length == 0) return null;
        return new("separate a registration", Service.ConsularContact,
            $"/people/{soul.Known!.Id}/registrations/{registrations[^1]}/separation",
            new { reason = "Somebody else.", at = draw.At(world.Now) },
            draw.Pick(Officers), answer => world.Registered(soul, answer));
    }

    private Command? Dismiss(Draw draw) => world.AnyRecord(draw) is { } one && world.AnyRecord(draw) is { } other
        ? new("dismiss a match", Service.ConsularContact, $"/matches/{one}/{other}/dismissal",
            new { reason = "Two people.", at = draw.At(world.Now) }, draw.Pick(Officers)) : null;

    // What they want

    public Command? Consent(Draw draw) => world.Anybody(draw) is { } soul ? Consent(draw, soul, honest: draw.Chance(0.75)) : null;

    /// <param name="honest">Adults for themselves, children by their parent; otherwise whoever for whomever.</param>
    public Command? Consent(Draw draw, Soul soul, bool honest)
    {
        var id = draw.Chance(0.8) ? soul.Known!.Id : world.AnyRecord(draw, other => other == soul);
        var by = !honest ? world.AnyRecord(draw) : soul is { IsChild: true, Parent: >= 0 } && world.Souls[soul.Parent].Known is { } parent
            ? parent.Id : id;
        return new("consent to leave", Service.ConsularContact, $"/people/{id}/evacuation-consent", new { by, at = draw.At(world.Now) },
            draw.Pick(Officers));
    }

    private Command? WithdrawConsent(Draw draw) =>
        OnSomebody(draw, "withdraw consent", Service.ConsularContact, "evacuation-consent/withdrawal", new { at = draw.At(world.Now) },
        Officers);

    private Command? Share(Draw draw) =>
        OnSomebody(draw, "consent to share", Service.ConsularContact, "sharing-consent",
            new { agencies = new[] { draw.Pick("IOM", "GOVSAU", "UNICEF") }, at = draw.At(world.Now) }, Officers);

    private Command? Unshare(Draw draw) =>
        OnSomebody(draw, "withdraw sharing", Service.ConsularContact, "sharing-consent/withdrawal",
            new { agencies = new[] { draw.Pick("IOM", "GOVSAU", "UNICEF") }, at = draw.At(world.Now) }, Officers);

    private Command? Fear(Draw draw) =>
        OnSomebody(draw, "fear", Service.ConsularContact, "fears",
        new { countries = new[] { draw.Pick(World.Spellings) }, at = draw.At(world.Now) }, [.. Staff, .. Documents]);

    // Mostly of somebody who said so, and of what they said.
    private Command? WithdrawFear(Draw draw) => world.Anybody(draw, soul => soul.Fears.Length > 0 || draw.Chance(0.2)) is { Known: { } known } soul
        ? new("withdraw a fear", Service.HumanitarianAid, $"/people/{known.Id}/fears/withdrawal", new
        {
            countries = soul.Fears.Length > 0 && draw.Chance(0.8) ? soul.Fears : [draw.Pick(World.Feared)],
            counselled = draw.Chance(0.9),
            at = draw.At(world.Now)
        }, draw.Pick(Protection)) : null;

    private Command? FearAtGate(Draw draw) => OnSomebody(draw, "fear at the gate", Service.EvacuationPlanning, "gate/fears",
        new
        {
            countries = new[] { draw.Pick(World.Spellings) },
            at = draw.At(world.Now),
            othersTravelOn = draw.Chance(0.3),
            wishOf = draw.Chance(0.3) ? world.AnyRecord(draw) : null
        }, Staff);

    private Command? WithdrawAtGate(Draw draw) =>
        OnSomebody(draw, "withdraw consent at the gate", Service.EvacuationPlanning, "gate/consent-withdrawal",
        new { at = draw.At(world.Now), othersTravelOn = draw.Chance(0.3) }, Staff);

    // Families

    public Command? NameGuardian(Draw draw) =>
        world.Anybody(draw, soul => soul.IsChild) is { } child ? NameGuardian(draw, child, honest: draw.Chance(0.6)) : null;

    public Command? NameGuardian(Draw draw, Soul child, bool honest)
    {
        var guardianId = honest && child.Parent >= 0 && world.Souls[child.Parent].Known is { } parent ? parent.Id
            : world.AnyRecord(draw, soul => !soul.IsChild || draw.Chance(0.1));
        return guardianId is null ? null : new("name a guardian", Service.ConsularContact, $"/people/{child.Known!.Id}/guardians", new
        {
            guardianId,
            basis = honest ? "parent" : draw.Pick("parent", "legal", "customary"),
            grounds = draw.Chance(honest ? 0.8 : 0.5)
                ? draw.Pick("papers", "asked-both") : null,
            at = honest ? null : draw.At(world.Now),
        }, draw.Pick([.. Officers, .. Protection]));
    }

    private Command? EndGuardian(Draw draw) =>
        world.Anybody(draw, soul => soul.IsChild) is { } child
        && (child.Parent >= 0 ? world.Souls[child.Parent].Known?.Id : world.AnyRecord(draw)) is { } guardian
        ? new("end a guardianship", Service.ConsularContact, $"/people/{child.Known!.Id}/guardians/{guardian}/end",
            new { reason = "They parted.", at = draw.At(world.Now) }, draw.Pick(Protection)) : null;

    private Command? FoundHousehold(Draw draw) => world.AnyRecord(draw, soul => soul.Household is null || draw.Chance(0.1)) is { } head
        ? new("found a household", Service.ConsularContact, "/households", new { headId = head, at = draw.At(world.Now) },
            draw.Pick([.. Officers, .. Protection]), answer => world.AddHousehold(answer.GetProperty("householdId").GetGuid())) : null;

    private Command? JoinHousehold(Draw draw) => world.AnyHousehold(draw) is { } household && world.AnyRecord(draw) is { } person
        ? new("join a household", Service.ConsularContact, $"/households/{household}/members",
            new
            {
                personId = person,
                role = draw.Pick("spouse", "child", "relative", "head"),
                wishOf = draw.Chance(0.4)
                ? world.AnyRecord(draw) : null,
                at = draw.At(world.Now)
            }, draw.Pick([.. Officers, .. Protection])) : null;

    private async Task<Command?> LeaveHouseholdAsync(Draw draw)
    {
        if (world.Anybody(draw, soul => !soul.IsChild && soul.Household is not null) is not { Known: { } adult } soul
            || await read(Service.ConsularContact, "officer-1", $"/people/{adult.Id}") is not { } person
            || person.GetProperty("households").EnumerateArray().Select(one =>
                (Guid?)one.GetGuid()).FirstOrDefault() is not { } household) return null;
        var child = world.Souls.FirstOrDefault(other => other.Parent == soul.Number)?.Known?.Id;
        return new("leave a household", Service.ConsularContact, $"/households/{household}/departures",
            new
            {
                wishOf = draw.Chance(0.9) ? adult.Id : world.AnyRecord(draw),
                with = child is not null && draw.Chance(0.6)
                ? new[] { child.Value } : [],
                at = draw.At(world.Now)
            }, draw.Pick([.. Officers, .. Protection]));
    }

    private Command? ReportAlone(Draw draw) => OnSomebody(draw, "report a child alone", Service.ConsularContact, "separation",
        new { kind = draw.Pick("unaccompanied", "separated"), cause = draw.Pick("conflict", "not-known"), at = draw.At(world.Now) }, Staff,
            soul => soul.IsChild && (soul.Alone || draw.Chance(0.4)));

    private Command? ArrangeCare(Draw draw)
    {
        if (world.Anybody(draw, soul => soul.IsChild && (soul.Alone || draw.Chance(0.2))) is not { Known: { } child }) return null;
        return new("arrange care", Service.ConsularContact, $"/people/{child.Id}/separation/care",
            new
            {
                kind = draw.Pick("kin", "residential"),
                with = "The sisters at the hospital.",
                carerId = draw.Chance(0.5)
            ? world.AnyRecord(draw) : null
            },
            draw.Pick([.. Officers, .. Protection]), answer => world.AddCare(child.Id, answer.GetProperty("arrangementId").GetGuid()));
    }

    private Command? EndCare(Draw draw) => world.AnyCare(draw) is var (person, care)
        ? new("end care", Service.ConsularContact, $"/people/{person}/separation/care/{care}/end", new { },
            draw.Pick([.. Officers, .. Protection])) : null;

    private Command? EndAlone(Draw draw) => world.Anybody(draw, soul => soul.IsChild) is { } child
        ? new("end a separation", Service.ConsularContact, $"/people/{child.Known!.Id}/separation/end",
            new
            {
                outcome = draw.Pick("reunified", "guardian-appointed", "of-age", "reported-in-error"),
                with = child.Parent >= 0
                && draw.Chance(0.7) ? world.Souls[child.Parent].Known?.Id : world.AnyRecord(draw),
                at = draw.At(world.Now)
            },
            draw.Pick(Protection)) : null;

    private Command? BestInterests(Draw draw) => OnSomebody(draw, "best interests", Service.HumanitarianAid, "best-interests",
        new
        {
            mayDepart = draw.Chance(0.8),
            grounds = "Heard alone, in their language.",
            escortId = draw.Chance(0.9)
            ? world.AnyRecord(draw, soul => !soul.IsChild) : null,
            at = draw.At(world.Now)
        }, Protection,
        soul => soul.IsChild && (soul.Alone || draw.Chance(0.3)));

    // Where they are and what keeps them

    private Command? CheckIn(Draw draw) => OnSomebody(draw, "check in", Service.ConsularContact, "check-ins",
        new
        {
            state = draw.Pick("safe", "needs-help", "moving", "left"),
            source = draw.Pick("self", "family", "officer"),
            place = "Port Sudan",
            position = new { latitude = 19.6, longitude = 37.2 },
            at = draw.At(world.Now)
        }, Staff);

    private Command? Sighting(Draw draw) =>
        OnSomebody(draw, "sighting", Service.ConsularContact, "sightings",
        new { by = "A neighbour", place = "Port Sudan", at = draw.At(world.Now) }, Staff);

    private Command? RaiseBarrier(Draw draw)
    {
        if (world.AnyRecord(draw) is not { } person) return null;
        return new("raise a barrier", Service.ConsularContact, $"/people/{person}/exit-barriers",
            new { kind = draw.Pick("withheld-passport", "exit-permit", "employer", "debt", "checkpoint"), at = draw.At(world.Now) },
            draw.Pick([.. Officers, .. Coordinators, .. Protection]), answer =>
                world.AddBarrier(person, answer.GetProperty("barrierId").GetGuid()));
    }

    private Command? ResolveBarrier(Draw draw) => world.AnyBarrier(draw) is var (person, barrier)
        ? new("resolve a barrier", Service.ConsularContact, $"/people/{person}/exit-barriers/{barrier}/resolution",
            new { outcome = "Paid.", at = draw.Chance(0.8) ? null : draw.At(world.Now) }, draw.Pick([.. Officers, .. Coordinators])) : null;

    private Command? TracingWish(Draw draw) =>
        OnSomebody(draw, "tracing wish", Service.ConsularContact, "tracing-wish",
        new { wish = draw.Pick("anyone", "with-consent", "nobody"), at = draw.At(world.Now) }, [.. Officers, .. Protection]);

    private Command? Erase(Draw draw) =>
        OnSomebody(draw, "erase", Service.ConsularContact, "erasure", new { ground = "The person's wish.", at = draw.At(world.Now) },
        Administrators);

    // Transports and plans

    public Command? Schedule(Draw draw) => Schedule(draw, lies: draw.Chance(0.2));

    public Command? Schedule(Draw draw, bool lies, int? way = null)
    {
        (string From, string To)[] ways = [("PZU", "JED"), ("PZU", "CAI"), ("PZU", "ADD"), ("KRT", "PZU"), ("JED", "DEL"), ("ADD", "DEL"),
            ("CAI", "RUN"), ("JED", "HKH"), ("CAI", "PRN")];
        var (from, to) = way is { } told ? ways[told] : draw.Pick(ways);
        var country = World.Points.First(point => point.Code == to).Country;
        var (departs, code) = (world.Now.AddHours(1 + draw.Number(60)), $"T{Interlocked.Increment(ref codes)}");
        return new("schedule a transport", Service.EvacuationPlanning, "/transports", new
        {
            code,
            kind = draw.Pick("bus", "ship", "aircraft"),
            from,
            to,
            departsAt = departs.ToString("yyyy-MM-dd'T'HH:mm'Z'", System.Globalization.CultureInfo.InvariantCulture),
            arrivesAt = departs.AddHours(3).ToString("yyyy-MM-dd'T'HH:mm'Z'", System.Globalization.CultureInfo.InvariantCulture),
            seats = 4 + draw.Number(20),
            wheelchairSpaces = draw.Number(2),
            stretcherSpaces = 0,
            @operator = "UNHAS",
            destinationCountry = lies ? draw.Pick("ETH", "", "EGY", "SDN", "QQQ") : country,
        }, draw.Pick(Coordinators), answer => world.Add(new(answer.GetProperty("transportId").GetGuid(), code, to)));
    }

    private Command? ImportTransports(Draw draw)
    {
        var (departs, code) = (world.Now.AddHours(2 + draw.Number(40)), $"F{Interlocked.Increment(ref codes)}");
        return new("import transports", Service.EvacuationPlanning, "/transports/import", null, draw.Pick(Coordinators))
        {
            File = ($"code,kind,from,to,destination_country,departs_at,arrives_at,seats,wheelchair_spaces,stretcher_spaces,operator\n{code},ship,PZU,JED,{draw.Pick("SAU", "SAU", "EGY", "")},{departs:yyyy-MM-ddTHH:mm}Z,{departs.AddHours(5):yyyy-MM-ddTHH:mm}Z,12,1,0,navy\n", "text/csv"),
        };
    }

    private Command? Change(Draw draw)
    {
        if (world.AnyRide(draw, open: draw.Chance(0.8)) is not { } ride) return null;
        var point = draw.Pick(World.Points);
        object body = draw.Number(4) switch
        {
            0 => new { reason = "Another aircraft", seats = 1 + draw.Number(25) },
            1 => new
            {
                reason = "Late",
                departsAt = world.Now.AddHours(3 + draw.Number(30))
                .ToString("yyyy-MM-dd'T'HH:mm'Z'", System.Globalization.CultureInfo.InvariantCulture)
            },
            2 => new { reason = "Weather", to = point.Code, destinationCountry = point.Country ?? "" },
            _ => new { reason = "Weather", to = point.Code, destinationCountry = draw.Pick("ETH", "EGY", "", "SAU") },
        };
        return new("change a transport", Service.EvacuationPlanning, $"/transports/{ride.Id}/changes", body, draw.Pick(Coordinators));
    }

    private Command? Cancel(Draw draw) => OnRide(draw, "cancel a transport", "cancellation", new { reason = "No fuel" });

    private Command? Promise(Draw draw) =>
        OnRide(draw, "promise seats", "promises", new { to = draw.Pick("EGY", "Red Cross"), seats = draw.Number(4) });

    private Command? Points(Draw draw)
    {
        var (code, _, north, east) = draw.Pick(World.Points);
        return new("points", Service.EvacuationPlanning, "/assembly-points/import", null, draw.Pick(Coordinators))
        {
            File = (string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"code,name,latitude,longitude\n{(draw.Chance(0.3) ? $"X{draw.Number(20)}" : code)},{code},{north},{east}\n"), "text/csv"),
        };
    }

    // A plan says where the crisis is until the crisis does.
    private bool TellsWhere => !has(Service.ConsularContact, "/crises/{crisisId}/countries");

    public Command DraftHonestly(Draw draw) => new("draft a plan", Service.EvacuationPlanning, "/plans",
        new { crisisId = world.Crisis, crisisCountry = TellsWhere ? "SDN" : null, freezeMinutes = 0 }, draw.Pick(Coordinators), answer =>
            world.AddPlan(answer.GetProperty("planId").GetGuid()));

    public Command? Draft(Draw draw) => new("draft a plan", Service.EvacuationPlanning, "/plans",
        new
        {
            crisisId = world.Crisis,
            crisisCountry = TellsWhere ? draw.Chance(0.75) ? "SDN"
            : draw.Pick("SAU", "EGY", "ETH", "IND", "ZZZ") : draw.Chance(0.1) ? "SAU" : null,
            freezeMinutes = draw.Pick(0, 0, 120),
            moveHeld = draw.Chance(0.2),
            at = draw.Chance(0.8) ? null : draw.At(world.Now)
        },
        draw.Pick(Coordinators), answer => world.AddPlan(answer.GetProperty("planId").GetGuid()));

    public Command? Publish(Draw draw) =>
        world.AnyPlan(draw) is { } plan
        ? new("publish a plan", Service.EvacuationPlanning, $"/plans/{plan}/publication",
        new { at = draw.Chance(0.8) ? null : draw.At(world.Now) }, draw.Pick(Coordinators)) : null;

    private Command? WhatIf(Draw draw) => world.AnyRide(draw) is { } ride
        ? new("what if", Service.EvacuationPlanning, "/plans/what-if",
            new { crisisId = world.Crisis, crisisCountry = TellsWhere ? "SDN" : null, cancel = new[] { ride.Code } },
            draw.Pick(Coordinators)) : null;

    // The gate

    // Of those who hold a space on it.
    private async Task<Command?> AtGateAsync(Draw draw)
    {
        if (world.AnyRide(draw) is not { } ride
            || await read(Service.EvacuationPlanning, "coordinator-1", $"/transports/{ride.Id}/manifest") is not { } manifest
            || manifest.GetProperty("people").EnumerateArray().Select(line =>
                line.GetProperty("personId").GetGuid()).ToArray() is not { Length: > 0 } people) return null;
        var (door, path) = draw.Pick(("board", "boarding"), ("board", "boarding"), ("check in at the gate", "check-in"),
            ("no-show", "no-shows"), ("stand by", "standby"));
        return At(draw, ride.Id, draw.Pick(people), door, path);
    }

    private async Task<Command?> AfterArrivalAsync(Draw draw)
    {
        var (list, kind) = draw.Chance(0.5) ? ("/handovers?state=open&limit=50", "hand over") : ("/onward-plans?limit=50", "plan onward");
        if (await read(Service.EvacuationPlanning, "coordinator-1", list) is not { } open
            || open.GetProperty("items").EnumerateArray().ToArray() is not { Length: > 0 } arrived) return null;
        var person = draw.Pick(arrived).GetProperty("personId").GetGuid();
        return kind == "hand over" ? HandOver(draw, person) : draw.Chance(0.5) ? PlanOnward(draw, person) : OnwardDone(draw, person);
    }

    private Command? WalkUp(Draw draw) => AtGate(draw, "walk up", "walk-up");

    private Command? StandBy(Draw draw) => AtGate(draw, "stand by", "standby");

    private Command? StandDown(Draw draw) => world.AnyRide(draw) is { } ride && world.AnyRecord(draw) is { } person
        ? new("stand by no more", Service.EvacuationPlanning, $"/transports/{ride.Id}/standby/{person}", null,
            draw.Pick(Coordinators))
        { Method = HttpMethod.Delete } : null;

    private Command? CheckInAtGate(Draw draw) => AtGate(draw, "check in at the gate", "check-in");

    private Command? Board(Draw draw) => AtGate(draw, "board", "boarding");

    private Command? NoShow(Draw draw) => AtGate(draw, "no-show", "no-shows");

    private Command? AtGate(Draw draw, string door, string path) => world.AnyRide(draw) is { } ride && world.AnyRecord(draw) is { } person
        ? At(draw, ride.Id, person, door, path) : null;

    public Command At(Draw draw, Guid ride, Guid person, string door, string path) =>
        new(door, Service.EvacuationPlanning, $"/transports/{ride}/{path}",
            new
            {
                personId = person,
                at = draw.At(world.Now),
                othersTravelOn = draw.Chance(0.1),
                wishOf = draw.Chance(0.1)
            ? world.AnyRecord(draw) : null
            }, draw.Pick(Coordinators));

    private Command? Seal(Draw draw) => OnRide(draw, "seal", "manifest/seal", new { at = draw.At(world.Now) });

    private Command? Unseal(Draw draw) =>
        OnRide(draw, "unseal", "manifest/unseal",
        new { reason = draw.Pick("wrong-people", "capacity-changed", "departure-changed", "partner-asked"), at = draw.At(world.Now) });

    private Command? Depart(Draw draw) => world.AnyRide(draw) is { } ride ? Depart(draw, ride) : null;

    public Command Depart(Draw draw, Ride ride) =>
        new("depart", Service.EvacuationPlanning, $"/transports/{ride.Id}/departure",
        new { at = draw.Chance(0.8) ? null : draw.At(world.Now) }, draw.Pick(Coordinators), _ => ride.Departed = true);

    private Command? Arrive(Draw draw) => world.AnyRide(draw, open: false) is { } ride ? Arrive(draw, ride) : null;

    public Command Arrive(Draw draw, Ride ride) =>
        new("arrive", Service.EvacuationPlanning, $"/transports/{ride.Id}/arrival",
            new { count = draw.Chance(0.3), at = draw.Chance(0.8) ? null : draw.At(world.Now) }, draw.Pick(Coordinators));

    private Command? Reconcile(Draw draw)
    {
        if (world.AnyRide(draw, open: false) is not { } ride) return null;
        Guid[] some = [.. Enumerable.Range(0, 2).Select(_ => world.AnyRecord(draw)).OfType<Guid>()];
        return draw.Number(3) switch
        {
            0 => new("reconcile", Service.EvacuationPlanning, $"/transports/{ride.Id}/reconciliation", new { close = true },
                draw.Pick(Coordinators)),
            1 => new("reconcile", Service.EvacuationPlanning, $"/transports/{ride.Id}/reconciliation",
                new { present = some, missing = Array.Empty<Guid>(), at = draw.At(world.Now) }, draw.Pick(Coordinators)),
            _ => new("reconcile", Service.EvacuationPlanning, $"/transports/{ride.Id}/reconciliation",
                new { unexpected = new object[] { new { note = "A woman with a green scarf" } }, at = draw.At(world.Now) },
                draw.Pick(Coordinators)),
        };
    }

    public Command Count(Draw draw, Ride ride, IReadOnlyList<Guid> present, IReadOnlyList<Guid> missing, bool close) =>
        new("reconcile", Service.EvacuationPlanning, $"/transports/{ride.Id}/reconciliation", new { present, missing, close },
            draw.Pick(Coordinators));

    public Command Settle(Draw draw, Ride ride, Guid person) =>
        new("settle a count", Service.EvacuationPlanning, $"/transports/{ride.Id}/reconciliation/resolution",
            new { personId = person, outcome = draw.Pick("arrived", "not-aboard", "missing") }, draw.Pick(Coordinators));

    /// <summary>A child who was alone gets a guardian, and lives with them.</summary>
    public IEnumerable<Func<Command?>> Reunite(Draw draw)
    {
        var (child, adult) = (world.Anybody(draw, soul => soul.Alone)?.Known, world.Anybody(draw, soul =>
            soul is { IsChild: false, Household: null })?.Known);
        if (child is null || adult is null) yield break;
        Guid? household = null;
        yield return () => new("found a household", Service.ConsularContact, "/households", new { headId = adult.Id },
            draw.Pick(Protection), answer => household = answer.GetProperty("householdId").GetGuid());
        yield return () => new("report a child alone", Service.ConsularContact, $"/people/{child.Id}/separation",
            new { kind = "unaccompanied", cause = "conflict" }, draw.Pick(Protection));
        yield return () => new("arrange care", Service.ConsularContact, $"/people/{child.Id}/separation/care",
            new { kind = "kin", carerId = adult.Id }, draw.Pick(Protection),
            answer => world.AddCare(child.Id, answer.GetProperty("arrangementId").GetGuid()));
        yield return () => new("name a guardian", Service.ConsularContact, $"/people/{child.Id}/guardians",
            new { guardianId = adult.Id, basis = "customary" }, "protection-1");
        yield return () => new("name a guardian", Service.ConsularContact, $"/people/{child.Id}/guardians",
            new { guardianId = adult.Id, basis = "customary", grounds = "papers" }, draw.Pick([.. Officers, "protection-2", "protection-2", "protection-2"]));
        yield return () => household is null ? null
            : new("join a household", Service.ConsularContact, $"/households/{household}/members",
            new { personId = child.Id, role = "child", wishOf = adult.Id }, draw.Pick(Protection));
        yield return () => new("end a separation", Service.ConsularContact, $"/people/{child.Id}/separation/end",
            new { outcome = "guardian-appointed", with = adult.Id }, draw.Pick(Protection));
        yield return () => new("consent to leave", Service.ConsularContact, $"/people/{child.Id}/evacuation-consent",
            new { by = adult.Id }, draw.Pick(Officers));
        if (household is not null) world.AddHousehold(household.Value);
    }

    private Command? Settle(Draw draw) => world.AnyRide(draw, open: false) is { } ride && world.AnyRecord(draw) is { } person
        ? new("settle a count", Service.EvacuationPlanning, $"/transports/{ride.Id}/reconciliation/resolution",
            new { personId = person, outcome = draw.Pick("arrived", "not-aboard", "missing"), at = draw.At(world.Now) },
            draw.Pick(Coordinators)) : null;

    public Command? HandOver(Draw draw) => world.AnyRecord(draw) is { } person ? HandOver(draw, person) : null;

    public Command HandOver(Draw draw, Guid person)
    {
        var to = draw.Pick("state", "agency", "child-protection", "guardian", "self", "self");
        var protects = draw.Pick("SAU", "UNICEF", "IND");
        return new("hand over", Service.EvacuationPlanning, $"/people/{person}/handover", new
        {
            to,
            receiver = to switch
            {
                "state" => draw.Pick("SAU", "EGY", "ETH", "IND", "CHN"),
                "child-protection" => protects,
                "agency" => draw.Pick("IOM", "GOVSAU"),
                _ => null
            },
            receivedBy = to switch
            {
                "state" => "border-officer",
                "agency" => "agency-staff",
                "child-protection" => protects == "UNICEF" ? "agency-staff" : "child-protection-officer",
                "guardian" => "guardian",
                _ => "none"
            },
            guardianId = to == "guardian" ? world.AnyRecord(draw) : null,
            care = draw.Chance(0.3) ? new[] { "medical" } : [],
            vitalInterest = draw.Chance(0.1),
            at = draw.Chance(0.7) ? null : draw.At(world.Now),
        }, draw.Pick([.. Coordinators, .. Officers, .. Protection]));
    }

    private Command? PlanOnward(Draw draw) => world.AnyRecord(draw) is { } person ? PlanOnward(draw, person) : null;

    public Command PlanOnward(Draw draw, Guid person) => new("plan onward", Service.EvacuationPlanning, $"/people/{person}/onward",
        new
        {
            destination = draw.Pick("SAU", "EGY", "IND", "CHN", "HKG", "FRA"),
            means = draw.Pick("flight", "road", "stay"),
            on = "2100-01-01",
            responsible = "IOM",
            at = draw.Chance(0.7) ? null : draw.At(world.Now)
        },
            draw.Pick([.. Coordinators, .. Officers, .. Protection]));

    private Command? OnwardDone(Draw draw) => world.AnyRecord(draw) is { } person ? OnwardDone(draw, person) : null;

    public Command OnwardDone(Draw draw, Guid person) =>
        new("onward done", Service.EvacuationPlanning, $"/people/{person}/onward/done",
            new { outcome = draw.Pick("moved-on", "stays", "left-by-themselves") }, draw.Pick([.. Coordinators, .. Officers]));

    private Command? FormTeam(Draw draw) => new("form a team", Service.EvacuationPlanning, "/teams",
        new
        {
            name = $"Team {Interlocked.Increment(ref codes)}",
            peoplePerTrip = 8,
            tasksAtOnce = 3,
            skills = Array.Empty<string>(),
            members = new[] { draw.Pick(Aid) },
            assemblyPoint = "PZU"
        }, draw.Pick(Coordinators));

    // Documents

    private Command? Open(Draw draw) => world.Anybody(draw) is { } soul ? Open(draw, soul.Known!.Id) : null;

    public Command Open(Draw draw, Guid person) =>
        new("open an application", Service.TravelDocuments, $"/people/{person}/travel-documents",
        new { why = draw.Pick("none", "lost", "stolen", "damaged"), at = draw.At(world.Now) }, draw.Pick(Documents),
        answer => world.AddApplication(person, answer.GetProperty("applicationId").GetGuid()));

    private Command? Verify(Draw draw) =>
        OnApplication(draw, "verify an identity", "identity", new { evidence = "A copy of the old passport", at = draw.At(world.Now) });

    private Command? Approve(Draw draw) => OnApplication(draw, "approve a document", "approval",
        new
        {
            destination = draw.Pick("IND", "IND", "ETH", "SAU", "CHN", "HKG", "FRA", "REU", "QQQ"),
            transits = draw.Chance(0.3)
            ? new[] { draw.Pick("EGY", "SAU", "ETH") } : null,
            at = draw.At(world.Now)
        });

    private Command? Issue(Draw draw) =>
        OnApplication(draw, "issue a document", "issue", new { at = draw.Chance(0.8) ? null : draw.At(world.Now) });

    private Command? Revoke(Draw draw) =>
        OnApplication(draw, "revoke a document", "revocation",
        new { why = draw.Pick("used", "found", "lost", "issued-in-error"), at = draw.At(world.Now) });

    private Command? OnApplication(Draw draw, string door, string path, object body) =>
        world.AnyApplication(draw) is var (person, application)
        ? On(door, person, application, path, body, draw.Pick(Documents)) : null;

    public static Command On(string door, Guid person, Guid application, string path, object body, string officer) =>
        new(door, Service.TravelDocuments, $"/people/{person}/travel-documents/{application}/{path}", body, officer);

    // Aid and partners

    private Command? Fit(Draw draw) =>
        OnSomebody(draw, "fitness", Service.HumanitarianAid, "fit-to-travel",
        new { fit = draw.Chance(0.7), validUntil = draw.Chance(0.5) ? "2100-01-01" : null, at = draw.At(world.Now) },
        [.. Aid, .. Protection]);

    private Command? Stock(Draw draw) =>
        new("receive stock", Service.HumanitarianAid, "/stocks",
        new
        {
            place = "Quay 4",
            kind = draw.Pick("water", "food", "medical", "shelter"),
            quantity = 1 + draw.Number(30),
            at = draw.At(world.Now)
        }, draw.Pick(Aid));

    private Command? Allocate(Draw draw) =>
        new("allocate", Service.HumanitarianAid, "/allocations", new { at = draw.Chance(0.8) ? null : draw.At(world.Now) }, draw.Pick(Aid));

    private async Task<Command?> DeliverAsync(Draw draw)
    {
        if (await read(Service.HumanitarianAid, "aid-1", "/needs?state=allocated&limit=100") is not { } list
            || list.GetProperty("items").EnumerateArray().ToArray() is not { Length: > 0 } needs) return null;
        var need = draw.Pick(needs);
        return new("deliver", Service.HumanitarianAid,
            $"/people/{need.GetProperty("personId").GetGuid()}/needs/{need.GetProperty("needId").GetGuid()}/delivery",
            new { at = draw.At(world.Now) }, draw.Pick(Aid));
    }

    private Command? Reintegrate(Draw draw) => world.AnyRecord(draw) is { } person ? Reintegrate(draw, person) : null;

    public Command Reintegrate(Draw draw, Guid person) =>
        new("reintegration", Service.HumanitarianAid, $"/people/{person}/reintegration",
        new { agreed = draw.Chance(0.8), at = draw.Chance(0.5) ? null : draw.At(world.Now) }, draw.Pick([.. Aid, .. Protection]));

    private Command? RegisterAgency(Draw draw) =>
        new("register an agency", Service.PartnerGateway, "/agencies",
        new { code = $"A{draw.Number(9)}", name = "An agency", receives = new[] { "medical" } }, draw.Pick(Administrators));

    private async Task<Command?> AnswerReferralAsync(Draw draw)
    {
        var partner = draw.Pick(Partners);
        if (await read(Service.PartnerGateway, partner, "/referrals?limit=100") is not { } list
            || list.GetProperty("items").EnumerateArray().ToArray() is not { Length: > 0 } referrals) return null;
        var (referral, accepts) = (draw.Pick(referrals), draw.Chance(0.6));
        return new(accepts ? "accept a referral" : "decline a referral", Service.PartnerGateway,
            $"/referrals/{referral.GetProperty("personId").GetGuid()}/{referral.GetProperty("referralId").GetGuid()}/{(accepts ? "acceptance" : "decline")}", accepts ? new { } : new { reason = "No room." },
            draw.Chance(0.9) ? partner : draw.Pick(Partners));
    }

    private Command? OnSomebody(Draw draw, string door, Service service, string path, object body, string[] accounts, Func<Soul,
        bool>? who = null) =>
        world.AnyRecord(draw, who) is { } person ? new(door, service, $"/people/{person}/{path}", body, draw.Pick(accounts)) : null;

    private Command? OnRide(Draw draw, string door, string path, object body) =>
        world.AnyRide(draw) is { } ride
        ? new(door, Service.EvacuationPlanning, $"/transports/{ride.Id}/{path}", body, draw.Pick(Coordinators)) : null;
}
