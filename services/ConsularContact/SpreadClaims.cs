using CrisisCoordination.ConsularContact.Matching;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.ConsularContact;

/// <summary>
/// A form that anyone may have sent never changes a known person, but a fear that it tells holds at once for whoever it is surely
/// about (rule N): protection may be claimed by anyone. The same whichever of the two records came first. The sender learns
/// nothing of it, and a protection officer asks the person (<see cref="FearsToldByOthers"/>).
/// </summary>
internal static class SpreadClaims
{
    /// <summary>The fears that hold on another record, or on the new one, because one of them surely tells of the other.</summary>
    /// <param name="registered">The record that the registration stands on, with it.</param>
    public static IReadOnlyList<(Guid PersonId, FearOfReturnStated Fear)> Of(
        IReadOnlyList<Candidate> candidates, Func<Guid, Person> personOf, NewRegistration registration, Person registered)
    {
        var told = new List<(Guid, FearOfReturnStated)>();
        foreach (var candidate in candidates.Where(c => c.Verdict.SureButForTeller && c.PersonId != registered.Id))
        {
            var known = personOf(candidate.PersonId);
            if (!Senders.IsPost(registration.Sender)) Tell(known, registration.Form.Registration.FearOfReturnTo, registration.Sender);
            if (known.Registrations.TrueForAll(r => !Senders.IsPost(r.Sender)))
                Tell(registered, known.Fears.Now, known.Registrations[0].Sender);
        }
        return told;

        void Tell(Person whom, IEnumerable<string> countries, string by)
        {
            if (countries.Except(whom.Fears.Now).Order(StringComparer.Ordinal).ToArray() is { Length: > 0 } more)
                told.Add((whom.Id, new(more, by, registration.Form.RegisteredAt) { ToldBy = by, Relayed = true }));
        }
    }
}
