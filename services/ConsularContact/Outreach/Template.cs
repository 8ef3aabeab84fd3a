using System.Text.RegularExpressions;
using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Outreach;

/// <summary>
/// A message in several languages. What it can say of the person is their own reference and nothing else: others may read
/// their telephone.
/// </summary>
internal sealed partial record Template(Guid Id, OutreachTemplateWritten? Written) : IFold<Template>
{
    /// <summary>Everybody gets at least this.</summary>
    public const string English = "en";

    public const string Crisis = "crisis", Phone = "phone", Link = "link", Reference = "reference";

    public static string[] Placeholders { get; } = [Crisis, Phone, Link, Reference];

    public static Refusal Unknown => Refusal.NotFound("outreach/template-unknown", "There is no message template with this id. GET /outreach/templates lists them.");

    public static Template Start(Guid id) => new(id, null);

    public Template Apply(Event @event) => @event is OutreachTemplateWritten written ? this with { Written = written } : this;

    /// <summary>In the first of these languages that it has, English otherwise.</summary>
    public MessageText In(params IEnumerable<string?> languages) =>
        languages.Append(English).Select(language => Written!.Texts.FirstOrDefault(text => text.Language == language)).OfType<MessageText>().First();

    public bool Names(string placeholder) => Written!.Texts.Any(text => NamedIn(text).Contains(placeholder));

    public static IEnumerable<string> NamedIn(MessageText text) => Braces().Matches($"{text.Subject} {text.Text}").Select(match => match.Groups["name"].Value);

    public static string Fill(string text, Func<string, string> value) => Braces().Replace(text, match => value(match.Groups["name"].Value));

    public static IProjection ReadModel(string schema) => new Projection<Template>($"{schema}.outreach_template", 1,
        [("name", "text not null"), ("officer", "text not null"), ("at", "timestamptz not null"), ("sort", "text collate \"C\" not null")],
        template => template.Written is { } written ? [[written.Name, written.Officer, written.At.ToUniversalTime(), $"{written.At.UtcTicks:D19}{template.Id:N}"]] : [],
        [typeof(OutreachTemplateWritten)], "create unique index on {table} (sort)");

    [GeneratedRegex(@"\{(?<name>[^{}]*)\}", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Braces();
}
