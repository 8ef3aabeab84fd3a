using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CrisisCoordination.ServiceDefaults;

/// <summary>Every read of restricted data leaves a trace: who read what about whom, when. Without the trace, no answer.</summary>
public static class ReadLog
{
    /// <summary>Logs each call of the endpoint before it answers; the person is the route's <c>personId</c>, and <c>otherPersonId</c> where it shows two.</summary>
    public static RouteHandlerBuilder LogsRead(this RouteHandlerBuilder endpoint, string what) =>
        endpoint.AddEndpointFilter(async (context, next) =>
        {
            var http = context.HttpContext;
            await http.LogReadAsync(what, [Named("personId"), .. Named("otherPersonId") is { } other ? (Guid?[])[other] : []]);
            return await next(context);

            Guid? Named(string value) => Guid.TryParse(http.GetRouteValue(value) as string, out var person) ? person : null;
        });

    /// <summary>Logs that these people are about to be shown, where only the answer tells who they are.</summary>
    public static async Task LogReadAsync(this HttpContext http, string what, IEnumerable<Guid?> people)
    {
        var (store, service) = (http.RequestServices.GetRequiredService<TimelineStore>(), http.RequestServices.GetRequiredService<CrisisService>());
        await using var command = store.Database.CreateCommand($"insert into {service.TimelineSchema}.read_log (account, person_id, what) select $1, person, $3 from unnest($2) person");
        command.Parameters.Add(new() { Value = http.User.Identity?.Name ?? "" });
        command.Parameters.Add(new() { Value = people.ToArray(), NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Uuid });
        command.Parameters.Add(new() { Value = what });
        await command.ExecuteNonQueryAsync(http.RequestAborted);
    }
}
