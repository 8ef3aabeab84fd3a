using System.Net.Http.Json;
using System.Text.Json;
using CrisisCoordination.ConsularContact.Whereabouts;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using Npgsql;
using Xunit;

namespace CrisisCoordination.Tests.ConsularContact;

public sealed class MissingPersonTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Person = Guid.CreateVersion7(), Ship = Guid.CreateVersion7();
    private static readonly MissingAtArrival Missing = new(Ship, true, Noon.AddHours(1), "officer", Noon);

    [Fact]
    public void Whoever_is_missing_is_due_to_be_found_and_the_reminders_come_more_and_more_slowly()
    {
        var state = Spec.Given<MissingPerson>(Person, Missing).State;
        List<double> pauses = [];
        for (var now = Noon.AddHours(1); pauses.Count < 7; now = state.Due.Single().DueAt)
        {
            var reminder = Assert.IsType<MissingPersonOverdue>(Assert.Single(MissingPerson.Escalate(state, now).Events));
            pauses.Add((reminder.NextDueAt - now).TotalHours);
            state = state.Apply(reminder);
        }
        Assert.Equal([1, 2, 4, 8, 16, 24, 24], pauses);
    }

    [Fact]
    public void Nobody_is_reminded_early_twice_or_of_whom_was_found()
    {
        Spec.Given<MissingPerson>(Person, Missing).When(state => MissingPerson.Escalate(state, Noon.AddMinutes(59))).ThenNothing();
        Spec.Given<MissingPerson>(Person, Missing, new MissingPersonOverdue(Ship, Noon.AddHours(1), Noon.AddHours(2), Noon.AddHours(1))).When(state => MissingPerson.Escalate(state, Noon.AddHours(1.5))).ThenNothing();
        Spec.Given<MissingPerson>(Person, Missing, new FoundAfterArrival(Ship, true, "officer", Noon)).When(state => MissingPerson.Escalate(state, Noon.AddHours(9))).ThenNothing();
    }
}

public sealed class MissingPersonHttpTests(ConsularContactHouse house) : IClassFixture<ConsularContactHouse>
{
    [Fact]
    public async Task A_missing_child_is_on_the_officers_lists_until_found()
    {
        using var officer = await house.ClientOfPostAsync(Service.ConsularContact, "searching-officer", null, "sana", Roles.Officer);
        var child = (await (await officer.PostAsJsonAsync("/people", house.Person("MISS-1", "Fitwi", "Luam", "2016-03-02"))).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("personId").GetGuid();
        await using var database = NpgsqlDataSource.Create(house.Deployment.Services["evacuation_planning"].Postgres);
        using var evacuation = new TimelineStore(database, new TimelineOptions { MasterKey = house.MasterKey }, TimeProvider.System);
        var (ship, then) = (Guid.CreateVersion7(), DateTimeOffset.UtcNow.AddHours(-2));
        await TellAsync(new MissingAtArrival(ship, true, then.AddHours(1), "officer", then));

        foreach (var list in (string[])["missing", "overdue"])
            await Eventually.TrueAsync(async () => (await WhatAsync(list)).Contains("missing-child"), $"the child is on the list {list}");
        await TellAsync(new FoundAfterArrival(ship, true, "officer", DateTimeOffset.UtcNow));
        await Eventually.TrueAsync(async () => (await WhatAsync("missing")).Length + (await WhatAsync("overdue")).Length == 0, "the child was found");

        async Task TellAsync(Event @event) => await evacuation.AttemptAsync(async work =>
        {
            await work.ReadAsync(child);
            return work.Append(child, @event);
        });

        async Task<string[]> WhatAsync(string list) => [.. (await officer.GetFromJsonAsync<JsonElement>($"/lists/{list}")).GetProperty("items").EnumerateArray()
            .Where(line => line.GetProperty("personId").GetGuid() == child).Select(line => line.GetProperty("what").GetString()!)];
    }
}
