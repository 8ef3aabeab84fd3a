using System.Diagnostics;
using CrisisCoordination.Contracts;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using Xunit;

namespace CrisisCoordination.ServiceDefaults.Tests;

/// <summary>Services in processes of their own, killed where it hurts most.</summary>
public sealed class RelayProcessTests : IAsyncLifetime
{
    private readonly Timelines timelines = new();

    public ValueTask InitializeAsync() => timelines.InitializeAsync();

    public ValueTask DisposeAsync() => timelines.DisposeAsync();

    [Theory]
    [InlineData("before-publish")]
    [InlineData("after-publish")]
    public async Task Whatever_the_relay_was_doing_when_it_was_killed_every_event_arrives_with_its_own_id(string dieAt)
    {
        var store = timelines.Store();
        await using var listener = await Listener.OpenAsync(timelines.Deployment.Amqp, "killed", typeof(PersonRegistered));
        await store.RegisterAsync(100);
        foreach (var after in new[] { 0, 30, 45 })
        {
            using var dying = Start(dieAt, after);
            await dying.DiesAsync();
        }
        await store.RegisterAsync(50);
        using var relay = Start();
        await EveryEventIsHeardAsync(listener);
        if (dieAt == "after-publish") Assert.True(listener.Heard.Count > listener.Ids.Count, "what was published before the position was saved comes again");
        await store.RegisterAsync(20);
        await EveryEventIsHeardAsync(listener);
    }

    [Fact]
    public async Task When_the_relay_that_works_is_killed_the_one_that_stands_by_takes_over()
    {
        var store = timelines.Store();
        await using var listener = await Listener.OpenAsync(timelines.Deployment.Amqp, "taken-over", typeof(PersonRegistered));
        using var first = Start();
        await store.RegisterAsync(20);
        await EveryEventIsHeardAsync(listener);
        using var second = Start();
        await store.RegisterAsync(20);
        await EveryEventIsHeardAsync(listener);

        first.Dispose();
        var watch = Stopwatch.StartNew();
        await store.RegisterAsync(20);
        await EveryEventIsHeardAsync(listener);
        TestContext.Current.SendDiagnosticMessage($"Taken over after {watch.ElapsedMilliseconds} ms.");
    }

    [Fact]
    public async Task No_message_holds_personal_data()
    {
        var store = timelines.Store();
        await using var listener = await Listener.OpenAsync(timelines.Deployment.Amqp, "curious", [.. EventTypes.House.All.Select(type => type.Clr)]);
        var person = (await store.RegisterAsync(1, "water"))[0];
        await store.DecideAsync<AidFile>(person, _ => Decision.Of(
            new RegistrationCorrected(Guid.CreateVersion7(), "officer", ServiceInProcess.Registered("Wilhelmina Quill").Form, "Wilhelmina Quill asked", DateTimeOffset.UtcNow),
            new FearOfReturnStated(["Erewhon"], "officer", DateTimeOffset.UtcNow)));
        using var relay = Start();
        await EveryEventIsHeardAsync(listener);
        await store.EraseAsync(person, _ => new PersonErased("officer", "own-request", DateTimeOffset.UtcNow));
        await EveryEventIsHeardAsync(listener);
        Assert.Equal(4, listener.Ids.Count);
        Assert.All(listener.Heard, heard =>
        {
            foreach (var secret in new[] { "Wilhelmina", "Quill", "1931", "0199", "Erewhon", "$personal" }) Assert.DoesNotContain(secret, heard.Text);
            Assert.Contains(person.ToString(), heard.Text);
        });
    }

    private HouseProcess Start(string dieAt = "never", int after = 0) =>
        HouseProcess.Start(timelines.ConnectionString(Service.PartnerGateway), timelines.Deployment.Services["partner_gateway"].Amqp, timelines.MasterKey, dieAt, after);

    private async Task EveryEventIsHeardAsync(Listener listener)
    {
        await using var command = timelines.Owner.CreateCommand("select id from timeline.mt_events");
        await using var reader = await command.ExecuteReaderAsync();
        var stored = new HashSet<Guid>();
        while (await reader.ReadAsync()) stored.Add(reader.GetGuid(0));
        await Eventually.TrueAsync(() => stored.IsSubsetOf(listener.Ids), "every event was heard", HouseProcess.Patience);
        Assert.Subset(stored, listener.Ids.ToHashSet());
    }
}
