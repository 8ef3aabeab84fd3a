using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.EvacuationPlanning.Dispatch;

/// <summary>What a team can say about a task of its own.</summary>
internal enum Said { Accepted, Declined, UnderWay, Done, Failed, PersonPickedUp, PersonNotFound }

/// <summary>A team's word.</summary>
/// <param name="ResultId">Where it was taken down without connection and sent later.</param>
/// <param name="At">When it was so.</param>
internal sealed record Report(Guid TeamId, string TeamName, Said What, string? Reason, Guid? PersonId, string Officer, Guid? ResultId, DateTimeOffset At);

/// <summary>What becomes of a team's word: it counts, it was known, or something stands against it.</summary>
internal sealed record Verdict(IReadOnlyList<Event> Events, string? Conflict)
{
    public const string UnknownTask = "unknown-task", NotAsked = "not-asked", WithAnotherTeam = "with-another-team", DoneByAnother = "done-by-another",
        CalledOff = "called-off", LaterReport = "later-report", NotOnIt = "not-on-it", AcceptedBefore = "accepted-before", NoRoom = "no-room";

    public static Verdict Known { get; } = new([], null);

    public bool Applied => Events.Count > 0;

    public static Verdict Of(params Event[] events) => new(events, null);

    public static Verdict Against(string code) => new([], code);

    /// <summary>As an answer to whoever is connected.</summary>
    public Decision AsDecision() => Conflict switch
    {
        null => Decision.Of(Events),
        // Whoever was never asked learns nothing about a task.
        UnknownTask or NotAsked => FieldTask.Unknown,
        var code => Refusal.Conflict($"task/{code}", Say(code)),
    };

    public static string Say(string code) => code switch
    {
        UnknownTask or NotAsked => "There is no such task for this team. Take a new bundle, or ask the coordinator.",
        WithAnotherTeam => "The task was given to another team meanwhile. Leave it to them, or ask the coordinator to assign it to you.",
        DoneByAnother => "Another team has reported this task as done. Nothing needs to be done.",
        CalledOff => "The task was called off meanwhile. Nothing needs to be done; if people are with you, tell the coordinator.",
        LaterReport => "Your team has reported something later that says otherwise, and that stands. Tell the coordinator if it is wrong.",
        NotOnIt => "This person is not on the task. Check who is meant.",
        AcceptedBefore => "Your team has accepted this task. If it cannot be done, report it as failed.",
        NoRoom => "Your team has as many tasks as it can take. Finish or give back one of them first.",
        _ => code,
    };
}
