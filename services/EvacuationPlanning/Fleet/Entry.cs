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
        : Entries.CodeTaken;
}

internal static class Entries
{
    public static Refusal CodeTaken { get; } = Refusal.Conflict("import/code-taken",
        "This code already stands for something else. If a transport changed, record the change, or import the file with ?changes=true; otherwise give the new one a code of its own.");

    private const int Page = 200;

    public static Task<ImportAnswer> EnterAsync<T>(
        this TimelineStore store, TableFile file, Func<Fields, T> read, Func<T, (Guid Id, string Code)> name, By by, CancellationToken ct) where T : Event =>
        store.EnterAsync(file, read, name, async (work, id, told) => (await work.LoadAsync<Entry<T>>(id)).Enter(told), change: null, by, ct);

    /// <summary>Enters all rows that are in order, a page at a time, and says what became of the file.</summary>
    /// <param name="change">Tried for a row that stands with other values already.</param>
    public static async Task<ImportAnswer> EnterAsync<T>(
        this TimelineStore store, TableFile file, Func<Fields, T> read, Func<T, (Guid Id, string Code)> name,
        Func<Work, Guid, T, Task<Decision>> enter, Func<Guid, Fields, Task<Refusal?>>? change, By by, CancellationToken ct) where T : Event
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
                await work.ReadAsync(page.Select(row => row.Id));
                foreach (var (row, id, told, fields) in page)
                    if (work.Append(id, await enter(work, id, told)) is { } conflict)
                        conflicts.Add((row, id, fields, conflict));
                return null;
            }, by, ct);
            if (outcome.Refusal is { } busy) refused.AddRange(page.Select(row => new RefusedRow(row.Row, "", busy.Code, busy.Detail)));
            else
                foreach (var (row, id, fields, conflict) in conflicts)
                    if ((change is null ? conflict : await change(id, fields)) is { } refusal)
                        refused.Add(new(row, "code", refusal.Code, refusal.Detail));
        }
        return new(file.Rows.Count + file.Broken.Count, file.Rows.Count + file.Broken.Count - refused.Select(row => row.Row).Distinct().Count(),
            [.. refused.OrderBy(row => row.Row)]);
    }
}
