using CrisisCoordination.ConsularContact;
using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.ConsularContact.Matching;
using CrisisCoordination.Contracts;
using Xunit;

namespace CrisisCoordination.ConsularContact.Tests.Matching;

public sealed class KhartoumPeopleTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Whoever_is_imported_first_the_same_registrations_make_the_same_people()
    {
        RegistrationForm[] forms = [.. (await Khartoum.Rows()).Select(r => r.Form).OfType<RegistrationForm>()];
        var (people, merges) = Import(forms);
        output.WriteLine($"{forms.Length} registrations, {people.Count} people, {merges} joined by a later registration");

        foreach (var seed in (int[])[3, 4])
        {
            var shuffled = forms.ToArray();
            new Random(seed).Shuffle(shuffled);
            Assert.Equal(people, Import(shuffled).People);
        }
    }

    // What the intake does, without a database.
    private static (SortedSet<string> People, int Merges) Import(RegistrationForm[] forms)
    {
        var (crisis, people, blocks) = (Crisis.Start(Guid.CreateVersion7()), new Dictionary<Guid, Person>(), new Dictionary<string, HashSet<Guid>>());
        foreach (var form in forms)
        {
            foreach (var (id, events) in MergePeople.Automatic(Find(form.Registration), id => people[id], form.RegisteredAt, form.RegisteredAt)) Hear(id, events);
            var decided = RegisterPerson.Decide(Find(form.Registration), id => people[id], crisis, new(Guid.CreateVersion7(), Guid.CreateVersion7(), crisis.Id, "file", form), "officer");
            Hear(decided.PersonId, decided.Events);
        }
        var standing = people.Values.Where(person => person.Matches.MergedInto is null).ToList();
        return ([.. standing.Select(person => string.Join('+', person.Registrations.Select(r => r.Reference).Order(StringComparer.Ordinal)))], people.Count - standing.Count);

        IReadOnlyList<Candidate> Find(Registration form)
        {
            var identity = Identity.From(form);
            return Candidates.Rank(identity, Blocking.Keys(identity).Select(key => blocks.GetValueOrDefault(key) ?? []).Where(block => block.Count <= Blocking.LargestBlock)
                .SelectMany(block => block).Distinct().SelectMany(id => people[id].Identities.Select(theirs => (id, theirs))));
        }

        void Hear(Guid id, IReadOnlyList<Event> events)
        {
            people[id] = events.Aggregate(people.GetValueOrDefault(id) ?? Person.Start(id), (person, e) => person.Apply(e));
            foreach (var key in people[id].Identities.SelectMany(Blocking.Keys))
                if (blocks.TryGetValue(key, out var block)) block.Add(id);
                else blocks[key] = [id];
        }
    }
}
