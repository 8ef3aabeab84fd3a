using System.Text.Json;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.AppHost.Run;

/// <summary>The field teams: two at every point that transports leave from. They take what is offered to them, in the order of their way, and do it.</summary>
internal sealed class Teams(Scenario scenario, Cast cast, Action<string> refused, CancellationToken ct)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(300), Patience = TimeSpan.FromMinutes(2);
    private static readonly string[] Waiting = ["proposed", "offered", "accepted", "under-way"];

    public async Task RunAsync(Step step)
    {
        var teams = await FormAsync();
        // The service proposes by itself, a moment after the plan. It is done when every transport with people on it has its
        // gate duty and nothing waits for a team; what no team can do stays on the coordinator's list.
        var (before, since) = ("", TimeProvider.System.GetTimestamp());
        while (TimeProvider.System.GetElapsedTime(since) < Patience)
        {
            foreach (var (team, name) in teams) await WorkAsync(team, name);
            var tasks = await AllAsync("/tasks");
            var manned = tasks.Count(task => task.Text("kind") == "gate-duty" && task.Text("state") != "called-off");
            var filled = (await AllAsync("/transports")).Count(transport => CrisisRun.Number(transport, "souls") > 0);
            step.Expect(tasks.Count(task => task.Text("state") != "called-off"));
            step.IsAt(tasks.Count(task => task.Text("state") == "done"));
            if (manned >= filled && !tasks.Exists(task => Waiting.Contains(task.Text("state")))) return;
            var now = string.Join(' ', tasks.Select(task => task.Text("state")));
            if (now != before) (before, since) = (now, TimeProvider.System.GetTimestamp());
            await Task.Delay(Look, ct);
        }
    }

    private async Task<List<(Guid Id, string Name)>> FormAsync()
    {
        var teams = new List<(Guid, string)>();
        foreach (var point in (await AllAsync("/transports")).Select(transport => transport.Text("from")!).Distinct().Order(StringComparer.Ordinal))
            foreach (var name in (string[])[$"{point} one", $"{point} two"])
            {
                var formed = await cast.Coordinator.PostAsync(Service.EvacuationPlanning, "/teams", new
                {
                    name,
                    assemblyPoint = point,
                    peoplePerTrip = 12,
                    tasksAtOnce = 20,
                    skills = new[] { "driver", "wheelchair-vehicle", "medical", "child-protection" },
                    members = new[] { cast.AidWorker.Account },
                    channel = $"VHF {1 + (int)(15 * scenario.Chance("channel", name))}",
                }, $"team/{scenario.Identifier}/{name}", ct);
                if (formed.Done) teams.Add((formed.OrFail("The team").Id("teamId"), name));
                else refused(formed.Code);
            }
        return teams;
    }

    private async Task WorkAsync(Guid team, string name)
    {
        var sheet = (await cast.AidWorker.GetAsync(Service.EvacuationPlanning, $"/teams/{team}/tasks", ct)).OrFail($"The tasks of {name}");
        foreach (var task in sheet.Items("tasks").Select(stop => stop.GetProperty("task")))
        {
            var id = task.Id("taskId");
            // Now and then a team has no vehicle, and the other one of the point is asked.
            if (task.Text("state") == "offered" && name.EndsWith("one", StringComparison.Ordinal) && scenario.Chance("declines", $"{task.Text("transportCode")}/{task.Text("kind")}") < 0.08)
            {
                await SayAsync("refusal", new { teamId = team, reason = "no-vehicle", at = scenario.Between(0.88) });
                continue;
            }
            if (await SayAsync("acceptance", new { teamId = team, at = scenario.Between(0.88) }) && await SayAsync("start", new { teamId = team, at = scenario.Between(0.9) }))
                await SayAsync("done", new { teamId = team, at = scenario.Between(0.95) });

            async Task<bool> SayAsync(string what, object body)
            {
                var answer = await cast.AidWorker.PostAsync(Service.EvacuationPlanning, $"/tasks/{id}/{what}", body, $"task/{id}/{team}/{what}", ct);
                if (!answer.Done) refused(answer.Code);
                return answer.Done;
            }
        }
    }

    private async Task<List<JsonElement>> AllAsync(string path)
    {
        var all = new List<JsonElement>();
        await foreach (var one in cast.Coordinator.ListAsync(Service.EvacuationPlanning, path, ct)) all.Add(one);
        return all;
    }
}
