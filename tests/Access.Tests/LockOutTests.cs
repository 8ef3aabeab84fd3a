using Xunit;

namespace CrisisCoordination.Access.Tests;

public class LockOutTests
{
    private static readonly DateTimeOffset Now = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    public void The_first_four_failures_cost_nothing(int failures) => Assert.Null(LockOut.Until(failures, Now));

    [Theory]
    [InlineData(5, 5)]
    [InlineData(6, 10)]
    [InlineData(7, 20)]
    [InlineData(10, 160)]
    public void From_the_fifth_failure_on_the_rest_doubles(int failures, int minutes) => Assert.Equal(Now.AddMinutes(minutes), LockOut.Until(failures, Now));

    [Theory]
    [InlineData(100)]
    [InlineData(int.MaxValue)]
    public void Nobody_is_locked_out_for_longer_than_half_a_day(int failures) => Assert.Equal(Now.AddHours(12), LockOut.Until(failures, Now));
}
