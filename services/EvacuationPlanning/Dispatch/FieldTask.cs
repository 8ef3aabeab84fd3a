using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.EvacuationPlanning.Dispatch;

/// <summary>What a field team is sent to do.</summary>
internal sealed record FieldTask(Guid Id) : IFold<FieldTask>
{
    public const string GateDuty = "gate-duty", MedicalTransfer = "medical-transfer";

    // The team must stand at the gate before the first people come.
    private static readonly TimeSpan Ahead = TimeSpan.FromHours(2);

    public TaskDispatched? Dispatched { get; private init; }

    public TaskDone? Done { get; private init; }

    /// <summary>One task of a kind for a transport, however often it is planned.</summary>
    public Decision Dispatch(Transport transport, string kind, int people, DateTimeOffset at) => (Dispatched, transport.Schedule) switch
    {
        (null, { } schedule) when people > 0 => new TaskDispatched(transport.Id, kind, schedule.From, people, schedule.DepartsAt - Ahead, at),
        _ => Decision.Nothing,
    };

    public Decision Finish(string team, DateTimeOffset at) => this switch
    {
        { Dispatched: null } => Refusal.NotFound("task/unknown", "There is no such task. Look it up in the list of tasks."),
        { Done: { } done } when done.Team == team => Decision.Nothing,
        { Done: not null } => Refusal.Conflict("task/done", "Another team has reported this task as done. Nothing needs to be done."),
        _ => new TaskDone(team, at),
    };

    /// <summary>What the transport needs on the ground.</summary>
    public static IEnumerable<(string Kind, int People)> For(Transport transport)
    {
        var aboard = transport.Lines.Where(space => space.IsTaken).ToList();
        yield return (GateDuty, aboard.Count);
        yield return (MedicalTransfer, aboard.Count(space => space.Kind is not Mobility.None));
    }

    public static FieldTask Start(Guid id) => new(id);

    public FieldTask Apply(Event @event) => @event switch
    {
        TaskDispatched e => this with { Dispatched = e },
        TaskDone e => this with { Done = e },
        _ => this,
    };
}
