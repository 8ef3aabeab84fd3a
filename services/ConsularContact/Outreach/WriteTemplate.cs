using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Npgsql;

namespace CrisisCoordination.ConsularContact.Outreach;

/// <summary>An officer writes a message for many. To change it write another: what people were told stays as it was.</summary>
internal sealed record WriteTemplate(string? Name, IReadOnlyList<MessageText> Texts, string Officer, DateTimeOffset At)
{
    private const int LongestName = 100, LongestSubject = 150, LongestText = 1000, MostTexts = 60;

    // About what stands there in the end, so that the price of a text is told before it is used.
    private static readonly Dictionary<string, string> Usual = new() { [Template.Crisis] = new('x', 20), [Template.Phone] = new('0', 15), [Template.Link] = new('x', 30), [Template.Reference] = new('0', 34) };

    private sealed record Body(string Name, IReadOnlyList<Told> Texts);

    private sealed record Told(string Language, string Text, string? Subject = null);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/outreach/templates", async Task<IResult> (Body body, HttpContext http, TimelineStore store, CancellationToken ct) =>
        {
            var (id, officer) = (http.Ids().Next(), http.User.Identity!.Name!);
            var command = new WriteTemplate(RegistrationRules.Text(body.Name), [.. body.Texts.OfType<Told>().Select(text => Normalise(new(text.Language, text.Subject, text.Text)))], officer, store.Time.GetUtcNow());
            var outcome = await store.DecideAsync<Template>(id, template => Decide(template, command), new By(officer), ct);
            return outcome.ToResult(http, () => TypedResults.Created("/outreach/templates", Show(id, command.Name!, command.Officer, command.At, command.Texts)));
        }).Allow(Roles.Officer).WithSummary("Write a message for many, in several languages")
          .WithDescription("texts: one for each language (ISO 639-1), English among them; subject is for e-mail. A text may hold {crisis}, {phone}, {link} and {reference}, and nothing else about the person. sms tells what it costs as a short message, with placeholders of usual length.");

        api.MapGet("/outreach/templates", async Task<IResult> (TimelineStore store, CrisisService service, CancellationToken ct, string? cursor = null, int? limit = null) =>
        {
            var page = await store.Database.PageAsync($"select sort, stream_id from {service.Schema}.outreach_template where true", "sort", cursor, limit, row => row.GetGuid(1), [], ct);
            var templates = (await store.ReadAsync([.. page.Items], ct)).Select(timeline => timeline.Fold<Template>());
            return TypedResults.Ok(new Page<object>([.. templates.Select(template => Show(template.Id, template.Written!.Name, template.Written.Officer, template.Written.At, template.Written.Texts))], page.Next));
        }).Allow(Roles.Officer, Roles.Coordinator, Roles.Auditor).WithSummary("The messages for many");
    }

    internal static Decision Decide(Template template, WriteTemplate command) =>
        command.Name is not { Length: <= LongestName } name ? Refusal.Invalid("outreach/template-name", $"Give the message a name of at most {LongestName} characters, for officers to choose it by.", "name")
        : command.Texts.Count is 0 or > MostTexts ? Refusal.Invalid("outreach/template-texts", $"Write the message in 1 to {MostTexts} languages.", "texts")
        : command.Texts.Any(text => !IsLanguage(text.Language)) ? Refusal.Invalid("outreach/template-language", "Name each text's language by its two letters, such as ar.", "texts.language")
        : command.Texts.GroupBy(text => text.Language).Any(same => same.Count() > 1) ? Refusal.Invalid("outreach/template-language-twice", "There are two texts in one language. Leave one out.", "texts.language")
        : command.Texts.All(text => text.Language != Template.English) ? Refusal.Invalid("outreach/template-english-missing", "Add a text in English (en): it goes to everybody whose language the message does not have.", "texts")
        : command.Texts.Any(text => text.Text.Length is 0 or > LongestText) ? Refusal.Invalid("outreach/template-text", $"A text has 1 to {LongestText} characters.", "texts.text")
        : command.Texts.Any(text => text.Subject is { } subject && (subject.Length > LongestSubject || subject.Any(char.IsControl))) ? Refusal.Invalid("outreach/template-subject", $"A subject is one line of at most {LongestSubject} characters.", "texts.subject")
        : command.Texts.SelectMany(Template.NamedIn).Except(Template.Placeholders).Any() || command.Texts.Any(HasLooseBrace)
            ? Refusal.Invalid("outreach/template-placeholder", $"A text may hold {string.Join(", ", Template.Placeholders.Select(known => $"{{{known}}}"))} and no other braces. Nothing else about a person belongs in a message that others may read.", "texts.text")
        : template.Written is not null ? Decision.Nothing
        : new OutreachTemplateWritten(name, command.Texts, command.Officer, command.At);

    internal static MessageText Normalise(MessageText text) => new((text.Language ?? "").Trim().ToLowerInvariant(), RegistrationRules.Text(text.Subject), RegistrationRules.Text(text.Text) ?? "");

    internal static bool IsLanguage(string language) => language.Length == 2 && language.All(char.IsAsciiLetterLower);

    private static bool HasLooseBrace(MessageText text) => Template.Fill($"{text.Subject} {text.Text}", _ => "").AsSpan().IndexOfAny('{', '}') >= 0;

    private static object Show(Guid id, string name, string officer, DateTimeOffset at, IReadOnlyList<MessageText> texts) => new
    {
        templateId = id,
        name,
        officer,
        at,
        texts = texts.Select(text => new { text.Language, text.Subject, text.Text, sms = Sms.Of(Template.Fill(text.Text, placeholder => Usual[placeholder])) }),
    };
}
