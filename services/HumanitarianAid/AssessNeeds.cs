using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using CrisisCoordination.Triage;

namespace CrisisCoordination.HumanitarianAid;

/// <summary>Ranks the person by rule P and opens a need for each kind of aid they ask for, whenever a registration says more.</summary>
internal static class AssessNeeds
{
    /// <summary>The kinds of aid, as registrations write them.</summary>
    public static IReadOnlyList<string> Kinds { get; } =
        [.. Enum.GetValues<NeedsNow>().Where(kind => kind != NeedsNow.None).Select(kind => kind.ToString().ToLowerInvariant())];

    /// <param name="person">Whom it is about; nothing is opened under a record that was merged away.</param>
    /// <param name="duplicates">The records that were merged into theirs: what those were given is not given again.</param>
    public static Decision Decide(PersonInNeed person, params IEnumerable<PersonInNeed> duplicates)
    {
        if (person.MergedInto is not null || person.Needs is not { } needs) return Decision.Nothing;
        var urgency = PriorityRule.Assess(needs);
        var assessed = new NeedsAssessed((int)urgency.Tier, urgency.Score, urgency.RuleVersion,
            [.. urgency.Factors.Select(factor => $"{factor.Code} +{factor.Points}: {factor.Sentence}")], person.ToldAt)
        {
            FactorCodes = Codes(urgency),
            AsHeard = person.NeedsAsHeard is { } heard && heard != needs && PriorityRule.Assess(heard) is var before
                && (before.Tier > urgency.Tier || before.Tier == urgency.Tier && before.Score < urgency.Score)
                ? new((int)before.Tier, before.Score, Codes(before)) : null,
        };
        return Decision.Of(
        [
            .. Same(person.Assessed, assessed) ? Array.Empty<Event>() : [assessed],
            .. Kinds.Where(kind => needs.Now.HasFlag(Enum.Parse<NeedsNow>(kind, ignoreCase: true)))
                .Except(person.AidNeeds.Where(need => !need.Closed).Select(need => need.Kind))
                .Except(duplicates.SelectMany(duplicate => duplicate.AidNeeds).Where(need => need.State is "allocated" or "delivered").Select(need => need.Kind))
                .Select((kind, i) => new AidNeedOpened(Ids.Of(person.Id, "aid-need", person.AidNeeds.Length + i), kind, person.ToldAt)),
        ]);
    }

    /// <summary>Somebody spoke to the person: what a token's holder asked for counts in full now, or the contact changes nothing.</summary>
    public static Decision DecideOnceHeard(PersonInNeed person, DateTimeOffset now) =>
        person.Assessed?.AsHeard is null ? Decision.Nothing : Decision.Of([.. Decide(person, []).Events.OfType<NeedsAssessed>()]);

    public static Task OfThisPerson(Woken woken) => woken.Timeline.AttemptAsync(async work =>
    {
        var person = await work.LoadAsync<PersonInNeed>(woken.StreamId);
        var duplicates = new List<PersonInNeed>();
        foreach (var id in person.Duplicates) duplicates.Add(await work.LoadAsync<PersonInNeed>(id));
        return work.Append(woken.StreamId, Decide(person, duplicates));
    }, woken.By, woken.Stopping);

    private static bool Same(NeedsAssessed? before, NeedsAssessed now) =>
        before is not null && before.Tier == now.Tier && before.Score == now.Score && before.RuleVersion == now.RuleVersion
        && before.Counted().SequenceEqual(now.Counted()) && Same(before.AsHeard, now.AsHeard);

    private static bool Same(HeardUrgency? before, HeardUrgency? now) =>
        (before?.Tier, before?.Score) == (now?.Tier, now?.Score) && (before?.Factors ?? []).SequenceEqual(now?.Factors ?? []);

    private static CountedFactor[] Codes(Urgency urgency) => [.. urgency.Factors.Select(factor => new CountedFactor(factor.Code, factor.Points))];
}
