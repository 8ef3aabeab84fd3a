using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Dispatch;
using CrisisCoordination.Timeline;
using FsCheck;
using FsCheck.Fluent;
using Xunit;
using static CrisisCoordination.EvacuationPlanning.Tests.Sudan;

namespace CrisisCoordination.EvacuationPlanning.Tests.Dispatch;

public sealed class ChooseTeamTests
{
    private static readonly Position Here = new(15.6, 32.5);

    internal static Team Team(int id, double north = 0, int seats = 6, int atOnce = 3, int has = 0, string[]? skills = null, string[]? languages = null) => EvacuationPlanning.Dispatch.Team.Start(Id(id)).After(
        [
            new TeamFormed($"Team {id}", null, new(15.6 + north, 32.5), seats, atOnce, skills ?? ["driver"], languages ?? [], ["amal"], null, "o", Noon),
            .. Enumerable.Range(0, has).Select(task => new TeamTasked(Id((id * 100) + task), Noon)),
        ]);

    internal static FieldTask PickUp(int people = 2, string[]? skills = null, string[]? languages = null, params Guid[] passed) => FieldTask.Start(Id(1)).After(
        [
            new TaskProposed(Id(100), FieldTask.PickUp, "WDS", null, [.. Enumerable.Range(0, people).Select(i => Id(500 + i))], skills ?? ["driver"], languages ?? [], Noon.AddHours(8), Noon),
            .. passed.SelectMany(team => (Event[])[new TaskOffered(team, Noon, null, Noon), new TaskUnanswered(team, Noon, Noon)]),
        ]);

    [Fact]
    public void The_nearest_that_can_is_asked() => Assert.Equal(Id(12), Choice.Of(PickUp(), Here, [Team(11, 0.5), Team(12, 0.1), Team(13, 0.01, skills: [])]).Team);

    [Fact]
    public void Of_two_as_near_the_one_with_less_to_do_and_then_the_one_that_speaks_their_language()
    {
        Assert.Equal(Id(12), Choice.Of(PickUp(), Here, [Team(11, has: 2), Team(12, has: 1)]).Team);
        Assert.Equal(Id(12), Choice.Of(PickUp(languages: ["am"]), Here, [Team(11), Team(12, languages: ["am", "ar"])]).Team);
    }

    [Fact]
    public void Why_there_is_no_team_is_told_by_the_first_thing_that_is_missing()
    {
        Assert.Equal(Choice.NoTeam, Choice.Of(PickUp(), Here, []).Why);
        Assert.Equal(Choice.NoTeam, Choice.Of(PickUp(), Here, [Team(11).After(new TeamStoodDown("o", Noon))]).Why);
        Assert.Equal(Choice.NoSkill, Choice.Of(PickUp(skills: ["medical"]), Here, [Team(11)]).Why);
        Assert.Equal(Choice.TooMany, Choice.Of(PickUp(7), Here, [Team(11)]).Why);
        Assert.Equal(Choice.AllAsked, Choice.Of(PickUp(passed: Id(11)), Here, [Team(11)]).Why);
        Assert.Equal(Choice.NoRoom, Choice.Of(PickUp(), Here, [Team(11, has: 3)]).Why);
    }

    [Fact]
    public void Every_reason_is_a_sentence() =>
        Assert.All([Choice.NoTeam, Choice.NoSkill, Choice.TooMany, Choice.AllAsked, Choice.NoRoom, Choice.TooLate], why => Assert.Contains(' ', Choice.Say(why)));

    [Fact]
    public void Never_over_capacity_never_without_the_skill_nearest_first_and_whatever_the_order() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(byte North, byte Seats, byte Has, byte Skills, bool Passed)[]>(), ArbMap.Default.ArbFor<byte>(), (told, wants) =>
        {
            var teams = told.Select((t, i) => Team(1000 + i, t.North / 100.0, t.Seats % 8, 2, t.Has % 3, Skills(t.Skills))).ToList();
            var task = PickUp(1 + (wants % 6), Skills(wants), null, [.. told.Select((t, i) => (t.Passed, Id: Id(1000 + i))).Where(t => t.Passed).Select(t => t.Id)]);
            var choice = Choice.Of(task, Here, teams);
            var could = teams.Where(team => team.Tasks.Count < team.TasksAtOnce && task.Skills.All(team.Skills.Contains) && task.Count <= team.PeoplePerTrip && !task.Passed.Contains(team.Id)).ToList();
            Assert.Equal(could.Count == 0, choice.Team is null);
            Assert.Equal(choice.Team is null, choice.Why is not null);
            if (choice.Team is { } chosen)
            {
                var team = could.Single(one => one.Id == chosen);
                Assert.All(could, other => Assert.True(Choice.Kilometres(Here, team) <= Choice.Kilometres(Here, other)));
                Assert.DoesNotContain(could, other => Choice.Kilometres(Here, other) == Choice.Kilometres(Here, team) && other.Tasks.Count < team.Tasks.Count);
            }
            Assert.Equal(choice, Choice.Of(task, Here, Enumerable.Reverse(teams)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_team_takes_no_more_than_it_can_also_by_hand()
    {
        Team(11, has: 3).Take(PickUp(), Noon).RefusedAs("team/full");
        Team(11).Take(PickUp(skills: ["medical"]), Noon).RefusedAs("team/lacks-skill");
        Team(11).After(new TeamStoodDown("o", Noon)).Take(PickUp(), Noon).RefusedAs("team/stood-down");
        Assert.IsType<TeamTasked>(Assert.Single(Team(11).Take(PickUp(9), Noon).Events));
        Assert.Empty(Team(11).After(new TeamTasked(Id(1), Noon)).Take(PickUp(), Noon).Events);
    }

    [Fact]
    public void A_team_is_changed_only_when_it_is_otherwise_and_stands_down_once()
    {
        var told = new TeamChanged("Team 11", null, new(15.6, 32.5), 6, 3, ["driver"], [], ["amal"], null, "o", Noon);
        Assert.Empty(Team(11).Change(told).Events);
        Assert.Single(Team(11).Change(told with { PeoplePerTrip = 9 }).Events);
        EvacuationPlanning.Dispatch.Team.Start(Id(11)).Change(told).RefusedAs("team/unknown");
        Team(11).After(new TeamStoodDown("o", Noon)).Change(told with { PeoplePerTrip = 9 }).RefusedAs("team/stood-down");
        Assert.Empty(Team(11).After(new TeamStoodDown("o", Noon)).StandDown("o", Noon).Events);
    }

    [Fact]
    public void A_team_that_stood_down_can_be_called_back_once()
    {
        var down = Team(11).After(new TeamStoodDown("o", Noon));
        var back = down.After(Assert.IsType<TeamReturned>(Assert.Single(down.Return("o", Noon).Events)));

        Assert.Single(back.Take(PickUp(), Noon).Events);
        Assert.Empty(back.Return("o", Noon).Events);
        EvacuationPlanning.Dispatch.Team.Start(Id(11)).Return("o", Noon).RefusedAs("team/unknown");
    }

    private static string[] Skills(byte bits) => [.. EvacuationPlanning.Dispatch.Team.AllSkills.Where((_, i) => (bits >> i & 1) == 1)];
}
