namespace CrisisCoordination.ConsularContact.Import;

/// <summary>Where an import stands.</summary>
internal static class ImportState
{
    public const string Running = "running", NeedsMapping = "needs-mapping", Paused = "paused", Cancelled = "cancelled", Checked = "checked",
        Undoing = "undoing", Undone = "undone", Failed = "failed", Done = "done";

    /// <summary>The state of a row of the table of imports. What it rests for stands in its column hold.</summary>
    public const string Sql = "case when fault is not null then 'failed' when hold is not null then hold when finished_at is null then 'running' else 'done' end";
}
