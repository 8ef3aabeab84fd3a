namespace CrisisCoordination.Access;

/// <summary>After five wrong passwords in a row the name rests for five minutes, and twice as long after each further one.</summary>
internal static class LockOut
{
    public const int Free = 5;

    /// <summary>How long failures count.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromHours(24);

    private static readonly TimeSpan First = TimeSpan.FromMinutes(5), Longest = TimeSpan.FromHours(12);

    /// <summary>Until when nobody may try after so many failures, the last of them now; null when the next try is free.</summary>
    public static DateTimeOffset? Until(int failures, DateTimeOffset now)
    {
        if (failures < Free) return null;
        var rest = First * Math.Pow(2, Math.Min(failures - Free, 16));
        return now + (rest < Longest ? rest : Longest);
    }
}
