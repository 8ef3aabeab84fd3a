using CrisisCoordination.Timeline;

namespace CrisisCoordination.ServiceDefaults;

/// <summary>The answer that every service gives where a crisis is asked for that nobody opened.</summary>
public static class CrisisRefusals
{
    /// <summary>404: nobody opened a crisis under the id.</summary>
    public static Refusal Unknown { get; } =
        Refusal.NotFound("crisis/unknown", "There is no crisis with this id. GET /crises lists them; POST /crises opens one from a CAP alert.");
}
