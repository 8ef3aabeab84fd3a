using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CrisisCoordination.ServiceDefaults;

/// <summary>A time in a query string is written with its offset, as in a body: without it, it would be read in the zone of the server.</summary>
internal static class QueryTimes
{
    /// <summary>For endpoints that take a time as a parameter; the others are left as they are.</summary>
    public static EndpointFilterDelegate Filter(EndpointFilterFactoryContext endpoint, EndpointFilterDelegate next)
    {
        string[] times = [.. endpoint.MethodInfo.GetParameters().Where(IsTime).Select(parameter => parameter.Name!)];
        return times.Length == 0 ? next : context => Unplaced(context.HttpContext, times) is { } refusal ? ValueTask.FromResult<object?>(refusal) : next(context);
    }

    private static bool IsTime(ParameterInfo parameter) => (Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType) == typeof(DateTimeOffset);

    private static ProblemHttpResult? Unplaced(HttpContext http, string[] times) =>
        times.FirstOrDefault(name => http.Request.Query[name].Any(value => value is { Length: > 0 } && !MomentConverter.HasOffset(value))) is { } name
            ? Problems.Unreadable($"{MomentConverter.HowToWrite} In an address + is written %2B.", name) : null;
}
