using Spectre.Console;

namespace CrisisCoordination.AppHost.Run;

/// <summary>A step of the story, and how far it is.</summary>
internal sealed class Step(string name, ProgressTask? bar)
{
    private long done, total;

    public string Name => name;

    public string Count => (Interlocked.Read(ref done), Interlocked.Read(ref total)) switch
    {
        (var d, 0) => d == 0 ? "" : $"{d}",
        var (d, t) => $"{d} of {t}",
    };

    public void Expect(long count)
    {
        Interlocked.Exchange(ref total, count);
        if (bar is not null && count > 0) (bar.IsIndeterminate, bar.MaxValue) = (false, count);
    }

    public void Done(long more = 1)
    {
        Interlocked.Add(ref done, more);
        bar?.Increment(more);
    }

    public void IsAt(long count)
    {
        Interlocked.Exchange(ref done, count);
        if (bar is not null) bar.Value = count;
    }
}

/// <summary>Shows how the story goes on: bars on a terminal, plain lines elsewhere.</summary>
internal sealed class Progress
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(5);

    private readonly ProgressContext? bars;

    private Progress(ProgressContext? bars) => this.bars = bars;

    public static Task ShowAsync(Func<Progress, Task> story) => AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected
        ? AnsiConsole.Progress().HideCompleted(false).AutoClear(false)
            .Columns(new SpinnerColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new CountColumn(), new ElapsedTimeColumn())
            .StartAsync(bars => story(new(bars)))
        : story(new(null));

    public async Task StepAsync(string name, Func<Step, Task> work)
    {
        var bar = bars?.AddTask(Markup.Escape(name), autoStart: true, maxValue: 1);
        if (bar is not null) bar.IsIndeterminate = true;
        var step = new Step(name, bar);
        var started = TimeProvider.System.GetTimestamp();
        var working = work(step);
        while (bar is null && await Task.WhenAny(working, Task.Delay(Pace)) != working) Say($"{name}: {step.Count} …");
        await working;
        if (bar is null) Say($"{name}: {step.Count}{(step.Count.Length > 0 ? ", " : "")}{TimeProvider.System.GetElapsedTime(started).TotalSeconds:0.0} s");
        else
        {
            (bar.IsIndeterminate, bar.Value) = (false, bar.MaxValue);
            bar.StopTask();
        }
    }

    public void Say(string line)
    {
        if (bars is null) Console.WriteLine($"{DateTime.UtcNow:HH:mm:ss} {line}");
        else AnsiConsole.MarkupLine($"[grey]{Markup.Escape(line)}[/]");
    }

    private sealed class CountColumn : ProgressColumn
    {
        public override Spectre.Console.Rendering.IRenderable Render(Spectre.Console.Rendering.RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(task.MaxValue > 1 ? $"{task.Value:0} of {task.MaxValue:0}" : "").RightJustified();
    }
}
