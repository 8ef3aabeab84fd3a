using CrisisCoordination.Contracts;
using Xunit;

namespace CrisisCoordination.PersonRecord.Tests;

public sealed class RecordStatusTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Other = Guid.CreateVersion7();

    [Fact]
    public void Nobody_is_known_before_they_are_registered() => Assert.False(After(new AffectedAreaEntered(Guid.NewGuid(), Now)).Exists);

    [Fact]
    public void Who_is_registered_stands_until_their_record_is_merged_away()
    {
        Assert.True(After(Registered).Stands);
        Assert.False(After(Registered, new MergedInto(Other, [], Now)).Stands);
        Assert.True(After(Registered, new MergedInto(Other, [], Now), new UnmergedFrom(Other, [], Now)).Stands);
    }

    [Fact]
    public void Of_who_was_erased_nothing_is_left_whatever_comes_later() =>
        Assert.False(After(Registered, new PersonErased("officer-1", "asked", Now), Registered).Exists);

    private static PersonRegistered Registered => new(Guid.NewGuid(), Guid.NewGuid(), "R-1", Channel.Consulate, false, new Registration(), Now);

    private static RecordStatus After(params IEnumerable<Event> events) => events.Aggregate(RecordStatus.Unknown, (status, e) => status.After(e));
}
