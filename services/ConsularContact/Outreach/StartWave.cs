using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.ConsularContact.Outreach.Sending;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Outreach;

/// <summary>An officer starts a wave to everybody of the post who matches, or looks first whom it would reach.</summary>
internal sealed record StartWave(
    Guid CrisisId, Guid TemplateId, OutreachFilter Filter, IReadOnlyList<string>? Channels, string? Language, string? Phone, string? Link,
    bool Urgent, bool AwaitsAnswer, IReadOnlyList<string>? Posts, string Officer, DateTimeOffset At)
{
    private const int LongestPhone = 30, LongestLink = 200;

    private sealed record Body(
        Guid CrisisId, Guid TemplateId, OutreachFilter? Filter = null, IReadOnlyList<string>? Channels = null, string? Language = null, string? Phone = null, string? Link = null,
        bool Urgent = false, bool AwaitsAnswer = true);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/outreach/waves", async Task<IResult> (Body body, HttpContext http, TimelineStore store, Providers providers, CancellationToken ct) =>
        {
            var id = http.Ids().Next();
            var command = Read(body, http, store.Time.GetUtcNow());
            var outcome = await store.AttemptAsync(async work => work.Append(id,
                Decide(await work.LoadAsync<Wave>(id), await work.LoadAsync<Crisis>(command.CrisisId), await work.LoadAsync<Template>(command.TemplateId), providers.Ways, command)), new By(command.Officer), ct);
            return outcome.ToResult(http, () => TypedResults.Created($"/outreach/waves/{id}", new { waveId = id }));
        }).Allow(Roles.Officer).WithSummary("Start a wave: write to everybody who matches")
          .WithDescription("""
            filter: inAffectedArea, centre with radiusKilometres, nationalities, needs, states, notReachedForHours, notWrittenToForHours, unconfirmed, personId; what is left out asks for nothing, and people who have left are written to only if states names them. channels: sms, email, voice, call; all that are set up when left out.
            Each person is written to on the first way that is safe for them, at a time that is safe for them; whoever does not answer is tried the next way, and visited in the end. awaitsAnswer: false stops after one message. urgent: shorter pauses, and no waiting for other waves.
            A crisis that is an exercise or a test writes to files only.
            """);

        api.MapPost("/outreach/waves/preview", async Task<IResult> (Body body, HttpContext http, TimelineStore store, Providers providers, Candidates candidates, CancellationToken ct) =>
        {
            var command = Read(body, http, store.Time.GetUtcNow());
            var (crisis, template) = ((await store.LoadAsync<Crisis>(command.CrisisId, ct: ct)).State, (await store.LoadAsync<Template>(command.TemplateId, ct: ct)).State);
            var decided = Decide(Wave.Start(default), crisis, template, providers.Ways, command);
            if (decided.Refusal is { } refusal) return refusal.ToProblem();
            var wave = (OutreachWaveStarted)decided.Events[0];
            var found = new List<Reachable>();
            await foreach (var person in candidates.OfAsync(wave, crisis, null, command.At, ct)) found.Add(person);
            return TypedResults.Ok(Preview(found, wave, crisis, template));
        }).Allow(Roles.Officer).WithSummary("Whom a wave would reach, by way and language").WithDescription("Takes what POST /outreach/waves takes, and starts nothing. A moment behind what was recorded last.");
    }

    internal static Decision Decide(Wave wave, Crisis crisis, Template template, Func<bool, IReadOnlyList<string>> waysOf, StartWave command)
    {
        if (wave.Started is not null) return Decision.Nothing;
        if (crisis.Opened is null) return Crisis.Unknown;
        if (template.Written is null) return Template.Unknown;
        if (Outreach.Filter.Fault(command.Filter) is { } fault) return fault;
        if (command.Channels?.Except(Outreach.Channels.All).Any() == true) return Refusal.Invalid("outreach/channel-unknown", $"The channels are {string.Join(", ", Outreach.Channels.All)}.", "channels");
        if (command.Language is { } language && !WriteTemplate.IsLanguage(language)) return Refusal.Invalid("outreach/language", "Name the language by its two letters, such as ar, or leave it out.", "language");
        if (command.Phone is { } phone && (phone.Length > LongestPhone || phone.Any(c => !char.IsAsciiDigit(c) && c is not ('+' or ' ' or '-' or '(' or ')')))) return Refusal.Invalid("outreach/phone", $"Write the number to call back with digits, at most {LongestPhone} characters.", "phone");
        if (command.Link is { } link && (link.Length > LongestLink || !Uri.TryCreate(link, UriKind.Absolute, out var uri) || uri.Scheme != "https" || link.Any(c => c is <= ' ' or > '~')))
            return Refusal.Invalid("outreach/link", $"The link is a full address that begins with https, of at most {LongestLink} characters.", "link");
        if (command.Phone is null && template.Names(Template.Phone)) return Refusal.Invalid("outreach/phone-missing", "The message names {phone}. Say which number to call back.", "phone");
        if (command.Link is null && template.Names(Template.Link)) return Refusal.Invalid("outreach/link-missing", "The message names {link}. Say where it leads.", "link");
        var ways = waysOf(crisis.IsExercise).Where(way => command.Channels is not { Count: > 0 } wished || wished.Contains(way)).ToArray();
        if (ways.Length == 0)
            return Refusal.Conflict("outreach/no-channel",
                "None of these channels is set up here; for a crisis that is not actual, messages are only written to files (Outreach:Folder). Ask the administrator, or choose others.");
        return new OutreachWaveStarted(crisis.Id, template.Id, command.Filter, ways, command.Language, command.Phone, command.Link, command.Urgent, command.AwaitsAnswer, crisis.IsExercise, command.Posts, command.Officer, command.At);
    }

    internal static object Preview(IReadOnlyList<Reachable> found, OutreachWaveStarted wave, Crisis crisis, Template template)
    {
        var written = found.Where(person => !person.Detained).ToLookup(person => wave.Channels.OrderBy(way => Array.IndexOf(Outreach.Channels.All, way)).FirstOrDefault(person.Ways.Contains));
        return new
        {
            people = found.Count,
            detained = found.Count(person => person.Detained),
            noSafeWay = written[null].Count(),
            byChannel = written.Where(way => way.Key is not null).OrderBy(way => way.Key).ToDictionary(way => way.Key!, way => way.Count()),
            byLanguage = written.SelectMany(way => way).GroupBy(person => template.In(person.Language, wave.Language).Language).OrderBy(language => language.Key).Select(language =>
            {
                var text = Composed.TextOf(template.In(language.Key), wave, crisis, new string('0', 34));
                return new { language = language.Key, people = language.Count(), text, sms = Sms.Of(text) };
            }),
            exercise = wave.Exercise,
        };
    }

    private static StartWave Read(Body body, HttpContext http, DateTimeOffset now) => new(
        body.CrisisId, body.TemplateId, Outreach.Filter.Normalise(body.Filter ?? new()), body.Channels is { Count: > 0 } channels ? [.. channels.Select(way => way?.Trim().ToLowerInvariant() ?? "").Distinct()] : null,
        RegistrationRules.Text(body.Language)?.ToLowerInvariant(), RegistrationRules.Text(body.Phone), RegistrationRules.Text(body.Link), body.Urgent, body.AwaitsAnswer,
        ConsularContact.Posts.FindsAll(http.User) ? null : ConsularContact.Posts.Found(http.User), http.User.Identity!.Name!, now);
}
