using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact;

/// <summary>
/// A consent that is taken back under one of two merged records is taken back under the other too (rules V and Q): agencies go on
/// reading of each record by itself, and an undone merge must not bring a consent back that the person took away.
/// </summary>
internal static class SpreadWithdrawals
{
    public static void Add(Reactions reactions) =>
        reactions.OnOtherRecords((from, to, _) => Decide(from, to), typeof(EvacuationConsentWithdrawn), typeof(SharingConsentWithdrawn));

    public static Decision Decide(Person from, Person to) =>
        to.Exists ? Decision.Of([.. from.Consents.TakenBackSince(to.Consents, "")]) : Decision.Nothing;
}
