using System.Text.RegularExpressions;
using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact;

/// <summary>What every fold about a person begins with: whether there is one, and where they must never be sent or told of (rule N).</summary>
internal sealed record OnFile(bool Registered, bool Erased, FearedCountries Fears)
{
    public static OnFile Nobody { get; } = new(false, false, FearedCountries.None);

    public bool Exists => Registered && !Erased;

    /// <summary>The record that stands for this one.</summary>
    public Guid? MergedInto { get; private init; }

    /// <summary>Whether what is to be done for the person is done under this record.</summary>
    public bool Stands => Exists && MergedInto is null;

    public Refusal? Missing => !Exists ? Person.Unknown : MergedInto is { } into ? Person.Merged(into) : null;

    public OnFile After(Event @event) => @event switch
    {
        PersonRegistered or RegistrationRepeated => this with { Registered = true, Fears = Fears.After(@event) },
        PersonErased => this with { Erased = true },
        MergedInto e => this with { MergedInto = e.PersonId },
        UnmergedFrom => this with { MergedInto = null },
        _ when Fears.After(@event) is var fears && !ReferenceEquals(fears, Fears) => this with { Fears = fears },
        _ => this,
    };
}

/// <summary>A colleague is named by account: events are published, and a name in words could be anybody's.</summary>
internal static partial class Colleague
{
    /// <summary>The account named, or the one that acts; a refusal when it cannot be an account.</summary>
    public static Refusal? Read(string? named, string acting, string field, out string account)
    {
        account = named?.Trim() is { Length: > 0 } other ? other : acting;
        return account == acting || Name().IsMatch(account) ? null
            : Refusal.Invalid("account/name", "Name the colleague by account: lower-case letters, digits, dots and hyphens. Leave it out for yourself.", field);
    }

    [GeneratedRegex(@"\A[a-z0-9](?:[a-z0-9.-]{0,62}[a-z0-9])?\z", RegexOptions.NonBacktracking)]
    private static partial Regex Name();
}
