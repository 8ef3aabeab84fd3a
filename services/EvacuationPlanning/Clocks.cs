using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Aftermath;
using CrisisCoordination.EvacuationPlanning.Dispatch;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.EvacuationPlanning;

/// <summary>Everything here that has a due time (rule K), of people and of tasks. One table holds all of it, so one fold tells it.</summary>
internal sealed record Clocks(Guid Id) : IFold<Clocks>
{
    private Newcomer Newcomer { get; init; } = Newcomer.Start(Id);
    private FieldTask Task { get; init; } = FieldTask.Start(Id);

    public static IProjection Table => Deadlines.Of<Clocks>(
        "evacuation_planning", clocks => [.. Newcomer.Due(clocks.Newcomer), .. clocks.Task.Due], [.. Newcomer.Matters, .. AnswerTaskFeature.Matters]);

    public static Clocks Start(Guid id) => new(id);

    public Clocks Apply(Event @event) => this with { Newcomer = Newcomer.Apply(@event), Task = Task.Apply(@event) };
}
