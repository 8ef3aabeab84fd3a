using System.Security.Cryptography;
using System.Text;
using CrisisCoordination.ConsularContact.Households;
using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.ConsularContact.Matching;
using CrisisCoordination.ConsularContact.SelfService;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Npgsql;

namespace CrisisCoordination.ConsularContact;

/// <summary>A registration to take in.</summary>
/// <param name="RegistrationId">Its id; a new person gets <paramref name="NewPersonId"/>.</param>
internal sealed record NewRegistration(Guid RegistrationId, Guid NewPersonId, Guid CrisisId, string Sender, RegistrationForm Form)
{
    /// <summary>The post that takes it in, where it is known.</summary>
    public string? Post { get; init; }

    /// <summary>The file that it came with.</summary>
    public Guid? FileId { get; init; }

    /// <summary>The family that a token's holder adds somebody to.</summary>
    public Guid? Household { get; init; }

    /// <summary>When it came to us, where nobody of ours met the person and took the time.</summary>
    public DateTimeOffset? ReceivedAt { get; init; }

    /// <summary>The household that it names.</summary>
    public Guid? HouseholdId => Household ?? RegisterPerson.HouseholdOf(CrisisId, Sender, Form.Reference, Form.Registration);
}

/// <summary>What became of it.</summary>
/// <param name="Repeated">It was matched to a person known before.</param>
/// <param name="Known">This very registration (crisis, sender, reference) was taken in before.</param>
internal sealed record Taken(Guid PersonId, Guid RegistrationId, bool Repeated, bool Known)
{
    /// <summary>It looks like somebody else too, and an officer is asked.</summary>
    public bool Offered { get; init; }
}

/// <summary>
/// Takes registrations in, one or a file's worth: matches each with the people known (rule M) before it is stored, so that
/// no second person is ever made of a certain match. One intake matches at a time; two at once could each miss the other.
/// </summary>
internal sealed class RegisterPerson(TimelineStore store, CrisisService service) : IDisposable
{
    // Waits in this process, so that those who wait for the turn hold no connection that the one at work needs.
    private readonly SemaphoreSlim line = new(1);

