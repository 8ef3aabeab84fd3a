using Npgsql;
using NpgsqlTypes;

namespace CrisisCoordination.PartnerGateway.PartnerFeed;

/// <summary>Everything that is sent to an agency leaves a trace first: about whom, what, when and how.</summary>
internal sealed class Disclosures(NpgsqlDataSource database)
{
    public const string Table = """
        create table if not exists {schema}.disclosure (
            agency text not null, person_id uuid not null, n bigint null, at timestamptz not null default now(), how text not null, account text null);
        create index if not exists disclosure_person on {schema}.disclosure (person_id, at)
        """;

    /// <param name="what">The people and the numbers of the entries; no number where it is not of the feed.</param>
    public async Task NoteAsync(string agency, IReadOnlyCollection<(Guid Person, long? N)> what, string how, string? account, CancellationToken ct)
    {
        if (what.Count == 0) return;
        await using var command = database.CreateCommand("insert into partner_gateway.disclosure (agency, person_id, n, how, account) select $1, p, n, $4, $5 from unnest($2, $3) as w (p, n)");
        command.Parameters.Add(new() { Value = agency });
        command.Parameters.Add(new() { Value = what.Select(w => w.Person).ToArray() });
        command.Parameters.Add(new() { Value = what.Select(w => w.N).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        command.Parameters.Add(new() { Value = how });
        command.Parameters.Add(new() { Value = (object?)account ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync(ct);
    }
}
