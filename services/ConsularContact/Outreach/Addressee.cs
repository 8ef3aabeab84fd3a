using System.Net.Mail;
using CrisisCoordination.ConsularContact.Detention;
using CrisisCoordination.ConsularContact.SelfService;
using CrisisCoordination.ConsularContact.Whereabouts;
using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Outreach;

/// <summary>
/// How a person can safely be reached, and what was tried. Whatever any form of theirs calls unsafe stays unsafe: a second
/// form under their name may come from whom they fear, and must not open a way that they closed.
/// </summary>
internal sealed record Addressee(Guid Id) : IFold<Addressee>
{
    public const string NotKnown = "not-known";

    private Person Person { get; init; } = Person.Start(Id);
    private Detainee Detainee { get; init; } = Detainee.Start(Id);
    private Confirmation Confirmation { get; init; } = Confirmation.Start(Id);

    public LastKnown Whereabouts { get; private init; } = LastKnown.Start(Id);
    public Contacts Contacts { get; private init; } = Contacts.Start(Id);

    public bool Exists => Person.Exists;
    public string[] Posts => ConsularContact.Posts.Of(Person);
    public Guid? MergedInto => Person.Matches.MergedInto;

    /// <summary>The other records of theirs.</summary>
    public IEnumerable<Guid> Duplicates => Person.Matches.Duplicates.Keys;

    /// <summary>Their telephone may be in other hands.</summary>
    public bool Detained => Detainee.Current is not null;

    public bool Left => State == LastKnown.Left;
    public string State => Whereabouts.Condition?.State ?? NotKnown;

    /// <summary>As they told it last; null: nobody asked.</summary>
    public string? Language => Told(form => form.Language) is { } language ? language.Split('-', '_')[0] : null;

    public bool FemaleOfficer => Forms.Any(form => form.FemaleOfficer);
    public string? InterpreterLanguage => Told(form => form.InterpreterLanguage);
    public string Reference => Person.Registrations[0].Reference;
    public SafeMoments Safe => SafeMoments.Of(Forms);

    /// <summary>The ways that are safe and have an address, in the order in which they are tried.</summary>
    public IEnumerable<string> Ways => Channels.All.Where(way => IsSafe(way) && AddressFor(way) is not null);

    private IEnumerable<Registration> Forms => Person.Registrations.OrderBy(registration => registration.At).Select(registration => registration.Form).OfType<Registration>();

    public static Addressee Start(Guid id) => new(id);

    public Addressee Apply(Event @event) => this with
    {
        Person = Person.Apply(@event),
        Detainee = Detainee.Apply(@event),
        Confirmation = Confirmation.Apply(@event),
        Whereabouts = Whereabouts.Apply(@event),
        Contacts = Contacts.Apply(@event),
    };

    /// <summary>Where a message on that way goes; null when there is no address that can be one.</summary>
    public string? AddressFor(string way) => way == Channels.Email ? Told(form => Email(form.Email)) : Told(form => Phone(form.Phone));

    /// <summary>What a wave's filter asks about.</summary>
    public Reachable? Reachable => !Exists || MergedInto is not null ? null : new(
        Id, [.. Person.Registrations.Select(r => r.CrisisId).Distinct()], [.. Person.Registrations.Where(r => r.InAffectedArea).Select(r => r.CrisisId).Distinct()], Posts,
        [.. Forms.SelectMany(form => new[] { form.Nationality, form.SecondNationality }).OfType<string>().Distinct()],
        [.. Forms.SelectMany(form => form.NeedsNow.Concat(form.SpecificNeeds)).Distinct()],
        State, Whereabouts.ContactAt!.Value, Whereabouts.LastPosition, Language, [.. Ways], Detained)
    { Unconfirmed = Confirmation.IsMissed, WrittenAt = Contacts.LastMessageAt };

    // A call is a voice too.
    private bool IsSafe(string way) => Forms.All(form => form.SafeChannels.Count == 0 || form.SafeChannels.Contains(way == Channels.Call ? Channels.Voice : way));

    private string? Told(Func<Registration, string?> what) => Forms.Select(what).LastOrDefault(told => told is not null);

    private static string? Email(string? text) => MailAddress.TryCreate(text, out var address) && address.Address.All(c => c is > ' ' and not '\x7f') ? address.Address : null;

    private static string? Phone(string? text)
    {
        var digits = string.Concat(Letters.Joined(text).Where(char.IsAsciiDigit));
        return digits.Length is < 6 or > 20 ? null
            : text!.TrimStart().StartsWith('+') ? $"+{digits}"
            : digits.StartsWith("00", StringComparison.Ordinal) ? $"+{digits[2..]}" : digits;
    }
}

/// <summary>The ways to reach somebody.</summary>
internal static class Channels
{
    public const string Sms = "sms", Email = "email", Voice = "voice", Call = "call";

    /// <summary>In the order in which they are tried: what disturbs least first, a human voice last.</summary>
    public static string[] All { get; } = [Sms, Email, Voice, Call];
}
