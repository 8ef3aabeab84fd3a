using Npgsql;

namespace CrisisCoordination.Testing;

/// <summary>
/// One timeline to which others keep appending, for whoever would append: every try finds that it has moved. It ends when disposed.
/// </summary>
public sealed class HeldTimeline : IAsyncDisposable
{
    private readonly NpgsqlDataSource owner;

    private HeldTimeline(NpgsqlDataSource owner) => this.owner = owner;

    public static async Task<HeldTimeline> HoldAsync(House house, Guid id)
    {
        var held = new HeldTimeline(NpgsqlDataSource.Create(house.Deployment.Postgres + ";Pooling=false"));
        // A sequence counts tries that are rolled back too.
        await held.RunAsync($"""
            create sequence timeline.held_tries;
            grant usage on sequence timeline.held_tries to public;
            create function timeline.hold() returns trigger language plpgsql
                as 'begin perform nextval(''timeline.held_tries''); return null; end';
            create trigger held before update on timeline.mt_streams for each row when (old.id = '{id}') execute function timeline.hold();
            """);
        return held;
    }

    /// <summary>Waits until that many tries were in vain.</summary>
    public Task TriedAsync(int times) => Eventually.TrueAsync(async () =>
    {
        await using var count = owner.CreateCommand("select last_value from timeline.held_tries");
        return (long)(await count.ExecuteScalarAsync())! >= times;
    }, $"{times} tries to append were in vain");

    public async ValueTask DisposeAsync()
    {
        await RunAsync("drop trigger held on timeline.mt_streams; drop function timeline.hold; drop sequence timeline.held_tries");
        await owner.DisposeAsync();
    }

    private async Task RunAsync(string sql)
    {
        await using var command = owner.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
