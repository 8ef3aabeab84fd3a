using CrisisCoordination.PartnerGateway.Webhooks;
using Xunit;

namespace CrisisCoordination.PartnerGateway.Tests;

public class RetryScheduleTests
{
    private static readonly DateTimeOffset Now = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(200, Delivery.Taken)]
    [InlineData(204, Delivery.Taken)]
    [InlineData(301, Delivery.Later)]
    [InlineData(307, Delivery.Later)]
    [InlineData(400, Delivery.Later)]
    [InlineData(410, Delivery.Gone)]
    [InlineData(429, Delivery.Later)]
    [InlineData(503, Delivery.Later)]
    public void Only_2xx_is_taken_and_only_410_ends_it(int status, object expected) => Assert.Equal(expected, (object)RetrySchedule.Judge(status));

    [Fact]
    public void The_pauses_grow_and_end_after_about_three_days()
    {
        var pauses = Enumerable.Range(1, 9).Select(failures => RetrySchedule.Next(failures, Now, null, 0)!.Value - Now).ToArray();
        Assert.Equal(TimeSpan.FromSeconds(5), pauses[0]);
        Assert.Equal(pauses.Order(), pauses);
        Assert.InRange(pauses.Sum(pause => pause.TotalHours), 72, 80);
        Assert.Null(RetrySchedule.Next(10, Now, null, 0));
    }

    [Fact]
    public void Chance_adds_a_fifth_at_most_and_takes_nothing() =>
        Assert.Equal((Now.AddMinutes(5), Now.AddMinutes(6)), (RetrySchedule.Next(2, Now, null, 0)!.Value, RetrySchedule.Next(2, Now, null, 1)!.Value));

    [Fact]
    public void Retry_After_is_obeyed_when_it_asks_for_longer() => Assert.Equal(Now.AddHours(1), RetrySchedule.Next(1, Now, TimeSpan.FromHours(1), 1));

    [Fact]
    public void Retry_After_cannot_make_us_come_sooner_or_never()
    {
        Assert.Equal(Now.AddMinutes(5), RetrySchedule.Next(2, Now, TimeSpan.FromSeconds(-3), 0));
        Assert.Equal(Now.AddHours(24), RetrySchedule.Next(2, Now, TimeSpan.MaxValue, 0));
    }
}
