using Npgsql;

namespace CrisisCoordination.EvacuationPlanning.Places;

/// <summary>
/// Where points lie is entered by one after the other: two who enter neighbours at once would each not see the other's, and two
/// countries would be told for one place.
/// </summary>
internal static class InTurn
{
    public static async Task<T> RunAsync<T>(NpgsqlDataSource database, Func<Task<T>> enter, CancellationToken ct)
    {
        await using var turn = await database.OpenConnectionAsync(ct);
        await using (var take = new NpgsqlCommand("select pg_advisory_lock(hashtextextended('evacuation_planning/places', 0))", turn) { CommandTimeout = 60 })
            await take.ExecuteNonQueryAsync(ct);
        try
        {
            return await enter();
        }
        finally
        {
            // The pool would keep the session, and the lock with it.
            await using var give = new NpgsqlCommand("select pg_advisory_unlock(hashtextextended('evacuation_planning/places', 0))", turn);
            try { await give.ExecuteNonQueryAsync(CancellationToken.None); }
            catch (NpgsqlException) { NpgsqlConnection.ClearPool(turn); }
        }
    }
}
