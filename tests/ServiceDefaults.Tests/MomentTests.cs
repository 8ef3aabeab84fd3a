using System.Text.Json;
using CrisisCoordination.Contracts;
using Xunit;

namespace CrisisCoordination.ServiceDefaults.Tests;

public sealed class MomentTests
{
    [Theory]
    [InlineData("2026-05-04T08:00:00Z", 0)]
    [InlineData("2026-05-04T11:00:00+03:00", 3)]
    [InlineData("2026-05-04T04:30:00.000-03:30", -3.5)]
    public void A_time_with_its_offset_is_the_same_moment_wherever_the_server_stands(string text, double hours) =>
        Assert.Equal((new DateTimeOffset(2026, 5, 4, 8, 0, 0, TimeSpan.Zero), TimeSpan.FromHours(hours)), Read(text) is var moment ? (moment.ToUniversalTime(), moment.Offset) : default);

    [Theory]
    [InlineData("2026-05-04T08:00:00")]
    [InlineData("2026-05-04")]
    [InlineData("2026-05-04 08:00:00Z")]
    [InlineData("2026-05-04T25:00:00Z")]
    [InlineData("Z")]
    [InlineData("")]
    public void A_time_that_may_be_several_is_none(string text) =>
        Assert.Contains("with its offset from UTC", Assert.Throws<UnreadableException>(() => Read(text)).Message, StringComparison.Ordinal);

    private static DateTimeOffset Read(string text) => JsonSerializer.Deserialize<DateTimeOffset>(JsonSerializer.Serialize(text), EventJson.Options);
}
