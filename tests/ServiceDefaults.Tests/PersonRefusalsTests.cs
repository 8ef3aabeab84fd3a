using CrisisCoordination.Contracts;
using CrisisCoordination.PersonRecord;
using CrisisCoordination.Timeline;
using Xunit;

namespace CrisisCoordination.ServiceDefaults.Tests;

public sealed class PersonRefusalsTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 4, 8, 0, 0, TimeSpan.Zero);
    private static readonly Guid Other = Guid.CreateVersion7();
    private static readonly Event
        Registered = new PersonRegistered(Guid.CreateVersion7(), Guid.CreateVersion7(), "R-1", Channel.Consulate, false, new Registration(), Now),
        Merged = new MergedInto(Other, [], Now), Unmerged = new UnmergedFrom(Other, [], Now), Erased = new PersonErased("officer-1", "asked", Now);

    [Fact]
    public void Nobody_works_under_an_id_that_was_never_registered() => Refused(After(), "person/unknown", RefusalKind.NotFound);

    [Fact]
    public void An_erased_person_is_gone_and_not_unknown() => Refused(After(Registered, Erased), "person/erased", RefusalKind.Gone);

    [Fact]
    public void A_merged_record_names_the_one_to_use()
    {
        Refused(After(Registered, Merged), "person/merged", RefusalKind.Conflict);
        Assert.Contains($"{Other}", After(Registered, Merged).Refuse()!.Detail, StringComparison.Ordinal);
        Assert.Null(After(Registered, Merged, Unmerged).Refuse());
    }

    [Fact]
    public void A_merged_record_that_was_erased_is_gone() => Refused(After(Registered, Merged, Erased), "person/erased", RefusalKind.Gone);

    [Fact]
    public void What_was_begun_under_a_merged_record_can_be_ended_there()
    {
        Assert.Null(After(Registered, Merged).RefuseMissing());
        Assert.Equal("person/erased", After(Registered, Erased).RefuseMissing()?.Code);
        Assert.Equal("person/unknown", After().RefuseMissing()?.Code);
    }

    private static RecordStatus After(params Event[] events) => events.Aggregate(RecordStatus.Unknown, (record, e) => record.After(e));

    private static void Refused(RecordStatus record, string code, RefusalKind kind) =>
        Assert.Equal((code, kind), (record.Refuse()!.Code, record.Refuse()!.Kind));
}