    private sealed record Body(Guid CrisisId, string Reference, Channel Channel, DateTimeOffset RegisteredAt, Registration Registration);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/people", async Task<IResult> (Body body, HttpContext http, RegisterPerson intake, CancellationToken ct) =>
        {
            var told = new RegistrationForm(body.RegisteredAt, body.Channel, RegistrationRules.Text(body.Reference) ?? "", RegistrationRules.Normalise(body.Registration));
            if (told.Refuse(http, out var form) is { } refused) return refused.ToProblem();
            var ids = http.Ids();
            var (personId, registrationId) = (ids.Next(), ids.Next());
            var by = new By(http.User.Identity!.Name);
            var (refusal, taken) = await intake.TakeAsync([new(registrationId, personId, body.CrisisId, by.User!, form) { Post = Posts.Of(http.User) }], by, null, ct);
            return refusal is not null ? refusal.ToProblem()
                : TypedResults.Created($"/people/{taken[0].PersonId}", new { taken[0].PersonId, taken[0].RegistrationId, taken[0].Repeated });
        }).Allow(Roles.Officer).WithSummary("Register a person").WithDescription("Matched with earlier registrations before it answers; repeated says that the person was known.");

    public void Dispose() => line.Dispose();

    private static Refusal NothingStored { get; } = Refusal.Conflict("registration/dry-run", "Nothing was stored.");

    /// <summary>Takes them all in, in order, in one transaction with <paramref name="also"/>. Dry: finds out what would become of them, and stores nothing.</summary>
    public async Task<(Refusal? Refusal, IReadOnlyList<Taken> Taken)> TakeAsync(
        IReadOnlyList<NewRegistration> registrations, By by, Action<Work, IReadOnlyList<Taken>>? also, CancellationToken ct, bool dry = false)
    {
        await line.WaitAsync(ct);
        try
        {
            return await TakeInTurnAsync(registrations, by, also, dry, ct);
        }
        finally
        {
            line.Release();
        }
    }

    private async Task<(Refusal? Refusal, IReadOnlyList<Taken> Taken)> TakeInTurnAsync(
        IReadOnlyList<NewRegistration> registrations, By by, Action<Work, IReadOnlyList<Taken>>? also, bool dry, CancellationToken ct)
    {
        await using var turn = await store.Database.OpenConnectionAsync(ct);
        await using (var take = new NpgsqlCommand("select pg_advisory_lock(hashtextextended('consular_contact/intake', 0))", turn) { CommandTimeout = 60 })
            await take.ExecuteNonQueryAsync(ct);
        try
        {
            IReadOnlyList<Taken> taken = [];
            var outcome = await store.AttemptAsync(async work =>
            {
                taken = [];
                var crises = new Dictionary<Guid, Crisis>();
                foreach (var id in registrations.Select(r => r.CrisisId).Distinct())
                    if ((crises[id] = await work.LoadAsync<Crisis>(id)).Opened is null) return Crisis.Unknown;
                if (registrations.Select(r => EarliestTimes.Refuse(r.Form.RegisteredAt, crises[r.CrisisId].Opened!.At)).FirstOrDefault(refusal => refusal is not null) is { } untimely) return untimely;
                var known = await KnownAsync(registrations, ct);
                var identities = registrations.ToDictionary(r => r.RegistrationId, r => Identity.From(r.Form.Registration) with { Exercise = crises[r.CrisisId].IsExercise, ToldByAnyone = !Senders.IsPost(r.Sender) });
                var people = await CandidatesAsync(work, identities.Values, ct);
                var households = registrations.Select(r => r.HouseholdId).OfType<Guid>().ToHashSet();
                people.Live(await MembersAsync(households, ct));
                await people.LoadAsync(known.Values.Select(k => k.PersonId).Concat(people.AllMembers));
                await people.CountAsync(places => AtAsync(places, ct));
                taken = registrations.Select(registration =>
                {
                    if (known.TryGetValue((registration.CrisisId, registration.Sender, registration.Form.Reference), out var before)) return before;
                    var identity = identities[registration.RegistrationId];
                    if (!Senders.IsPost(registration.Sender)) registration = registration with { ReceivedAt = store.Time.GetUtcNow() };
                    foreach (var (id, events) in MergePeople.Automatic(people.Candidates(identity), people.Of, registration.Form.RegisteredAt, store.Time.GetUtcNow()))
                        people.Append(id, events);
                    var candidates = people.Candidates(identity);
                    var decided = Decide(candidates, people.Of, crises[registration.CrisisId], registration, by.User ?? registration.Sender);
                    people.Append(decided.PersonId, decided.Events);
                    foreach (var (id, fear) in SpreadClaims.Of(candidates, people.Of, registration, people.Of(decided.PersonId))) people.Append(id, [fear]);
                    foreach (var joined in decided.Events.OfType<HouseholdJoined>())
                        foreach (var (child, tie) in FamilyRegistered.Ties(people.Of(decided.PersonId), joined.HouseholdId, people.MembersOf(joined.HouseholdId), registration.RegistrationId, joined.At, store.Time.GetUtcNow()))
                            people.Append(child, [tie]);
                    var now = new Taken(decided.PersonId, registration.RegistrationId, decided.Repeated, false) { Offered = decided.Events.Any(e => e is PossibleMatchFound) };
                    known[(registration.CrisisId, registration.Sender, registration.Form.Reference)] = now with { Repeated = true, Known = true, Offered = false };
                    return now;
                }).ToList();
                if (dry) return NothingStored;
                also?.Invoke(work, taken);
                return null;
            }, by, ct);
            return (outcome.Refusal == NothingStored ? null : outcome.Refusal, taken);
        }
        finally
        {
            await using var give = new NpgsqlCommand("select pg_advisory_unlock(hashtextextended('consular_contact/intake', 0))", turn);
            try { await give.ExecuteNonQueryAsync(CancellationToken.None); }
            catch (NpgsqlException) { NpgsqlConnection.ClearPool(turn); }
        }
    }

    /// <summary>The decision: whose timeline, and which events.</summary>
    internal static (Guid PersonId, bool Repeated, IReadOnlyList<Event> Events) Decide(
        IReadOnlyList<Candidate> candidates, Func<Guid, Person> personOf, Crisis crisis, NewRegistration registration, string heardBy)
    {
        var (form, at) = (registration.Form.Registration, registration.Form.RegisteredAt);
        var match = candidates.FirstOrDefault(c => c.Verdict.Band == Band.Automatic);
        var person = match is null ? Person.Start(registration.NewPersonId) : personOf(match.PersonId);
        var events = new List<Event>
        {
            match is null
                ? new PersonRegistered(registration.RegistrationId, crisis.Id, registration.Form.Reference, registration.Form.Channel, crisis.Affects(form), form, at) { Sender = registration.Sender, Post = registration.Post, Exercise = crisis.IsExercise, ReceivedAt = registration.ReceivedAt }
                : new RegistrationRepeated(registration.RegistrationId, crisis.Id, registration.Form.Reference, registration.Form.Channel, crisis.Affects(form), Math.Round(match.Verdict.Bits, 2),
                    match.Verdict.Codes, form, at) { Sender = registration.Sender, Post = registration.Post, Exercise = crisis.IsExercise, ReceivedAt = registration.ReceivedAt },
        };
        events.AddRange(Facts(person, registration.HouseholdId, registration.Sender, registration.Post, form, heardBy, at, registration.FileId));
        events.AddRange(ReviewMatches.Offer(person, candidates, personOf, registration.RegistrationId, at));
        return (person.Id, match is not null, events);
    }

    /// <summary>What a form tells beyond who somebody is, as facts of their own.</summary>
    /// <param name="named">The household that it names.</param>
    internal static IEnumerable<Event> Facts(
        Person person, Guid? named, string sender, string? post, Registration form, string heardBy, DateTimeOffset at, Guid? fileId = null)
    {
        // Whoever is known in one household stays there; moving takes an adult's wish (rule F), not a second form.
        if (named is { } household && person.Households.IsEmpty && !person.Family.Left.Contains(household))
            yield return new HouseholdJoined(household, form.HouseholdRole, at)
            { Source = FamilyRegistered.SourceOf(sender, post), FileId = fileId, ToldBy = heardBy, Late = person.Registrations.Count > 0 };
        // Whoever writes themselves into their own form would have granted themselves the person's consent. An officer asks the person.
        var told = Senders.IsPost(sender) ? null : sender;
        if ((told is null || told == SelfRegistration.Sender)
            && form.ShareWith.Except([.. told is null ? person.Consents.Heard : person.SharesWith, sender], StringComparer.OrdinalIgnoreCase)
                .ToArray() is { Length: > 0 } agencies)
            yield return new SharingConsentGiven(agencies, at) { ToldBy = told };
        if (form.FearOfReturnTo.Except(person.Fears.Now).ToArray() is { Length: > 0 } countries) yield return new FearOfReturnStated(countries, heardBy, at) { Relayed = true };
    }

    /// <summary>The household that a registration names; see <see cref="HouseholdId"/>.</summary>
    /// <param name="registration">The reference of the registration.</param>
    internal static Guid? HouseholdOf(Guid crisisId, string sender, string registration, Registration form) =>
        form.HouseholdReference is { } household ? HouseholdId(crisisId, sender, household, registration) : null;

    /// <summary>
    /// The household that posts of a crisis call by that reference: every post that names it finds the same one. What each agency
    /// sends has households apart, and so has each form of the public page, or a stranger could join a family by its reference
    /// and hold all of it back.
    /// </summary>
    internal static Guid HouseholdId(Guid crisisId, string sender, string reference, string registration)
    {
        var apart = Senders.IsPost(sender) ? "" : sender == SelfRegistration.Sender ? $"{sender}/{registration}/" : $"{sender}/";
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData([.. crisisId.ToByteArray(), .. Encoding.UTF8.GetBytes(apart + reference.Trim().ToUpperInvariant())], hash);
        hash[6] = (byte)((hash[6] & 0x0f) | 0x80); // RFC 9562, version 8
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }

    private async Task<Dictionary<(Guid, string, string), Taken>> KnownAsync(IReadOnlyList<NewRegistration> registrations, CancellationToken ct)
    {
        await using var find = store.Database.CreateCommand($"""
            select r.crisis_id, r.sender, r.reference, r.stream_id, r.registration_id from {service.Schema}.reference r
            join unnest($1, $2, $3) as wanted(crisis_id, sender, reference) using (crisis_id, sender, reference)
            """);
        find.Parameters.Add(new() { Value = registrations.Select(r => r.CrisisId).ToArray() });
        find.Parameters.Add(new() { Value = registrations.Select(r => r.Sender).ToArray() });
        find.Parameters.Add(new() { Value = registrations.Select(r => r.Form.Reference).ToArray() });
        await using var reader = await find.ExecuteReaderAsync(ct);
        var known = new Dictionary<(Guid, string, string), Taken>();
        while (await reader.ReadAsync(ct))
            known[(reader.GetGuid(0), reader.GetString(1), reader.GetString(2))] = new Taken(reader.GetGuid(3), reader.GetGuid(4), Repeated: true, Known: true);
        return known;
    }

    private async Task<People> CandidatesAsync(Work work, IReadOnlyCollection<Identity> identities, CancellationToken ct)
    {
        var most = identities.SelectMany(Blocking.Keys).SelectMany(Blocking.Apart).Distinct()
            .ToDictionary(key => key, _ => Blocking.LargestBlock, StringComparer.Ordinal);
        foreach (var key in identities.SelectMany(Blocking.Counted).SelectMany(Blocking.Apart)) most[key] = Blocking.Few;
        await using var find = store.Database.CreateCommand($"""
            select k.key, block.stream_id from unnest($1, $2) as k (key, most)
            cross join lateral (select m.stream_id from {service.Schema}.match_key m where m.key = k.key limit k.most + 1) block
            """);
        find.Parameters.Add(new() { Value = most.Keys.ToArray() });
        find.Parameters.Add(new() { Value = most.Values.ToArray() });
        await using var reader = await find.ExecuteReaderAsync(ct);
        var found = new List<(string Key, Guid Id)>();
        while (await reader.ReadAsync(ct)) found.Add((reader.GetString(0), reader.GetGuid(1)));
        var blocks = found.GroupBy(f => f.Key, f => f.Id, StringComparer.Ordinal).ToDictionary(block => block.Key, block => block.ToArray(), StringComparer.Ordinal);
        return new(work, blocks.Where(block => block.Value.Length <= most[block.Key]).SelectMany(block => block.Value.Select(id => (block.Key, id))).ToLookup(f => f.Key, f => f.id),
            most.Keys.ToDictionary(key => key, key => blocks.GetValueOrDefault(key)?.Length ?? 0, StringComparer.Ordinal));
    }

    // Who belongs to these households already; more people than any family has share a reference that stands for something else.
    private async Task<ILookup<Guid, Guid>> MembersAsync(IReadOnlyCollection<Guid> households, CancellationToken ct)
    {
        if (households.Count == 0) return Array.Empty<(Guid Household, Guid Person)>().ToLookup(member => member.Household, member => member.Person);
        await using var find = store.Database.CreateCommand($"""
            select wanted.id, member.stream_id from unnest($1) as wanted (id)
            cross join lateral (select p.stream_id from {service.Schema}.person p where p.household_ids && array[wanted.id] limit {FamilyRegistered.Most + 1}) member
            """);
        find.Parameters.Add(new() { Value = households.ToArray() });
        await using var reader = await find.ExecuteReaderAsync(ct);
        var members = new List<(Guid Household, Guid Person)>();
        while (await reader.ReadAsync(ct)) members.Add((reader.GetGuid(0), reader.GetGuid(1)));
        return members.ToLookup(member => member.Household, member => member.Person);
    }

    // How many are at each place, counted no further than matters.
    private async Task<Dictionary<string, int>> AtAsync(string[] places, CancellationToken ct)
    {
        await using var count = store.Database.CreateCommand($"""
            select p.key, (select count(*)::int from (select from {service.Schema}.match_key m where m.key = p.key limit {Blocking.Few + 1}) few) from unnest($1) as p (key)
            """);
        count.Parameters.Add(new() { Value = places });
        await using var reader = await count.ExecuteReaderAsync(ct);
        var at = new Dictionary<string, int>(StringComparer.Ordinal);
        while (await reader.ReadAsync(ct)) at[reader.GetString(0)] = reader.GetInt32(1);
        return at;
    }

    /// <summary>The people a batch may touch: those found by key, and those that the batch itself adds.</summary>
    private sealed class People(Work work, ILookup<string, Guid> stored, Dictionary<string, int> counts)
    {
        private readonly Dictionary<Guid, Person> people = [];
        private readonly Dictionary<Guid, Identity[]> identities = [];
        private readonly Dictionary<string, HashSet<Guid>> added = [];
        private readonly Dictionary<Guid, HashSet<Guid>> members = [];

        public IEnumerable<Guid> AllMembers => members.Values.SelectMany(household => household);

        public void Live(ILookup<Guid, Guid> households)
        {
            foreach (var household in households) members[household.Key] = [.. household];
        }

        public IEnumerable<Person> MembersOf(Guid household) =>
            members.TryGetValue(household, out var all) && all.Count <= FamilyRegistered.Most ? all.Select(Of) : [];

        public async Task LoadAsync(IEnumerable<Guid> more)
        {
            var ids = stored.SelectMany(group => group).Concat(more).ToHashSet();
            await work.ReadAsync(ids);
            foreach (var id in ids) people[id] = await work.LoadAsync<Person>(id);
        }

        /// <summary>Counts who is at the candidates' places, which may be misspelt. The words that they have in common with the batch are counted already.</summary>
        public async Task CountAsync(Func<string[], Task<Dictionary<string, int>>> countAsync)
        {
            if (people.Keys.SelectMany(IdentitiesOf).Where(identity => identity.Place is not null).Select(identity => Blocking.In(identity.Exercise, Blocking.AtPlace(identity.Place!))).Distinct().Where(key => !counts.ContainsKey(key)).ToArray() is { Length: > 0 } places)
                foreach (var (place, count) in await countAsync(places)) counts[place] = count;
        }

        public Person Of(Guid id) => people[id];

        private bool IsRare(string key) => counts.GetValueOrDefault(key) + (added.GetValueOrDefault(key)?.Count ?? 0) <= Blocking.Few;

        public IReadOnlyList<Candidate> Candidates(Identity identity) => Matching.Candidates.Rank(identity, Blocking.Keys(identity).Concat(Blocking.Counted(identity).Where(IsRare)).SelectMany(Blocking.Apart)
            .SelectMany(key => stored[key].Concat(added.GetValueOrDefault(key) ?? [])).Distinct()
            .SelectMany(id => IdentitiesOf(id).Select(theirs => (id, theirs))), key => IsRare(Blocking.In(identity.Exercise, key)));

        // Made once: spelling a name out in every way it is compared is the dear part of matching.
        private Identity[] IdentitiesOf(Guid id) =>
            identities.TryGetValue(id, out var known) ? known : identities[id] = people[id].Exists ? [.. people[id].Identities] : [];

        public void Append(Guid id, IReadOnlyList<Event> events)
        {
            work.Append(id, Decision.Of(events));
            people[id] = events.Aggregate(people.GetValueOrDefault(id) ?? Person.Start(id), (person, e) => person.Apply(e));
            identities.Remove(id);
            foreach (var joined in events.OfType<HouseholdJoined>())
                if (members.TryGetValue(joined.HouseholdId, out var household)) household.Add(id); else members[joined.HouseholdId] = [id];
            foreach (var key in IdentitiesOf(id).SelectMany(Blocking.Stored))
                if (added.TryGetValue(key, out var ids)) ids.Add(id); else added[key] = [id];
        }
    }
}
