using System.Text.RegularExpressions;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact;

/// <summary>What every fold about a person begins with: whether there is one, and where they must never be sent or told of (rule N).</summary>
internal sealed record OnFile(RecordStatus Record, FearedCountries Fears)
{
    public static OnFile Nobody { get; } = new(RecordStatus.Unknown, FearedCountries.None);

    public bool Erased => Record.Erased;

    public bool Exists => Record.Exists;

    /// <summary>The record that stands for this one.</summary>
    public Guid? MergedInto => Record.MergedInto;

    /// <summary>Whether what is to be done for the person is done under this record.</summary>
    public bool Stands => Record.Stands;

    public Refusal? Missing => Record.Refuse();

    public OnFile After(Event @event) =>
        (Record.After(@event), Fears.After(@event)) is var (record, fears) && ReferenceEquals(record, Record) && ReferenceEquals(fears, Fears)
            ? this : new(record, fears);
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
