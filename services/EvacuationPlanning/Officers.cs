using Microsoft.AspNetCore.Http;

namespace CrisisCoordination.EvacuationPlanning;

/// <summary>Who is asking.</summary>
internal static class Officers
{
    public static string Officer(this HttpContext http) => http.User.Identity?.Name ?? "";
}
