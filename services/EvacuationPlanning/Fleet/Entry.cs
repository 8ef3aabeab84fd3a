using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.EvacuationPlanning.Fleet;

internal static class Entries
{
    public static Refusal CodeTaken { get; } = Refusal.Conflict("import/code-taken",
        "This code already stands for something else. If a transport changed, record the change, or import the file with ?changes=true; otherwise give the new one a code of its own.");

    private const int Page = 200;

    /// <summary>Enters all rows that are in order, a page at a time, and says what became of the file.</summary>
    /// <param name="change">Tried for a row that stands with other values already.</param>
    /// <param name="asks">Other timelines that a row is compared with.</param>
    public static async Task<ImportAnswer> EnterAsync<T>(
        this TimelineStore store, TableFile file, Func<Fields, T> read, Func<T, (Guid Id, string Code)> name,
        Func<Work, Guid, T, Task<Decision>> enter, Func<Guid, Fields, Task<Refusal?>>? change, By by, CancellationToken ct, Func<T, IEnumerable<Guid>>? asks = null) where T : Event
    {
        var refused = file.Broken.ToList();
        var sound = new List<(int Row, Guid Id, T Told, Fields Fields)>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (row, fields) in file.Rows)
        {
            var told = read(fields);
            refused.AddRange(fields.Faults.Select(fault => new RefusedRow(row, fault.Column, fault.Code, fault.Message)));
            if (fields.Faults.Count > 0) continue;
            var (id, code) = name(told);
            if (seen.Add(code)) sound.Add((row, id, told, fields));
            else refused.Add(new(row, "code", "import/code-twice", $"The code {code} stands in this file before. Give each row a code of its own."));
        }

        foreach (var page in sound.Chunk(Page))
        {
            var conflicts = new List<(int Row, Guid Id, Fields Fields, Refusal Refusal)>();
            var outcome = await store.AttemptAsync(async work =>
            {
                conflicts.Clear();
                await work.ReadAsync(page.SelectMany(row => (asks?.Invoke(row.Told) ?? []).Append(row.Id)));
                foreach (var (row, id, told, fields) in page)
                    if (work.Append(id, await enter(work, id, told)) is { } conflict)
                        conflicts.Add((row, id, fields, conflict));
                return null;
            }, by, ct);
            if (outcome.Refusal is { } busy) refused.AddRange(page.Select(row => new RefusedRow(row.Row, "", busy.Code, busy.Detail)));
            else
                foreach (var (row, id, fields, conflict) in conflicts)
                    if ((change is null || conflict.Code != CodeTaken.Code ? conflict : await change(id, fields)) is { } refusal)
                        refused.Add(new(row, Column(refusal.Field ?? "code"), refusal.Code, refusal.Detail));
        }
        return new(file.Rows.Count + file.Broken.Count, file.Rows.Count + file.Broken.Count - refused.Select(row => row.Row).Distinct().Count(),
            [.. refused.OrderBy(row => row.Row)]);
    }

    private static string Column(string field) => string.Concat(field.Select(c => char.IsUpper(c) ? $"_{char.ToLowerInvariant(c)}" : $"{c}"));
}
