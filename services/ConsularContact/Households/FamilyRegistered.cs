using CrisisCoordination.Contracts;

namespace CrisisCoordination.ConsularContact.Households;

/// <summary>
/// What a registration that names a household says about who answers for whom (rule C). One sender who registers a family together
/// declares it, in one file or by a child's own form after the adult's. What an adult's form says later, alone, or through another
/// sender, is proposed to an officer.
/// </summary>
internal static class FamilyRegistered
{
    /// <summary>A household with more people has a reference that stands for something else.</summary>
    public const int Most = 30;

    /// <param name="joined">Who has just joined the household.</param>
    /// <param name="others">The other members.</param>
    /// <param name="registration">The one that told it.</param>
    /// <param name="now">Who was a child when it was told, or is one today, has somebody who answers for them.</param>
    /// <returns>Events on the timelines of children.</returns>
    public static IEnumerable<(Guid Child, Event Event)> Ties(Person joined, Guid household, IEnumerable<Person> others, Guid registration, DateTimeOffset at, DateTimeOffset now)
    {
        if (!joined.Family.Joined.TryGetValue(household, out var join)) yield break;
        foreach (var other in others.Where(other => other.Id != joined.Id && other.Unavailable is null).OrderBy(other => other.Id))
        {
            if (!other.Family.Joined.TryGetValue(household, out var before) || IsChild(joined) == IsChild(other)) continue;
            var (child, adult) = IsChild(joined) ? (joined, other) : (other, joined);
            if (child.Family.TieTo(adult) is not null || child.Family.Guardians.Refused.Contains(adult.Id)) continue;
            var source = Source(joined, join);
            // A form that was matched to a known child does not tell that the child was registered with the adult.
            var together = Declares(source) && source == Source(other, before) && (child == joined || join.FileId is not null && join.FileId == before.FileId)
                && !join.Late && !before.Late && !child.Family.Guardians.TakesTwo(adult.Id, adult.Record);
            yield return (child.Id, together
                ? new GuardianNamed(adult.Id, "household", source, at) { Standing = PersonRecord.Ties.Declared, RegistrationId = registration }
                : new TieProposed(adult.Id, "household", source, at) { RegistrationId = registration, ToldBy = RegisteredBoth(join, before) ? null : join.ToldBy });
        }

        bool IsChild(Person person) => person.IsChildOn(at) || person.IsChildOn(now);
    }

    /// <summary>Who is said to have told it: the post that took the registration in, or else its sender. An agency's list is the agency's, whichever post sends it in.</summary>
    public static string SourceOf(string sender, string? post) => Senders.IsPost(sender) ? post ?? sender : sender;

    // Who had the whole family at the desk, in whatever order they wrote them down, saw it.
    private static bool RegisteredBoth(HouseholdJoined one, HouseholdJoined other) => one is { Late: false, ToldBy: { } account } && other is { Late: false, ToldBy: { } same }
        && NameGuardian.SameAccount(account, same);

    // Anyone may have typed what came by the public page, and a partner knows families by hearsay.
    private static bool Declares(string source) => Senders.IsPost(source);

    // Not told in events from before it was recorded.
    private static string Source(Person person, HouseholdJoined joined) => joined.Source ?? SourceOf(person.Registrations[0].Sender, person.Registrations[0].Post);
}
