namespace CrisisCoordination.ConsularContact.SelfService;

/// <summary>
/// Answers to forms leave in even steps of time. Comparing a form with somebody known takes a little longer than comparing it
/// with nobody, and whoever sends many could read that difference off the clock.
/// </summary>
internal static class EvenAnswers
{
    /// <summary>Many times what comparing takes, and nothing to somebody who has just typed a form.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    /// <summary>How long an answer that is ready after that time waits.</summary>
    public static TimeSpan Wait(TimeSpan taken) => Step - new TimeSpan(taken.Ticks % Step.Ticks);

    public static async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var clock = context.HttpContext.RequestServices.GetRequiredService<TimeProvider>();
        var began = clock.GetTimestamp();
        var answer = await next(context);
        await Task.Delay(Wait(clock.GetElapsedTime(began)), clock, context.HttpContext.RequestAborted);
        return answer;
    }
}
