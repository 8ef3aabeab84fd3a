using CrisisCoordination.Contracts;

namespace CrisisCoordination.ConsularContact.Outreach.Sending;

/// <summary>A message as it goes out. It exists while it is sent and stands nowhere else.</summary>
/// <param name="Key">The attempt; a provider that gets it twice sends it once.</param>
/// <param name="ValidUntil">After this it must not be delivered any more: the safe time is over.</param>
internal sealed record Composed(Guid Key, string Channel, string Address, string Language, string Subject, string Text, DateTimeOffset? ValidUntil)
{
    /// <summary>Made from the timeline at the moment of sending; null when there is no address any more.</summary>
    public static Composed? Of(Addressee person, Attempt attempt, Template template, OutreachWaveStarted wave, Crisis crisis, DateTimeOffset now)
    {
        if (person.AddressFor(attempt.Channel) is not { } address) return null;
        var text = template.In(person.Language, wave.Language);
        return new(attempt.Id, attempt.Channel, address, text.Language, Filled(text.Subject ?? "{crisis}", wave, crisis, person.Reference), TextOf(text, wave, crisis, person.Reference), person.Safe.Until(now));
    }

    public static string TextOf(MessageText text, OutreachWaveStarted wave, Crisis crisis, string reference) => Filled(text.Text, wave, crisis, reference);

    private static string Filled(string text, OutreachWaveStarted wave, Crisis crisis, string reference) => Template.Fill(text, placeholder => placeholder switch
    {
        Template.Crisis => crisis.Name,
        Template.Phone => wave.Phone ?? "",
        Template.Link => wave.Link ?? "",
        _ => reference,
    });
}
