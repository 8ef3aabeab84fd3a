using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.EvacuationPlanning.Fleet;

/// <summary>
/// Something entered under a code once and for all. The same again is nothing new; other values under a code that is
/// taken are refused, because people may already hold seats by the first ones.
/// </summary>
internal sealed record Entry<T>(Guid Id) : IFold<Entry<T>> where T : Event
{
    public T? Entered { get; private init; }

    public static Entry<T> Start(Guid id) => new(id);

    public Entry<T> Apply(Event @event) => @event is T entered ? this with { Entered = entered } : this;

    public Decision Enter(T told) => Entered is null ? told
        : Entered with { At = told.At } == told ? Decision.Nothing
        : Refusal.Conflict("import/code-taken", "This code already stands for something else. Give the new one a code of its own; changing one that was entered is not possible yet.");
}

internal static class Entries
{
    private const int Page = 200;

    /// <summary>Enters all rows that are in order, a page at a time, and says what became of the file.</summary>
    public static async Task<ImportAnswer> EnterAsync<T>(
        this TimelineStore store, TableFile file, Func<Fields, T> read, Func<T, (Guid Id, string Code)> name, By by, CancellationToken ct) where T : Event
    {
        var refused = file.Broken.ToList();
        var sound = new List<(int Row, Guid Id, T Told)>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (row, fields) in file.Rows)
        {
            var told = read(fields);
            refused.AddRange(fields.Faults.Select(fault => new RefusedRow(row, fault.Column, fault.Code, fault.Message)));
            if (fields.Faults.Count > 0) continue;
            var (id, code) = name(told);
            if (seen.Add(code)) sound.Add((row, id, told));
            else refused.Add(new(row, "code", "import/code-twice", $"The code {code} stands in this file before. Give each row a code of its own."));
        }

        foreach (var page in sound.Chunk(Page))
        {
            var conflicts = new List<RefusedRow>();
            var outcome = await store.AttemptAsync(async work =>
            {
                conflicts.Clear();
                await work.ReadAsync(page.Select(row => row.Id));
                foreach (var (row, id, told) in page)
                    if (work.Append(id, (await work.LoadAsync<Entry<T>>(id)).Enter(told)) is { } conflict)
                        conflicts.Add(new(row, "code", conflict.Code, conflict.Detail));
                return null;
            }, by, ct);
            refused.AddRange(outcome.Refusal is { } busy ? page.Select(row => new RefusedRow(row.Row, "", busy.Code, busy.Detail)) : conflicts);
        }
        return new(file.Rows.Count + file.Broken.Count, file.Rows.Count + file.Broken.Count - refused.Select(row => row.Row).Distinct().Count(),
            [.. refused.OrderBy(row => row.Row)]);
    }
}
