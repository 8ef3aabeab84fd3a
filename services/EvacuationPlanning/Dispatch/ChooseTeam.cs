using CrisisCoordination.Contracts;

namespace CrisisCoordination.EvacuationPlanning.Dispatch;

/// <summary>The team to ask, or why there is none.</summary>
internal sealed record Choice(Guid? Team, string? Why)
{
    public const string NoTeam = "no-team", NoSkill = "no-skill", TooMany = "too-many-people", AllAsked = "all-asked", NoRoom = "no-room", TooLate = "too-late";

    /// <summary>
    /// The nearest team that has the skills, the seats and room for one more task; among teams as near (to a kilometre) the
    /// one with least to do, then one that speaks their language. Every other difference is left out, so the same teams give
    /// the same choice whatever their order.
    /// </summary>
    /// <param name="task">What is to be done.</param>
    /// <param name="place">Where; null when it is not known, and then all are as near.</param>
    /// <param name="teams">All teams.</param>
    public static Choice Of(FieldTask task, Position? place, IEnumerable<Team> teams)
    {
        var left = teams.Where(team => team is { IsKnown: true, StoodDown: false }).ToList();
        foreach (var (why, fits) in (ReadOnlySpan<(string, Predicate<Team>)>)
        [
            (NoTeam, _ => true), (NoSkill, team => team.Can(task)), (TooMany, team => team.Carries(task)),
            (AllAsked, team => !task.Passed.Contains(team.Id)), (NoRoom, team => team.HasRoom),
        ])
        {
            left.RemoveAll(team => !fits(team));
            if (left.Count == 0) return new(null, why);
        }
        return new(left
            .OrderBy(team => Kilometres(place, team)).ThenBy(team => team.Tasks.Count)
            .ThenByDescending(team => task.Languages.Count(language => team.Languages.Contains(language))).ThenBy(team => team.Id)
            .First().Id, null);
    }

    public static int Kilometres(Position? place, Team team) => place is null ? 0 : (int)Math.Round(team.Base.KilometresTo(place));

    public static string Say(string why) => why switch
    {
        NoTeam => "No team is on duty. Form one.",
        NoSkill => "No team has all the skills that it needs. Form or change a team, or assign two teams by hand.",
        TooMany => "It is more people than any team with the skills carries in one trip. Assign a team by hand that drives twice.",
        AllAsked => "Every team that could do it has declined, failed or not answered. Call one and assign it by hand.",
        NoRoom => "Every team that could do it has as many tasks as it takes. It is offered by itself as soon as one is free.",
        TooLate => "A team failed when no time was left. Look whether the departure can wait, and assign a team by hand.",
        _ => why,
    };
}

/// <summary>How long a team has to answer: a quarter of the time that is left, within limits.</summary>
internal sealed record Patience(TimeSpan Least, TimeSpan Most)
{
    public static Patience Usual { get; } = new(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30));

    public DateTimeOffset AnswerBy(DateTimeOffset now, DateTimeOffset due)
    {
        var quarter = (due - now) / 4;
        return now + (quarter < Least ? Least : quarter > Most ? Most : quarter);
    }
}
